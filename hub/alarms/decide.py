"""The engine: observations in, a plan of changes out. Pure; time and ids are given, so it runs in a simulator.

| observation | no occurrence | active | returned, room goes on | returned long ago or room ended |
|---|---|---|---|---|
| raise | new: opened, joined or logged | updated, or folded when nothing changed | the same again: updated | new |
| return | logged (`orphan_clear`) | updated | folded | folded |
| says nothing of the state | logged | updated or folded | folded | folded |

An older source time than the last applied is `late`; an inbox key seen before is `duplicate`. Neither changes state.
An active occurrence whose room has ended gives way to a new one when the source reports a new event, or was silent
for the reopen window: cyclic reports of a level do not reopen what a person has just closed.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from hub.alarms.observation import Seen
from hub.alarms.policy import CLOCK_SKEW, OPENS_ROOM, QUIET_GAP, REOPEN_WINDOW, grouping_key, isa_state
from hub.alarms.snapshots import Scope, gone
from hub.alarms.world import Alarm, Decision, Incident, Occurrence, Posted, World
from hub.rooms.policy import ENDED, worse
from hub.wire.cards import IncidentData, OccurrenceState, Times

ROOM_ENDED = "room_ended"


def decide(world: World, steps: Iterable[tuple[int, Seen | Scope]]) -> None:
    """Apply the steps of a request in order, each with its place; what changes is marked in the world."""
    for index, step in steps:
        for seen in gone(world.alarms.values(), step) if isinstance(step, Scope) else [step]:
            decision = _decide_one(world, seen)
            decision.index = index
            if decision.code is None and decision.seen.defects:
                decision.code = decision.seen.defects[0]
            if seen.inbox_key is not None and decision.outcome != "duplicate":
                world.inbox[(seen.source, seen.inbox_key)] = decision.room_id
            world.decisions.append(decision)


def _decide_one(world: World, seen: Seen) -> Decision:
    if seen.inbox_key is not None and (seen.source, seen.inbox_key) in world.inbox:
        return Decision(seen, "duplicate", room_id=world.inbox[(seen.source, seen.inbox_key)])
    alarm = _alarm(world, seen)
    at = _trusted(seen, world.now)
    if seen.source_at is not None and at is None:
        seen = msgspec.structs.replace(seen, defects=(*seen.defects, "clock_skewed"))
    if at and alarm.last_source_at and at < alarm.last_source_at:
        return _about(seen, "late", alarm.occurrence)
    decision = _applied(world, seen, alarm)
    alarm.last_source_at = at or alarm.last_source_at
    alarm.last_seen_at = world.now
    alarm.scope = seen.scope or alarm.scope
    alarm.changed = True
    return decision


def _applied(world: World, seen: Seen, alarm: Alarm) -> Decision:
    if seen.active is True:
        return _raised(world, seen, alarm)
    if seen.active is False:
        return _returned(world, seen, alarm)
    return _updated(world, seen, alarm)


def _trusted(seen: Seen, now: datetime) -> datetime | None:
    """The source's time, unless it lies in the future: such a clock orders nothing and dates nothing."""
    return seen.source_at if seen.source_at and seen.source_at - now <= CLOCK_SKEW else None


def _alarm(world: World, seen: Seen) -> Alarm:
    key = grouping_key(seen.source, seen.site, seen.line, seen.machine, seen.category)
    alarm = world.alarms.get(seen.alarm_key)
    if alarm is None:
        alarm = world.alarms[seen.alarm_key] = Alarm(seen.alarm_key, seen.source, seen.scope, key)
    return alarm


def _about(seen: Seen, outcome: str, occurrence: Occurrence | None) -> Decision:
    if occurrence is None:
        return Decision(seen, outcome)
    return Decision(seen, outcome, room_id=occurrence.room_id, occurrence_id=occurrence.occurrence_id)


def _raised(world: World, seen: Seen, alarm: Alarm) -> Decision:
    occurrence = alarm.occurrence
    if occurrence is not None and occurrence.active:
        if not _outlived_its_room(world, seen, alarm, occurrence):
            return _updated(world, seen, alarm)
        _end_with_room(world, occurrence)
    elif occurrence is not None and _goes_on(world, occurrence):
        return _raised_again(world, seen, alarm, occurrence)
    return _new_occurrence(world, seen, alarm)


