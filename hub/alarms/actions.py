"""Taking in alarms: one transaction for a batch, decided in memory, written in bulk, answered after COMMIT.

Lock order: grouping keys (advisory, sorted) → rooms by id → the rest. Two batches with keys A,B and B,A meet in the
same order and never wait for each other in a circle.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from hub.alarms import store
from hub.alarms.decide import decide
from hub.alarms.intake import Intake, Refused, take_in
from hub.alarms.observation import Seen
from hub.alarms.policy import grouping_key
from hub.alarms.tables import quarantine
from hub.alarms.world import Incident, Posted, World
from hub.base.db import Again, Tx
from hub.base.ids import new_id
from hub.base.telemetry import alarms_ingested, quarantined
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.messages import actions as messages
from hub.people.policy import Actor
from hub.rooms import by_alarms
from hub.rooms.groups import lock_groups
from hub.rooms.opening import open_rooms
from hub.wire.cards import Outcome
from hub.wire.events import MessagePosted, OccurrenceChanged
from hub.wire.views import Text


async def report(log: RoomLog, actor: Actor, items: Sequence[dict[str, Any]], language: str) -> list[Outcome]:
    """Take in a batch; one outcome for each item, in order. Idempotent: the same batch again changes nothing."""
    intake = take_in(actor, items, language)
    results = await log.act(lambda tx: _report(log, tx, actor, intake, language))
    for result in results:
        alarms_ingested.labels(result.outcome).inc()
    for refused in intake.refused:
        quarantined.labels(refused.code).inc()
    return results


async def _report(log: RoomLog, tx: Tx, actor: Actor, intake: Intake, language: str) -> list[Outcome]:
    driver = await tx.driver()
    await _keep_refused(tx, intake.refused)
    world = await _locked_world(tx, driver, intake)
    decide(world, intake.steps)
    await _open_rooms(log, tx, actor, world, language)
    await store.write(driver, world)
    await _append_posts(log, tx, actor, world)
    touched = [
        by_alarms.Touched(room.room_id, room.active_alarms, room.severity)
        for room in world.rooms.values()
        if room.changed
    ]
    await by_alarms.touch_alarms(log, tx, touched, world.now, actor.id)
    return intake.answers(world.decisions)


async def _locked_world(tx: Tx, driver: Any, intake: Intake) -> World:
    """Lock what the batch may touch, in the common order, and load it."""
    computed = {grouping_key(seen.source, seen.site, seen.line, seen.machine, seen.category) for seen in intake.seen}
    held = computed | await store.groups_of(driver, await _keys(driver, intake))
    await lock_groups(driver, held | {f"scope:{source}/{scope}" for source, scope in intake.scopes})
    alarms = await store.load_alarms(driver, await _keys(driver, intake))
    groups = computed | {alarm.grouping_key for alarm in alarms.values()}
    if not groups <= held:
        raise Again("db_unavailable", "An alarm changed its group meanwhile")
    of_alarms = [alarm.occurrence.room_id for alarm in alarms.values() if alarm.occurrence]
    accepting = await store.accepting_rooms(driver, sorted(groups))
    wanted = {room for room in of_alarms if room} | set(accepting.values())
    await lock_rooms(tx, wanted)
    now: datetime = (await tx.execute(text("SELECT hub_now()"))).scalar_one()
    return await store.load_world(driver, now, new_id, alarms, wanted, intake.inbox_keys, accepting)


async def _keys(driver: Any, intake: Intake) -> list[str]:
    """Alarms that the batch may change: those it names, and those its snapshots may end."""
    keys = {seen.alarm_key for seen in intake.seen}
    if intake.scopes:
        keys |= set(await store.active_in_scopes(driver, intake.scopes))
    return sorted(keys)


async def _keep_refused(tx: Tx, refused: Sequence[Refused]) -> None:
    if refused:
        await tx.execute(quarantine.insert(), [msgspec.structs.asdict(row.kept) for row in refused])


async def _open_rooms(log: RoomLog, tx: Tx, actor: Actor, world: World, language: str) -> None:
    if world.ended_groups:
        await by_alarms.stop_accepting(tx, world.ended_groups)
    facts = [
        _facts(room, room.opened_by, world.now, language) for room in world.rooms.values() if room.opened_by is not None
    ]
    if facts:
        await open_rooms(log, tx, actor.id, facts)


def _facts(room: Incident, first: Seen, now: datetime, language: str) -> dict[str, Any]:
    return {
        "room_id": room.room_id,
        "title": title(first.text, language),
        "fault": first.text,
        "site": first.site,
        "area": first.area,
        "code": first.code,
        "condition": first.condition,
        "line": first.line,
        "machine": first.machine,
        "category": first.category,
        "severity": first.severity,
        "visibility": "line",
        "grouping_key": room.grouping_key,
        "accepting": True,
        "last_alarm_at": now,
        "first_raised_at": first.source_at or now,
    }


def title(texts: Text, language: str) -> str:
    """The fault in the site's language, else in whatever language it came."""
    return texts.get(language) or next(iter(texts.values()))


async def _append_posts(log: RoomLog, tx: Tx, actor: Actor, world: World) -> None:
    """Append the events of all rooms in decision order; the first brings the message, later ones change its card."""
    if not world.posts:
        return
    rows = await log.append(tx, [New(post.room_id, actor.id, _body(post)) for post in world.posts])
    cards = {post.message_id: store.as_json(post.card) for post in world.posts}
    firsts = [row for post, row in zip(world.posts, rows, strict=True) if post.first]
    new = {post.message_id for post in world.posts if post.first}
    await messages.insert_cards(tx, firsts, cards)
    await messages.update_cards(tx, {place: card for place, card in cards.items() if place not in new})


def _body(post: Posted) -> MessagePosted | OccurrenceChanged:
    if post.first:
        return MessagePosted(post.message_id, "incident_data", post.active_alarms)
    return OccurrenceChanged(post.message_id, post.card, post.active_alarms)
