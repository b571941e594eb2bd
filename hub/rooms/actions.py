"""Changing rooms: open, change, read marks. One transaction each, the event in the same."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, update
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Tx
from hub.base.text import blank, checked
from hub.log.append import New
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import policy, queries
from hub.rooms.access import locked_room
from hub.rooms.listing import words
from hub.rooms.members.actions import join
from hub.rooms.signals import KIND_READ, ReadTo
from hub.rooms.tables import incident_rooms, read_marks, room_words
from hub.wire.events import Body, RoomChanged, SeverityChanged
from hub.wire.problems import Problem
from hub.wire.requests import ChangeRoom
from hub.wire.rights import Act

CHANGEABLE: Final = ("title", "visibility", "line", "severity")


def check_title(title: str) -> None:
    """Refuse a title nobody can read."""
    if blank(checked(title)):
        raise Problem("invalid", "The title is blank", field="title")


async def change_room(log: RoomLog, actor: Actor, room_id: UUID, wanted: ChangeRoom) -> None:
    """Change title, visibility, line or severity. Severity falls only by a person who says why (`reason_missing`)."""
    if wanted.title is not None:
        check_title(wanted.title)
    checked(f"{wanted.line or ''}{wanted.reason or ''}")

    async def change(tx: Tx) -> None:
        room = await locked_room(tx, actor, room_id)
        facts = {name: new for name in CHANGEABLE if (new := getattr(wanted, name)) not in {None, getattr(room, name)}}
        for act in acts_of(room, wanted, facts):
            policy.check(actor, room, act)
        if not facts:
            return
        await tx.execute(update(incident_rooms).where(incident_rooms.c.room_id == room_id).values(**facts))
        await join(log, tx, actor, room)
        await log.append(
            tx, [New(room_id, actor.id, body, content=told) for body, told in _changes(room, facts, wanted)]
        )
        if {"title", "line"} & set(facts):
            [now] = await queries.room_rows(tx.conn, [room_id])
            await put_words(tx, [(room_id, words.of_room(queries.room_view(now)))])

    await log.act(change)


def acts_of(room: Row[Any], wanted: ChangeRoom, facts: Mapping[str, Any]) -> list[Act]:
    """Which acts a change is; asking for what is so already takes as much as renaming. Pure."""
    found: list[Act] = []
    if {"visibility", "line"} & set(facts):
        found.append("change_visibility")
    if "severity" in facts:
        rises = policy.worse(facts["severity"], room.severity)
        found.append("raise_severity" if rises else "lower_severity")
        if not rises and blank(wanted.reason or ""):
            raise Problem("reason_missing", "Say why it is less severe", field="reason")
    return found if found and "title" not in facts else [*found, "rename"]


def _changes(room: Row[Any], facts: dict[str, Any], wanted: ChangeRoom) -> list[tuple[Body, str]]:
    """The events of a change, with what a person wrote about it."""
    plain = {name: value for name, value in facts.items() if name != "severity"}
    events: list[tuple[Body, str]] = [(RoomChanged(**plain), "")] if plain else []
    if "severity" in facts:
        events.append((SeverityChanged(room.severity, facts["severity"]), wanted.reason or ""))
    return events


async def put_words(tx: Tx, found: Sequence[tuple[UUID, str]]) -> None:
    """Write what rooms are found by."""
    given = upsert(room_words).values(
        [{"room_id": room_id, "words": text, "tokens": words.tokens(text)} for room_id, text in found]
    )
    now = {"words": given.excluded.words, "tokens": given.excluded.tokens}
    await tx.execute(given.on_conflict_do_update(index_elements=["room_id"], set_=now))


async def mark_read(
    log: RoomLog, actor: Actor, room_id: UUID, seq: int, device: str = "", *, unread: bool = False
) -> int:
    """Remember how far the actor has read, never beyond the room's head; back only to make the rest unread again.

    Returns the mark. All devices of the actor hear of it, at whichever process, but for the one that says so.
    """

    async def change(tx: Tx) -> int:
        room = await queries.room_for(tx.conn, actor, room_id)
        mark = min(seq, room.last_seq)
        given = upsert(read_marks).values(user_id=actor.id, room_id=room_id, last_read_seq=mark)
        further = mark if unread else func.greatest(read_marks.c.last_read_seq, mark)
        marked = given.on_conflict_do_update(index_elements=["user_id", "room_id"], set_={"last_read_seq": further})
        mark = int(await tx.scalar(marked.returning(read_marks.c.last_read_seq)) or 0)
        told = ReadTo(actor.id, room_id, mark, device, unread)
        tx.after_commit(partial(log.signals.tell, KIND_READ, f"{actor.id}/{room_id}", told))
        return mark

    return await log.act(change)
