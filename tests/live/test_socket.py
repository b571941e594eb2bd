"""What a socket does, on a real log, without a network."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from hub.base.supervise import Supervisor
from hub.live import lobby
from hub.live.session import DEAD, Do
from hub.live.socket import LiveSocket
from hub.live.station import Station
from hub.log import feed
from hub.log.log import RoomLog
from hub.messages.desk import Desk
from hub.people.policy import Actor
from hub.rooms import actions, opening, queries
from hub.wire import limits
from hub.wire.frames import ClientFrame, Read, Send, Subscribe
from hub.wire.problems import Close, Problem
from hub.wire.requests import OpenRoom, PostMessage
from tests.plant.people import People
from tests.plant.waiting import until


class Seat:
    """A socket whose frames are kept."""

    open = False

    def __init__(self, station: Station):
        self.frames: list[dict[str, Any]] = []
        self.live = LiveSocket(station, self, self._closed)
        station.opened(self.live)

    async def _closed(self, code: int) -> None:
        pass

    def push(self, frames: bytes) -> None:
        raise NotImplementedError

    def write(self, payloads: list[bytes], frames: bytes) -> None:
        self.frames += [msgspec.json.decode(payload) for payload in payloads]

    def hold(self, payload: bytes) -> None:
        self.write([payload], payload)

    def waiting(self) -> int:
        return 0

    def end(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def listen(self, take: object, slow: object) -> None:
        pass

    async def say(self, frame: ClientFrame) -> dict[str, Any]:
        """Returns the last frame that came."""
        if isinstance(frame, Send):
            self.live.carry_out([Do(frame)])
        else:
            await self.live.do(frame)
        return self.frames[-1]


@pytest.fixture
async def station(room_log: RoomLog, desk: Desk) -> Station:
    station = Station(room_log, desk)
    await station.start()
    return station


@pytest.fixture
async def admin(station: Station, people: People) -> AsyncIterator[Seat]:
    seat = Seat(station)
    await seat.live.sign_in(people.actor("admin"))
    yield seat
    station.closed(seat.live)


@pytest.fixture
async def room(room_log: RoomLog, people: People) -> UUID:
    return await opening.open_room(room_log, people.actor("wang"), OpenRoom("Zone 5", visibility="members"))


async def test_in_another_role_the_door_is_asked_again(admin: Seat, room: UUID, people: People) -> None:
    assert (await admin.say(Subscribe(room, 0)))["op"] == "caught_up"
    admin.live.stands(Actor(people["admin"], "admin", "person", "viewer"))
    await until(lambda: admin.frames[-1]["op"] == "error")
    assert (admin.frames[-1]["code"], admin.frames[-1]["room"]) == ("not_found", str(room))
    assert (await admin.say(Subscribe(room, 0)))["code"] == "not_found"


async def test_a_room_one_follows_may_be_asked_for_again_at_the_limit(
    admin: Seat, room: UUID, room_log: RoomLog, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SUBSCRIPTIONS_PER_SOCKET", 1)
    assert [(await admin.say(Subscribe(room, 0)))["op"] for _ in range(2)] == ["caught_up"] * 2
    other = await opening.open_room(room_log, people.actor("wang"), OpenRoom("Zone 6"))
    assert (await admin.say(Subscribe(other, 0)))["code"] == "limit"


async def test_who_is_put_out_while_joining_joins_again(
    admin: Seat, room: UUID, station: Station, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, times = station.log.tails.open, iter([True])

    async def open_tail(*given: Any) -> Any:
        tail = await opened(*given)
        if next(times, False):
            admin.live.forget(room)
        return tail

    monkeypatch.setattr(station.log.tails, "open", open_tail)
    assert (await admin.say(Subscribe(room, 0)))["op"] == "caught_up"
    await station.desk.post(people.actor("wang"), room, PostMessage("hear me"))
    await until(lambda: admin.frames[-1]["op"] == "event" and admin.frames[-1]["type"] == "MessagePosted")


async def test_who_loses_their_rights_while_joining_reads_nothing(
    admin: Seat, room: UUID, station: Station, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, times = station.log.tails.open, iter([True])

    async def open_tail(*given: Any) -> Any:
        tail = await opened(*given)
        if next(times, False):
            admin.live.stands(Actor(people["admin"], "admin", "person", "viewer"))
        return tail

    monkeypatch.setattr(station.log.tails, "open", open_tail)
    assert (await admin.say(Subscribe(room, 0)))["code"] == "not_found"


async def test_who_hangs_up_while_joining_leaves_nothing_open(
    station: Station, room: UUID, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    seat, opened = Seat(station), station.log.tails.open
    await seat.live.sign_in(people.actor("lin"))

    async def open_tail(*given: Any) -> Any:
        tail = await opened(*given)
        station.closed(seat.live)
        return tail

    monkeypatch.setattr(station.log.tails, "open", open_tail)
    await seat.live.do(Subscribe(room, 0))
    assert not station.log.tails.follows(room)


async def test_who_hangs_up_while_signing_in_takes_no_place(station: Station, people: People) -> None:
    for _ in range(limits.SOCKETS_PER_USER + 1):
        seat = Seat(station)
        station.closed(seat.live)
        await seat.live.sign_in(people.actor("chen"))
    late = Seat(station)
    await late.live.sign_in(people.actor("chen"))
    assert late.frames[-1]["op"] == "ready"
    station.closed(late.live)


async def test_frames_wait_in_order_and_within_bounds(station: Station, people: People, room: UUID) -> None:
    seat = Seat(station)
    await seat.live.sign_in(people.actor("wang"))
    for after in (0, 1):
        seat.live.take(f'{{"op":"subscribe","room":"{room}","after_seq":{after}}}')
    seat.live.take('{"op":"hb"}')
    await until(lambda: seat.frames[-1]["op"] == "hb", 5)
    assert [frame["op"] for frame in seat.frames].count("caught_up") == 2
    seat.live.take(f'{{"op":"subscribe","room":"{room}","after_seq":0}}')
    for _ in range(limits.FRAME_BACKLOG + 1):
        seat.live.take('{"op":"hb"}')
    assert seat.live.closed_with == Close.RATE_LIMITED
    station.closed(seat.live)


async def test_a_post_that_breaks_is_answered(
    admin: Seat, room: UUID, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(station.desk, "hand_in", broken)
    await admin.say(Send(room, "k1", "x"))
    await until(lambda: admin.frames[-1]["op"] == "error", 2)
    assert (admin.frames[-1]["code"], admin.frames[-1]["ref"]) == ("internal", "k1")


async def test_any_other_frame_that_breaks_closes(admin: Seat, room: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(actions, "mark_read", broken)
    await admin.say(Read(room, 1))
    assert admin.live.closed_with == DEAD


async def test_the_room_list_loses_no_move(
    admin: Seat, room: UUID, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query that failed is asked again, and the feed is read however often the bell rings."""
    sweeps, failures = [], iter([True])
    rows, moved_since = queries.room_rows, feed.moved_since

    async def room_rows(*given: Any) -> Any:
        if next(failures, False):
            raise Problem("db_unavailable")
        return await rows(*given)

    async def sweep(*given: Any) -> Any:
        sweeps.append(1)
        return await moved_since(*given)

    monkeypatch.setattr(queries, "room_rows", room_rows)
    monkeypatch.setattr(feed, "moved_since", sweep)
    monkeypatch.setattr(lobby, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(lobby, "SWEEP_SECONDS", 0.1)
    listed, tasks = lobby.Lobby(station), Supervisor()
    station.log.bell.ring(room, 1)
    tasks.start("lobby", listed.run)
    await until(lambda: any(frame.get("kind") == "lobby" for frame in admin.frames), 5)
    for _ in range(50):
        station.log.bell.ring(room, 1)
        await asyncio.sleep(0.01)
    assert len(sweeps) >= 2
    await tasks.stop()
