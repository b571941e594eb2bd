"""The room list: what it sorts by is told at once, talk at a bounded cost, and nothing is forgotten."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from hub.live.pace import FACTS, TALK_WRITES_PER_SECOND, Pace

ONE, OTHER = uuid4(), uuid4()


def row(room: UUID = ONE, **facts: Any) -> SimpleNamespace:
    return SimpleNamespace(room_id=room, **{**dict.fromkeys(FACTS), "status": "open", **facts})


def told(pace: Pace, rows: list[Any], now: float, sockets: int = TALK_WRITES_PER_SECOND) -> list[UUID]:
    return [one.room_id for one in pace.now(rows, now, sockets)]


def test_a_new_room_is_told_at_once() -> None:
    pace = Pace()
    assert told(pace, [row()], 10.0) == [ONE]
    assert told(pace, [row(OTHER)], 10.1) == [OTHER]


def test_talk_waits_the_longer_the_more_sockets_there_are() -> None:
    pace = Pace()
    told(pace, [row()], 10.0, sockets=2 * TALK_WRITES_PER_SECOND)
    assert told(pace, [row()], 11.9) == []
    assert pace.waiting == {ONE}
    assert told(pace, [row()], 12.0) == [ONE]
    assert pace.waiting == set()


def test_what_the_list_sorts_by_does_not_wait() -> None:
    pace = Pace()
    told(pace, [row(), row(OTHER)], 10.0)
    assert told(pace, [row(status="acknowledged"), row(OTHER)], 10.1) == [ONE]
    assert pace.waiting == {OTHER}
    assert told(pace, [row(OTHER, active_alarms=2)], 10.2) == [OTHER]
    assert pace.waiting == set()


def test_a_room_that_ended_is_forgotten() -> None:
    pace = Pace()
    told(pace, [row(), row(OTHER)], 10.0)
    assert told(pace, [row(status="closed")], 10.1) == [ONE]
    assert set(pace._told) == {OTHER}


def test_few_sockets_hear_talk_at_once() -> None:
    pace = Pace()
    assert [told(pace, [row()], at, sockets=10) for at in (10.0, 10.5, 11.0)] == [[ONE]] * 3
