"""Who is online: over devices and processes, and told to followers as differences."""

from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import text

from hub.base.clock import seconds, wall
from hub.base.db import Database
from hub.live import actions, presence
from hub.live.presence import Moves
from hub.people.actions import add_token, bearer
from hub.wire import limits
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import HubProcess, Hubs
from tests.plant.waiting import until_it_is

ROOM = uuid4()
SOME = sorted(uuid4() for _ in range(60))
AGE = text("UPDATE presence SET seen_at = seen_at - make_interval(secs => :secs) WHERE hub_id = ANY(:hubs)")
HUBS_OF = text("SELECT hub_id FROM presence WHERE user_id = :user")


class TestMoves:
    """Purely."""

    def test_what_followers_are_told_are_differences(self) -> None:
        moves, one, two = Moves(), frozenset(SOME[:1]), frozenset(SOME[1:3])
        assert [(it.count, it.came, it.left) for it in moves.now({ROOM: one}, {ROOM: 1}, 0)] == [(1, SOME[:1], [])]
        assert moves.now({ROOM: one}, {ROOM: 1}, 2) == []
        [moved] = moves.now({ROOM: two}, {ROOM: 1}, 4)
        assert (moved.room, moved.count, moved.came, moved.left) == (ROOM, 2, SOME[1:3], SOME[:1])
        [empty] = moves.now({}, {ROOM: 1}, 6)
        assert (empty.count, empty.left) == (0, SOME[1:3])

    def test_at_most_fifty_are_named(self) -> None:
        [moved] = Moves().now({ROOM: frozenset(SOME)}, {ROOM: 1}, 0)
        assert (moved.count, len(moved.came)) == (60, presence.NAMED)

    def test_a_room_with_many_followers_is_told_less_often_and_loses_nothing(self) -> None:
        moves, told = Moves(), []
        for tick in range(11):
            online = frozenset(SOME[: tick + 1])
            told += moves.now({ROOM: online}, {ROOM: 5 * presence.WRITES_PER_SECOND}, tick)
        assert [len(it.came) for it in told] == [1, 5, 5]

    def test_a_room_nobody_follows_is_forgotten(self) -> None:
        moves = Moves()
        for _ in range(2):
            assert len(moves.now({ROOM: frozenset(SOME[:1])}, {ROOM: 1}, 0)) == 1
            assert moves.now({}, {}, 0) == []


async def test_rows_count_for_a_minute_and_are_then_removed(database: Database, people: People) -> None:
    now, one, other = wall(), uuid4(), uuid4()
    stale = now + seconds(limits.PRESENCE_SECONDS + 1)

    async def rows() -> set[tuple[UUID, UUID]]:
        async with database.reading() as conn:
            return {tuple(row) for row in await conn.execute(text("SELECT hub_id, user_id FROM presence"))}

    async with database.transaction() as tx:
        await actions.keep(tx, one, {people["wang"], people["chen"]}, now)
    async with database.transaction() as tx:
        await actions.keep(tx, one, {people["wang"]}, now)
    assert await rows() == {(one, people["wang"])}
    async with database.transaction() as tx:
        await actions.keep(tx, other, {people["chen"]}, stale)
    assert await rows() == {(other, people["chen"])}
    async with database.transaction() as tx:
        await actions.keep(tx, other, set(), stale)
    assert await rows() == set()


async def online(hubs: Hubs, room: str, hub: HubProcess | None = None, name: str = "lin") -> list[str]:
    answer = (await (await hubs.client(name, hub)).get(f"/api/rooms/{room}/online")).raise_for_status().json()
    assert (answer["room_id"], answer["count"]) == (room, len(answer["people"]))
    return [person["name"] for person in answer["people"]]


async def room_of(hubs: Hubs, people: People, *members: str, **facts: str) -> str:
    room = await hubs.open_room("lin", **facts)
    for name in members:
        answer = await (await hubs.client("lin")).post(
            f"/api/rooms/{room}/members", json={"user_id": str(people[name])}
        )
        answer.raise_for_status()
    return room


def signals(live: Live, room: str) -> list[dict[str, Any]]:
    return [frame for frame in live.frames if frame.get("kind") == "presence" and frame["room"] == room]


