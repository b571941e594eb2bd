"""Changing checklists: items come with the room or by hand, are checked, and are given to somebody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import func, select, update

from hub.base.db import Tx
from hub.base.ids import new_id
from hub.base.text import blank
from hub.log.append import New, Row
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.people.tables import users
from hub.rooms import policy as rooms
from hub.rooms.access import locked_room
from hub.rooms.checklist import queries
from hub.rooms.checklist.tables import checklist_items
from hub.rooms.members.actions import join
from hub.wire import limits
from hub.wire.events import ChecklistAdded, ChecklistItemAssigned, ChecklistItemChecked
from hub.wire.problems import Problem
from hub.wire.templates import ChangeItem, NewItem
from hub.wire.views import Text

INSERT: Final = """
INSERT INTO checklist_items (item_id, room_id, added_seq, text, assignee_id, team, due_at)
SELECT id, room, seq, text::jsonb, assignee, team, due
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::timestamptz[])
     AS given(id, room, seq, text, assignee, team, due)
"""


class Planned(Protocol):
    """An item that is to be added."""

    @property
    def item_id(self) -> UUID: ...  # noqa: D102
    @property
    def assignee_id(self) -> UUID | None: ...  # noqa: D102
    @property
    def team(self) -> str | None: ...  # noqa: D102
    @property
    def due_at(self) -> datetime | None: ...  # noqa: D102


def added(item: Planned) -> ChecklistAdded:
    """The event of an item; what it says stands in its row."""
    return ChecklistAdded(item.item_id, item.assignee_id, item.team, item.due_at)


async def insert_items(driver: Any, rows: Sequence[Row], texts: Mapping[UUID, Text]) -> None:
    """Store the items of `ChecklistAdded` events, in bulk. `driver` is the transaction's."""
    if not rows:
        return
    given = [msgspec.convert(row.body, ChecklistAdded) for row in rows]
    await driver.execute(
        INSERT,
        [it.item_id for it in given],
        [row.room_id for row in rows],
        [row.seq for row in rows],
        [msgspec.json.encode(texts[it.item_id]).decode() for it in given],
        [it.assignee_id for it in given],
        [it.team for it in given],
        [it.due_at for it in given],
    )


async def add_item(log: RoomLog, actor: Actor, room_id: UUID, wanted: NewItem) -> UUID:
    """Put something on the checklist by hand; returns its id. A room holds so many items and no more (`invalid`)."""
    if any(blank(words) for words in wanted.text.values()):
        raise Problem("content_empty", field="text")

    async def change(tx: Tx) -> UUID:
        await _changeable(log, tx, actor, room_id)
        if (await tx.scalar(queries.COUNT, {"room": room_id}) or 0) >= limits.CHECKLIST_ITEMS:
            raise Problem("invalid", f"A checklist has at most {limits.CHECKLIST_ITEMS} items")
        await _check_assignee(tx, wanted.assignee_id)
        item_id = new_id()
        event = ChecklistAdded(item_id, wanted.assignee_id, None, wanted.due_at)
        rows = await log.append(tx, [New(room_id, actor.id, event)])
        await insert_items(await tx.driver(), rows, {item_id: wanted.text})
        return item_id

    return await log.act(change)


async def change_item(log: RoomLog, actor: Actor, room_id: UUID, item_id: UUID, wanted: ChangeItem) -> None:
    """Check an item or assign it; what it is already changes nothing."""

    async def change(tx: Tx) -> None:
        await _changeable(log, tx, actor, room_id)
        item = await queries.item_of(tx.conn, room_id, item_id)
        await _assign(log, tx, actor, item, wanted)
        if wanted.state is not None and wanted.state != item.state:
            [row] = await log.append(tx, [New(room_id, actor.id, ChecklistItemChecked(item_id, wanted.state))])
            facts = {"state": wanted.state, "checked_by": actor.id, "checked_at": row.at}
            await tx.execute(update(checklist_items).where(checklist_items.c.item_id == item_id).values(facts))

    await log.act(change)


async def _assign(log: RoomLog, tx: Tx, actor: Actor, item: Any, wanted: ChangeItem) -> None:
    """A person who is given an item does it in place of the team; given to nobody it is everybody's."""
    assignee, team = item.assignee_id, item.team
    if wanted.unassign:
        assignee = team = None
    if wanted.assignee_id is not None and wanted.assignee_id != assignee:
        await _check_assignee(tx, wanted.assignee_id)
        assignee, team = wanted.assignee_id, None
    due_at = item.due_at if wanted.due_at is None else wanted.due_at
    if (assignee, team, due_at) == (item.assignee_id, item.team, item.due_at):
        return
    event = ChecklistItemAssigned(item.item_id, assignee, team, due_at)
    await log.append(tx, [New(item.room_id, actor.id, event)])
    facts = {"assignee_id": assignee, "team": team, "due_at": due_at}
    await tx.execute(update(checklist_items).where(checklist_items.c.item_id == item.item_id).values(facts))


async def _changeable(log: RoomLog, tx: Tx, actor: Actor, room_id: UUID) -> None:
    room = await locked_room(tx, actor, room_id)
    rooms.check(actor, room, "post")  # who may speak may say what is done
    await join(log, tx, actor, room)


async def _check_assignee(tx: Tx, user_id: UUID | None) -> None:
    known = users.c
    query = select(func.count()).where(known.id == user_id, known.disabled_at.is_(None), known.kind != "machine")
    if user_id is not None and not await tx.scalar(query):
        raise Problem("invalid", "Nobody has this id", field="assignee_id")
