"""The newest events of a room in memory: as the log has them, bounded, and gone when they show what is no longer so."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from hub.log.tail import Encoded, Ring, encoded
from hub.wire import limits
from hub.wire.views import Event

ROOM = uuid4()


def event(seq: int, type_: str = "MessagePosted", **body: Any) -> Encoded:
    return encoded(Event(ROOM, seq, type_, None, datetime(2026, 1, 1, tzinfo=UTC), body))


def events(*seqs: int) -> list[Encoded]:
    return [event(seq) for seq in seqs]


def seqs(found: list[Encoded] | None) -> list[int] | None:
    return None if found is None else [item.event.seq for item in found]


@pytest.fixture
def ring() -> Ring:
    ring = Ring()
    ring.add(events(5, 6, 7))
    return ring


def test_it_serves_as_far_back_as_it_reaches(ring: Ring) -> None:
    assert seqs(ring.after(4)) == [5, 6, 7]
    assert seqs(ring.after(6)) == [7]
    assert seqs(ring.after(7)) == []
    assert ring.after(3) is None
    assert Ring().after(0) is None


def test_what_was_read_before_it_is_kept_for_the_next_reader(ring: Ring) -> None:
    ring.fill(events(3, 4), last=7, life=ring.life)
    assert seqs(ring.after(2)) == [3, 4, 5, 6, 7]
    empty = Ring()
    empty.fill(events(1, 2), last=2, life=empty.life)
    assert seqs(empty.after(0)) == [1, 2]


@pytest.mark.parametrize("read", [[1, 2], [4, 5], [3], []], ids=["gap", "overlap", "gap of one", "nothing"])
def test_what_does_not_join_is_not_kept(ring: Ring, read: list[int]) -> None:
    ring.fill(events(*read), last=7, life=ring.life)
    assert ring.after(4) is not None
    assert ring.after(3) is None


def test_a_rewriting_event_throws_away_what_came_before_it(ring: Ring) -> None:
    ring.add([event(8, "MessageDeleted", message_id=str(uuid4())), event(9)])
    assert seqs(ring.after(7)) == [8, 9]
    assert ring.after(6) is None


def test_what_was_read_before_a_rewrite_is_not_kept_after_it(ring: Ring) -> None:
    """A reader began to read, a message was deleted, the read ended: it holds the deleted words."""
    life = ring.life
    ring.add([event(8, "MessageDeleted", message_id=str(uuid4()))])
    ring.fill(events(3, 4, 5, 6, 7), last=8, life=life)
    assert ring.after(6) is None
    assert seqs(ring.after(7)) == [8]


def test_it_is_bounded_in_events(ring: Ring) -> None:
    ring.add(events(*range(8, 8 + limits.RING_EVENTS)))
    kept = ring.after(7)
    assert kept is not None
    assert len(kept) == limits.RING_EVENTS
    assert ring.after(6) is None


def test_it_is_bounded_in_bytes() -> None:
    ring, words = Ring(), "x" * (limits.RING_BYTES // 10)
    ring.add([event(seq, words=words) for seq in range(1, 20)])
    assert ring.after(18) is not None
    assert ring.after(9) is None
    ring.fill([event(seq, words=words) for seq in range(1, 10)], last=19, life=ring.life)
    assert ring.after(0) is None
