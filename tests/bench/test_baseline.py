"""The baseline is an honest one: it stores and delivers the same conversation as ours, message for message."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.bench.baseline.message_service import RateLimiter
from tests.bench.baseline.process import Baseline
from tests.bench.sides import Ours, Said, Seat, Side, Theirs, connected, email, stored
from tests.plant.databases import Databases
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs

SCRIPT = {
    ("lin", "wang", "chen"): [
        ("lin", "主軸過熱 E-5012，三號線停機"),
        ("wang", "on my way"),
        ("chen", "冷卻液 pressure 2.1 bar ↓ 🔧"),
        ("wang", "on my way"),
        ("lin", "@wang@plant.test 先斷電 <b>再</b> 開門"),
    ],
    ("wang", "lin"): [("wang", "錫膏印刷偏移"), ("lin", "offset?"), ("wang", "+0.12 mm\n第二行"), ("lin", "換鋼板")],
    ("chen",): [("chen", "只有我"), ("chen", "x" * 10_240)],
}
HOLD = 7
HELD_COMMITS = f"""
CREATE FUNCTION wait_to_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared({HOLD}); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER held AFTER INSERT ON messages
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait_to_commit();
"""
WAITING = (
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
    "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@pytest.fixture(scope="module")
def baseline(databases: Databases, server_folder: Path) -> Iterator[Baseline]:
    baseline = Baseline(databases.empty(), server_folder / "baseline.log")
    yield baseline
    baseline.stop()


@pytest.fixture
def theirs(baseline: Baseline) -> Theirs:
    return Theirs(baseline)


@pytest.fixture
def ours(database_url: str, hubs: Hubs, people: People) -> Ours:
    return Ours(database_url, hubs, people)


async def said(seat: Seat, content: str) -> None:
    """Say something and wait for its ack."""
    had = seat.acked()
    await seat.say(content)
    await seat.live.until(lambda: seat.acked() > had)


def all_heard(seat: Seat, count: int) -> bool:
    return len(seat.heard()) >= count


async def talk(side: Side, members: tuple[str, ...], lines: list[tuple[str, str]]) -> tuple[str, list[list[Said]]]:
    """Hold one room's conversation, one message after the other; returns the room and what each member heard."""
    room = await side.open_room(*members)
    seats = {name: seat for name in members if (seat := await side.enter(room, name))}
    for name, content in lines:
        await said(seats[name], content)
    for seat in seats.values():
        await seat.live.until(partial(all_heard, seat, len(lines)))
        await seat.live.close()
    return room, [seats[name].heard() for name in members]


async def test_both_store_and_deliver_the_same_conversation(ours: Ours, theirs: Theirs) -> None:
    told = {members: [Said(name, "text", content) for name, content in lines] for members, lines in SCRIPT.items()}
    for side in (ours, theirs):
        held = await asyncio.gather(*(talk(side, members, lines) for members, lines in SCRIPT.items()))
        for (members, said), (room, heard) in zip(told.items(), held, strict=True):
            assert await stored(side, room) == said
            assert heard == [said] * len(members)


async def test_neither_lets_in_who_is_no_member(ours: Ours, theirs: Theirs) -> None:
    for side in (ours, theirs):
        room = await side.open_room("lin", "chen")
        assert await side.enter(room, "wang") is None
        chen = await side.enter(room, "chen")
        assert chen is not None
        await chen.live.close()
        await side.remove(room, "chen")
        assert await side.enter(room, "chen") is None


async def test_neither_tells_of_a_message_before_it_is_durable(ours: Ours, theirs: Theirs) -> None:
    """A transaction is held in the middle of its COMMIT: until it ends, nobody may have heard."""
    for side in (ours, theirs):
        room = await side.open_room("lin", "wang")
        lin, wang = await side.enter(room, "lin"), await side.enter(room, "wang")
        assert lin is not None
        assert wang is not None
        async with connected(side.database_url) as conn:
            await conn.execute(HELD_COMMITS)
            await conn.execute("SELECT pg_advisory_lock($1)", HOLD)
            await lin.say("停機")
            await wait_for_value(conn, WAITING, 1)
            await asyncio.sleep(0.3)
            assert (lin.heard(), wang.heard(), lin.acked()) == ([], [], 0)
            await conn.execute("SELECT pg_advisory_unlock($1)", HOLD)
            await wang.live.until(wang.heard)
            await lin.live.until(lin.acked)
        assert await stored(side, room) == wang.heard() == [("lin", "text", "停機")]
        await lin.live.close()
        await wang.live.close()


async def wait_for_value(conn: Any, query: str, wanted: int) -> None:
    async with asyncio.timeout(5):
        while await conn.fetchval(query) != wanted:  # noqa: ASYNC110 - the database has no event for it
            await asyncio.sleep(0.02)


async def test_the_baseline_checks_what_the_specification_checks(theirs: Theirs, baseline: Baseline) -> None:
    room = await theirs.open_room("lin", "wang")
    lin = await theirs.enter(room, "lin")
    assert lin is not None
    refusals = [
        await lin.refused("x" * 10_241),
        await lin.refused("異" * 3_500),
        await lin.refused(""),
        await lin.refused("photo", message_type="film"),
    ]
    assert refusals == ["invalid"] * 4
    limiter = RateLimiter(10)
    assert [limiter.allow("lin") for _ in range(11)] == [True] * 10 + [False]
    assert limiter.allow("wang")
    with pytest.raises(InvalidStatus):
        await Live.connect(baseline.url, None, f"/ws/{room}?token=forged")
    await lin.live.close()
    assert await stored(theirs, room) == []


async def test_the_baselines_history_pages_back(theirs: Theirs, baseline: Baseline) -> None:
    room, _ = await talk(theirs, ("lin", "wang"), [("lin", "one"), ("wang", "two @lin@plant.test"), ("lin", "three")])
    headers = {"authorization": baseline.authorization(email("lin"))}
    async with httpx.AsyncClient(base_url=baseline.url, headers=headers, trust_env=False) as http:
        path = f"/api/rooms/{room}/messages"
        newest = (await http.get(path, params={"limit": 2})).json()
        assert [it["content"] for it in newest] == ["three", "two @lin@plant.test"]
        assert newest[1]["metadata"] == {"mentions": ["lin@plant.test"]}
        older = await http.get(path, params={"before_timestamp": newest[-1]["created_at"]})
        assert [it["content"] for it in older.json()] == ["one"]
        stranger = {"authorization": baseline.authorization(email("chen"))}
        assert (await http.get(path, headers=stranger)).status_code == httpx.codes.FORBIDDEN
