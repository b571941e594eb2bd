"""The engine's world in the database: locked and loaded in bulk, written back in bulk."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.alarms.world import Alarm, Incident, Occurrence, World
from hub.wire.cards import IncidentData

GROUPS = "SELECT DISTINCT grouping_key FROM alarms WHERE alarm_key = ANY($1::text[])"
# LATERAL … LIMIT: looked up by the index, one by one; a hash join would read every occurrence for each batch.
ALARMS = """
SELECT a.alarm_key, a.source_id, a.scope, a.grouping_key, a.last_source_at, a.updated_at,
       o.occurrence_id, o.room_id, o.message_id, o.returned_at, o.card::text AS card
FROM alarms a
LEFT JOIN LATERAL (SELECT * FROM occurrences n WHERE n.occurrence_id = a.occurrence_id LIMIT 1) o ON true
WHERE a.alarm_key = ANY($1::text[])
"""
ACTIVE_IN_SCOPE = """
SELECT a.alarm_key FROM alarms a JOIN occurrences o ON o.occurrence_id = a.occurrence_id
WHERE o.active AND (a.source_id, a.scope) IN (SELECT * FROM unnest($1::text[], $2::text[]))
"""
ACCEPTING = """
SELECT grouping_key, room_id FROM incident_rooms WHERE accepting AND grouping_key = ANY($1::text[])
UNION ALL
SELECT m.grouping_key, m.room_id FROM merged_groups m JOIN incident_rooms r ON r.room_id = m.room_id AND r.accepting
WHERE m.grouping_key = ANY($1::text[])
"""
ROOMS = """
SELECT room_id, grouping_key, accepting, status, severity, active_alarms, last_alarm_at
FROM incident_rooms WHERE room_id = ANY($1::uuid[])
"""
INBOX = """
SELECT source_id, inbox_key, room_id FROM alarm_inbox
WHERE (source_id, inbox_key) IN (SELECT * FROM unnest($1::text[], $2::text[])) AND inbox_key IS NOT NULL
"""
PUT_SOURCES = """
INSERT INTO sources (source_id) SELECT DISTINCT s FROM unnest($1::text[]) s ORDER BY s
ON CONFLICT (source_id) DO UPDATE SET last_seen_at = hub_now()
"""
PUT_ALARMS = """
INSERT INTO alarms (alarm_key, source_id, scope, grouping_key, last_source_at, occurrence_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[])
ON CONFLICT (alarm_key) DO UPDATE SET scope = excluded.scope, grouping_key = excluded.grouping_key,
    last_source_at = excluded.last_source_at, occurrence_id = excluded.occurrence_id, updated_at = hub_now()
"""
PUT_OCCURRENCES = """
INSERT INTO occurrences (occurrence_id, alarm_key, room_id, message_id, active, raised_at, returned_at, card)
SELECT id, alarm, room, message, active, raised, returned, card::jsonb
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bool[], $6::timestamptz[], $7::timestamptz[],
            $8::text[]) AS given(id, alarm, room, message, active, raised, returned, card)
ON CONFLICT (occurrence_id) DO UPDATE SET room_id = excluded.room_id, message_id = excluded.message_id,
    active = excluded.active, returned_at = excluded.returned_at, card = excluded.card
"""
PUT_INBOX = """
INSERT INTO alarm_inbox (source_id, inbox_key, alarm_key, source_at, active, outcome, code, room_id, occurrence_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::bool[], $6::text[], $7::text[],
                     $8::uuid[], $9::uuid[])
