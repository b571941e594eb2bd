"""Laws of the chain: nothing passed over, nothing twice, and no change of what was sealed goes unseen."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.actions import record
from hub.audit.seal import GENESIS, Link, following
from hub.audit.sealer import Sealer
from hub.audit.verify import Broken, verify
from hub.base.db import Database
from tests.audit.chain import proof, seal_all
from tests.plant.people import People

MUTATIONS = 240
ALL = text("SELECT * FROM audit_log WHERE number IS NOT NULL ORDER BY number")
TRIGGERS = "ALTER TABLE {} {} TRIGGER USER"


async def test_a_chain_fits_and_grows(sealed: Database) -> None:
    before = await proof(sealed)
    async with sealed.transaction() as tx:
        await record(tx, None, "one_more", "thing")
    await seal_all(sealed)
    assert (await proof(sealed, saved=before)).number == before.number + 1


def test_a_link_holds_every_column() -> None:
    row: dict[str, Any] = dict.fromkeys(("action", "object", "ip", "request_id", "at", "sealed_at"), "x")
    row |= {"number": 1, "id": 7, "actor_id": uuid4(), "facts": {"a": 1}, "before": None, "after": {"b": 2}}
    link = following(GENESIS, row)
    for name in row:
        assert following(GENESIS, row | {name: "other"}).hash != link.hash, name
    assert following(link, row).hash != link.hash


async def test_what_commits_late_is_not_passed_over(sealed: Database) -> None:
    """The row was there first, its transaction is held open: others are sealed meanwhile, then it is."""
    async with sealed.transaction() as held:
        await record(held, None, "held_open", "late")
        async with sealed.transaction() as tx:
            await record(tx, None, "went_by", "early")
        await seal_all(sealed)
        assert await numbers(sealed, "held_open", "went_by") == {"went_by"}
    await seal_all(sealed)
    assert await numbers(sealed, "held_open", "went_by") == {"went_by", "held_open"}
    async with sealed.reading() as conn:
        order = text("SELECT array_agg(action ORDER BY number) FROM audit_log WHERE action IN ('held_open', 'went_by')")
        assert await conn.scalar(order) == ["went_by", "held_open"]
    await proof(sealed)


async def numbers(db: Database, *actions: str) -> set[str]:
    query = text("SELECT action FROM audit_log WHERE action = ANY(:actions) AND number IS NOT NULL")
    async with db.reading() as conn:
        return set((await conn.execute(query, {"actions": list(actions)})).scalars())


async def test_a_row_without_a_seal_for_a_minute_fails_the_proof(sealed: Database) -> None:
    await seal_all(sealed)
    async with sealed.transaction() as tx:
        await tx.execute(
            text("INSERT INTO audit_log (action, object, at) VALUES ('x', 'x', hub_now() - interval '61 s')")
        )
    with pytest.raises(Broken, match="not sealed after 60 s"):
        await proof(sealed)
    await seal_all(sealed)
    await proof(sealed)


async def test_an_event_without_a_seal_for_a_minute_fails_the_proof(sealed: Database, people: People) -> None:
    room, event = uuid4(), "INSERT INTO room_events (room_id, seq, type, body, at) VALUES "
    async with sealed.transaction() as tx:
        opened = "INSERT INTO incident_rooms (room_id, title, fault, category, severity, visibility) VALUES "
        await tx.execute(text(opened + "(:room, 'x', '{}', 'machine', 'high', 'line')"), {"room": room})
        await tx.execute(text(event + "(:room, 1, 'RoomOpened', '{}', hub_now() - interval '61 s')"), {"room": room})
        head = "INSERT INTO room_heads (room_id, last_seq, moved) VALUES (:room, 1, pg_current_xact_id())"
        await tx.execute(text(head), {"room": room})
    with pytest.raises(Broken, match=f"room {room}, event 1: is not sealed"):
        await proof(sealed)
    await seal_all(sealed)
    await proof(sealed)


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


async def test_every_mutation_is_found(sealed: Database, chance: random.Random) -> None:
    """By whoever may do everything in the database, triggers out of the way. A head was kept elsewhere."""
    saved = await proof(sealed)
    missed, tried = [], dict.fromkeys((attack.__name__ for attack in ATTACKS), 0)
    for _ in range(MUTATIONS):
        attack = chance.choice(ATTACKS)
        tried[attack.__name__] += 1
        async with sealed.engine.connect() as conn:
            rows = list(await conn.execute(ALL))
            for table in ("audit_log", "room_events"):
                await conn.execute(text(TRIGGERS.format(table, "DISABLE")))
            await attack(conn, chance, rows)
            try:
                await verify(conn, saved)
                missed.append(attack.__name__)
            except Broken:
                pass
            await conn.rollback()
    print(f"\n{MUTATIONS} mutations, {len(missed)} missed: {tried}")
    assert missed == []
    assert await proof(sealed, saved) == saved


async def test_the_first_bad_row_is_named(sealed: Database) -> None:
    async with sealed.engine.connect() as conn:
        await conn.execute(text(TRIGGERS.format("audit_log", "DISABLE")))
        await conn.execute(text("UPDATE audit_log SET ip = 'x' WHERE number IN (3, 5)"))
        with pytest.raises(Broken) as broken:
            await verify(conn)
        await conn.rollback()
    assert broken.value.place == "row 3"


async def test_many_writers_and_two_sealers(sealed: Database) -> None:
    """Every row once, without a gap, in an order in which nobody's later row comes first."""

    async def write(name: str) -> None:
        for number in range(40):
            async with sealed.transaction() as tx:
                await record(tx, None, "counted", name, number=number)
                await asyncio.sleep(0)

    async def seal(until: asyncio.Event) -> None:
        while not until.is_set():
            await Sealer(sealed).turn()

    done = asyncio.Event()
    sealing = [asyncio.create_task(seal(done)) for _ in range(2)]
    await asyncio.gather(*(write(f"writer-{number}") for number in range(6)))
    done.set()
    await asyncio.gather(*sealing)
    await seal_all(sealed)
    await proof(sealed)
    query = text(
        "SELECT object, array_agg(CAST(facts ->> 'number' AS int) ORDER BY number) AS told FROM audit_log "
        "WHERE action = 'counted' GROUP BY object"
    )
    async with sealed.reading() as conn:
        told = {row.object: row.told for row in await conn.execute(query)}
    assert told == {f"writer-{number}": list(range(40)) for number in range(6)}
