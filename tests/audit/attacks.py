"""What somebody might do to the audit who may do everything in the database."""

import random
from collections.abc import Awaitable, Callable
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.seal import GENESIS, Link, following

ALL: Final = text("SELECT * FROM audit_log WHERE number IS NOT NULL ORDER BY number")
Attack = Callable[[AsyncConnection, random.Random, list[Any]], Awaitable[None]]


async def alter(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    row = chance.choice(rows)
    column, value = chance.choice(
        [
            ("at", "at + interval '1 microsecond'"),
            ("sealed_at", "sealed_at - interval '1 s'"),
            ("actor_id", "gen_random_uuid()"),
            ("action", "action || ' '"),
            ("object", "upper(object) || 'x'"),
            ("facts", "facts || '{\"x\": 1}'"),
            ("before", "coalesce(before, '{}') || '{\"x\": 1}'"),
            ("after", "coalesce(after, '{}') || '{\"x\": 1}'"),
            ("ip", "ip || '.'"),
            ("request_id", "request_id || 'x'"),
            ("hash", "sha256(hash)"),
            ("number", "number + 1000000"),
        ]
    )
    await conn.execute(text(f"UPDATE audit_log SET {column} = {value} WHERE id = :id"), {"id": row.id})


async def delete(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    await conn.execute(text("DELETE FROM audit_log WHERE id = :id"), {"id": chance.choice(rows).id})


async def reorder(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    """Two rows change places, with or without their hashes."""
    one, other = chance.sample(rows, 2)
    words = chance.choice(["number = :number", "number = :number, hash = :hash"])
    move = text(f"UPDATE audit_log SET {words} WHERE id = :id")
    await conn.execute(text("UPDATE audit_log SET number = -number WHERE id = :id"), {"id": one.id})
    for row, place in ((other, one), (one, other)):
        given = {"id": row.id, "number": place.number, "hash": place.hash}
        await conn.execute(move, {name: value for name, value in given.items() if f":{name}" in f"{words}:id"})


async def forge(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    """A row more: in the middle, where those behind it move on, or at the end with a hash that fits."""
    place = chance.choice(rows).number if chance.random() < 0.7 else rows[-1].number + 1
    await conn.execute(text("UPDATE audit_log SET number = -number WHERE number >= :place"), {"place": place})
    await conn.execute(text("UPDATE audit_log SET number = 1 - number WHERE number < 0"))
    insert = text(
        "INSERT INTO audit_log (action, object, number, hash, sealed_at) "
        "VALUES ('forged', 'row', :number, :hash, hub_now()) RETURNING *"
    )
    row = (await conn.execute(insert, {"number": place, "hash": bytes(32)})).mappings().one()
    before = next((row.hash for row in rows if row.number == place - 1), GENESIS.hash)
    fits = following(Link(place - 1, before), dict(row)).hash
    await conn.execute(text("UPDATE audit_log SET hash = :hash WHERE id = :id"), {"hash": fits, "id": row["id"]})


async def cut(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    """The end is cut off and the head is put back: only the head that was kept elsewhere knows."""
    last = rows[chance.randrange(len(rows) - 1)]
    await conn.execute(text("DELETE FROM audit_log WHERE number > :last"), {"last": last.number})
    await conn.execute(text("UPDATE audit_head SET number = :n, hash = :h"), {"n": last.number, "h": last.hash})


async def rewrite(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    """A row is altered and the whole chain behind it made anew."""
    forged = text("UPDATE audit_log SET facts = '{\"x\": 1}' WHERE id = :id")
    await conn.execute(forged, {"id": chance.choice(rows).id})
    link = GENESIS
    for row in list((await conn.execute(ALL)).mappings()):
        link = following(link, dict(row))
        given = {"id": row["id"], "number": link.number, "hash": link.hash}
        await conn.execute(text("UPDATE audit_log SET number = :number, hash = :hash WHERE id = :id"), given)
    await conn.execute(text("UPDATE audit_head SET number = :n, hash = :h"), {"n": link.number, "h": link.hash})


async def alter_event(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    what = chance.choice(
        [
            "UPDATE room_events SET body = body || '{\"x\": 1}'",
            "UPDATE room_events SET type = type || 'x'",
            "UPDATE room_events SET at = at + interval '1 microsecond'",
            "UPDATE room_events SET actor_id = gen_random_uuid()",
            "UPDATE room_events SET key = 'x'",
            "UPDATE room_events SET seq = seq + 1000000",
            "DELETE FROM room_events",
        ]
    )
    one = "(SELECT room_id, seq FROM room_events ORDER BY room_id, seq OFFSET :at LIMIT 1)"
    at = chance.randrange(await conn.scalar(text("SELECT count(*) FROM room_events")) or 0)
    await conn.execute(text(f"{what} WHERE (room_id, seq) = {one}"), {"at": at})


async def cut_a_room(conn: AsyncConnection, chance: random.Random, rows: list[Any]) -> None:
    """The end of a room's log goes, and its head with it."""
    heads = list(await conn.execute(text("SELECT room_id, last_seq FROM room_heads ORDER BY room_id")))
    room, last = chance.choice(heads)
    left = chance.randrange(last)
    await conn.execute(text("DELETE FROM room_events WHERE room_id = :r AND seq > :left"), {"r": room, "left": left})
    await conn.execute(text("UPDATE room_heads SET last_seq = :left WHERE room_id = :r"), {"r": room, "left": left})


ATTACKS: tuple[Attack, ...] = (alter, delete, reorder, forge, cut, rewrite, alter_event, cut_a_room)
