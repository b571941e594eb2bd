"""Bad accounts and passwords at the door, by their rows in the list of bad inputs."""

from typing import Any

import pytest

from tests.plant.people import PASSWORD
from tests.surfaces.bad import Bad, check_problem, numbered, told
from tests.surfaces.door import Door

LOGIN, CHANGE = "/api/auth/login", "/api/auth/password"


def body(username: Any, password: Any, **more: Any) -> bytes:
    return told({"username": username, "password": password} | more)


def bad(number: int, what: str, status: int, code: str, content: bytes, path: str = LOGIN) -> Bad:
    return Bad(number, what, status, code, content, path)


CHOSEN = {"new_password": "three trams past noon"}
NOBODY = "nobody-70"
CASES = [
    bad(70, "no user", 401, "invalid_credentials", body("", PASSWORD)),
    bad(70, "no password", 401, "invalid_credentials", body("wang", "")),
    bad(70, "neither", 401, "invalid_credentials", body("", "")),
    bad(70, "blanks for a user", 401, "invalid_credentials", body(" \t", PASSWORD)),
    bad(70, "null", 422, "type", body(None, PASSWORD)),
    bad(70, "null for a password", 422, "type", body("wang", None)),
    bad(70, "a number", 422, "type", body("wang", 7)),
    bad(70, "a list", 422, "type", body(["wang"], PASSWORD)),
    bad(70, "missing", 422, "missing_field", told({"username": "wang"})),
    bad(70, "another field", 422, "unknown_field", body("wang", PASSWORD, role="admin")),
    bad(70, "NUL", 400, "text_invalid", body("wang\0", PASSWORD)),
    bad(70, "NUL in the password", 400, "text_invalid", body("wang", PASSWORD + "\0")),
    bad(70, "too long", 422, "invalid", body("wang", "x" * 257)),
    bad(70, "soft hyphens for a password", 401, "invalid_credentials", body(NOBODY, "\u00ad" * 12)),
    bad(70, "no present password", 401, "invalid_credentials", body("wang", "", **CHOSEN), CHANGE),
    bad(70, "no new password", 422, "missing_field", body("wang", PASSWORD), CHANGE),
    bad(70, "a new one that is short", 422, "password_weak", body("wang", PASSWORD, new_password="x"), CHANGE),
    bad(72, "every account", 401, "invalid_credentials", body("*", PASSWORD)),
    bad(72, "a filter", 401, "invalid_credentials", body("admin)(|(a=*", PASSWORD)),
    bad(72, "an escape", 401, "invalid_credentials", body("\\2a", PASSWORD)),
    bad(72, "a name of the tree", 401, "invalid_credentials", body("CN=x,DC=y", PASSWORD)),
    bad(72, "SQL", 401, "invalid_credentials", body("' OR 1=1 --", PASSWORD)),
    bad(72, "a pattern", 401, "invalid_credentials", body("wan%", PASSWORD)),
    bad(73, "another realm", 401, "invalid_credentials", body("wang@other.example", PASSWORD)),
    bad(73, "another domain", 401, "invalid_credentials", body("OTHER\\wang", PASSWORD)),
    bad(73, "full-width letters", 401, "invalid_credentials", body("ｗａｎｇ", PASSWORD)),
]


@pytest.mark.parametrize("case", numbered(CASES))
async def test_bad_login(door: Door, case: Bad) -> None:
    async with door.newcomer() as http:
        answer = await http.post(case.path, content=case.body, headers=dict(case.headers))
        check_problem(answer, case.status, case.code)
        assert "set-cookie" not in answer.headers


async def test_bad_73_capitals_and_blanks_are_the_same_account(door: Door) -> None:
    async with door.newcomer() as http:
        found = {
            (await http.post(LOGIN, json={"username": name, "password": PASSWORD})).json()["user"]["id"]
            for name in ("wang", " WANG ", "Wang")
        }
    assert len(found) == 1


async def test_bad_77_a_forged_address_buys_no_sixth_try(door: Door) -> None:
    """No proxy is trusted here: what a client says of where it comes from counts for nothing."""
    async with door.newcomer() as http:
        for number in range(5):
            http.headers["x-forwarded-for"] = f"10.0.0.{number}"
            answer = await http.post(LOGIN, json={"username": "nobody-77", "password": "guess"})
            check_problem(answer, 401, "invalid_credentials")
        answer = await http.post(LOGIN, json={"username": "nobody-77", "password": PASSWORD})
        check_problem(answer, 429, "rate_limited")
    async with door.newcomer() as http:
        http.headers["x-forwarded-for"] = "203.0.113.7"
        signed_in = (await http.post(LOGIN, json={"username": "guest", "password": PASSWORD})).json()
        http.headers["authorization"] = f"Bearer {signed_in['access_token']}"
        rows = (await http.get("/api/auth/sessions")).json()
        assert {row["ip"] for row in rows} == {"127.0.0.1"}