"""


async def groups_of(driver: Any, keys: Sequence[str]) -> set[str]:
    """Grouping keys that alarms have now."""
    return {row["grouping_key"] for row in await driver.fetch(GROUPS, list(keys))}


async def load_alarms(driver: Any, keys: Sequence[str]) -> dict[str, Alarm]:
    """Alarms with their newest occurrence."""
    return {row["alarm_key"]: _alarm(row) for row in await driver.fetch(ALARMS, list(keys))}


def _alarm(row: Any) -> Alarm:
    occurrence = None
    if row["occurrence_id"] is not None:
        card = msgspec.json.decode(row["card"], type=IncidentData)
        known = (row["room_id"], row["message_id"], row["returned_at"])
        occurrence = Occurrence(row["occurrence_id"], row["alarm_key"], card, *known)
    return Alarm(
        row["alarm_key"],
        row["source_id"],
        row["scope"],
        row["grouping_key"],
        row["last_source_at"],
        row["updated_at"],
        occurrence,
    )


async def active_in_scopes(driver: Any, scopes: Sequence[tuple[str, str]]) -> list[str]:
    """Keys of the active alarms of (source, scope) pairs."""
    rows = await driver.fetch(ACTIVE_IN_SCOPE, [source for source, _ in scopes], [scope for _, scope in scopes])
    return [row["alarm_key"] for row in rows]


async def accepting_rooms(driver: Any, groups: Sequence[str]) -> dict[str, UUID]:
    """Rooms that take in alarms of these groups: their own, else the one theirs was merged into."""
    found: dict[str, UUID] = {}
    for row in await driver.fetch(ACCEPTING, list(groups)):
        found.setdefault(row["grouping_key"], row["room_id"])
    return found


async def load_world(
    driver: Any,
    now: datetime,
    new_id: Callable[[], UUID],
    alarms: dict[str, Alarm],
    rooms: Iterable[UUID],
    inbox_keys: Sequence[tuple[str, str]],
    accepting: dict[str, UUID],
) -> World:
    """What the engine must know; the rooms are locked already, so this statement sees them as they stay."""
    incidents = {row["room_id"]: Incident(*row.values()) for row in await driver.fetch(ROOMS, list(rooms))}
    known = await driver.fetch(INBOX, [source for source, _ in inbox_keys], [key for _, key in inbox_keys])
    inbox = {(row["source_id"], row["inbox_key"]): row["room_id"] for row in known}
    taking = {key: room for key, room in accepting.items() if incidents[room].accepting}
    return World(now, new_id, alarms, incidents, inbox, taking)


async def write(driver: Any, world: World) -> None:
    """Write alarms, occurrences, inbox rows and sources. Rooms, messages and events are the action's."""
    alarms = [alarm for alarm in world.alarms.values() if alarm.changed]
    changed = list(world.occurrences.values())
    await driver.execute(PUT_SOURCES, [decision.seen.source for decision in world.decisions])
    await driver.execute(
        PUT_ALARMS,
        [alarm.alarm_key for alarm in alarms],
        [alarm.source for alarm in alarms],
        [alarm.scope for alarm in alarms],
        [alarm.grouping_key for alarm in alarms],
        [alarm.last_source_at for alarm in alarms],
        [alarm.occurrence.occurrence_id if alarm.occurrence else None for alarm in alarms],
    )
    await driver.execute(
        PUT_OCCURRENCES,
        [occurrence.occurrence_id for occurrence in changed],
        [occurrence.alarm_key for occurrence in changed],
        [occurrence.room_id for occurrence in changed],
        [occurrence.message_id for occurrence in changed],
        [occurrence.active for occurrence in changed],
        [occurrence.card.times.raised_at for occurrence in changed],
        [occurrence.returned_at for occurrence in changed],
        [as_json(occurrence.card) for occurrence in changed],
    )
    await _write_inbox(driver, world)


async def _write_inbox(driver: Any, world: World) -> None:
    rows = world.decisions
    await driver.execute(
        PUT_INBOX,
        [row.seen.source for row in rows],
        [None if row.outcome == "duplicate" else row.seen.inbox_key for row in rows],
        [row.seen.alarm_key for row in rows],
        [row.seen.source_at for row in rows],
        [row.seen.active for row in rows],
        [row.outcome for row in rows],
        [row.code for row in rows],
        [row.room_id for row in rows],
        [row.occurrence_id for row in rows],
    )


def as_json(card: IncidentData) -> str:
    """The card as stored."""
    return msgspec.json.encode(card).decode()
