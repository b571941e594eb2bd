"""The look at everybody: who was disabled, moved or removed in the domain is out, whichever hub they are on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.settings import from_environment
from hub.people.directory.accounts import DomainAccounts
from hub.people.directory.changes import suspicious
from hub.people.directory.sync import Sync, told
from tests.people.directory.domain import BASE, Authority, Controller, password
from tests.plant.live import Live
from tests.plant.processes import PUBLIC_URL, SECRET, Hubs
from tests.plant.waiting import until_it_is
from tests.surfaces.bad import check_problem
from tests.surfaces.sockets import closed_with, ticket_of

GROUPS = "CN=Line3-Maint=responder:maintenance-line3; Shift-Leads=lead:maintenance-line3; Viewers=viewer"
TEAM = text("INSERT INTO teams (id, key, name, lines) VALUES (:id, 'maintenance-line3', 'x', '{SMT-3}')")
STANDING = text(
    "SELECT role, disabled_at IS NULL AS enabled, coalesce((SELECT jsonb_object_agg(t.key, m.lead) FROM team_members m "
    "JOIN teams t ON t.id = m.team_id WHERE m.user_id = u.id), '{}') AS teams FROM users u WHERE username = :name"
)


@pytest.fixture(scope="module")
def plant(server_folder: Path, authority: Authority) -> Iterator[Controller]:
    controller = Controller(server_folder / "dc-sync", authority)
    yield controller
    controller.stop()


@pytest.fixture(scope="module")
def hub_settings(plant: Controller) -> dict[str, str]:
    return settings(plant)


def settings(plant: Controller) -> dict[str, str]:
    return plant.settings(LDAP_GROUPS=GROUPS, LDAP_BASE_DN=f"CN=Users,{BASE}")


@pytest.fixture(scope="module", autouse=True)
async def _team(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(TEAM, {"id": uuid4()})


@asynccontextmanager
async def signed_in(hubs: Hubs, name: str) -> AsyncIterator[tuple[httpx.AsyncClient, Live]]:
    """Somebody with a REST client at one hub and a socket at the other."""
    here, there = hubs.chance.sample(hubs.all, 2)
    async with here.client() as http:
        body = {"username": name, "password": password(name)}
        answer = (await http.post("/api/auth/login", json=body)).raise_for_status()
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        async with await Live.open(there.url, PUBLIC_URL, await ticket_of(http)) as live:
            yield http, live


async def standing(database: Database, name: str) -> tuple[Any, ...]:
    async with database.reading() as conn:
        return tuple((await conn.execute(STANDING, {"name": name})).one())


@pytest.mark.parametrize("how", ["disabled", "removed", "moved out of all groups", "moved elsewhere"])
async def test_who_may_no_longer_is_out_everywhere(hubs: Hubs, plant: Controller, how: str) -> None:
    name = how.replace(" ", "-")[-18:]
    plant.add_person(name, "Line3-Maint")
    async with signed_in(hubs, name) as (http, live):
        match how:
            case "disabled":
                plant.enable(name, False)
            case "removed":
                plant.remove_person(name)
            case "moved out of all groups":
                plant.group("Line3-Maint", name, joins=False)
            case _:
                plant.move(name, "CN=Computers")  # out of the base DN
        assert await closed_with(live) == 4009
        check_problem(await http.get("/api/auth/me"), 401, "session_revoked")
        check_problem(await http.post("/api/auth/refresh"), 401, "session_revoked")


async def test_other_groups_are_other_rights_at_once(hubs: Hubs, plant: Controller, database: Database) -> None:
    """Role and team follow while the socket stays open."""
    plant.add_person("climber", "Viewers")
    async with signed_in(hubs, "climber") as (http, live):
        check_problem(await http.post("/api/rooms", json={"title": "x"}), 403, "forbidden")
        plant.group("Line3-Maint", "climber", joins=True)
        await until_it_is(lambda: standing(database, "climber"), ("responder", True, {"maintenance-line3": False}))
        assert (await http.post("/api/rooms", json={"title": "x", "line": "SMT-3"})).status_code == 201
        plant.group("Shift-Leads", "climber", joins=True)
        await until_it_is(lambda: standing(database, "climber"), ("lead", True, {"maintenance-line3": True}))
        plant.group("Line3-Maint", "climber", joins=False)
        plant.group("Shift-Leads", "climber", joins=False)
        await until_it_is(lambda: standing(database, "climber"), ("viewer", True, {}))
        assert live.code is None


async def test_who_is_enabled_again_may_sign_in_again(hubs: Hubs, plant: Controller, database: Database) -> None:
    plant.add_person("back", "Line3-Maint")
    async with signed_in(hubs, "back") as (_, live):
        plant.enable("back", False)
        assert await closed_with(live) == 4009
    assert await standing(database, "back") == ("responder", False, {})
    plant.enable("back")
    await until_it_is(lambda: standing(database, "back"), ("responder", True, {"maintenance-line3": False}))


async def test_an_empty_answer_disables_nobody(hubs: Hubs, plant: Controller, database: Database) -> None:
    """Many missing at once are held back until somebody says --force; whom the domain calls disabled goes at once."""
    names = [f"crew-{number}" for number in range(4)]
    for name in names:
        plant.add_person(name, "Viewers")
        async with signed_in(hubs, name):
            pass
    plant.empty("Viewers")

    async def health() -> Any:
        async with hubs.any().client() as http:
            return (await http.get("/health/ready")).json()["status"]

    await until_it_is(health, "degraded")
    plant.enable(names[0], False)
    await until_it_is(lambda: standing(database, names[0]), ("viewer", False, {}))
    assert [(await standing(database, name))[1] for name in names[1:]] == [True] * 3
    sync = Sync(DomainAccounts(database, from_environment(environment(plant))))
    assert {line[0] for line in told((await sync.look()).plan) if "crew-" in line} == {"!"}
    await sync.look_and_change(force=True)
    assert [(await standing(database, name))[1] for name in names] == [False] * 4
    await until_it_is(health, "ok")
    async with database.reading() as conn:
        held = text("SELECT count(*) FROM audit_log WHERE action = 'directory_sync_held'")
        assert await conn.scalar(held) in {1, 2}  # four are missing, then three and one disabled


def environment(plant: Controller) -> dict[str, str]:
    return {"DATABASE_URL": "postgresql://x", "ANDON_SECRET_KEY": SECRET} | settings(plant)


async def test_one_hub_looks_at_a_time(database: Database, plant: Controller) -> None:
    """Ten that want to look at once: one does."""
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE directory_sync SET looked_at = NULL"))
    accounts = DomainAccounts(database, from_environment(environment(plant) | {"LDAP_SYNC_SECONDS": "300"}))
    looks: list[int] = []

    class Counted(Sync):
        async def look(self, force: bool = False) -> Any:
            looks.append(1)
            return await super().look(force)

    await asyncio.gather(*(Counted(accounts).look_if_due() for _ in range(10)))
    assert len(looks) <= 1


async def test_while_the_directory_is_away_nothing_changes(
    hubs: Hubs, server_folder: Path, authority: Authority, plant: Controller, database: Database
) -> None:
    plant.add_person("steady", "Line3-Maint")
    async with signed_in(hubs, "steady") as (http, live):
        plant.stop()
        async with hubs.any().client() as probe:

            async def fault() -> Any:
                return (await probe.get("/health/ready")).json().get("directory")

            await until_it_is(fault, "directory_unavailable", seconds=30)
        assert (await http.get("/api/auth/me")).status_code == 200
        assert live.code is None
        plant.restart()
        plant.enable("steady", False)
        assert await closed_with(live) == 4009


@pytest.mark.parametrize(
    ("missing", "present", "held"),
    [(0, 0, False), (1, 1, False), (2, 2, True), (2, 3, False), (3, 14, True), (3, 15, False), (200, 1000, False),
     (201, 1000, True), (5, 5, True)],
)  # fmt: skip
def test_how_many_are_too_many(missing: int, present: int, held: bool) -> None:
    assert suspicious(missing, present) is held
