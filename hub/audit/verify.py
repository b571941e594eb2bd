"""Proving the chain: every row and every room's log once more, from the first."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.rooms import ACTION, digests, ranges_in
from hub.audit.seal import GENESIS, SEALED, Link, following
from hub.audit.sealer import UNSEALED_AGE

PAGE: Final = 1000
LATE_SECONDS: Final = 60
ROWS = text(
    f"SELECT {', '.join(SEALED)}, hash FROM audit_log WHERE number > :after AND number <= :last "
    "ORDER BY number LIMIT :limit"
)
HEAD = text("SELECT number, hash FROM audit_head")
BEYOND = text("SELECT id FROM audit_log WHERE number > :last ORDER BY number LIMIT 1")
OLDEST = text("SELECT id FROM audit_log WHERE number IS NULL ORDER BY at, id LIMIT 1")
# The first event of each room that no sealed row covers, with its age on the wall.
UNCOVERED = text(
    "SELECT e.room_id, e.seq FROM unnest(CAST(:rooms AS uuid[]), CAST(:seqs AS bigint[])) g(room_id, seq) "
    "JOIN room_events e ON e.room_id = g.room_id AND e.seq = g.seq + 1 "
    "WHERE extract(epoch FROM hub_now() - e.at) / (SELECT rate FROM hub_clock) > :late LIMIT 1"
)
ALL_ROOMS = text("SELECT room_id, last_seq FROM room_heads")


class Broken(Exception):
    """The proof fails. `place` is the first bad row or event, `what` says how."""

    def __init__(self, place: str, what: str):
        super().__init__(f"{place}: {what}")
        self.place = place
        self.what = what


class Walk(msgspec.Struct):
    """How far the chain has been proved: its link, and the seq up to which each room is, where that is asked."""

    link: Link = GENESIS
    rooms: dict[UUID, int] | None = None
    events: int = 0


async def head_of(conn: AsyncConnection) -> Link:
    """The head as the hub keeps it."""
    row = (await conn.execute(HEAD)).one_or_none()
    if row is None:
        raise Broken("audit_head", "is missing")
    return Link(row.number, row.hash)


async def step(conn: AsyncConnection, walk: Walk, head: Link, limit: int = PAGE) -> bool:
    """Prove the next rows up to the head; False at the end. Raises Broken at the first that does not fit."""
    given = {"after": walk.link.number, "last": head.number, "limit": limit}
    rows = [dict(row) for row in (await conn.execute(ROWS, given)).mappings()]
    for row in rows:
        walk.link = _proved(walk.link, row)
        if row["action"] == ACTION:
            await _prove_rooms(conn, walk, row)
    if len(rows) == limit:
        return True
    if walk.link.number < head.number:
        raise Broken(f"row {walk.link.number + 1}", "is missing")
    if walk.link != head:
        raise Broken(f"row {head.number}", "is not the one that was the head of the chain")
    return False


def _proved(last: Link, row: Mapping[str, Any]) -> Link:
    if row["number"] != last.number + 1:
        raise Broken(f"row {last.number + 1}", "is missing")
    link = following(last, row)
    if link.hash != row["hash"]:
        raise Broken(f"row {link.number}", f"was changed, or one before it (id {row['id']})")
    return link


async def _prove_rooms(conn: AsyncConnection, walk: Walk, row: Mapping[str, Any]) -> None:
    try:
        told = ranges_in(row["facts"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Broken(f"row {row['number']}", "names no ranges of events") from None
    found = await digests(conn, {room: (first, last) for room, (first, last, _) in told.items()})
    for room, (first, last, digest) in told.items():
        place = f"room {room}, events {first} to {last}"
        if walk.rooms is not None and first != walk.rooms.get(room, 0) + 1:
            raise Broken(place, f"do not follow {walk.rooms.get(room, 0)} (row {row['number']})")
        if found[room][2:] != (digest, last - first + 1):
            raise Broken(place, f"are not those that row {row['number']} sealed")
        walk.events += last - first + 1
        if walk.rooms is not None:
            walk.rooms[room] = last


async def verify(conn: AsyncConnection, saved: Link | None = None) -> Walk:
    """Prove everything; `conn` shows one snapshot. Raises Broken with the first place that does not fit.

    `saved` is a head that was kept elsewhere: with it a chain that was cut short or written anew is found too.
    """
    walk, head = Walk(rooms={}), await head_of(conn)
    if saved is not None:
        if saved.number > head.number:
            raise Broken(f"row {head.number + 1}", f"is missing: the saved head is row {saved.number}")
        while await step(conn, walk, saved):
            pass
    while await step(conn, walk, head):
        pass
    await _prove_ends(conn, walk)
    return walk


async def _prove_ends(conn: AsyncConnection, walk: Walk) -> None:
    """Nothing stands behind the head, and no row waits for its seal for too long."""
    if (found := await conn.scalar(BEYOND, {"last": walk.link.number})) is not None:
        raise Broken(f"row {walk.link.number + 1}", f"stands behind the head of the chain (id {found})")
    if (await conn.scalar(UNSEALED_AGE) or 0) > LATE_SECONDS:
        found = await conn.scalar(OLDEST)
        raise Broken(f"id {found}", f"is not sealed after {LATE_SECONDS} s")
    await _prove_heads(conn, walk.rooms or {})


async def _prove_heads(conn: AsyncConnection, sealed: dict[UUID, int]) -> None:
    """No room ends before what was sealed, and no event waits for its seal for too long."""
    heads = {row.room_id: row.last_seq for row in await conn.execute(ALL_ROOMS)}
    for room, seq in sealed.items():
        if heads.get(room, 0) < seq:
            raise Broken(f"room {room}", f"ends at {heads.get(room, 0)}, sealed were {seq} events")
    behind = {room: sealed.get(room, 0) for room, last in heads.items() if last > sealed.get(room, 0)}
    given = {"rooms": list(behind), "seqs": list(behind.values()), "late": LATE_SECONDS}
    if (late := (await conn.execute(UNCOVERED, given)).first()) is not None:
        raise Broken(f"room {late.room_id}, event {late.seq}", f"is not sealed after {LATE_SECONDS} s")
