"""Alembic environment: every table of every slice, one advisory lock so that N replicas migrate once."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

import hub.alarms.tables
import hub.audit.tables
import hub.base.clock
import hub.broadcasts.tables
import hub.live.tables
import hub.log.cursors
import hub.log.tables
import hub.messages.search.tables
import hub.messages.tables
import hub.people.directory.tables
import hub.people.sessions.tables
import hub.people.shifts.tables
import hub.people.tables
import hub.people.teams.tables
import hub.rooms.checklist.tables
import hub.rooms.tables
import hub.rooms.templates.tables  # noqa: F401
from hub.base.db import metadata

ONE_RUNNER = text("SELECT pg_advisory_lock(4207849484)")


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def main() -> None:
    engine = create_async_engine(context.config.get_main_option("sqlalchemy.url"))
    async with engine.connect() as connection:
        await connection.execute(ONE_RUNNER)
        await connection.commit()
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(main())
