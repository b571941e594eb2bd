"""A page of hits: candidates rechecked against the words their reader sees, with snippet and room."""

import asyncio
import base64
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.messages.queries import MESSAGE_COLUMNS, views
from hub.messages.search.find import END, SINCE, Place, Wanted, newest
from hub.messages.search.snippets import holds, snippet
from hub.messages.search.texts import mentioned, texts
from hub.messages.search.tokens import facet
from hub.messages.search.words import Words
from hub.people import queries as people
from hub.people.policy import Actor
from hub.rooms import queries as rooms
from hub.wire.problems import Problem
from hub.wire.search import SearchHit, SearchPage
from hub.wire.views import MessageType

SURPLUS: Final = 4  # candidates more than hits wanted: few turn out to be none
CANDIDATES: Final = 1_000  # of one page; beyond them it ends early, and its cursor goes on
LIVE = text(f"SELECT {MESSAGE_COLUMNS} FROM messages m WHERE m.message_id = ANY(:ids) AND m.deleted_at IS NULL")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class Narrowed(msgspec.Struct, frozen=True):
    """What a search is narrowed to; empty = everywhere. Times are plant time, `before` is not in it."""

    room_id: UUID | None = None
    sender: UUID | None = None
    machine: str | None = None
    line: str | None = None
    code: str | None = None
    kind: MessageType | None = None
    has_file: bool = False
    after: datetime | None = None
    before: datetime | None = None

    @property
    def tokens(self) -> tuple[str, ...]:
        """As facets."""
        named = {"user": self.sender, "machine": self.machine, "line": self.line, "code": self.code, "kind": self.kind}
        found = [facet(name, value) for name, value in named.items() if value not in (None, "")]
        return (*found, facet("file")) if self.has_file else tuple(found)


async def search(
    conn: AsyncConnection, actor: Actor, words: Words, narrowed: Narrowed, limit: int, cursor: str | None
) -> SearchPage:
    """Newest hits first, at most `limit`; `conn` must be in a transaction."""
    if narrowed.room_id is not None:
        await rooms.room_for(conn, actor, narrowed.room_id)
    span = (narrowed.after or SINCE, narrowed.before or END[0])
    before, hits, seen, more = _read_cursor(cursor), list[Row[Any]](), 0, True
    while more and len(hits) < limit and seen < CANDIDATES:
        most = limit - len(hits) + SURPLUS
        wanted = Wanted((*words.tokens, *narrowed.tokens), narrowed.room_id, *span, before)
        found = await newest(conn, actor, wanted, most)
        hits += await _checked(conn, found, words)
        seen, more = seen + len(found), len(found) == most
        if found:
            before = (found[-1].at, found[-1].message_id)
    if len(hits) > limit:
        more, before = True, (hits[limit - 1].created_at, hits[limit - 1].message_id)
    return SearchPage(await _hits(conn, hits[:limit], words), _cursor(before) if more else None)


async def _checked(conn: AsyncConnection, found: Sequence[Row[Any]], words: Words) -> list[Row[Any]]:
    """Rows of those candidates that hold what was asked for, in their order; a deleted message is none."""
    ids = [row.message_id for row in found]
    rows = {row.message_id: row for row in await conn.execute(LIVE, {"ids": ids})} if ids else {}
    live = [rows[message_id] for message_id in ids if message_id in rows]
    names = await people.people(conn, set().union(*map(mentioned, live)))
    kept = []
    for row in live:
        await asyncio.sleep(0)  # a text may be 10 KB: others have their turn
        if holds(texts(row, names), words):
            kept.append(row)
    return kept


async def _hits(conn: AsyncConnection, rows: Sequence[Row[Any]], words: Words) -> list[SearchHit]:
    """Rows as readers get them."""
    if not rows:
        return []
    messages = await views(conn, rows)
    names = await people.people(conn, set().union(*map(mentioned, rows)))
    found = {row.room_id: row for row in await rooms.room_rows(conn, list({row.room_id for row in rows}))}
    hits = []
    for message, row in zip(messages, rows, strict=True):
        await asyncio.sleep(0)
        hits.append(SearchHit(message, snippet(texts(row, names), words), rooms.room_view(found[row.room_id])))
    return hits


def _cursor(place: Place) -> str:
    packed = struct.pack(">q16s", (place[0] - EPOCH) // MICROSECOND, place[1].bytes)
    return base64.urlsafe_b64encode(packed).decode()


def _read_cursor(cursor: str | None) -> Place:
    if cursor is None:
        return END
    try:
        packed = base64.urlsafe_b64decode(cursor.encode("ascii"))
        micros, message_id = struct.unpack(">q16s", packed)
        place = (EPOCH + micros * MICROSECOND, UUID(bytes=message_id))
    except (ValueError, OverflowError, struct.error):
        raise Problem("cursor_invalid") from None
    if _cursor(place) != cursor:
        raise Problem("cursor_invalid")
    return place
