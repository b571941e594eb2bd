"""Laws of the chain: nothing passed over, nothing twice, and no change of what was sealed goes unseen."""

import asyncio
import random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.audit.actions import record
from hub.audit.seal import GENESIS, Link, following
from hub.audit.sealer import Sealer
from hub.audit.verify import Broken, verify
from hub.base.db import Database
from hub.log.log import RoomLog
from hub.rooms import actions, opening
from hub.wire.requests import ChangeRoom, OpenRoom
from tests.audit.attacks import ALL, ATTACKS
from tests.plant.databases import Databases
from tests.plant.people import People

MUTATIONS = 240
TRIGGERS = "ALTER TABLE {} {} TRIGGER USER"


@pytest.fixture
async def sealed(databases: Databases, people: People, room_log: RoomLog) -> Database:
    """The module's database with rooms and rows, all sealed."""
    db = room_log.db
    wang = people.actor("wang")
    for number in range(5):
        room = await opening.open_room(room_log, wang, OpenRoom(f"Room {number}"))
        for word in ("leaks", "burns", "stops"):
            await actions.change_room(room_log, wang, room, ChangeRoom(title=f"Room {number} {word}"))
        async with db.transaction() as tx:
            await record(tx, wang.id, "thing_changed", str(room), ip="10.0.0.7", before={"n": number}, after={"n": 9.5})
            await record(tx, None, "名稱_changed", "第 5 溫區", note='ß \\ "quoted"', deep={"b": [1, None], "a": {}})
    await seal_all(db)
    return db


async def seal_all(db: Database) -> None:
    sealer = Sealer(db)
    await sealer.turn()
    await sealer.turn()


async def proof(db: Database, saved: Link | None = None) -> Link:
    async with db.snapshot() as conn:
        return (await verify(conn, saved)).link


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


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_log SET action = 'x' WHERE number = 1",
        "UPDATE audit_log SET hash = hash WHERE number = 1",
        "UPDATE audit_log SET action = 'x', number = 999999, hash = '', sealed_at = hub_now() WHERE number IS NULL",
        "DELETE FROM audit_log WHERE number = 1",
        "DELETE FROM audit_log WHERE number IS NULL",
        "TRUNCATE audit_log",
        "TRUNCATE room_events",
        "INSERT INTO audit_log (action, object, number, hash, sealed_at) VALUES ('x', 'x', 999999, '', hub_now())",
        "UPDATE room_events SET body = '{}'",
    ],
)
async def test_the_table_refuses(sealed: Database, attack: str) -> None:
    async with sealed.transaction() as tx:
        await record(tx, None, "not_sealed", "yet")
    with pytest.raises(DBAPIError, match="append-only"):
        async with sealed.transaction() as tx:
            await tx.execute(text(attack))


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
