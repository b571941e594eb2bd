"""Who is on shift. Pure: a plan and an instant in, people out.

A shift belongs to the local date on which it starts, and keeps its wall-clock start and end when the clocks change: the
night of the change is an hour shorter or longer. A roster or a holiday counts for the shifts that start on its dates.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from hub.wire.shifts import NamedShift, NewPattern, OnShift
from hub.wire.views import Person

DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)
EXTRA: Final = "extra"
EXTRA_NAME: Final = {"zh-TW": "加班", "en": "Extra"}


class Member(msgspec.Struct, frozen=True):
    """A person of a team."""

    person: Person
    lead: bool = False


class Team(msgspec.Struct, frozen=True):
    """A team and the lines it looks after; none = the whole site."""

    id: UUID
    name: str
    lines: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()


class Rostered(msgspec.Struct, frozen=True):
    """A team works as a crew of a pattern from a local date on, until and with the last one."""

    team_id: UUID
    pattern_id: UUID
    crew: str
    from_day: date
    until_day: date | None = None


class Change(msgspec.Struct, frozen=True):
    """An override in force from `starts` until before `ends`; see `NewOverride`."""

    starts: datetime
    ends: datetime
    team_id: UUID | None = None
    away: Person | None = None
    instead: Person | None = None


class Plan(msgspec.Struct, frozen=True):
    """All that decides who is on shift. `holidays`: None = closed, a date = worked like that one."""

    patterns: Mapping[UUID, NewPattern] = {}
    teams: Sequence[Team] = ()
    rosters: Sequence[Rostered] = ()
    holidays: Mapping[date, date | None] = {}
    changes: Sequence[Change] = ()


class Shift(msgspec.Struct, frozen=True):
    """A shift of a team on a day, from `starts` until before `ends`."""

    team: Team
    crew: str
    key: str
    name: dict[str, str]
    day: date
    starts: datetime
    ends: datetime


class Duty(msgspec.Struct, frozen=True):
    """A person's part of a shift. `instead_of` is whom they stand in for, `away` tells that they do not come."""

    person: Person
    lead: bool
    starts: datetime
    ends: datetime
    instead_of: Person | None = None
    away: bool = False


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """When the wall clock first shows this local time, or goes past it where the clocks skip it. UTC."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first <= second:
        return first
    skipped = range(int((first - second) / MINUTE))
    return second + MINUTE * bisect_left(skipped, local, key=lambda it: _wall(second + it * MINUTE, zone))


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def worked(pattern: NewPattern, crew: str, day: date, holidays: Mapping[date, date | None]) -> str:
    """The key of the shift that a crew works on a day, "" when it is off."""
    if pattern.observes_holidays and day in holidays:
        like = holidays[day]
        if like is None:
            return ""
        day = like
    days = pattern.cycle.get(crew, [""])
    return days[(day - pattern.anchor).days % len(days)]


def shifts(plan: Plan, first: date, days: int, line: str | None = None) -> list[Shift]:
    """The shifts that start on so many local dates, of the teams that look after a line (None = of all), by time."""
    teams = {team.id: team for team in teams_of(plan, line)}
    found = [
        _shift(plan.patterns[roster.pattern_id], teams[roster.team_id], roster.crew, day, key)
        for roster in plan.rosters
        if roster.team_id in teams and roster.pattern_id in plan.patterns
        for day in _dates(first, days, roster)
        if (key := worked(plan.patterns[roster.pattern_id], roster.crew, day, plan.holidays))
    ]
    return sorted(found, key=lambda it: (it.starts, it.team.name))


def teams_of(plan: Plan, line: str | None) -> list[Team]:
    """The teams that look after a line; of the whole site for None."""
    return [team for team in plan.teams if line is None or not team.lines or line in team.lines]


def _dates(first: date, days: int, roster: Rostered) -> Iterator[date]:
    for number in range(days):
        day = first + number * DAY
        if roster.from_day <= day and (roster.until_day is None or day <= roster.until_day):
            yield day


def _shift(pattern: NewPattern, team: Team, crew: str, day: date, key: str) -> Shift:
    named = next(it for it in pattern.shifts if it.key == key)
    start, zone = starting(named, day), ZoneInfo(pattern.zone)
    ends = instant(start + named.minutes * MINUTE, zone)
    return Shift(team, crew, key, named.name, day, instant(start, zone), ends)


def starting(named: NamedShift, day: date) -> datetime:
    """Local date and time at which a shift starts."""
    return datetime.combine(day, time.fromisoformat(named.start))


def duties(plan: Plan, shift: Shift) -> list[Duty]:
    """Who works which part of a shift, and who is away from it; overrides win over the roster."""
    found = []
    for member in shift.team.members:
        reached = shift.starts
        for change in _changes_of(plan, shift, member.person):
            begin, end = max(change.starts, reached), min(change.ends, shift.ends)
            if begin >= end:
                continue
            if reached < begin:
                found.append(Duty(member.person, member.lead, reached, begin))
            found.append(Duty(member.person, member.lead, begin, end, away=True))
            if change.instead is not None:
                lead = member.lead or _leads(shift.team, change.instead)
                found.append(Duty(change.instead, lead, begin, end, instead_of=member.person))
            reached = end
        if reached < shift.ends:
            found.append(Duty(member.person, member.lead, reached, shift.ends))
    return found


def _changes_of(plan: Plan, shift: Shift, person: Person) -> list[Change]:
    mine = [
        it
        for it in plan.changes
        if it.away is not None and it.away.id == person.id and it.team_id in (None, shift.team.id)
    ]
    return sorted(mine, key=lambda it: it.starts)


def _leads(team: Team, person: Person) -> bool:
    return any(member.lead for member in team.members if member.person.id == person.id)


def extras(plan: Plan, team: Team) -> list[Duty]:
    """Who is called in for a team whatever the pattern says."""
    return [
        Duty(it.instead, _leads(team, it.instead), it.starts, it.ends)
        for it in plan.changes
        if it.away is None and it.instead is not None and it.team_id == team.id
    ]


def on_shift(plan: Plan, line: str | None, at: datetime) -> list[OnShift]:
    """Who is on shift for a line (None = anywhere on the site) at an instant; leads first, nobody twice in a team."""
    # Shifts last a day at most, and no zone is further than a day from UTC.
    around = shifts(plan, at.astimezone(UTC).date() - 2 * DAY, 5, line)
    found = [
        OnShift(duty.person, it.team.id, duty.lead, it.key, it.team.name, it.name, duty.ends, duty.instead_of)
        for it in around
        for duty in duties(plan, it)
        if not duty.away and duty.starts <= at < duty.ends
    ]
    found += [
        OnShift(duty.person, team.id, duty.lead, EXTRA, team.name, EXTRA_NAME, duty.ends)
        for team in teams_of(plan, line)
        for duty in extras(plan, team)
        if duty.starts <= at < duty.ends
    ]
    once = {(it.team_id, it.person.id): it for it in reversed(found)}
    return sorted(once.values(), key=lambda it: (not it.lead, it.team, it.person.name, it.person.id))


def rostered(plan: Plan, line: str | None, days: Iterable[date]) -> bool:
    """Whether any roster speaks of a line on one of these dates."""
    teams, wanted = {team.id for team in teams_of(plan, line)}, list(days)
    return any(roster.team_id in teams and any(_dates(day, 1, roster)) for roster in plan.rosters for day in wanted)
