"""`andon directory …`, as whoever sets the directory up uses it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.settings import SettingsError, from_environment
from hub.people.directory.mapping import read_rules
from hub.people.directory.trial import Failed, tried
from tests.people.directory.domain import BASE, Authority, Controller, password
from tests.plant.processes import SECRET, environment

GROUPS = "Line3-Maint=responder:maintenance-line3; Plant-Leads=lead:nowhere; Ghosts=admin"
PUT = text(
    "INSERT INTO users (id, username, name, kind, role, object_guid) "
    "VALUES (gen_random_uuid(), :name, 'old name', 'person', 'viewer', :guid)"
)


@pytest.fixture(scope="module")
def plant(server_folder: Path, authority: Authority) -> Iterator[Controller]:
    controller = Controller(server_folder / "dc-commands", authority)
    yield controller
    controller.stop()


async def andon(url: str, settings: dict[str, str], *words: str, told: str = "") -> tuple[int, str]:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "hub.cli", "directory", *words],
        env=environment(url, settings),
        input=told,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


async def test_login_on_the_command_line(plant: Controller, database_url: str, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("INSERT INTO teams (id, key, name) VALUES (gen_random_uuid(), 'maintenance-line3', 'x')"))
    good = plant.settings(LDAP_GROUPS=GROUPS)
    login = ("test-login", "--password-file", "-")
    code, told = await andon(database_url, good, *login, "FAB\\wang", told=password("wang"))
    assert (code, password("wang") in told) == (0, False)
    for line in (
        "search: 王小明",
        "password: right",
        "groups: ",
        "Line3-Maint",
        "role responder, teams maintenance-line3",
    ):
        assert line in told
    assert "lock-out: after 6 wrong passwords in 30 min" in told
    code, told = await andon(database_url, good | {"LDAP_CA_FILE": ""}, *login, "wang", told="x")
    assert (code, "Error: tls: " in told) == (1, True)


def test_login_step_by_step(plant: Controller) -> None:
    good = {"DATABASE_URL": "postgresql://x", "ANDON_SECRET_KEY": SECRET} | plant.settings(LDAP_GROUPS=GROUPS)

    def steps(name: str, word: str, **changed: str) -> list[str]:
        settings = from_environment(good | changed)
        return list(tried(settings, name, word, read_rules(GROUPS), {"maintenance-line3"}))

    told = steps("lin", "")
    assert told[2] == "password: not tried"
    assert told[-2] == "mapping: there is no team nowhere, make it first"
    for settings, name, word, why in (
        ({"LDAP_URL": f"ldaps://{plant.address}:1"}, "wang", "x", "connect: "),
        ({"LDAP_CA_FILE": ""}, "wang", "x", "tls: "),
        ({"LDAP_BIND_PASSWORD": "wrong"}, "wang", "x", "bind: the service account is refused (52e)"),
        ({"LDAP_BASE_DN": f"OU=Nowhere,{BASE}"}, "wang", "x", "search: "),
        ({}, "nobody", "x", "search: nobody"),
        ({}, "OTHER\\wang", "x", "name: "),
        ({}, "wang", "wrong", "password: refused, 52e (invalid_credentials)"),
        ({}, "lee", password("lee"), "password: refused, 532 (password_expired)"),
        ({}, "tsai", password("tsai"), "mapping: none of the groups"),
    ):
        with pytest.raises(Failed, match=f"^{re.escape(why)}"):
            steps(name, word, **settings)


async def test_sync_says_what_it_would_do(plant: Controller, database_url: str, database: Database) -> None:
    guid = UUID(bytes_le=plant.read("wang", "objectGUID")[0])
    async with database.transaction() as tx:
        await tx.execute(PUT, {"name": "wang-of-fab", "guid": guid})
        for number in range(3):
            await tx.execute(PUT, {"name": f"absent-{number}", "guid": uuid4()})
    settings = plant.settings(LDAP_GROUPS=GROUPS)
    names = text("SELECT name, disabled_at IS NULL FROM users WHERE object_guid IS NOT NULL ORDER BY username")

    async def people() -> list[tuple[str, bool]]:
        async with database.reading() as conn:
            return [tuple(row) for row in await conn.execute(names)]

    before = await people()
    code, told = await andon(database_url, settings, "sync", "--dry-run")
    assert code == 1
    assert "~ wang-of-fab: " in told
    assert "name: 'old name' → '王小明'" in told
    assert told.count("held back: too many at once") == 3
    assert "there is no group Ghosts in the directory" in told
    assert await people() == before
    code, told = await andon(database_url, settings, "sync", "--force")
    assert code == 0
    assert "1 stay, 3 leave, 0 held back" in told
    assert [enabled for _, enabled in await people()] == [False, False, False, True]
    code, told = await andon(database_url, settings | {"LDAP_URL": f"ldaps://{plant.address}:1"}, "sync")
    assert (code, "The directory does not answer" in told) == (1, True)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"LDAP_URL": "ldap://dc1.fab.example"}, "passwords would travel in clear"),
        ({"LDAP_URL": "https://dc1.fab.example"}, "LDAP_URL must be like"),
        ({"LDAP_BASE_DN": ""}, "LDAP_BASE_DN is not set"),
        ({"LDAP_BASE_DN": "OU=Plant"}, "LDAP_BASE_DN must be like"),
        ({"LDAP_BIND_PASSWORD": ""}, "LDAP_BIND_PASSWORD .or LDAP_BIND_PASSWORD_FILE. is not set"),
        ({"LDAP_CA_FILE": "/nowhere/ca.pem"}, "LDAP_CA_FILE is not a file"),
        ({"LDAP_DEFAULT_ROLE": "admin"}, "LDAP_DEFAULT_ROLE must be"),
        ({"LDAP_SYNC_SECONDS": "3600"}, "LDAP_SYNC_SECONDS must be"),
    ],
)
def test_a_wrong_setting_is_named_at_the_start(changed: dict[str, str], why: str) -> None:
    good = {
        "DATABASE_URL": "postgresql://x",
        "ANDON_SECRET_KEY": SECRET,
        "LDAP_URL": "ldaps://dc1.fab.example, ldaps://dc2.fab.example",
        "LDAP_BASE_DN": BASE,
        "LDAP_BIND_DN": "svc",
        "LDAP_BIND_PASSWORD": "x",
    }
    assert from_environment(good).ldap_urls == ("ldaps://dc1.fab.example", "ldaps://dc2.fab.example")
    with pytest.raises(SettingsError, match=why):
        from_environment(good | changed)


async def test_a_wrong_rule_is_named_at_the_start(plant: Controller, database_url: str) -> None:
    code, told = await andon(database_url, plant.settings(LDAP_GROUPS="Line3-Maint=owner"), "sync")
    assert (code, "LDAP_GROUPS has «Line3-Maint=owner»" in told) == (1, True)
