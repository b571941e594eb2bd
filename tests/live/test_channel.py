"""A room's readers: everybody gets every event once; an event that changes who may read parts the frames."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from hub.live.channel import RoomChannel
from hub.log.tail import Encoded, encoded
from hub.wire import limits
from hub.wire.views import Event

ROOM, LIN, CHEN = uuid4(), uuid4(), uuid4()


class Seat:
    """A reader that keeps what it gets."""

    def __init__(self, user_id: UUID):
        self.user_id = user_id
        self.open = False
        self.got: list[dict[str, Any]] = []
        self.writes = 0
        self.forgotten = False

    @property
    def outlet(self) -> "Seat":
        return self

    def push(self, frames: bytes) -> None:
        raise NotImplementedError

    def listen(self, take: object, slow: object) -> None:
        pass

    def hold(self, payload: bytes) -> None:
        self.write([payload], payload)

    def waiting(self) -> int:
        return 0

    def end(self) -> None:
        pass

    def abort(self) -> None:
        pass

    def write(self, payloads: list[bytes], frames: bytes) -> None:
        assert all(payload in frames for payload in payloads)
        self.got += [msgspec.json.decode(payload) for payload in payloads]
        self.writes += 1

    def forget(self, room: UUID) -> None:
        assert room == ROOM
        self.forgotten = True

    @property
    def seqs(self) -> list[int]:
        return [frame["seq"] for frame in self.got if frame["op"] == "event"]


def event(seq: int, type_: str = "MessagePosted", **body: Any) -> Encoded:
    return encoded(Event(ROOM, seq, type_, None, datetime(2026, 1, 1, tzinfo=UTC), body))


def removal(seq: int, user_id: UUID) -> Encoded:
    return event(seq, "MemberRemoved", user_id=str(user_id))


async def one_tick() -> None:
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def channel_with(*seats: Seat, visibility: str = "members", had: int = 0) -> RoomChannel:
    channel = RoomChannel(ROOM)
    channel.learn(visibility)
    for seat in seats:
        channel.expect(seat)
        channel.attach(seat, had)
    return channel


async def test_events_of_one_tick_go_out_in_one_write() -> None:
    lin, chen = Seat(LIN), Seat(CHEN)
    channel = channel_with(lin, chen)
    channel.emit([event(1), event(2)])
    channel.emit([event(3)])
    await one_tick()
    assert lin.seqs == chen.seqs == [1, 2, 3]
    assert lin.writes == chen.writes == 1


async def test_who_comes_late_gets_only_what_is_new_to_them() -> None:
    lin, chen = Seat(LIN), Seat(CHEN)
    channel = channel_with(lin)
    channel.expect(chen)
    channel.emit([event(1), event(2), event(3)])
    channel.attach(chen, had=2)
    await one_tick()
    assert (lin.seqs, chen.seqs) == ([1, 2, 3], [3])


async def test_who_attaches_with_everything_gets_nothing_twice() -> None:
    chen = Seat(CHEN)
    channel = channel_with()
    channel.expect(chen)
    channel.emit([event(1), event(2)])
    channel.attach(chen, had=2)
    await one_tick()
    channel.emit([event(3)])
    await one_tick()
    assert chen.seqs == [3]


async def test_the_removal_is_the_last_thing_a_removed_member_reads() -> None:
    lin, chen = Seat(LIN), Seat(CHEN)
    channel = channel_with(lin, chen)
    channel.emit([event(1), removal(2, CHEN), event(3)])
    await one_tick()
    assert lin.seqs == [1, 2, 3]
    assert chen.seqs == [1, 2]
    assert chen.got[-1]["op"] == "resync_required"
    assert (chen.forgotten, lin.forgotten) == (True, False)


async def test_where_the_site_may_look_a_removed_member_reads_on() -> None:
    chen = Seat(CHEN)
    channel = channel_with(chen, visibility="plant")
    channel.emit([removal(1, CHEN), event(2)])
    await one_tick()
    assert chen.seqs == [1, 2]
    assert not chen.forgotten


async def test_where_a_line_may_look_a_removed_member_is_sent_to_the_door() -> None:
    """Whether the line is theirs the door knows."""
    lin, chen = Seat(LIN), Seat(CHEN)
    channel = channel_with(lin, chen, visibility="line")
    channel.emit([removal(1, CHEN), event(2)])
    await one_tick()
    assert (chen.seqs, chen.forgotten) == ([1], True)
    assert (lin.seqs, lin.forgotten) == ([1, 2], False)


async def test_a_room_that_changes_who_may_read_sends_everybody_back_to_the_door() -> None:
    lin, chen = Seat(LIN), Seat(CHEN)
    channel = channel_with(lin, chen, visibility="line")
    channel.emit([event(1), event(2, "RoomChanged", visibility="members"), event(3)])
    await one_tick()
    assert lin.seqs == chen.seqs == [1, 2]
    assert lin.forgotten
    assert chen.forgotten


async def test_a_new_title_sends_nobody_away() -> None:
    lin = Seat(LIN)
    channel = channel_with(lin)
    channel.emit([event(1, "RoomChanged", title="new"), event(2)])
    await one_tick()
    assert lin.seqs == [1, 2]
    assert not lin.forgotten


async def test_who_is_removed_while_still_replaying_is_put_out_too() -> None:
    chen = Seat(CHEN)
    channel = channel_with()
    channel.expect(chen)
    channel.emit([removal(1, CHEN), event(2)])
    await one_tick()
    assert chen.forgotten
    assert [frame["op"] for frame in chen.got] == ["resync_required"]


async def test_a_channel_is_open_while_somebody_reads_or_replays() -> None:
    lin = Seat(LIN)
    channel = RoomChannel(ROOM)
    assert not channel
    channel.expect(lin)
    assert channel
    channel.attach(lin, 0)
    assert channel
    channel.detach(lin)
    assert not channel


@pytest.fixture
def slices_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FANOUT_SLICE", 2)


@pytest.mark.usefixtures("slices_of_two")
class TestSlices:
    """A room of five, written two by two."""

    async def test_the_loop_serves_others_between_two_slices(self) -> None:
        seats = [Seat(uuid4()) for _ in range(5)]
        channel = channel_with(*seats)
        channel.emit([event(1)])
        reached = []
        for _ in range(4):
            await asyncio.sleep(0)
            reached.append(sum(seat.seqs == [1] for seat in seats))
        assert reached == [2, 4, 5, 5]

    async def test_what_comes_meanwhile_goes_along_with_the_slices_still_to_be_written(self) -> None:
        seats = [Seat(uuid4()) for _ in range(5)]
        channel = channel_with(*seats)
        channel.emit([event(1)])
        await asyncio.sleep(0)
        channel.emit([event(2), event(3)])
        for _ in range(8):
            await asyncio.sleep(0)
        assert [seat.seqs for seat in seats] == [[1, 2, 3]] * 5
        assert [seat.writes for seat in seats] == [2, 2, 1, 1, 1]

    async def test_a_barrier_lets_nobody_miss_what_came_before_it(self) -> None:
        seats = [Seat(LIN), *(Seat(uuid4()) for _ in range(3)), Seat(CHEN)]
        channel = channel_with(*seats)
        channel.emit([event(1)])
        await asyncio.sleep(0)
        channel.emit([removal(2, CHEN), event(3)])
        assert [seat.seqs for seat in seats] == [[1, 2]] * 5
        for _ in range(4):
            await asyncio.sleep(0)
        assert [seat.seqs for seat in seats] == [[1, 2, 3]] * 4 + [[1, 2]]

    async def test_who_leaves_and_comes_back_in_between_gets_nothing_twice(self) -> None:
        seats = [Seat(uuid4()) for _ in range(5)]
        channel = channel_with(*seats)
        channel.emit([event(1)])
        await asyncio.sleep(0)
        leaver, last = seats[4], seats[3]
        channel.expect(leaver)
        channel.attach(leaver, had=1)  # it has read the first event from the log
        channel.detach(last)
        channel.emit([event(2)])
        for _ in range(8):
            await asyncio.sleep(0)
        assert (leaver.seqs, last.seqs) == ([2], [])
        assert [seat.seqs for seat in seats[:3]] == [[1, 2]] * 3

    async def test_a_signal_reaches_all_who_are_still_there_in_turns(self) -> None:
        seats = [Seat(uuid4()) for _ in range(5)]
        channel = channel_with(*seats)
        sending = asyncio.create_task(channel.signal(b'{"op":"signal"}'))
        await asyncio.sleep(0)
        assert [len(seat.got) for seat in seats] == [1, 1, 0, 0, 0]
        channel.detach(seats[4])
        await sending
        assert [len(seat.got) for seat in seats] == [1, 1, 1, 1, 0]
        assert len(channel) == 4

    async def test_another_log_drops_what_waits(self) -> None:
        seats = [Seat(uuid4()) for _ in range(5)]
        channel = channel_with(*seats)
        channel.emit([event(1)])
        await asyncio.sleep(0)
        channel.emit([event(2)])
        channel.restart()
        for _ in range(8):
            await asyncio.sleep(0)
        assert [len(seat.seqs) for seat in seats] == [1, 1, 0, 0, 0]
        assert all(seat.got[-1]["op"] == "resync_required" for seat in seats)
