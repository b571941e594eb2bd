"""The engine: observations in, a plan of changes out. Pure; time and ids are given, so it runs in a simulator.

| observation | no occurrence | active | returned, room goes on | returned long ago or room ended |
|---|---|---|---|---|
| raise | new: opened, joined or logged | updated, or folded when nothing changed | the same again: updated | new |
| return | logged (`orphan_clear`) | updated | folded | folded |
| says nothing of the state | logged | updated or folded | folded | folded |

An older source time than the last applied is `late`; an inbox key seen before is `duplicate`. Neither changes state.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from hub.alarms.observation import Seen
from hub.alarms.policy import OPENS_ROOM, QUIET_GAP, REOPEN_WINDOW, grouping_key, isa_state
from hub.rooms.policy import ENDED, worse
from hub.wire.views import IncidentData, OccurrenceState, Times


class Occurrence(msgspec.Struct):
    """One raise → return of an alarm; without a room it is only logged."""

    occurrence_id: UUID
    card: IncidentData
    room_id: UUID | None = None
    message_id: UUID | None = None
    returned_at: datetime | None = None
    is_new: bool = False
    changed: bool = False

    @property
    def active(self) -> bool:
        """Whether the alarm is raised now."""
        return bool(self.card.state.active)


class Alarm(msgspec.Struct):
    """A condition and its newest occurrence."""

    alarm_key: str
    source: str
    scope: str | None
    grouping_key: str
    last_source_at: datetime | None = None
    occurrence: Occurrence | None = None
    changed: bool = False


class Incident(msgspec.Struct):
    """A room as the engine sees it."""

    room_id: UUID
    grouping_key: str | None
    accepting: bool
    status: str
    severity: str
    active_alarms: int
    last_alarm_at: datetime | None
    opened_by: Seen | None = None
    changed: bool = False


class Decision(msgspec.Struct):
    """The outcome of one observation, for the inbox and the answer."""

    seen: Seen
    outcome: str
    room_id: UUID | None = None
    occurrence_id: UUID | None = None
    code: str | None = None


class Posted(msgspec.Struct):
    """An occurrence enters its room, or its card there changes; `active_alarms` is the room's count after it."""

    occurrence: Occurrence
    room_id: UUID
    message_id: UUID
    card: IncidentData
    active_alarms: int
    first: bool


class World(msgspec.Struct):
    """What the engine knows and what it decided. Rooms are found by id, accepting ones also by grouping key."""

    now: datetime
    new_id: Callable[[], UUID]
    alarms: dict[str, Alarm]
    rooms: dict[UUID, Incident]
    inbox: dict[tuple[str, str], UUID | None]
    accepting: dict[str, UUID] = msgspec.field(default_factory=dict)
    decisions: list[Decision] = msgspec.field(default_factory=list)
    posts: list[Posted] = msgspec.field(default_factory=list)
    ended_groups: list[UUID] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        for room in self.rooms.values():
            if room.accepting and room.grouping_key:
                self.accepting[room.grouping_key] = room.room_id


def decide(world: World, observations: Iterable[Seen]) -> None:
    """Apply observations in order; what changes is marked in the world."""
    for seen in observations:
        decision = _decide_one(world, seen)
        if decision.code is None and seen.defects:
            decision.code = seen.defects[0]
        if seen.inbox_key is not None and decision.outcome != "duplicate":
            world.inbox[(seen.source, seen.inbox_key)] = decision.room_id
        world.decisions.append(decision)


def _decide_one(world: World, seen: Seen) -> Decision:
    if seen.inbox_key is not None and (seen.source, seen.inbox_key) in world.inbox:
        return Decision(seen, "duplicate", world.inbox[(seen.source, seen.inbox_key)])
    alarm = _alarm(world, seen)
    if seen.source_at and alarm.last_source_at and seen.source_at < alarm.last_source_at:
        return _about(seen, "late", alarm.occurrence)
    alarm.last_source_at = seen.source_at or alarm.last_source_at
    alarm.scope = seen.scope or alarm.scope
    alarm.changed = True
    if seen.active is True:
        return _raised(world, seen, alarm)
    if seen.active is False:
        return _returned(world, seen, alarm)
    return _updated(world, seen, alarm)


def _alarm(world: World, seen: Seen) -> Alarm:
    key = grouping_key(seen.source, seen.site, seen.line, seen.machine, seen.category)
    alarm = world.alarms.get(seen.alarm_key)
    if alarm is None:
        alarm = world.alarms[seen.alarm_key] = Alarm(seen.alarm_key, seen.source, seen.scope, key)
    return alarm


def _about(seen: Seen, outcome: str, occurrence: Occurrence | None, code: str | None = None) -> Decision:
    if occurrence is None:
        return Decision(seen, outcome, code=code)
    return Decision(seen, outcome, occurrence.room_id, occurrence.occurrence_id, code)


def _raised(world: World, seen: Seen, alarm: Alarm) -> Decision:
    occurrence = alarm.occurrence
    if occurrence is not None and occurrence.active:
        return _updated(world, seen, alarm)
    if occurrence is not None and _goes_on(world, occurrence):
        occurrence.returned_at = None
        card = _card(seen, occurrence.card, world.now)
        card.times.returned_at = None
        card.count = occurrence.card.count + 1
        _change(world, occurrence, card, +1)
        return _about(seen, "updated", occurrence)
    return _new_occurrence(world, seen, alarm)


def _goes_on(world: World, occurrence: Occurrence) -> bool:
    """Whether a re-raise now is still the same occurrence: soon after its return, in a room that has not ended."""
    if occurrence.returned_at is None or world.now - occurrence.returned_at > REOPEN_WINDOW:
        return False
    return occurrence.room_id is None or world.rooms[occurrence.room_id].status not in ENDED