async def test_one_is_online_while_any_device_is_on_any_hub(hubs: Hubs, people: People) -> None:
    room, (one, other) = await room_of(hubs, people, "wang", "chen"), hubs.all
    async with await hubs.live("wang", one) as phone:
        async with await hubs.live("wang", other), await hubs.live("guest", other):
            await until_it_is(lambda: online(hubs, room, other), ["wang"])
            await until_it_is(lambda: online(hubs, room, one), ["wang"])
        assert (await online(hubs, room, other)) == ["wang"]
        await phone.close()
        nobody: list[str] = []
        await until_it_is(lambda: online(hubs, room, other), nobody)


async def test_followers_hear_who_comes_and_goes_at_whichever_hub(hubs: Hubs, people: People) -> None:
    room, (one, other) = await room_of(hubs, people, "wang"), hubs.all
    async with await hubs.live("lin", one) as lin:
        await lin.subscribe(room)
        await lin.until(lambda: any(str(people["lin"]) in it.get("came", []) for it in signals(lin, room)))
        async with await hubs.live("wang", other):
            came = await lin.until(
                lambda: next((it for it in signals(lin, room) if str(people["wang"]) in it.get("came", [])), None), 5
            )
            assert came["count"] == 2
        left = await lin.until(
            lambda: next((it for it in signals(lin, room) if str(people["wang"]) in it.get("left", [])), None), 5
        )
        assert left["count"] == 1


async def test_a_killed_hub_takes_its_people_with_it_within_a_minute(
    hubs: Hubs, people: People, database: Database
) -> None:
    """The minute is made to pass by ageing its rows."""
    room, (one, other) = await room_of(hubs, people, "wang", "chen"), hubs.all
    async with await hubs.live("wang", one), await hubs.live("chen", other) as chen:
        await chen.subscribe(room)
        await until_it_is(lambda: online(hubs, room, other), ["wang", "chen"])
        await chen.until(lambda: any(str(people["wang"]) in it.get("came", []) for it in signals(chen, room)), 5)
        one.kill()
        assert await online(hubs, room, other) == ["wang", "chen"]
        async with database.transaction() as tx:
            killed = list((await tx.execute(HUBS_OF, {"user": people["wang"]})).scalars())
            await tx.execute(AGE, {"secs": limits.PRESENCE_SECONDS, "hubs": killed})
        assert await online(hubs, room, other) == ["chen"]
        await chen.until(lambda: any(str(people["wang"]) in it.get("left", []) for it in signals(chen, room)), 5)


async def test_a_hub_that_stops_takes_its_people_with_it_at_once(hubs: Hubs, people: People) -> None:
    room, (one, other) = await room_of(hubs, people, "wang"), hubs.all
    async with await hubs.live("wang", one):
        await until_it_is(lambda: online(hubs, room, other), ["wang"])
        await one.stop()
        assert await online(hubs, room, other) == []


async def test_who_may_not_read_the_room_is_told_it_does_not_exist(hubs: Hubs, people: People) -> None:
    room = await room_of(hubs, people, "wang", visibility="members")
    wang = await hubs.client("wang")

    async def refused(name: str, path: str) -> bool:
        answer: httpx.Response = await (await hubs.client(name)).get(path)
        return (answer.status_code, answer.json().get("code")) == (404, "not_found")

    for what in ("online", "typing"):
        assert await refused("chen", f"/api/rooms/{room}/{what}")
        assert await refused("wang", f"/api/rooms/{uuid4()}/{what}")
        assert (await wang.get(f"/api/rooms/{room}/{what}")).status_code == 200
    (await (await hubs.client("lin")).delete(f"/api/rooms/{room}/members/{people['wang']}")).raise_for_status()
    for what in ("online", "typing"):
        assert await refused("wang", f"/api/rooms/{room}/{what}")


async def test_bots_are_not_online(hubs: Hubs, people: People, database: Database) -> None:
    """They run; nobody is there."""
    bot = await bearer(database, "greeter", "bot")
    token, room = await add_token(database, bot, []), await hubs.open_room("lin")
    await (await hubs.client("lin")).post(f"/api/rooms/{room}/members", json={"user_id": str(bot)})
    async with await Live.connect(hubs.all[0].url, None, Authorization=f"Bearer {token}") as live:
        await live.wait_for("ready")
        async with await hubs.live("lin"):
            await until_it_is(lambda: online(hubs, room), ["lin"])