def _outlived_its_room(world: World, seen: Seen, alarm: Alarm, occurrence: Occurrence) -> bool:
    if occurrence.room_id is None or world.rooms[occurrence.room_id].status not in ENDED:
        return False
    silent = alarm.last_seen_at is None or world.now - alarm.last_seen_at > REOPEN_WINDOW
    return seen.identified or silent


def _end_with_room(world: World, occurrence: Occurrence) -> None:
    """Nobody saw it return, but its room has ended and its alarm is raised anew."""
    old = occurrence.card
    state = msgspec.structs.replace(old.state, active=False)
    times = msgspec.structs.replace(old.times, returned_at=world.now)
    isa = isa_state(False, state.acked, state.latched)
    occurrence.returned_at = world.now
    _change(world, occurrence, msgspec.structs.replace(old, state=state, times=times, isa=isa, reason=ROOM_ENDED), -1)


def _raised_again(world: World, seen: Seen, alarm: Alarm, occurrence: Occurrence) -> Decision:
    """The same occurrence goes on, counted once more."""
    occurrence.returned_at = None
    card = _card(seen, occurrence.card, world.now)
    card.times.returned_at = None
    card.count = occurrence.card.count + 1
    _change(world, occurrence, card, +1)
    return _about(seen, _entered(world, seen, alarm, occurrence) or "updated", occurrence)


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
    card.times.returned_at = _trusted(seen, world.now) or world.now
    occurrence.returned_at = world.now
    _change(world, occurrence, card, -1)
    return _about(seen, "updated", occurrence)


def _updated(world: World, seen: Seen, alarm: Alarm) -> Decision:
    """The state stays; facts on the card may change, and a logged alarm that got worse may enter a room."""
    occurrence = alarm.occurrence
    if occurrence is None or not occurrence.active:
        return _about(seen, "folded" if occurrence else "logged", occurrence)
    card = _card(seen, occurrence.card, world.now)
    card.state.active = True
    same = _same_facts(card, occurrence.card)
    if not same:
        _change(world, occurrence, card, 0)
    entered = _entered(world, seen, alarm, occurrence)
    return _about(seen, entered or ("folded" if same else "updated"), occurrence)


def _same_facts(one: IncidentData, other: IncidentData) -> bool:
    """Whether a reader would see no difference; the clocks of a repeat alone do not move a card."""
    quiet = {"times": other.times, "raw": other.raw, "defects": other.defects}
    return msgspec.structs.replace(one, **quiet) == other and one.times.acked_at == other.times.acked_at


def _new_occurrence(world: World, seen: Seen, alarm: Alarm) -> Decision:
    alarm.grouping_key = grouping_key(seen.source, seen.site, seen.line, seen.machine, seen.category)
    card = _card(seen, None, world.now)
    card.occurrence_id = world.new_id()
    occurrence = alarm.occurrence = Occurrence(card.occurrence_id, alarm.alarm_key, card)
    world.occurrences[occurrence.occurrence_id] = occurrence
    return _about(seen, _entered(world, seen, alarm, occurrence) or "logged", occurrence)


def _entered(world: World, seen: Seen, alarm: Alarm, occurrence: Occurrence) -> str | None:
    """Bring an occurrence that is in no room into the one of its group, if there is or may be one; how, or None."""
    if occurrence.room_id is not None:
        return None
    room, outcome = _room_for(world, seen, alarm.grouping_key)
    if room is None:
        return None
    occurrence.room_id, occurrence.message_id = room.room_id, world.new_id()
    world.occurrences[occurrence.occurrence_id] = occurrence
    _post(world, room, occurrence, +1, first=True)
    return outcome


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
    world.occurrences[occurrence.occurrence_id] = occurrence
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
    at = _trusted(seen, now) or now
    old = before.times if before else Times(now, at)
    acked_at = (old.acked_at or at) if state.acked else None
    return Times(now, old.raised_at, seen.source_at or old.source_at, old.returned_at, acked_at)
