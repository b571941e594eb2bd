"""The protocol of one socket, text in and effects out: what is answered, what closes it, and with which code."""

import json
from typing import Any
from uuid import uuid4

import pytest

from hub.live.session import DEAD, TOO_BIG, Do, Effect, Reply, Session, Shut, refusal
from hub.wire import limits
from hub.wire.frames import Auth, Error, Heartbeat, Send, Subscribe
from hub.wire.problems import Close, Problem

ROOM = str(uuid4())
AUTH = {"op": "auth", "ticket": "t"}
SUBSCRIBE = {"op": "subscribe", "room": ROOM, "after_seq": 0}


def told(session: Session, frame: Any, now: float = 0.0) -> Effect:
    """The one effect of a frame."""
    [effect] = session.receive(frame if isinstance(frame, str) else json.dumps(frame), now)
    return effect


@pytest.fixture
def fresh() -> Session:
    return Session(0.0)


@pytest.fixture
def ready() -> Session:
    session = Session(0.0)
    told(session, AUTH)
    session.signed_in()
    return session


def error(effect: Effect) -> Error:
    assert isinstance(effect, Reply)
    assert isinstance(effect.frame, Error)
    return effect.frame


def test_the_ticket_comes_first(fresh: Session) -> None:
    effect = told(fresh, AUTH)
    assert isinstance(effect, Do)
    assert isinstance(effect.frame, Auth)
    assert not fresh.ready


def test_then_anything_goes(ready: Session) -> None:
    for frame, kind in (
        (SUBSCRIBE, Subscribe),
        ({"op": "send", "room": ROOM, "client_msg_id": "k", "content": "x"}, Send),
        ({"op": "hb"}, Heartbeat),
    ):
        effect = told(ready, frame)
        assert isinstance(effect, Do)
        assert isinstance(effect.frame, kind)


def test_a_heartbeat_needs_no_ticket(fresh: Session) -> None:
    assert isinstance(told(fresh, {"op": "hb"}), Do)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (SUBSCRIBE, Close.AUTH_TIMEOUT),
        ({"op": "unheard_of"}, Close.AUTH_TIMEOUT),
        ({"op": "auth", "ticket": "t", "v": 2}, Close.VERSION),
        ({"op": "auth"}, Close.BAD_FRAMES),
        ("no json", Close.BAD_FRAMES),
        ("[" * 100_000, TOO_BIG),
        ({"op": "auth", "ticket": "t" * limits.FRAME_BYTES_UNAUTHENTICATED}, TOO_BIG),
    ],
)
def test_a_stranger_gets_no_second_chance(fresh: Session, frame: Any, code: int) -> None:
    assert told(fresh, frame) == Shut(code)


def test_one_sign_in_is_enough(fresh: Session, ready: Session) -> None:
    told(fresh, AUTH)
    assert told(fresh, AUTH) == Shut(Close.ALREADY_AUTHENTICATED)
    assert told(ready, AUTH) == Shut(Close.ALREADY_AUTHENTICATED)


@pytest.mark.parametrize(
    ("frame", "code", "ref"),
    [
        ("no json", "bad_frame", None),
        ("[" * 50_000, "bad_frame", None),
        ("[]", "bad_frame", None),
        ({"op": "unheard_of", "ref": "r1"}, "unknown_op", "r1"),
        ({"op": "subscribe", "room": "R1", "after_seq": 0, "ref": "r2"}, "bad_frame", "r2"),
        ({**SUBSCRIBE, "after_seq": -1}, "bad_frame", None),
        ({**SUBSCRIBE, "after_seq": 2**53 + 1}, "bad_frame", None),
        ({**SUBSCRIBE, "unknown": 1}, "bad_frame", None),
        ({"op": "send", "room": ROOM, "client_msg_id": "k1", "content": 5}, "bad_frame", "k1"),
        ({"op": "send", "room": ROOM, "client_msg_id": "", "content": "x"}, "bad_frame", None),
        ({"op": "send", "room": ROOM, "client_msg_id": "k" * 500, "content": "x"}, "bad_frame", "k" * 128),
        ('{"op":"send","content":"\\ud800"}', "bad_frame", None),
    ],
)
def test_an_honest_mistake_is_answered(ready: Session, frame: Any, code: str, ref: str | None) -> None:
    found = error(told(ready, frame))
    assert (found.code, found.ref) == (code, ref)


def test_who_never_learns_is_closed(ready: Session) -> None:
    for _ in range(limits.BAD_FRAMES - 1):
        error(told(ready, "no json"))
    assert told(ready, "no json") == Shut(Close.BAD_FRAMES)


def test_a_frame_too_big_closes(ready: Session) -> None:
    assert told(ready, " " * (limits.FRAME_BYTES + 1)) == Shut(TOO_BIG)


def test_a_flood_closes_and_a_steady_stream_does_not(ready: Session) -> None:
    steady = [told(ready, {"op": "hb"}, number / limits.FRAMES_PER_SECOND) for number in range(500)]
    assert all(isinstance(effect, Do) for effect in steady)
    flood = [told(ready, {"op": "hb"}, 6.0) for _ in range(3 * limits.FRAMES_PER_SECOND)]
    assert Shut(Close.RATE_LIMITED) in flood


def test_the_ticket_must_come_in_time(fresh: Session) -> None:
    assert fresh.tick(limits.AUTH_SECONDS) == []
    assert fresh.tick(limits.AUTH_SECONDS + 0.1) == [Shut(Close.AUTH_TIMEOUT)]


def test_heartbeats_do_not_put_off_the_ticket(fresh: Session) -> None:
    told(fresh, {"op": "hb"}, limits.AUTH_SECONDS)
    assert fresh.tick(limits.AUTH_SECONDS + 0.1) == [Shut(Close.AUTH_TIMEOUT)]


def test_silence_is_death(ready: Session) -> None:
    told(ready, {"op": "hb"}, 30.0)
    assert ready.tick(30.0 + limits.DEAD_AFTER_SECONDS) == []
    assert ready.tick(30.1 + limits.DEAD_AFTER_SECONDS) == [Shut(DEAD)]


def test_a_refusal_has_the_code_of_rest_and_tells_how_long_to_wait() -> None:
    found = refusal(Problem("rate_limited", retry_after=0.25), ref="k1")
    assert (found.code, found.ref, found.retry_after_ms) == ("rate_limited", "k1", 250)
    assert refusal(Problem("not_found")).retry_after_ms is None
