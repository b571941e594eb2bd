"""Shift patterns, rosters, overrides, the plant calendar, and who is on shift.

Times of day are local to the pattern's IANA zone and stay so when the clocks change; instants are UTC.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.views import Person

ClockTime = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", min_length=5, max_length=5)]
Key = Annotated[str, Meta(min_length=1, max_length=limits.SHIFT_KEY_CHARS)]
Language = Annotated[str, Meta(min_length=1, max_length=16)]
Name = Annotated[str, Meta(min_length=1, max_length=limits.SHIFT_NAME_CHARS)]
Names = Annotated[dict[Language, Name], Meta(min_length=1, max_length=8)]
CrewDay = Annotated[str, Meta(max_length=limits.SHIFT_KEY_CHARS)]
CrewDays = Annotated[list[CrewDay], Meta(min_length=1, max_length=limits.CYCLE_DAYS)]
Reason = Annotated[str, Meta(max_length=limits.SHIFT_REASON_CHARS)]


class NamedShift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift of a pattern: it starts at this local time and lasts so many minutes of the wall clock."""

    key: Key
    name: Names
    start: ClockTime
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)]


class NewPattern(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shift pattern. `cycle` tells for each crew which shift it works on each day of the cycle, "" = off.

    `anchor` is a date that is the cycle's first day. A shift belongs to the date on which it starts. A pattern that
    runs `round_the_clock` leaves no minute without a crew; one that `observes_holidays` follows the plant calendar.
    """

    name: Names
    zone: Annotated[str, Meta(min_length=1, max_length=64)]
    shifts: Annotated[list[NamedShift], Meta(min_length=1, max_length=limits.SHIFTS_PER_PATTERN)]
    cycle: Annotated[dict[Key, CrewDays], Meta(min_length=1, max_length=limits.CREWS)]
    anchor: date
    round_the_clock: bool = True
    observes_holidays: bool = False


class Pattern(msgspec.Struct):
    """A pattern that is kept. `rosters` counts the teams' rosters that follow it."""

    id: UUID
    pattern: NewPattern
    rosters: int
    can_change: bool


class Preset(msgspec.Struct, frozen=True):
    """A classic pattern to start from; its zone is the plant's."""

    key: str
    pattern: NewPattern


class NewRoster(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A team works as a crew of a pattern, from this local date on, until and with the last one (null = open end)."""

    team_id: UUID
    pattern_id: UUID
    crew: Key
    from_day: date
    until_day: date | None = None


class Roster(msgspec.Struct):
    """A roster that is kept."""

    id: UUID
    roster: NewRoster
    team: str
    pattern: dict[str, str]
    can_change: bool


class NewOverride(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What departs from the roster for a time: somebody is away, comes extra, or stands in for the one away.

    `away` alone: not on shift, in this team or (without a team) in any. `away` and `instead`: the second works what the
    first would have worked. `instead` alone: on shift for the team all the time, whatever the pattern says.
    """

    starts: datetime
    ends: datetime
    team_id: UUID | None = None
    away: UUID | None = None
    instead: UUID | None = None
    reason: Reason = ""


class Override(msgspec.Struct):
    """An override that is kept, and who entered it."""

    id: UUID
    starts: datetime
    ends: datetime
    team_id: UUID | None
    away: Person | None
    instead: Person | None
    reason: str
    by: Person | None
    can_change: bool


class Holiday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day of the plant calendar: closed, or worked `like` another date (a make-up day)."""

    day: date
    name: Name
    like: date | None = None


class HolidayList(msgspec.Struct, forbid_unknown_fields=True):
    """Days to put into the plant calendar; a day that stands there already is replaced."""

    holidays: Annotated[list[Holiday], Meta(min_length=1, max_length=limits.HOLIDAYS)]


class CalendarFile(msgspec.Struct, forbid_unknown_fields=True):
    """The text of an iCalendar file (RFC 5545) whose all-day events are closed days."""

    ics: Annotated[str, Meta(min_length=1)]


class OnShift(msgspec.Struct, frozen=True):
    """A person on shift, until when, and for whom they stand in. `shift` is the shift's key, `extra` outside of any."""

    person: Person
    team_id: UUID
    lead: bool
    shift: str
    team: str
    name: dict[str, str]
    ends: datetime
    instead_of: Person | None = None


class OnShiftNow(msgspec.Struct):
    """Who is on shift for a line (null = the whole site) at an instant. `rostered`: a roster covers the line at all."""

    line: str | None
    at: datetime
    rostered: bool
    people: list[OnShift]


DutyKind = Literal["crew", "stand_in", "extra", "away"]


class CalendarDuty(msgspec.Struct, frozen=True):
    """A person's part of a shift; `away` is who would have worked it."""

    person: Person
    lead: bool
    kind: DutyKind
    starts: datetime
    ends: datetime
    other: Person | None = None


class CalendarShift(msgspec.Struct):
    """One shift of a team with the people on it; `key` is `extra` for who is called in outside of the pattern."""

    key: str
    name: dict[str, str]
    day: date
    starts: datetime
    ends: datetime
    crew: str
    people: list[CalendarDuty]


class CalendarTeam(msgspec.Struct):
    """A row of the shift calendar: a team, its people and its shifts in order of time. No `lines` = the whole site."""

    id: UUID
    name: str
    lines: list[str]
    members: list[Person]
    rostered: bool
    shifts: list[CalendarShift]


class ShiftCalendar(msgspec.Struct):
    """The shifts of a span of days. `today` is the plant's date, `zone` the plant's zone."""

    from_day: date
    days: int
    today: date
    zone: str
    teams: list[CalendarTeam]
    holidays: list[Holiday]
    can_change: bool