def _returned(world: World, seen: Seen, alarm: Alarm) -> Decision:
    occurrence = alarm.occurrence
    if occurrence is None:
        return Decision(seen, "logged", code="orphan_clear")
    if not occurrence.active:
        return _about(seen, "folded", occurrence)
    card = _card(seen, occurrence.card, world.now)
    card.times.returned_at = seen.source_at or world.now
    occurrence.returned_at = world.now
    _change(world, occurrence, card, -1)
    return _about(seen, "updated", occurrence)


def _updated(world: World, seen: Seen, alarm: Alarm) -> Decision:
    """The state stays; facts on the card may change."""
    occurrence = alarm.occurrence
    if occurrence is None or not occurrence.active:
        return _about(seen, "folded" if occurrence else "logged", occurrence)
    card = _card(seen, occurrence.card, world.now)
    card.state.active = True
    if _same_facts(card, occurrence.card):
        return _about(seen, "folded", occurrence)
    _change(world, occurrence, card, 0)
    return _about(seen, "updated", occurrence)


def _same_facts(one: IncidentData, other: IncidentData) -> bool:
    """Whether a reader would see no difference; the clocks of a repeat alone do not move a card."""
    quiet = {"times": other.times, "raw": other.raw, "defects": other.defects}
    return msgspec.structs.replace(one, **quiet) == other and one.times.acked_at == other.times.acked_at


def _new_occurrence(world: World, seen: Seen, alarm: Alarm) -> Decision:
    alarm.grouping_key = grouping_key(seen.source, seen.site, seen.line, seen.machine, seen.category)
    card = _card(seen, None, world.now)
    occurrence = Occurrence(card.occurrence_id, card, is_new=True)
    card.occurrence_id = occurrence.occurrence_id = world.new_id()
    alarm.occurrence = occurrence
    room, outcome = _room_for(world, seen, alarm.grouping_key)
    if room is None:
        return _about(seen, "logged", occurrence)
    occurrence.room_id, occurrence.message_id = room.room_id, world.new_id()
    _post(world, room, occurrence, +1, first=True)
    return _about(seen, outcome, occurrence)


def _room_for(world: World, seen: Seen, group: str) -> tuple[Incident | None, str]:
    """One accepting room per group; whoever finds its quiet gap passed ends it and opens the next."""
    room = world.rooms.get(world.accepting[group]) if group in world.accepting else None
    if room is not None and room.last_alarm_at is not None and world.now - room.last_alarm_at >= QUIET_GAP:
        room.accepting = False
        world.ended_groups.append(room.room_id)
        del world.accepting[group]
        room = None
    if room is not None:
        return room, "joined"
    if seen.severity not in OPENS_ROOM:
        return None, "logged"
    room = Incident(world.new_id(), group, True, "open", seen.severity, 0, world.now, opened_by=seen)
    world.rooms[room.room_id] = room
    world.accepting[group] = room.room_id
    return room, "opened"


def _change(world: World, occurrence: Occurrence, card: IncidentData, step: int) -> None:
    occurrence.card = card
    occurrence.changed = True
    if occurrence.room_id is not None:
        _post(world, world.rooms[occurrence.room_id], occurrence, step, first=False)


def _post(world: World, room: Incident, occurrence: Occurrence, step: int, *, first: bool) -> None:
    room.active_alarms += step
    room.last_alarm_at = world.now
    room.changed = True
    if worse(occurrence.card.severity, room.severity) and occurrence.active:
        room.severity = occurrence.card.severity
    if occurrence.message_id is None:
        return
    card = msgspec.structs.replace(occurrence.card)
    world.posts.append(Posted(occurrence, room.room_id, occurrence.message_id, card, room.active_alarms, first))


STICKY = ("code", "condition", "value", "limit", "unit", "site", "line", "machine", "station", "native_severity", "raw")


def _card(seen: Seen, before: IncidentData | None, now: datetime) -> IncidentData:
    """The card after an observation; what the source does not say stays as it was."""
    facts = {name: getattr(seen, name) for name in STICKY}
    if before is not None:
        facts = {name: getattr(before, name) if value is None else value for name, value in facts.items()}
    state = _state(seen, before)
    described = before if before is not None and not seen.active else seen
    return IncidentData(
        occurrence_id=before.occurrence_id if before else UUID(int=0),
        alarm_key=seen.alarm_key,
        source=seen.source,
        key=seen.key,
        text=described.text,
        severity=described.severity,
        state=state,
        isa=isa_state(state.active, state.acked, state.latched),
        times=_times(seen, before, state, now),
        count=before.count if before else 1,
        category=seen.category,  # type: ignore[arg-type]
        quality=seen.quality,  # type: ignore[arg-type]
        reason=seen.reason,
        defects=list(seen.defects),
        **facts,
    )


def _state(seen: Seen, before: IncidentData | None) -> OccurrenceState:
    old = before.state if before else OccurrenceState(None, None)
    acked = old.acked if seen.acked is None else seen.acked
    active = old.active if seen.active is None else seen.active
    return OccurrenceState(active, acked, seen.latched, stale=seen.quality == "stale")


def _times(seen: Seen, before: IncidentData | None, state: OccurrenceState, now: datetime) -> Times:
    old = before.times if before else Times(now, seen.source_at or now)
    acked_at = (old.acked_at or seen.source_at or now) if state.acked else None
    return Times(now, old.raised_at, seen.source_at or old.source_at, old.returned_at, acked_at)
