"""Opening rooms, by hand or by alarms. What the template brings is there in the same transaction: nobody sees a room
without its people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import insert, text

from hub.base.db import Tx
from hub.base.ids import new_id
from hub.base.telemetry import rooms_opened
from hub.log.append import New, Row
from hub.log.log import RoomLog
from hub.people.policy import Actor, require
from hub.rooms import queries
from hub.rooms.actions import check_title, put_words
from hub.rooms.checklist import actions as checklist
from hub.rooms.listing import words
from hub.rooms.tables import incident_rooms
from hub.rooms.templates.applying import Applied, applied
from hub.rooms.templates.naming import named
from hub.wire.events import Body, MemberAdded, RoomOpened
from hub.wire.problems import Problem
from hub.wire.requests import OpenRoom
from hub.wire.templates import AlarmFacts
from hub.wire.views import RoomRole

PLACE: Final = ("site", "area", "line", "machine", "code", "condition")
TOLD: Final = ("title", "fault", "site", "area", "line", "machine", "category", "severity", "visibility")
# Who opens a machine's room waits for whoever else does; then sees it.
ONE_AT_A_TIME: Final = text("SELECT pg_advisory_xact_lock(hashtextextended(:machine, 420784))")
RENAME: Final = (
    "UPDATE incident_rooms r SET title = given.title FROM unnest($1::uuid[], $2::text[]) AS given(room_id, title) "
    "WHERE r.room_id = given.room_id"
)
PUT_IN: Final = (
    "INSERT INTO room_members (room_id, user_id, role, from_seq) "
    "SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[])"
)


class _Opened(msgspec.Struct):
    """A room that is there, and what its first events say."""

    room_id: UUID
    events: list[Body]
    applied: Applied | None


async def open_room(log: RoomLog, actor: Actor, wanted: OpenRoom, room_id: UUID | None = None) -> UUID:
    """Open a room by hand, by the wanted template or the one that matches; who opens it owns it.

    Answers `room_id`, or the room where the same incident lasts already. The same: equal title (as it was wanted, or as
    the template makes it), machine, category, place and visibility. Without a machine nobody can tell.
    """
    require(actor, "responder")
    if actor.kind == "machine":  # it reads no room, so it would own one that is not there for it
        raise Problem("forbidden")
    check_title(wanted.title)
    room_id = room_id or new_id()

    async def change(tx: Tx) -> UUID:
        names = ("title", "site", "area", "line", "machine", "category", "severity", "visibility")
        facts = {name: getattr(wanted, name) for name in names}
        facts |= {"room_id": room_id, "fault": {}}
        if wanted.machine is not None:
            await tx.execute(ONE_AT_A_TIME, {"machine": wanted.machine})
            if (same := await _same(tx, actor, wanted, facts)) is not None:
                return same
        await open_rooms(log, tx, actor.id, [facts], owner=actor.id, template_id=wanted.template_id)
        return room_id

    return await log.act(change)


async def _same(tx: Tx, actor: Actor, wanted: OpenRoom, facts: Mapping[str, Any]) -> UUID | None:
    """The room where this incident lasts already, if the actor may see it."""
    rows = await queries.like_incidents(tx.conn, actor, wanted)
    if not rows:
        return None
    [template] = await applied(tx.conn, [_judged_by(facts)], wanted.template_id)
    return next((row.room_id for row in rows if row.title in {wanted.title, _title(facts, template, row.number)}), None)


async def open_rooms(
    log: RoomLog,
    tx: Tx,
    actor_id: UUID,
    facts: Sequence[dict[str, Any]],
    *,
    owner: UUID | None = None,
    template_id: UUID | None = None,
) -> None:
    """Open rooms with what their templates bring (nobody else can hold their locks yet), in few statements for all.

    `facts` are columns of the rooms. Raises `invalid` when `template_id` is not a live template.
    """
    templates = await applied(tx.conn, [_judged_by(one) for one in facts], template_id)
    columns = [_columns(one, found) for one, found in zip(facts, templates, strict=True)]
    statement = insert(incident_rooms).returning(incident_rooms.c.number, sort_by_parameter_order=True)
    numbers = list((await tx.execute(statement, columns)).scalars())
    titles = [_title(*three) for three in zip(columns, templates, numbers, strict=True)]
    changed = {one["room_id"]: title for one, title in zip(columns, titles, strict=True) if title != one["title"]}
    driver = await tx.driver()
    if changed:
        await driver.execute(RENAME, list(changed), list(changed.values()))
    opened = [
        _Opened(one["room_id"], _events(one | {"title": title}, number, found, owner), found)
        for one, title, number, found in zip(columns, titles, numbers, templates, strict=True)
    ]
    rows = await log.append(tx, [New(it.room_id, actor_id, body) for it in opened for body in it.events])
    await _put_in(driver, rows)
    await put_words(tx, [(it.room_id, words.of_room(it.events[0])) for it in opened])
    await checklist.insert_items(driver, [row for row in rows if row.type == "ChecklistAdded"], _texts(opened))
    for one in facts:
        tx.after_commit(rooms_opened.labels(one["category"]).inc)


def _judged_by(facts: Mapping[str, Any]) -> AlarmFacts:
    known = {name: facts.get(name) or None for name in PLACE}
    return AlarmFacts(category=facts["category"], severity=facts["severity"], text=facts["fault"], **known)


def _columns(facts: Mapping[str, Any], found: Applied | None) -> dict[str, Any]:
    template = found.kept.template if found else None
    return {
        **dict.fromkeys(PLACE),
        **facts,
        "template_id": found.kept.id if found else None,
        "template_version": found.kept.version if found else None,
        "retention_days": template.retention_days if template else None,
    }


def _title(facts: Mapping[str, Any], found: Applied | None, number: int) -> str:
    title: str = facts["title"]
    if found is None:
        return title
    return named(found.kept.template.name_pattern, queries.room_code(number), title, _judged_by(facts))


def _events(facts: Mapping[str, Any], number: int, found: Applied | None, owner: UUID | None) -> list[Body]:
    told = {name: facts[name] for name in TOLD} | {
        name: facts.get(name) for name in ("first_raised_at", "template_id", "template_version")
    }
    roles: dict[UUID, RoomRole] = {it.person.id: it.role for it in found.members} if found else {}
    if owner is not None:
        roles = {owner: "owner", **{user: role for user, role in roles.items() if user != owner}}
    members = [MemberAdded(user, role) for user, role in roles.items()]
    items = [checklist.added(it) for it in found.items] if found else []
    return [RoomOpened(code=queries.room_code(number), **told), *members, *items]


def _texts(opened: Sequence[_Opened]) -> dict[UUID, Any]:
    return {item.item_id: item.text for it in opened if it.applied for item in it.applied.items}


async def _put_in(driver: Any, rows: Sequence[Row]) -> None:
    members = [row for row in rows if row.type == "MemberAdded"]
    if members:
        await driver.execute(
            PUT_IN,
            [row.room_id for row in members],
            [UUID(row.body["user_id"]) for row in members],
            [row.body["role"] for row in members],
            [row.seq for row in members],
        )
