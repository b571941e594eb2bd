"""Who is writing: decided purely, told at two hubs."""

import asyncio
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from hub.live.typing import Shown, Word, Writers
from hub.log.signals import PAYLOAD_BYTES
from hub.wire import limits
from hub.wire.views import Person
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs

ROOM = uuid4()
PEOPLE = [Person(uuid4(), f"p{number}", "person") for number in range(5)]
WANG, CHEN = PEOPLE[:2]
PHONE, DESK, OTHER_HUB = object(), object(), "hub-2"


def shown(writers: Writers, now: float, followers: int = 1) -> list[tuple[list[str], int]]:
    """What followers are told in this turn: names, and how many there are."""
    found, _ = writers.turn(now, lambda _: followers)
    return [([person.name for person in showing.people], showing.count) for showing in found]


def words(writers: Writers, now: float) -> list[float]:
    """What the other processes are told in this turn: for how many seconds somebody writes."""
    return [word.seconds for word in writers.turn(now, lambda _: 1)[1]]


class TestWriters:
    """Purely: the time is ours."""

    def test_it_ends_by_itself(self) -> None:
        writers = Writers()
        writers.say(ROOM, WANG, PHONE, 0)
        assert shown(writers, 0) == [(["p0"], 1)]
        assert shown(writers, limits.TYPING_SECONDS - 0.1) == []
        assert shown(writers, limits.TYPING_SECONDS) == [([], 0)]
        shown(writers, 2 * limits.TYPING_SECONDS)
        assert not writers

    def test_repeated_it_goes_on_and_nobody_is_told_again(self) -> None:
        writers = Writers()
        for now in range(0, 30, limits.TYPING_REPEAT_SECONDS):
            writers.say(ROOM, WANG, PHONE, now)
            assert len(shown(writers, now)) == (now == 0)

    def test_three_are_named_and_all_are_counted(self) -> None:
        writers = Writers()
        for person in PEOPLE:
            writers.say(ROOM, person, person.name, 0)
        assert shown(writers, 0) == [(["p0", "p1", "p2"], 5)]
        writers.stop(ROOM, WANG.id)
        assert shown(writers, 1) == [(["p1", "p2", "p3"], 4)]

    def test_a_room_is_told_once_a_second_a_large_one_less_often(self) -> None:
        for followers, most in ((1, 10), (2500, 2)):
            writers, told = Writers(), 0
            for tick in range(1000):  # ten seconds of a hundred changes each
                writers.say(ROOM, WANG, PHONE, tick / 100) if tick % 2 else writers.stop(ROOM, WANG.id, PHONE)
                told += len(shown(writers, tick / 100, followers))
            assert 2 <= told <= most

    def test_who_stops_on_one_device_may_go_on_on_another(self) -> None:
        writers = Writers()
        writers.say(ROOM, WANG, PHONE, 0)
        writers.say(ROOM, WANG, DESK, 0)
        writers.gone(PHONE)
        assert writers.here(ROOM, 1) == [WANG]
        writers.stop(ROOM, WANG.id, DESK)
        assert writers.here(ROOM, 1) == []

    def test_who_has_posted_writes_nowhere(self) -> None:
        writers = Writers()
        for source in (PHONE, DESK, OTHER_HUB):
            writers.say(ROOM, WANG, source, 0)
        assert writers.stop(ROOM, WANG.id)
        assert writers.here(ROOM, 0.1) == []
        assert not writers.stop(ROOM, CHEN.id)

    def test_the_other_processes_hear_the_beginning_the_end_and_now_and_then(self) -> None:
        writers, heard = Writers(), []
        for now in range(0, 8):
            writers.say(ROOM, WANG, PHONE, now)
            heard += [(now, seconds) for seconds in words(writers, now)]
        writers.stop(ROOM, WANG.id, PHONE)
        assert words(writers, 8) == [0]
        assert heard == [(now, limits.TYPING_SECONDS) for now in (0, 2, 4, 6)]
        assert words(writers, 9) == words(writers, 20) == []

    def test_what_comes_from_another_process_is_not_told_on(self) -> None:
        writers = Writers()
        writers.say(ROOM, WANG, OTHER_HUB, 0, seconds=2)
        assert writers.turn(0, lambda _: 1) == ([Shown(ROOM, (WANG,), 1)], [])
        assert writers.here(ROOM, 2) == []

    def test_the_other_processes_hear_at_most_one_word_a_second(self) -> None:
        writers, heard = Writers(), 0
        for tick in range(1000):
            writers.say(ROOM, WANG, PHONE, tick / 100) if tick % 2 else writers.stop(ROOM, WANG.id, PHONE)
            heard += len(words(writers, tick / 100))
        assert 2 <= heard <= 10


def signals(live: Live, room: str) -> list[dict[str, Any]]:
    return [frame for frame in live.frames if frame.get("kind") == "typing" and frame["room"] == room]


def names(frame: dict[str, Any]) -> list[str]:
    return [person["name"] for person in frame.get("people", [])]


async def told(live: Live, room: str, *people: str, seconds: float = 10) -> None:
    """Wait until the last signal names these people."""
    await live.until(lambda: (found := signals(live, room)) and names(found[-1]) == list(people), seconds)


