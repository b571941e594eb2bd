"""Guessing passwords over two hubs: by account, by address, at once, and what a shift that signs in does not notice."""

import asyncio
from collections import Counter

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.wire import limits
from tests.plant.people import PASSWORD
from tests.plant.processes import Hubs
from tests.surfaces.bad import check_problem

ASKED = text("SELECT count(*) FROM audit_log WHERE action = 'login_refused' AND object LIKE :account")
AGE = text("UPDATE login_attempts SET at = at - make_interval(secs => :seconds) WHERE account = :account")
HANGING = text("INSERT INTO login_attempts (account, address, at, open) VALUES ('hung', '10.9.9.9', now(), true)")


@pytest.fixture(scope="module")
def hub_settings() -> dict[str, str]:
    """The product's own limits behind a proxy on this machine: the tests choose where they come from."""
    return {
        "ANDON_LOGIN_FAILURES_PER_ADDRESS": str(limits.LOGIN_FAILURES_PER_ADDRESS),
        "ANDON_TRUSTED_PROXIES": "127.0.0.1/32, 10.200.0.0/16",
    }


async def guess(hubs: Hubs, account: str, password: str = "wrong", ip: str = "10.0.0.1") -> httpx.Response:
    async with hubs.any().client() as http:
        http.headers["x-forwarded-for"] = ip
        return await http.post("/api/auth/login", json={"username": account, "password": password})


async def asked(database: Database, account: str) -> int:
    """How many tries reached whoever knows the passwords: each refusal of theirs is in the audit."""
    async with database.reading() as conn:
        return int(await conn.scalar(ASKED, {"account": account}) or 0)


async def test_bad_77_twenty_guesses_at_once_ask_the_directory_five_times(hubs: Hubs, database: Database) -> None:
    answers = await asyncio.gather(*(guess(hubs, "admin", f"guess-{n}", f"10.0.1.{n}") for n in range(20)))
    found = Counter(answer.status_code for answer in answers)
    print(f"20 guesses at once: {found[401]} asked, {found[429]} refused")
    assert found == {401: limits.LOGIN_FAILURES, 429: 20 - limits.LOGIN_FAILURES}
    assert await asked(database, "admin") == limits.LOGIN_FAILURES


async def test_bad_73_spellings_of_one_account_share_its_tries(hubs: Hubs, database: Database) -> None:
    for spelling in ("chen", "PLANT\\chen", "chen@plant.example", " CHEN ", "ｃｈｅｎ"):
        check_problem(await guess(hubs, spelling), 401, "invalid_credentials")
    check_problem(await guess(hubs, "ch\u00aden", PASSWORD), 429, "rate_limited")
    check_problem(await guess(hubs, "chen", PASSWORD), 429, "rate_limited")
    assert await asked(database, "%c_%e_%") + await asked(database, "ｃｈｅｎ") >= limits.LOGIN_FAILURES


async def test_retry_after_is_true(hubs: Hubs, database: Database) -> None:
    """The wait ends when the oldest failure that counts leaves the window, not a window after the last try."""
    for _ in range(limits.LOGIN_FAILURES):
        await guess(hubs, "lin")
    async with database.transaction() as tx:
        await tx.execute(AGE, {"account": "lin", "seconds": limits.LOGIN_WINDOW_SECONDS / 2})
    answer = await guess(hubs, "lin", PASSWORD)
    wait = float(check_problem(answer, 429, "rate_limited")["retry_after"])
    assert 0 < wait < limits.LOGIN_WINDOW_SECONDS / 2
    assert int(answer.headers["retry-after"]) >= wait
    async with database.transaction() as tx:
        await tx.execute(AGE, {"account": "lin", "seconds": wait - 60})
    check_problem(await guess(hubs, "lin", PASSWORD), 429, "rate_limited")
    async with database.transaction() as tx:
        await tx.execute(AGE, {"account": "lin", "seconds": 60})
    assert (await guess(hubs, "lin", PASSWORD)).status_code == 200


async def test_who_gets_in_starts_anew(hubs: Hubs) -> None:
    for _ in range(3):
        for _ in range(limits.LOGIN_FAILURES - 1):
            check_problem(await guess(hubs, "guest"), 401, "invalid_credentials")
        assert (await guess(hubs, "guest", PASSWORD)).status_code == 200


async def test_an_address_that_guesses_over_many_accounts_waits(hubs: Hubs) -> None:
    here, elsewhere = "10.0.7.7", "10.0.7.8"
    rounds = [guess(hubs, f"account-{n}", ip=here) for n in range(limits.LOGIN_FAILURES_PER_ADDRESS)]
    assert {answer.status_code for answer in await asyncio.gather(*rounds)} == {401}
    check_problem(await guess(hubs, "wang", PASSWORD, here), 429, "rate_limited")
    forged = f"{elsewhere}, {here}"  # what a client puts in front of what the proxy adds is not believed
    check_problem(await guess(hubs, "wang", PASSWORD, forged), 429, "rate_limited")
    check_problem(await guess(hubs, "wang", PASSWORD, f"{here}, 10.200.3.4"), 429, "rate_limited")
    assert (await guess(hubs, "wang", PASSWORD, elsewhere)).status_code == 200


async def test_a_shift_behind_one_address_signs_in(hubs: Hubs) -> None:
    """More of them than an address has failures, five at a time with one account too."""
    for _ in range(3):
        names = ("wang", "guest", "lin") * 4
        answers = await asyncio.gather(*(guess(hubs, name, PASSWORD, "10.0.8.8") for name in names))
        assert Counter(answer.status_code for answer in answers) == {200: 12}


async def test_a_try_that_hangs_holds_up_nobody_for_ever(hubs: Hubs, database: Database) -> None:
    """A process that died while it asked: its tries count, but only decided ones tell how long to wait."""
    async with database.transaction() as tx:
        for _ in range(limits.LOGIN_FAILURES):
            await tx.execute(HANGING)
        await tx.execute(AGE, {"account": "hung", "seconds": limits.LOGIN_OPEN_SECONDS})
    wait = check_problem(await guess(hubs, "hung"), 429, "rate_limited")["retry_after"]
    assert wait > limits.LOGIN_WINDOW_SECONDS - 2 * limits.LOGIN_OPEN_SECONDS


async def test_a_password_change_counts_as_a_try(hubs: Hubs) -> None:
    body = {"username": "account-x", "password": "wrong", "new_password": "three trams past noon"}
    async with hubs.any().client() as http:
        http.headers["x-forwarded-for"] = "10.0.9.9"
        for _ in range(limits.LOGIN_FAILURES):
            check_problem(await http.post("/api/auth/password", json=body), 401, "invalid_credentials")
        check_problem(await http.post("/api/auth/password", json=body), 429, "rate_limited")
