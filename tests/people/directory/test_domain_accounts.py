"""People of the domain sign in, over two hubs that reach the controller through proxies."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.wire import limits
from tests.people.directory.domain import BASE, Authority, Controller, password
from tests.people.directory.proxy import Proxy
from tests.plant.people import PASSWORD, People
from tests.plant.processes import HubProcess, Hubs
from tests.surfaces.bad import check_log, check_problem

GROUPS = "CN=Line3-Maint=responder:maintenance-line3; Plant-Leads=lead; Viewers=viewer"
TEAM = text("INSERT INTO teams (id, key, name, lines) VALUES (gen_random_uuid(), 'maintenance-line3', 'x', '{SMT-3}')")
USER = text("SELECT * FROM users WHERE object_guid IS NOT NULL AND username = :name")
TEAMS = text(
    "SELECT t.key FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = :id AND source = 'directory'"
)
AUDIT = text(
    "SELECT facts ->> 'code', facts ->> 'reason' FROM audit_log "
    "WHERE action = 'login_refused' AND object = :name ORDER BY id"
)
FORGET = ("DELETE FROM login_attempts", "DELETE FROM directory_guesses")


@pytest.fixture(scope="module")
def plant(server_folder: Path, authority: Authority) -> Iterator[Controller]:
    controller = Controller(server_folder / "dc-plant", authority, "127.0.0.1")
    controller.add_person("yang", "Line3-Maint")
    yield controller
    controller.stop()


@pytest.fixture(scope="module")
def ways(plant: Controller) -> Iterator[list[Proxy]]:
    """Two ways to the controller: the hubs know them as two controllers."""
    with Proxy(plant.address, 636) as one, Proxy(plant.address, 636) as two:
        yield [one, two]


@pytest.fixture(scope="module")
def hub_settings(plant: Controller, ways: list[Proxy]) -> dict[str, str]:
    urls = [way.url for way in ways]
    return plant.settings(*urls, LDAP_GROUPS=GROUPS, LDAP_SYNC_SECONDS="300", ANDON_LOG_LEVEL="info")


@pytest.fixture(autouse=True)
async def _clean(database: Database, hubs: Hubs) -> AsyncIterator[None]:
    async with database.transaction() as tx:
        for forget in FORGET:
            await tx.execute(text(forget))
        if not await tx.scalar(text("SELECT 1 FROM teams")):
            await tx.execute(TEAM)
    yield
    secrets = [password(name) for name in ("yang", "lee", "wang", "svc-andon")]
    for hub in hubs.all:
        check_log(hub.output(), secrets)


async def login(hub: HubProcess, name: Any, word: Any) -> httpx.Response:
    async with hub.client() as http:
        return await http.post("/api/auth/login", json={"username": name, "password": word})


async def row(database: Database, name: str) -> Any:
    async with database.reading() as conn:
        return (await conn.execute(USER, {"name": name})).one_or_none()


async def test_first_sign_in_makes_the_user(hubs: Hubs, database: Database) -> None:
    answers = [await login(hubs.any(), name, password("yang")) for name in ("yang", " FAB\\Yang ", "YANG@fab.example")]
    told = [answer.raise_for_status().json()["user"] for answer in answers]
    assert told[0] == told[1] == told[2]
    assert (told[0]["username"], told[0]["role"]) == ("yang", "responder")
    yang = await row(database, "yang")
    assert yang.password_hash is None
    async with database.reading() as conn:
        assert list((await conn.execute(TEAMS, {"id": yang.id})).scalars()) == ["maintenance-line3"]
        assert await conn.scalar(text("SELECT lines_of(:id)"), {"id": yang.id}) == ["SMT-3"]
        made = text("SELECT count(*) FROM audit_log WHERE action = 'user_provisioned' AND object = :id")
        assert await conn.scalar(made, {"id": str(yang.id)}) == 1


async def test_two_first_sign_ins_at_once_make_one_user(hubs: Hubs, plant: Controller, database: Database) -> None:
    plant.add_person("twice", "Viewers")
    answers = await asyncio.gather(*(login(hub, "twice", password("twice")) for hub in hubs.all * 2))
    assert {answer.json()["user"]["id"] for answer in answers} == {str((await row(database, "twice")).id)}


async def test_a_new_name_is_the_same_person(hubs: Hubs, plant: Controller, database: Database) -> None:
    plant.add_person("miss-ho", "Viewers")
    before = (await login(hubs.any(), "miss-ho", password("miss-ho"))).json()["user"]
    plant.rename("miss-ho", "Mrs Kuo", "mrs-kuo")
    plant.change("mrs-kuo", displayName="郭太太", department="品保", thumbnailPhoto=b"\xff\xd8\xff" + b"x" * 100)
    after = (await login(hubs.any(), "mrs-kuo", password("miss-ho"))).json()["user"]
    assert after == before | {"username": "mrs-kuo", "name": "郭太太"}
    picture = await (await hubs.client("guest")).get(f"/api/users/{after['id']}/photo")
    assert (picture.headers["content-type"], picture.content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert "sandbox" in picture.headers["content-security-policy"]
    kuo = await row(database, "mrs-kuo")
    assert (kuo.mail, kuo.department) == ("mrs-kuo@fab.example", "品保")


async def test_a_nested_group_leads_and_no_group_refuses(hubs: Hubs) -> None:
    assert (await login(hubs.any(), "FAB\\lin", password("lin"))).json()["user"]["role"] == "lead"
    check_problem(await login(hubs.any(), "tsai", password("tsai")), 401, "group_missing")


async def test_bad_74_strangers_get_one_answer(hubs: Hubs, plant: Controller, database: Database) -> None:
    """A wrong password, nobody of that name, an account that is locked: told apart in the audit alone."""
    plant.add_person("locked-out")
    plant.change("locked-out", lockoutTime=0)
    known = check_problem(await login(hubs.any(), "yang", "wrong"), 401, "invalid_credentials")
    for name, word in (("nobody-here", "wrong"), ("hsu", "wrong"), ("OTHER\\yang", password("yang"))):
        other = check_problem(await login(hubs.any(), name, word), 401, "invalid_credentials")
        assert other | {"request_id": ""} == known | {"request_id": ""}
    async with database.reading() as conn:
        rows = [tuple(row) for name in ("yang", "nobody-here") for row in await conn.execute(AUDIT, {"name": name})]
    assert rows == [("invalid_credentials", "52e"), ("invalid_credentials", "52e")]


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("lee", "password_expired", "532"),
        ("mei", "password_expired", "773"),
        ("hsu", "account_disabled", "533"),
        ("kao", "account_disabled", "701"),
    ],
)
async def test_bad_75_who_knows_the_password_learns_why(
    hubs: Hubs, database: Database, name: str, code: str, reason: str
) -> None:
    check_problem(await login(hubs.any(), name, password(name)), 401, code)
    async with database.reading() as conn:
        assert (code, reason) in [tuple(row) for row in await conn.execute(AUDIT, {"name": name})]


@pytest.mark.parametrize(
    ("name", "word", "status", "code"),
    [
        ("", "", 401, "invalid_credentials"),
        ("", "x", 401, "invalid_credentials"),
        ("yang", "", 401, "invalid_credentials"),
        ("  ", "x", 401, "invalid_credentials"),
        (None, "x", 422, "type"),
        ("yang", None, 422, "type"),
        ("yang\0", "x", 400, "text_invalid"),
    ],
)
async def test_bad_70_nothing_is_sent_for_an_empty_name_or_password(
    hubs: Hubs, ways: list[Proxy], name: Any, word: Any, status: int, code: str
) -> None:
    before = [way.sent for way in ways]
    check_problem(await login(hubs.any(), name, word), status, code)
    assert [way.sent for way in ways] == before


@pytest.mark.parametrize(
    "name", ["*", "admin)(|(a=*", "\\2a", f"CN=yang,CN=Users,{BASE}", "ｙａｎｇ*", "yang@other.tld"]
)
async def test_bad_72_73_odd_names(hubs: Hubs, name: str) -> None:
    check_problem(await login(hubs.any(), name, password("yang")), 401, "invalid_credentials")


async def test_a_local_account_is_never_taken_over(
    hubs: Hubs, people: People, ways: list[Proxy], database: Database
) -> None:
    """`wang` is an account of our own, and somebody in the domain: they are two people."""
    before = [way.sent for way in ways]
    local = (await login(hubs.any(), "wang", PASSWORD)).json()["user"]
    check_problem(await login(hubs.any(), "wang", password("wang")), 401, "invalid_credentials")
    assert [way.sent for way in ways] == before  # the directory is not asked about them
    theirs = (await login(hubs.any(), "FAB\\wang", password("wang"))).json()["user"]
    assert local["id"] == str(people["wang"]) != theirs["id"]
    assert (theirs["username"], theirs["name"]) == ("wang@fab.example", "王小明")
    again = (await login(hubs.any(), "wang@fab.example", password("wang"))).json()["user"]
    assert again == theirs


async def test_bad_77_our_limit_comes_before_the_domains(hubs: Hubs, plant: Controller) -> None:
    """60 guesses at once, by three names, at both hubs: the domain counts no more than ours, and locks nobody."""
    plant.add_person("target", "Viewers")
    names = ("target", "FAB\\target", "target@fab.example")
    guesses = [login(hub, name, "wrong") for name in names for hub in hubs.all for _ in range(10)]
    codes = [answer.json()["code"] for answer in await asyncio.gather(*guesses)]
    assert codes.count("invalid_credentials") <= limits.LOGIN_FAILURES
    assert set(codes) == {"invalid_credentials", "rate_limited"}
    assert int(plant.read("target", "badPwdCount")[0]) == codes.count("invalid_credentials")
    assert plant.read("target", "lockoutTime") in (None, [], [b"0"])
    check_problem(await login(hubs.any(), "target@fab.example", password("target")), 429, "rate_limited")


@asynccontextmanager
async def away(ways: list[Proxy]) -> AsyncIterator[None]:
    """Every controller takes connections and says nothing."""
    for way in ways:
        way.silent = True
    yield
    for way in ways:
        way.silent = False


async def test_every_controller_is_away(hubs: Hubs, ways: list[Proxy], database: Database) -> None:
    """A clear 503 and no failure counted; sessions live on; accounts of our own still work."""
    async with hubs.any().client() as http:
        signed_in = (await http.post("/api/auth/login", json={"username": "yang", "password": password("yang")})).json()
        async with away(ways):
            problem = check_problem(await login(hubs.any(), "yang", password("yang")), 503, "directory_unavailable")
            assert problem["retry_after"]
            assert (await login(hubs.any(), "admin", PASSWORD)).status_code == 200
            async with database.transaction() as tx:
                await tx.execute(text("UPDATE users SET checked_at = checked_at - interval '1 hour'"))
            headers = {"authorization": f"Bearer {signed_in['access_token']}"}
            assert (await http.get("/api/auth/me", headers=headers)).status_code == 200
            assert (await http.post("/api/auth/refresh")).status_code == 200
        async with database.reading() as conn:
            assert await conn.scalar(text("SELECT count(*) FROM login_attempts")) == 0
            assert await conn.scalar(text("SELECT count(*) FROM directory_guesses")) == 0


async def test_one_controller_is_away(hubs: Hubs, ways: list[Proxy]) -> None:
    for down in ways:
        down.silent = True
        assert (await login(hubs.any(), "yang", password("yang"))).status_code == 200
        down.silent = False


async def test_a_refresh_looks_again_when_nobody_has(hubs: Hubs, plant: Controller, database: Database) -> None:
    """Whoever was disabled has no session then; asked of the directory only when the last look is old."""
    plant.add_person("liu", "Viewers")
    async with hubs.any().client() as http:
        (await http.post("/api/auth/login", json={"username": "liu", "password": password("liu")})).raise_for_status()
        plant.enable("liu", False)
        assert (await http.post("/api/auth/refresh")).status_code == 200
        async with database.transaction() as tx:
            await tx.execute(
                text("UPDATE users SET checked_at = checked_at - interval '1 hour' WHERE username = 'liu'")
            )
        check_problem(await http.post("/api/auth/refresh"), 401, "session_revoked")
    plant.enable("liu")
    assert (await login(hubs.any(), "liu", password("liu"))).status_code == 200


async def test_who_the_hub_disabled_stays_out(hubs: Hubs, plant: Controller, database: Database) -> None:
    plant.add_person("banned", "Viewers")
    await login(hubs.any(), "banned", password("banned"))
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE users SET disabled_at = hub_now() WHERE username = 'banned'"))
    check_problem(await login(hubs.any(), "banned", password("banned")), 401, "account_disabled")
