"""The schema exists only through migrations, and they go both ways."""

import asyncio
import json
import sys
from datetime import timedelta
from types import SimpleNamespace

from alembic import command
from sqlalchemy import text

from hub.base import migrate
from hub.base.db import Database
from hub.rooms.listing import words
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


def test_rooms_of_before_are_found_by_their_words(databases: Databases) -> None:
    """In batches, and in the very words the hub itself would write."""
    url = databases.fresh()
    name = url.rpartition("/")[2]
    databases.server.sql(
        "INSERT INTO incident_rooms (room_id, title, fault, line, machine, category, severity, visibility) "
        "SELECT gen_random_uuid(), 'Ｚｏｎｅ ' || n, jsonb_build_object('zh-TW', '第 ' || n || ' 溫區超溫'), 'SMT-3', "
        "'RO-03', 'machine', 'high', 'line' FROM generate_series(1, 1100) n",
        name,
    )
    command.downgrade(migrate.config(url), "0015")
    migrate.upgrade(url)
    assert databases.server.sql("SELECT count(*) FROM room_words", name) == "1100"
    fault = {"zh-TW": "第 1042 溫區超溫"}
    room = SimpleNamespace(title="Ｚｏｎｅ 1042", fault=fault, site=None, area=None, line="SMT-3", machine="RO-03")
    room.code = "INC-" + databases.server.sql(
        "SELECT lpad(number::text, 6, '0') FROM incident_rooms WHERE title = 'Ｚｏｎｅ 1042'", name
    )
    said, pieces = words.of_room(room), "SELECT to_json(tokens) FROM room_words WHERE words"
    assert json.loads(databases.server.sql(f"{pieces} = '{said}'", name)) == words.tokens(said)


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
