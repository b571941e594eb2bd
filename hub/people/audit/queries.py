"""Searching audit rows and rooms' events together, newest first."""

import base64
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.rooms import ACTION as ROOMS_SEALED
from hub.audit.seal import Link
from hub.audit.sealer import UNSEALED_AGE
from hub.base.db import Database
from hub.log.tables import AUDITED
from hub.wire.audit import AuditEntry, AuditPage
from hub.wire.problems import Problem
from hub.wire.views import Person

EXPORT_PAGE: Final = 500
PLACE: Final = re.compile(r"a\d{19}|e[0-9a-f-]{36}/\d{19}")
ROWS = """
SELECT 'a' || lpad(id::text, 19, '0') COLLATE "C" AS place, at, actor_id, action, object, facts, before, after, ip,
       request_id, NULL::uuid AS room_id, NULL::bigint AS seq, number, hash, sealed_at
FROM audit_log
"""
EVENTS = """
SELECT 'e' || room_id || '/' || lpad(seq::text, 19, '0') COLLATE "C" AS place, at, actor_id, type AS action,
       room_id::text AS object, body AS facts, NULL::jsonb AS before, NULL::jsonb AS after, '' AS ip,
       '' AS request_id, room_id, seq, NULL::bigint AS number, NULL::bytea AS hash, NULL::timestamptz AS sealed_at
FROM room_events
"""
NAMED = "SELECT id FROM users WHERE strpos(lower(name), lower(:text)) > 0 OR strpos(lower(username), lower(:text)) > 0"
STATE = text(
    "SELECT h.number, h.hash, (SELECT max(sealed_at) FROM audit_log l WHERE l.number = h.number) AS sealed_at, "
    "(SELECT count(*) FROM audit_log WHERE number IS NULL) AS unsealed FROM audit_head h"
)


class Wanted(msgspec.Struct, frozen=True):
    """What to look for; empty = everything. `object` is an id (a room's for its events too); `text` is found anywhere.

    Rows that seal rooms' logs are left out unless their action is asked for.
    """

    actor: UUID | None = None
    action: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None

    def told(self) -> dict[str, str]:
        """What was asked for, as the audit of an export keeps it."""
        return {name: str(value) for name, value in msgspec.structs.asdict(self).items() if value is not None}


async def page(conn: AsyncConnection, wanted: Wanted, limit: int, cursor: str | None = None) -> AuditPage:
    """A page of entries, newest first."""
    query, values = _query(wanted, cursor)
    found = list(await conn.execute(text(query), {**values, "limit": limit}))
    following = _cursor(found[-1]) if len(found) == limit else None
    return AuditPage([_entry(row) for row in found], following)


async def everything(db: Database, wanted: Wanted) -> AsyncIterator[AuditEntry]:
    """All entries, page by page: no connection is held while they are written."""
    cursor: str | None = None
    while True:
        async with db.reading() as conn:
            found = await page(conn, wanted, EXPORT_PAGE, cursor)
        for entry in found.entries:
            yield entry
        cursor = found.cursor
        if cursor is None:
            return


def _query(wanted: Wanted, cursor: str | None) -> tuple[str, dict[str, Any]]:
    rows, events, values = [], [AUDITED], wanted_values(wanted)
    if wanted.action is None:
        rows.append(f"action <> '{ROOMS_SEALED}'")
    for name, column in (("actor", "actor_id = :actor"), ("since", "at >= :since"), ("until", "at < :until")):
        if name in values:
            rows.append(column)
            events.append(column)
    if wanted.action is not None:
        rows.append("action = :action")
        events.append("type = :action")
    if wanted.object is not None:
        rows.append("object = :object")
        events.append("room_id = CAST(:room AS uuid)")
        values["room"] = _uuid(wanted.object)
    if wanted.text is not None:
        rows.append(_holds("action, object, facts::text, before::text, after::text, ip, request_id"))
        events.append(_holds("type, room_id::text, body::text"))
    if cursor is not None:
        values["at"], values["place"] = _read_cursor(cursor)
    parts = [_part(ROWS, rows, cursor), _part(EVENTS, events, cursor)]
    merged = f"SELECT * FROM ({parts[0]}) r UNION ALL SELECT * FROM ({parts[1]}) e"
    latest = f"SELECT * FROM ({merged}) m ORDER BY at DESC, place DESC LIMIT :limit"
    named = f"SELECT t.*, u.name, u.kind FROM ({latest}) t LEFT JOIN users u ON u.id = t.actor_id"
    return f"{named} ORDER BY t.at DESC, t.place DESC", values


def wanted_values(wanted: Wanted) -> dict[str, Any]:
    """Values of the conditions that are asked for."""
    return {name: value for name, value in msgspec.structs.asdict(wanted).items() if value is not None}


def _part(select: str, where: list[str], cursor: str | None) -> str:
    asked = f"{select} WHERE {' AND '.join(where)}" if where else select
    if cursor is not None:  # the first condition is for the index
        asked = f"SELECT * FROM ({asked}) p WHERE at <= :at AND (at, place) < (:at, :place)"
    return f"{asked} ORDER BY at DESC, place DESC LIMIT :limit"


def _holds(columns: str) -> str:
    return f"(strpos(lower(concat_ws(' ', {columns})), lower(:text)) > 0 OR actor_id IN ({NAMED}))"


def _uuid(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        id=row.place,
        at=row.at,
        actor=Person(row.actor_id, row.name, row.kind) if row.name is not None else None,
        action=row.action,
        object=row.object,
        facts=row.facts,
        before=row.before,
        after=row.after,
        ip=row.ip,
        request_id=row.request_id,
        room_id=row.room_id,
        seq=row.seq,
        number=row.number,
        hash=row.hash.hex() if row.hash else None,
        sealed_at=row.sealed_at,
    )


def _cursor(row: Row[Any]) -> str:
    written = f"{row.at.astimezone(UTC).isoformat()} {row.place}"
    return base64.urlsafe_b64encode(written.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, _, place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(" ")
        if PLACE.fullmatch(place):
            return datetime.fromisoformat(at).astimezone(UTC), place
    except (ValueError, OverflowError):
        pass
    raise Problem("cursor_invalid")


async def state(conn: AsyncConnection) -> tuple[Link, datetime | None, int, float]:
    """The head, when it was sealed, how many rows wait for their seal, and the age of the oldest in wall seconds."""
    row = (await conn.execute(STATE)).one()
    age = await conn.scalar(UNSEALED_AGE) or 0.0
    return Link(row.number, row.hash), row.sealed_at, row.unsealed, max(0.0, age)