async def here(hubs: Hubs, room: str, hub: Any = None) -> list[str]:
    answer = (await (await hubs.client("chen", hub)).get(f"/api/rooms/{room}/typing")).raise_for_status().json()
    assert (answer["room_id"], answer["count"]) == (room, len(answer["people"]))
    return [person["name"] for person in answer["people"]]


async def test_who_writes_on_one_hub_is_seen_on_the_other_until_they_stop(hubs: Hubs) -> None:
    room, (one, other) = await hubs.open_room("lin"), hubs.all
    async with await hubs.live("wang", one) as wang, await hubs.live("chen", other) as chen:
        await wang.subscribe(room)
        await chen.subscribe(room)
        await wang.say("typing", room=room)
        await told(chen, room, "wang", seconds=4)
        assert await here(hubs, room, one) == await here(hubs, room, other) == ["wang"]
        await wang.say("typing", room=room, active=False)
        await told(chen, room, seconds=2)
        assert await here(hubs, room, one) == await here(hubs, room, other) == []


@pytest.mark.parametrize("way", ["posts on the same hub", "posts by REST", "disconnects"])
async def test_it_ends_when_they_post_or_disconnect(hubs: Hubs, way: str) -> None:
    room, (one, other) = await hubs.open_room("lin"), hubs.all
    async with await hubs.live("wang", one) as wang, await hubs.live("chen", other) as chen:
        await chen.subscribe(room)
        await wang.say("typing", room=room)
        await told(chen, room, "wang")
        began = monotonic()
        if way == "posts by REST":
            await (await hubs.client("wang", other)).post(f"/api/rooms/{room}/messages", json={"content": "here"})
        elif way == "disconnects":
            await wang.cut()
        else:
            await wang.post(room, "k1", "here")
        await told(chen, room)
        assert way == "posts by REST" or await here(hubs, room, one) == []
        assert monotonic() - began < limits.TYPING_SECONDS / 2


async def test_viewers_strangers_and_closed_rooms_are_silent(hubs: Hubs) -> None:
    """A viewer is not heard and not told why; where one may not even look there is no room."""
    room, hidden = await hubs.open_room("lin"), await hubs.open_room("lin", visibility="members")
    ended = await hubs.open_room("lin")
    lin_http = await hubs.client("lin")
    (await lin_http.post(f"/api/rooms/{ended}/transitions", json={"to": "false_alarm"})).raise_for_status()
    async with await hubs.live("guest") as guest, await hubs.live("wang") as wang, await hubs.live("lin") as lin:
        for silent in (room, hidden, ended):
            await lin.subscribe(silent)
        await guest.say("typing", room=room)
        await wang.say("typing", room=ended)
        await wang.say("typing", room=hidden)
        assert (await wang.wait_for("error"))["code"] == "not_found"
        await guest.say("hb")
        await guest.wait_for("hb")
        await asyncio.sleep(0.5)
        assert [await here(hubs, silent, hub) for silent in (room, ended) for hub in hubs.all] == [[]] * 4
        assert [signals(lin, silent) for silent in (room, hidden, ended)] == [[]] * 3
        assert not [frame for frame in guest.frames if frame["op"] == "error"]


async def test_who_is_removed_hears_nothing_and_is_not_heard(hubs: Hubs, people: People) -> None:
    room = await hubs.open_room("lin", visibility="members")
    lin = await hubs.client("lin")
    await lin.post(f"/api/rooms/{room}/members", json={"user_id": str(people["wang"])})
    async with await hubs.live("wang") as wang, await hubs.live("lin") as owner:
        await wang.subscribe(room)
        await owner.subscribe(room)
        await wang.say("typing", room=room)
        await told(owner, room, "wang")
        await told(wang, room, "wang")
        (await lin.delete(f"/api/rooms/{room}/members/{people['wang']}")).raise_for_status()
        await told(owner, room, seconds=limits.TYPING_SECONDS / 2)
        await wang.say("typing", room=room)
        assert (await wang.wait_for("error"))["code"] == "not_found"
        await owner.say("typing", room=room)
        await told(owner, room, "lin")
        assert names(signals(wang, room)[-1]) == ["wang"]


async def bad_43_typing_spam(hubs: Hubs, room: str, states: list[bool]) -> tuple[float, list[dict[str, Any]]]:
    """Say it a hundred times a second for three seconds; how long that took, and what came out at the other hub."""
    one, other = hubs.all
    async with await hubs.live("wang", one) as wang, await hubs.live("chen", other) as chen:
        await chen.subscribe(room)
        began = monotonic()
        for number in range(300):
            await wang.say("typing", room=room, active=states[number % len(states)])
            await asyncio.sleep(max(0.0, began + number / 100 - monotonic()))
        took = monotonic() - began
        await wang.say("hb")
        await wang.wait_for("hb")
        return took, signals(chen, room)


@pytest.mark.parametrize(
    "states", [pytest.param([True], id="bad_43_1"), pytest.param([True, True, True, False], id="bad_43_2")]
)
async def test_spam_is_told_once_or_once_a_second(hubs: Hubs, states: list[bool]) -> None:
    took, found = await bad_43_typing_spam(hubs, await hubs.open_room("lin"), states)
    assert 1 <= len(found) <= (1 if states == [True] else took + 1)


def test_a_word_is_small() -> None:
    longest = Word(UUID(int=0), Person(UUID(int=0), "名" * 200, "person"), 6.0)
    assert len(msgspec.json.encode(longest)) < PAYLOAD_BYTES
