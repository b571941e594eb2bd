"""How much one may say: an outbox of forty passes, a flood of the same does not, alarms always do."""

import asyncio
from uuid import uuid4

import pytest

from hub.live.session import Session, Shut
from hub.messages.limits import Buckets, Left, Repetition
from hub.wire import limits
from hub.wire.problems import Close, Problem
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

ME, ROOM = uuid4(), uuid4()


def refused(say: Repetition, content: str, key: str | None = None, now: float = 0.0) -> float | None:
    """Seconds to wait, None when it may be said."""
    try:
        say.note(ME, ROOM, content, key, now)
    except Problem as problem:
        return problem.retry_after if problem.code == "spam" else -1
    return None


def test_a_bucket_tells_what_is_left() -> None:
    buckets = Buckets("messages", 10, 50)
    assert buckets.left(ME, 0.0) == Left(50, 50, 0)
    for _ in range(50):
        buckets.take(ME, 0.0)
    assert buckets.left(ME, 0.0) == Left(50, 0, 5)
    with pytest.raises(Problem, match="rate_limited") as refusal:
        buckets.take(ME, 0.0)
    assert refusal.value.retry_after == 0.1
    buckets.take(ME, 0.1)
    assert buckets.left(ME, 1.1) == Left(50, 10, 4)


def test_each_of_the_hubs_gives_its_part_and_one_alone_all_of_it() -> None:
    """What is left when another comes or goes is shared, never given twice."""
    hubs = 1
    buckets = Buckets("messages", 10, 50, lambda: hubs)
    for _ in range(30):
        buckets.take(ME, 0.0)
    assert buckets.left(ME, 0.0) == Left(50, 20, 3)
    hubs = 2
    assert buckets.left(ME, 0.0) == Left(25, 10, 3)
    assert buckets.left(ME, 1.0) == Left(25, 15, 2)
    for _ in range(10):
        buckets.take(ME, 0.0)
    with pytest.raises(Problem) as refusal:
        buckets.take(ME, 0.0)
    assert (refusal.value.retry_after, refusal.value.limit) == (0.2, 25)
    hubs = 1
    assert buckets.left(ME, 0.0) == Left(50, 0, 5)
    assert buckets.left(ME, 2.0) == Left(50, 20, 3)


def test_one_always_fits_however_many_hubs_there_are() -> None:
    buckets = Buckets("searches", 1, 2, lambda: 8)
    buckets.take(ME, 0.0)
    with pytest.raises(Problem) as refusal:
        buckets.take(ME, 0.0)
    assert (refusal.value.retry_after, refusal.value.limit) == (8, 1)
    buckets.take(ME, 8.0)


def test_the_same_six_times_in_a_minute_is_spam() -> None:
    say = Repetition()
    assert [refused(say, "call me", now=float(second)) for second in range(5)] == [None] * 5
    assert refused(say, " call me ", now=20.0) == 40
    assert refused(say, "call me!", now=20.0) is None
    assert refused(say, "call me", now=61.0) is None


def test_a_retry_is_not_said_again_and_other_rooms_count_alone() -> None:
    say = Repetition()
    assert {refused(say, "once", key="k") for _ in range(40)} == {None}
    for _ in range(6):
        say.note(ME, uuid4(), "收到", None, 0.0)
    for number in range(40):
        assert refused(say, f"line {number} of my outbox", key=f"o-{number}") is None


def test_a_storm_of_mentions_is_spam() -> None:
    say = Repetition()
    for _ in range(3):
        say.call(ME, 20, 0.0)
    with pytest.raises(Problem, match="spam") as refusal:
        say.call(ME, 1, 10.0)
    assert refusal.value.retry_after == 50
    say.call(ME, 0, 10.0)
    say.call(ME, 20, 61.0)


def test_pictures_without_words_are_no_spam() -> None:
    say = Repetition()
    assert {refused(say, "") for _ in range(20)} == {None}


def test_what_is_remembered_is_bounded_and_forgotten_after_a_minute() -> None:
    say, buckets = Repetition(), Buckets("messages", 10, 50)
    for number in range(5000):
        assert refused(say, f"text {number}") is None
    assert len(say._said[ME]) <= 256
    buckets.take(ME, 100.0)
    other = uuid4()
    say.note(other, ROOM, "hello", None, 130.0)
    buckets.take(other, 200.0)
    assert (list(say._said), list(buckets._level)) == ([other], [other])


def test_who_goes_on_after_two_hundred_refusals_is_closed() -> None:
    session = Session(0.0)
    effects = [session.refused(second / 10) for second in range(limits.REFUSALS_BEFORE_CLOSE + 1)]
    assert effects[:-1] == [[]] * limits.REFUSALS_BEFORE_CLOSE
    assert effects[-1] == [Shut(Close.RATE_LIMITED)]
    assert session.refused(1000.0) == []


async def test_bad_27_the_same_again_and_again(door: Door) -> None:
    hub, room = door.any(), await door.open_room("chen")
    chen = await door.client("chen", hub)
    posts = [await chen.post(f"/api/rooms/{room}/messages", json={"content": "停機了"}) for _ in range(6)]
    assert [answer.status_code for answer in posts] == [201] * 5 + [429]
    assert 0 < check_problem(posts[-1], 429, "spam")["retry_after"] <= 60
    assert (await chen.post(f"/api/rooms/{room}/messages", json={"content": "復歸了"})).status_code == 201


async def test_the_answer_tells_what_is_left(door: Door) -> None:
    hub, room = door.any(), await door.open_room("lin")
    answer = await (await door.client("lin", hub)).post(f"/api/rooms/{room}/messages", json={"content": "one"})
    told = {name: int(answer.headers[f"ratelimit-{name}"]) for name in ("limit", "remaining", "reset")}
    assert told["limit"] == limits.MESSAGES_BURST // len(door.all)  # what this process gives
    assert 0 < told["remaining"] < told["limit"]
    assert 0 < told["reset"] <= 5


async def test_changes_have_a_bucket_of_their_own(door: Door) -> None:
    room, both = await door.open_room("lin"), [await door.client("lin", hub) for hub in door.all]
    lin = both[0]
    message = (await lin.post(f"/api/rooms/{room}/messages", json={"content": "zero"})).json()["message_id"]

    async def edit(number: int) -> int:
        client = both[number % 2]
        return (await client.patch(f"/api/messages/{message}", json={"content": f"text {number}"})).status_code

    codes = await asyncio.gather(*(edit(number) for number in range(60)))
    assert limits.CHANGES_BURST <= codes.count(200) < 60
    assert codes.count(200) + codes.count(429) == 60
    assert (await lin.post(f"/api/rooms/{room}/messages", json={"content": "still here"})).status_code == 201


async def test_alarm_sources_are_never_told_to_wait(door: Door) -> None:
    alarm = {"source": "s-limits", "key": "k", "active": True, "machine": "RO-9", "severity": "high"}
    async with door.machine() as machine:
        answers = await asyncio.gather(
            *(machine.post("/api/alarms", json={"observations": [alarm] * 50}) for _ in range(40))
        )
    assert {answer.status_code for answer in answers} == {200}
    assert sum(len(answer.json()["results"]) for answer in answers) == 2000
