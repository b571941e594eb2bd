"""What the engine knows and what it decides: plain records, no I/O."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from hub.alarms.observation import Seen
from hub.wire.cards import IncidentData
from hub.wire.views import Severity


class Occurrence(msgspec.Struct):
    """One raise → return of an alarm; without a room it is only logged."""

    occurrence_id: UUID
    alarm_key: str
    card: IncidentData
    room_id: UUID | None = None
    message_id: UUID | None = None
    returned_at: datetime | None = None

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
    last_seen_at: datetime | None = None
    occurrence: Occurrence | None = None
    changed: bool = False


class Incident(msgspec.Struct):
    """A room as the engine sees it."""

    room_id: UUID
    grouping_key: str | None
    accepting: bool
    status: str
    severity: Severity
    active_alarms: int
    last_alarm_at: datetime | None
    opened_by: Seen | None = None
    changed: bool = False


class Decision(msgspec.Struct):
    """The outcome of one observation, for the inbox and the answer."""

    seen: Seen
    outcome: str
    index: int = 0
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
    """What the engine knows and what it decided. Rooms are found by id, accepting ones also by grouping key.

    `occurrences` are those it made or changed, in that order: an old one ends before its successor begins.
    """

    now: datetime
    new_id: Callable[[], UUID]
    alarms: dict[str, Alarm]
    rooms: dict[UUID, Incident]
    inbox: dict[tuple[str, str], UUID | None]
    accepting: dict[str, UUID] = msgspec.field(default_factory=dict)
    decisions: list[Decision] = msgspec.field(default_factory=list)
    occurrences: dict[UUID, Occurrence] = msgspec.field(default_factory=dict)
    posts: list[Posted] = msgspec.field(default_factory=list)
    ended_groups: list[UUID] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        for room in self.rooms.values():
            if room.accepting and room.grouping_key:
                self.accepting[room.grouping_key] = room.room_id
