"""The fast lane decides on a batch: first message, refusal, or insert; twins in one batch are one message."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from hub.base.db import Database
from hub.log.append import lock_rooms
from hub.messages.desk import Desk
from hub.messages.lane import SILENT, MessageWriter, NotMember, Posting, fold, judge
from hub.messages.policy import fingerprint
from hub.people.policy import Actor
from hub.rooms import opening as rooms
from hub.rooms.policy import ENDED, ROOM_ROLES, STATUSES
from hub.rooms.tables import incident_rooms, room_members
from hub.wire.problems import Problem
from hub.wire.requests import OpenRoom, PostMessage
from hub.wire.views import Posted
from tests.plant.people import People

WANG = Actor(uuid4(), "wang", "person", "responder")
CHEN = Actor(uuid4(), "chen", "person", "responder")
ROOM = uuid4()
AT = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = uuid4()


def posting(key: str, content: str = "on my way", actor: Actor = WANG, room: UUID = ROOM) -> Posting:
    return Posting(
        room, actor, uuid4(), key, "text", content, {}, fingerprint(room, PostMessage(content, client_msg_id=key))
    )


def found(**facts: Any) -> dict[str, Any]:
    """What the database says of a posting that it did not insert: a member, an open room, unless said otherwise."""
    nothing = dict.fromkeys(("message_id", "seq", "at", "fingerprint"))
    return {"status": "open", "role": "responder", "fresh": False, **nothing, **facts}


def earlier(content: str) -> dict[str, Any]:
    return {"message_id": FIRST, "seq": 7, "at": AT, "fingerprint": posting("k", content).fingerprint}


def judged(**facts: Any) -> Posted | Problem | None:
    mine = posting("k")
    return judge(mine, found(**facts), mine)


def test_what_was_inserted_has_its_seq() -> None:
    mine = posting("k")
    row = found(fresh=True, message_id=mine.message_id, seq=8, at=AT)
    assert judge(mine, row, mine) == Posted(mine.message_id, 8, AT)
    assert judge(posting("k"), row, mine) == Posted(mine.message_id, 8, AT, duplicate=True)


def test_a_twin_of_another_body_is_not_refused_for_its_twins_reason() -> None:
    assert judge(posting("k"), found(status="closed"), posting("k", "something else")) is None


def test_a_twin_of_what_was_refused_may_be_what_was_stored_before() -> None:
    first, twin = posting("k", "something else"), posting("k")
    row = found(**earlier("on my way"))
    assert isinstance(judge(first, row, first), Problem)
    assert judge(twin, row, first) == Posted(FIRST, 7, AT, duplicate=True)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"role": None}, "not_found"),
        ({"status": None, "role": None}, "not_found"),
        ({"role": "viewer"}, "forbidden"),
        ({"role": "guest"}, "forbidden"),
        ({"status": "closed"}, "room_closed"),
        ({"status": "merged"}, "room_closed"),
        ({"status": "false_alarm"}, "room_closed"),
        (earlier("something else"), "key_reused"),
    ],
)
def test_refusals(facts: dict[str, Any], code: str) -> None:
    verdict = judged(**facts)
    assert isinstance(verdict, Problem)
    assert verdict.code == code
    assert isinstance(verdict, NotMember) is (code == "not_found")


@pytest.mark.parametrize("since", [{"status": "closed"}, {"role": None}])
def test_a_retry_gets_its_first_answer_whatever_happened_since(since: dict[str, Any]) -> None:
    verdict = judged(**earlier("on my way"), **since)
    assert verdict == Posted(FIRST, 7, AT, duplicate=True)


def test_twins_are_those_of_one_sender_and_key() -> None:
    batch = [posting("a"), posting("b"), posting("a"), posting("a", actor=CHEN), posting("a", "other words")]
    assert fold(batch) == [0, 1, 0, 3, 0]


@pytest.fixture
async def room(desk: Desk, people: People) -> UUID:
    return await rooms.open_room(desk.log, people.actor("wang"), OpenRoom("Zone 5 over-temperature"))


async def written(
    desk: Desk, database: Database, batch: list[Posting], *, wait: bool = True
) -> list[Posted | Problem | None]:
    """Write a batch in one transaction, as the flusher does."""
    writer = MessageWriter(desk.log.bell, desk.log.tails)
    async with database.transaction() as tx:
        return await writer.write(await tx.driver(), batch, wait=wait)


@pytest.mark.parametrize("status", STATUSES)
async def test_one_may_speak_while_the_incident_lasts(
    desk: Desk, database: Database, people: People, room: UUID, status: str
) -> None:
    async with database.transaction() as tx:
        await tx.execute(update(incident_rooms).values(status=status).where(incident_rooms.c.room_id == room))
    [answer] = await written(desk, database, [posting(status, actor=people.actor("wang"), room=room)])
    assert (isinstance(answer, Posted), isinstance(answer, Problem)) == (status not in ENDED, status in ENDED)


@pytest.mark.parametrize("role", ROOM_ROLES)
async def test_viewers_and_guests_listen(desk: Desk, database: Database, people: People, room: UUID, role: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(update(room_members).values(role=role).where(room_members.c.room_id == room))
    [answer] = await written(desk, database, [posting(role, actor=people.actor("wang"), room=room)])
    assert (answer.code if isinstance(answer, Problem) else None) == ("forbidden" if role in SILENT else None)


async def test_items_of_a_room_that_somebody_holds_are_left_alone(
    desk: Desk, database: Database, people: People, room: UUID
) -> None:
    wang = people.actor("wang")
    other = await rooms.open_room(desk.log, wang, OpenRoom("Zone 6"))
    batch = [posting(f"held-{number}", actor=wang, room=[room, other][number]) for number in range(2)]
    async with database.transaction() as tx:
        await lock_rooms(tx, [room])
        held, free = await written(desk, database, batch, wait=False)
    assert held is None
    assert isinstance(free, Posted)
    now_free, again = await written(desk, database, batch, wait=False)
    assert isinstance(now_free, Posted)
    assert isinstance(again, Posted)
    assert (now_free.duplicate, again.duplicate) == (False, True)


async def test_a_batch_with_twins_and_strangers(desk: Desk, database: Database, people: People, room: UUID) -> None:
    wang, chen = people.actor("wang"), people.actor("chen")
    batch = [
        posting("a", actor=wang, room=room),
        posting("a", actor=wang, room=room),
        posting("a", "other words", actor=wang, room=room),
        posting("b", actor=chen, room=room),
        posting("c", actor=wang, room=room),
        posting("d", actor=wang, room=uuid4()),
    ]
    first, twin, other, stranger, next_one, nowhere = await written(desk, database, batch)
    assert isinstance(first, Posted)
    assert isinstance(next_one, Posted)
    assert twin == Posted(first.message_id, first.seq, first.created_at, duplicate=True)
    assert next_one.seq == first.seq + 1
    assert [it.code for it in (other, stranger, nowhere) if isinstance(it, Problem)] == [
        "key_reused",
        "not_found",
        "not_found",
    ]


async def test_the_same_batch_again_is_answered_the_same(
    desk: Desk, database: Database, people: People, room: UUID
) -> None:
    batch = [posting(f"again-{number}", actor=people.actor("wang"), room=room) for number in range(3)]
    first = await written(desk, database, batch)
    again = await written(desk, database, batch)
    assert [it.seq for it in again if isinstance(it, Posted)] == [it.seq for it in first if isinstance(it, Posted)]
    assert all(isinstance(it, Posted) and it.duplicate for it in again)


async def test_a_lone_posting_is_answered_as_one_in_company(
    desk: Desk, database: Database, people: People, room: UUID
) -> None:
    wang, chen = people.actor("wang"), people.actor("chen")
    [first] = await written(desk, database, [posting("first", actor=wang, room=room)])
    cases = {
        "again": posting("first", actor=wang, room=room),
        "key reused": posting("first", "other words", actor=wang, room=room),
        "stranger": posting("s", actor=chen, room=room),
        "nowhere": posting("n", actor=wang, room=uuid4()),
    }
    company = posting("company", actor=wang, room=room)
    for name, case in cases.items():
        [alone] = await written(desk, database, [case])
        [beside, _] = await written(desk, database, [case, company])
        assert (str(alone), type(alone)) == (str(beside), type(beside)), name
    assert isinstance(first, Posted)
    [last] = await written(desk, database, [posting("last", actor=wang, room=room)])
    assert isinstance(last, Posted)
    assert last.seq == first.seq + 2  # the company was posted once, the refused took no seq


@pytest.mark.parametrize("wait", [True, False])
async def test_a_lone_posting_skips_a_room_that_somebody_holds_or_waits_for_it(
    desk: Desk, database: Database, people: People, room: UUID, wait: bool
) -> None:
    mine = posting(f"lone-{wait}", actor=people.actor("wang"), room=room)
    async with database.transaction() as tx:
        await lock_rooms(tx, [room])
        writing = asyncio.create_task(written(desk, database, [mine], wait=wait))
        done, _ = await asyncio.wait([writing], timeout=0.5)
        assert bool(done) is not wait
    assert isinstance((await writing)[0], Posted) is wait


async def test_what_no_column_can_hold_is_found_by_halving(desk: Desk, people: People, room: UUID) -> None:
    wang = people.actor("wang")
    names = ["a", "b", "c", "poison", "d", "e", "f"]
    words = {"poison": "a NUL\0, which nobody lets through the door"}
    batch = [posting(f"halved-{name}", words.get(name, "fine"), actor=wang, room=room) for name in names]
    answers = await asyncio.gather(*map(desk.flusher.hand_in, batch), return_exceptions=True)
    assert [it.code for it in answers if isinstance(it, Problem)] == ["internal"]
    assert isinstance(answers[3], Problem)
    seqs = [it.seq for it in answers if isinstance(it, Posted)]
    assert seqs == list(range(seqs[0], seqs[0] + 6))


async def test_who_may_join_joins_by_speaking(desk: Desk, people: People, room: UUID) -> None:
    posted = await desk.post(people.actor("chen"), room, PostMessage("on my way"))
    assert posted.seq == 4  # opened, wang in, chen in, the message
    with pytest.raises(Problem, match="forbidden"):
        await desk.post(people.actor("guest"), room, PostMessage("may I?"))
