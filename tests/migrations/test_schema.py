"""The schema exists only through migrations, and they go both ways."""

import asyncio
import sys
from datetime import timedelta

from alembic import command
from sqlalchemy import text

from hub.base import migrate
from hub.base.db import Database
from tests.plant.databases import Databases
from tests.plant.processes import environment

UPGRADE = (sys.executable, "-m", "hub.cli", "db", "upgrade")
TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
SET_CLOCK = """
UPDATE hub_clock SET anchor_plant = hub_now() + make_interval(hours => :hours), anchor_wall = clock_timestamp(),
                     rate = :rate
"""
AHEAD = "SELECT extract(epoch FROM hub_now() - clock_timestamp())::float"


def test_the_tables_in_the_code_are_those_of_the_migrations(databases: Databases) -> None:
    migrate.check(databases.fresh())


def test_search_is_indexed_again_after_down_and_up(databases: Databases) -> None:
    url = databases.fresh()
    name = url.rpartition("/")[2]
    room = "INSERT INTO incident_rooms (room_id, title, fault, category, severity, visibility) VALUES "
    databases.server.sql(f"{room} (gen_random_uuid(), 'x', '{{}}', 'machine', 'high', 'line')", name)
    databases.server.sql("INSERT INTO reader_cursors SELECT 'search', room_id, 9 FROM incident_rooms", name)
    command.downgrade(migrate.config(url), "0009")
    migrate.upgrade(url)
    assert databases.server.sql("SELECT count(*) FROM reader_cursors", name) == "0"


def test_up_twice_down_and_up_again(databases: Databases) -> None:
    url = databases.empty()
    name = url.rpartition("/")[2]
    migrate.upgrade(url)
    migrate.upgrade(url)
    tables = int(databases.server.sql(TABLES, name))
    command.downgrade(migrate.config(url), "base")
    assert databases.server.sql("SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace", name) == "0"
    assert databases.server.sql(TABLES, name) == "1"  # alembic's own
    migrate.upgrade(url)
    migrate.check(url)
    assert int(databases.server.sql(TABLES, name)) == tables > 15
    assert databases.server.sql("SELECT version_num FROM alembic_version", name) == migrate.newest()


async def test_two_replicas_may_migrate_at_once(databases: Databases) -> None:
    url = databases.empty()
    replicas = [await asyncio.create_subprocess_exec(*UPGRADE, env=environment(url, {})) for _ in range(2)]
    assert [await replica.wait() for replica in replicas] == [0, 0]
    assert databases.server.sql("SELECT count(*) FROM hub_clock", url.rpartition("/")[2]) == "1"


async def test_the_plant_clock_has_an_offset_and_a_rate(database: Database) -> None:
    async with database.engine.begin() as conn:
        assert abs(await conn.scalar(text(AHEAD)) or 0) < 1
        await conn.execute(text(SET_CLOCK), {"hours": 48, "rate": 1})
        assert abs((await conn.scalar(text(AHEAD)) or 0) - 48 * 3600) < 1
        await conn.execute(text(SET_CLOCK), {"hours": -48, "rate": 600})
        before = (await conn.execute(text("SELECT hub_now()"))).scalar_one()
        await asyncio.sleep(0.5)
        after = (await conn.execute(text("SELECT hub_now()"))).scalar_one()
    assert timedelta(seconds=290) < after - before < timedelta(seconds=900)


async def test_defaults_take_plant_time(databases: Databases) -> None:
    found = databases.server.sql(
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_default ~ '(^|[^_])(now|clock_timestamp)\\(|CURRENT_TIMESTAMP'",
        databases.fresh().rpartition("/")[2],
    )
    assert found == "0"
