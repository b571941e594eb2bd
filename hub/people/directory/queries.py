"""Reading what the hub knows of the directory's people, rules and last looks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.directory.mapping import Rule

FACTS = "id, object_guid, username, name, role, mail, department, employee_number, phone"
PHOTO = "(SELECT sha256(p.photo) FROM user_photos p WHERE p.user_id = u.id) AS photo"
KNOWN = (
    f"SELECT {FACTS}, {PHOTO}, disabled_at IS NULL AS enabled, let_go_by_directory AS let_go, "
    "coalesce((SELECT jsonb_object_agg(t.key, m.lead) FROM team_members m JOIN teams t ON t.id = m.team_id "
    " WHERE m.user_id = u.id AND m.source = 'directory'), '{}') AS teams "
    "FROM users u WHERE object_guid IS NOT NULL"
)
ALL_KNOWN = text(f"{KNOWN} ORDER BY username")
ONE_KNOWN = text(f"{KNOWN} AND object_guid = :guid")
OF_SESSION = text(
    f"{KNOWN} AND disabled_at IS NULL AND coalesce(checked_at, '-infinity') < :before "
    "AND id = (SELECT user_id FROM sessions WHERE id = :session)"
)
IS_LOCAL = text("SELECT 1 FROM users WHERE lower(username) = lower(:name) AND object_guid IS NULL")
RULES = text(
    "SELECT m.group_name, m.role, t.key FROM group_mappings m "
    "LEFT JOIN teams t ON t.id = m.team_id AND t.archived_at IS NULL ORDER BY m.created_at, m.id"
)
TEAMS = text("SELECT id, key FROM teams WHERE archived_at IS NULL AND key = ANY(:keys)")
STATE = text("SELECT looked_at, succeeded_at, held, fault FROM directory_sync")
GUESSES = text("SELECT count(*) FROM directory_guesses WHERE person = :person AND at > :since")


class Known(msgspec.Struct, frozen=True):
    """A person of the directory as the hub has them; `photo` is its SHA-256.

    `let_go`: it was the directory that took the sign-in away.
    """

    id: UUID
    object_guid: UUID
    username: str
    name: str
    role: str
    mail: str | None
    department: str | None
    employee_number: str | None
    phone: str | None
    photo: bytes | None
    enabled: bool
    let_go: bool
    teams: dict[str, bool]


def _known(row: Row[Any]) -> Known:
    return Known(**row._mapping)


async def known(conn: AsyncConnection) -> list[Known]:
    """Everybody of the directory who has ever signed in."""
    return [_known(row) for row in await conn.execute(ALL_KNOWN)]


async def known_as(conn: AsyncConnection, guid: UUID) -> Known | None:
    """One of them."""
    row = (await conn.execute(ONE_KNOWN, {"guid": guid})).one_or_none()
    return _known(row) if row else None


async def due(conn: AsyncConnection, session_id: UUID, before: datetime) -> Known | None:
    """Whose session it is, if the directory was last asked about them before that time."""
    row = (await conn.execute(OF_SESSION, {"session": session_id, "before": before})).one_or_none()
    return _known(row) if row else None


async def is_local(conn: AsyncConnection, username: str) -> bool:
    """Whether an account of our own has this name: the directory is never asked about it."""
    return await conn.scalar(IS_LOCAL, {"name": username.strip()}) is not None


async def rules(conn: AsyncConnection) -> list[Rule]:
    """Rules made by administrators, the oldest first; one that leads into an archived team alone says nothing."""
    rows = await conn.execute(RULES)
    return [Rule(row.group_name, row.role, row.key) for row in rows if row.role or row.key]


async def team_ids(conn: AsyncConnection, keys: Iterable[str]) -> dict[str, UUID]:
    """Ids of the teams that exist, by key."""
    return {row.key: row.id for row in await conn.execute(TEAMS, {"keys": list(keys)})}


async def team_keys(conn: AsyncConnection) -> set[str]:
    """Keys of all teams."""
    return set((await conn.execute(text("SELECT key FROM teams WHERE archived_at IS NULL"))).scalars())


async def state(conn: AsyncConnection) -> Row[Any]:
    """How the last look went."""
    return (await conn.execute(STATE)).one()


async def guesses(conn: AsyncConnection, person: str, since: datetime) -> int:
    """Wrong passwords of one person of the directory, under whatever name."""
    return int(await conn.scalar(GUESSES, {"person": person, "since": since}) or 0)


async def fault(conn: AsyncConnection) -> str | None:
    """What is wrong with the looks: `sync_held` (too many people missing at once), a code, or None."""
    row = await state(conn)
    return "sync_held" if row.held else row.fault
