"""The shift calendar: teams and their shifts of a span of days, with the people on each. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.people.shifts.policy import (
    EXTRA,
    EXTRA_NAME,
    Duty,
    Plan,
    Shift,
    Team,
    duties,
    extras,
    rostered,
    shifts,
    teams_of,
)
from hub.wire.shifts import CalendarDuty, CalendarShift, CalendarTeam, DutyKind


def rows(plan: Plan, first: date, days: int, line: str | None, zone: str) -> list[CalendarTeam]:
    """A row for each team that looks after the line, also for teams without a roster."""
    found = shifts(plan, first, days, line)
    return [
        _row(plan, team, [it for it in found if it.team.id == team.id], first, days, zone)
        for team in teams_of(plan, line)
    ]


def _row(plan: Plan, team: Team, own: Sequence[Shift], first: date, days: int, zone: str) -> CalendarTeam:
    begin, end = (_midnight(first + timedelta(days=it), zone) for it in (0, days))
    called = [it for it in extras(plan, team) if it.starts < end and it.ends > begin]
    cells = [_cell(plan, it) for it in own] + [_extra(it, max(it.starts, begin), zone) for it in called]
    dates = [first + timedelta(days=it) for it in range(days)]
    alone = Plan(plan.patterns, [team], plan.rosters)
    return CalendarTeam(
        team.id,
        team.name,
        list(team.lines),
        [member.person for member in team.members],
        rostered(alone, None, dates),
        sorted(cells, key=lambda it: (it.day, it.starts)),
    )


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _cell(plan: Plan, shift: Shift) -> CalendarShift:
    people = [_duty(it, "away" if it.away else "stand_in" if it.instead_of else "crew") for it in duties(plan, shift)]
    return CalendarShift(shift.key, shift.name, shift.day, shift.starts, shift.ends, shift.crew, people)


def _extra(duty: Duty, shown: datetime, zone: str) -> CalendarShift:
    day = shown.astimezone(ZoneInfo(zone)).date()
    return CalendarShift(EXTRA, EXTRA_NAME, day, duty.starts, duty.ends, "", [_duty(duty, "extra")])


def _duty(duty: Duty, kind: DutyKind) -> CalendarDuty:
    return CalendarDuty(duty.person, duty.lead, kind, duty.starts, duty.ends, duty.instead_of)
