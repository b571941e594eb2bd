"""Passwords of local accounts: which are good, who must change theirs, and what happens then."""

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.people.accounts.policy import check_password, temporary_password
from hub.wire.problems import Problem
from tests.people.sessions.test_signing_in import login
from tests.plant.live import Live
from tests.plant.processes import PUBLIC_URL
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door
from tests.surfaces.sockets import closed_with, ticket_of

CHOSEN = "three trams past noon"
AUDIT = text("SELECT action FROM audit_log a JOIN users u ON a.actor_id = u.id WHERE u.username = :name ORDER BY a.id")


async def choose(http: httpx.AsyncClient, name: str, password: str, chosen: str = CHOSEN) -> httpx.Response:
    body = {"username": name, "password": password, "new_password": chosen}
    return await http.post("/api/auth/password", json=body)


async def add(admin: httpx.AsyncClient, door: Door, name: str, **facts: object) -> tuple[str, str]:
    """A local account of that name; its id and its temporary password."""
    answer = await admin.post("/api/users", json={"username": name, "name": name} | facts)
    assert answer.status_code == 201, answer.text
    door.secrets.append(answer.json()["password"])
    return answer.json()["user"]["id"], answer.json()["password"]


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "Password2024!",
        "aaaaaaaaaaaa",
        "1234567890",
        "0987654321",
        "  welcome2024",
        "huang-huang-1",
        "ＷＥＬＣＯＭＥ１２３",
    ],
)
def test_what_everybody_guesses_first_is_refused(weak: str) -> None:
    with pytest.raises(Problem) as refused:
        check_password(weak, "huang")
    assert (refused.value.code, refused.value.field) == ("password_weak", "new_password")


@pytest.mark.parametrize("good", [CHOSEN, "correct-horse-battery", "第五溫區要換保險絲囉嗎", "jrap-ayz3-nvzs-mckt"])
def test_long_ones_are_good_whatever_they_are_made_of(good: str) -> None:
    check_password(good, "huang")


def test_temporary_ones_are_good() -> None:
    for _ in range(100):
        check_password(temporary_password(), "huang")


async def test_a_temporary_password_lets_nobody_in_before_it_is_changed(door: Door) -> None:
    """Nobody needs a mailbox: the admin reads the password out, the operator chooses another at the first sign-in."""
    async with door.newcomer("admin") as admin, door.newcomer() as http:
        user_id, temporary = await add(admin, door, "huang")
        check_problem(await login(http, "huang", "not that"), 401, "invalid_credentials")
        check_problem(await login(http, "huang", temporary), 401, "password_change_required")
        check_problem(await choose(http, "huang", "not that"), 401, "invalid_credentials")
        check_problem(await choose(http, "huang", temporary, "huang-2026"), 422, "password_weak")
        check_problem(await choose(http, "huang", temporary, temporary), 422, "password_weak")
        answer = await choose(http, "huang", temporary)
        assert answer.json()["user"]["username"] == "huang"
        assert "andon_refresh" in answer.headers["set-cookie"]
        check_problem(await login(http, "huang", temporary), 401, "invalid_credentials")
        assert (await login(http, "huang", CHOSEN)).status_code == 200
        assert not (await admin.get(f"/api/users/{user_id}")).json()["must_change_password"]


async def test_another_password_ends_my_other_sessions(door: Door, behind: Database) -> None:
    async with door.newcomer("admin") as admin, door.newcomer() as phone, door.newcomer() as desk:
        _, temporary = await add(admin, door, "yang")
        phone.headers["authorization"] = f"Bearer {(await choose(phone, 'yang', temporary)).json()['access_token']}"
        live = await Live.open(door.any().url, PUBLIC_URL, await ticket_of(phone))
        answer = await choose(desk, "yang", CHOSEN, "four trams past noon")
        desk.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        assert await closed_with(live) == 4009
        check_problem(await phone.get("/api/auth/me"), 401, "session_revoked")
        assert len((await desk.get("/api/auth/sessions")).json()) == 1
    async with behind.reading() as conn:
        told = list((await conn.execute(AUDIT, {"name": "yang"})).scalars())
    assert told == ["password_changed", "signed_in", "password_changed", "signed_in"]


async def test_an_admin_resets_a_password_and_lets_a_waiting_account_try_again(door: Door) -> None:
    async with door.newcomer("admin") as admin, door.newcomer() as http:
        user_id, first = await add(admin, door, "hsu")
        for _ in range(5):
            check_problem(await login(http, "hsu", "wrong"), 401, "invalid_credentials")
        check_problem(await login(http, "hsu", first), 429, "rate_limited")
        assert (await admin.get(f"/api/users/{user_id}")).json()["waits_until"] is not None
        assert (await admin.post(f"/api/users/{user_id}/unlock")).json()["waits_until"] is None
        check_problem(await login(http, "hsu", first), 401, "password_change_required")
        second = (await admin.post(f"/api/users/{user_id}/password")).json()["password"]
        door.secrets.append(second)
        check_problem(await login(http, "hsu", first), 401, "invalid_credentials")
        assert (await choose(http, "hsu", second)).status_code == 200
        own = (await admin.get("/api/auth/me")).json()["id"]
        check_problem(await admin.post(f"/api/users/{own}/password"), 409, "conflict")


async def test_the_account_for_emergencies_is_heard(door: Door, behind: Database) -> None:
    """Made and reset from the command line; every use stands in the audit, in the metrics and in the log."""
    told = await door.andon(
        "user", "add", "glass", "--break-glass", "--password-file", "-", told="a hammer on the wall"
    )
    assert "(admin) is ready" in told
    assert "characters" in await door.andon("user", "add", "weak", "--password-file", "-", told="short")
    temporary = (await door.andon("user", "reset", "glass")).splitlines()[-1]
    door.secrets.append(temporary)
    hub = door.any()
    async with door.newcomer(hub=hub) as http:
        before = (await http.get("/metrics")).text
        check_problem(await login(http, "glass", temporary), 401, "password_change_required")
        assert (await choose(http, "glass", temporary)).json()["user"]["role"] == "admin"
        after = (await http.get("/metrics")).text
    assert _counted(after) == _counted(before) + 1
    assert "break_glass_used" in hub.output()
    async with behind.reading() as conn:
        assert "break_glass_used" in (await conn.execute(AUDIT, {"name": "glass"})).scalars().all()
    assert "no local account" in await door.andon("user", "reset", "gateway")


def _counted(metrics: str) -> float:
    lines = (line for line in metrics.splitlines() if line.startswith("break_glass_total "))
    return sum(float(line.split()[1]) for line in lines)
