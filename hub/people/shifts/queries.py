"""Reading the plan: who is on shift, the calendar, and what it is made of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor, at_least
from hub.people.shifts import policy
from hub.people.shifts.policy import Change, Member, Plan, Rostered, Team
from hub.wire.problems import Problem
from hub.wire.shifts import Holiday, NewPattern, NewRoster, OnShift, Override, Pattern, Roster
from hub.wire.views import Person

TEAMS = text("SELECT id, name, lines FROM teams WHERE archived_at IS NULL ORDER BY key, id")
MEMBERS = text(
    "SELECT m.team_id, u.id, u.name, u.kind, bool_or(m.lead) AS lead "
    "FROM team_members m JOIN users u ON u.id = m.user_id "
    "WHERE u.disabled_at IS NULL GROUP BY m.team_id, u.id ORDER BY lead DESC, u.name, u.id"
)
ROSTERS = text(
    "SELECT * FROM shift_rosters WHERE from_day <= :last AND coalesce(until_day, 'infinity') >= :first "
    "ORDER BY from_day, id"
)
PATTERNS = text("SELECT id, pattern FROM shift_patterns ORDER BY created_at, id")
HOLIDAYS = text("SELECT day, name, worked_like FROM plant_holidays WHERE day BETWEEN :first AND :last ORDER BY day")
ALL_OVERRIDES = (
    "SELECT o.*, a.name AS away_name, a.kind AS away_kind, a.disabled_at AS away_disabled, "
    "i.name AS instead_name, i.kind AS instead_kind, i.disabled_at AS instead_disabled, "
    "b.name AS by_name, b.kind AS by_kind FROM shift_overrides o LEFT JOIN users a ON a.id = o.away "
    "LEFT JOIN users i ON i.id = o.instead JOIN users b ON b.id = o.created_by "
)
OVERRIDES = text(f"{ALL_OVERRIDES} WHERE o.starts < :ends AND o.ends > :starts ORDER BY o.starts, o.id")
OVERRIDE = text(f"{ALL_OVERRIDES} WHERE o.id = :id")
ALL_PATTERNS = (
    "SELECT p.id, p.pattern, (SELECT count(*) FROM shift_rosters r WHERE r.pattern_id = p.id) AS rosters "
    "FROM shift_patterns p "
)
PATTERN_LIST = text(f"{ALL_PATTERNS} ORDER BY p.created_at, p.id")
PATTERN = text(f"{ALL_PATTERNS} WHERE p.id = :id")
ALL_ROSTERS = (
    "SELECT r.*, t.name AS team, p.pattern -> 'name' AS pattern FROM shift_rosters r "
    "JOIN teams t ON t.id = r.team_id JOIN shift_patterns p ON p.id = r.pattern_id "
)
ROSTER_LIST = text(f"{ALL_ROSTERS} WHERE t.archived_at IS NULL ORDER BY t.key, r.from_day, r.id")
ROSTER = text(f"{ALL_ROSTERS} WHERE r.id = :id")
ALL_HOLIDAYS = text("SELECT day, name, worked_like FROM plant_holidays ORDER BY day")
HUB_NOW = text("SELECT hub_now()")
MARGIN = timedelta(days=2)  # a shift lasts a day at most, and no zone is further than a day from UTC


async def on_shift(conn: AsyncConnection, line: str | None, at: datetime) -> list[OnShift]:
    """Who is on shift for a line (None = anywhere on the site) at an instant, the leads first."""
    day = at.astimezone(UTC).date()
    return policy.on_shift(await plan(conn, day, day), line, at)


async def plan(conn: AsyncConnection, first: date, last: date) -> Plan:
    """All that decides who is on shift on these dates, with a margin for nights and zones. Disabled people are out."""
    span = {"first": first - MARGIN, "last": last + MARGIN}
    members: dict[UUID, list[Member]] = {}
    for row in await conn.execute(MEMBERS):
        members.setdefault(row.team_id, []).append(Member(Person(row.id, row.name, row.kind), row.lead))
    return Plan(
        {row.id: msgspec.convert(row.pattern, NewPattern) for row in await conn.execute(PATTERNS)},
        [Team(it.id, it.name, tuple(it.lines), tuple(members.get(it.id, ()))) for it in await conn.execute(TEAMS)],
        [
            Rostered(it.team_id, it.pattern_id, it.crew, it.from_day, it.until_day)
            for it in await conn.execute(ROSTERS, span)
        ],
        {it.day: it.worked_like for it in await conn.execute(HOLIDAYS, span)},
        [change(it) for it in await overrides(conn, first - MARGIN, last + MARGIN)],
    )


async def overrides(conn: AsyncConnection, first: date, last: date) -> Sequence[Row[Any]]:
    """Overrides in force on one of these dates, by their start."""
    return list(await conn.execute(OVERRIDES, {"starts": midnight(first), "ends": midnight(last + timedelta(days=1))}))


def midnight(day: date) -> datetime:
    """The UTC instant at which a date begins."""
    return datetime.combine(day, datetime.min.time(), UTC)


def change(row: Row[Any]) -> Change:
    """An override as the policy reads it; a disabled stand-in does not come."""
    away = Person(row.away, row.away_name, row.away_kind) if row.away else None
    comes = row.instead is not None and row.instead_disabled is None
    instead = Person(row.instead, row.instead_name, row.instead_kind) if comes else None
    return Change(row.starts, row.ends, row.team_id, away, instead)


async def now(conn: AsyncConnection) -> datetime:
    """Plant time."""
    found: datetime = (await conn.execute(HUB_NOW)).scalar_one()
    return found


async def pattern_row(conn: AsyncConnection, pattern_id: UUID, field: str | None = None) -> Row[Any]:
    """A pattern, else `not_found`."""
    row = (await conn.execute(PATTERN, {"id": pattern_id})).one_or_none()
    if row is None:
        raise Problem("not_found", field=field)
    return row


async def roster_row(conn: AsyncConnection, roster_id: UUID) -> Row[Any]:
    """A roster, else `not_found`."""
    row = (await conn.execute(ROSTER, {"id": roster_id})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def override_row(conn: AsyncConnection, override_id: UUID) -> Row[Any]:
    """An override, else `not_found`."""
    row = (await conn.execute(OVERRIDE, {"id": override_id})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


def may_change(actor: Actor) -> bool:
    """Whether the actor may change rosters, patterns, overrides and the plant calendar."""
    return at_least(actor, "lead")


def pattern_view(actor: Actor, row: Row[Any]) -> Pattern:
    """A pattern as readers get it."""
    return Pattern(row.id, msgspec.convert(row.pattern, NewPattern), row.rosters, may_change(actor))


def roster_of(row: Row[Any]) -> NewRoster:
    """What a roster says."""
    return NewRoster(row.team_id, row.pattern_id, row.crew, row.from_day, row.until_day)


def roster_view(actor: Actor, row: Row[Any]) -> Roster:
    """A roster as readers get it."""
    return Roster(row.id, roster_of(row), row.team, row.pattern, may_change(actor))


def override_view(actor: Actor, row: Row[Any]) -> Override:
    """An override as readers get it."""
    away = Person(row.away, row.away_name, row.away_kind) if row.away else None
    instead = Person(row.instead, row.instead_name, row.instead_kind) if row.instead else None
    by = Person(row.created_by, row.by_name, row.by_kind)
    return Override(row.id, row.starts, row.ends, row.team_id, away, instead, row.reason, by, may_change(actor))


def holiday_view(row: Row[Any]) -> Holiday:
    """A day of the plant calendar as readers get it."""
    return Holiday(row.day, row.name, row.worked_like)


async def patterns(conn: AsyncConnection, actor: Actor) -> list[Pattern]:
    """All patterns, the oldest first."""
    return [pattern_view(actor, row) for row in await conn.execute(PATTERN_LIST)]


async def rosters(conn: AsyncConnection, actor: Actor) -> list[Roster]:
    """All rosters of teams that are not archived, by team and first day."""
    return [roster_view(actor, row) for row in await conn.execute(ROSTER_LIST)]


async def holidays(conn: AsyncConnection, first: date | None = None, last: date | None = None) -> list[Holiday]:
    """The plant calendar, whole or between two dates."""
    if first is None or last is None:
        return [holiday_view(row) for row in await conn.execute(ALL_HOLIDAYS)]
    return [holiday_view(row) for row in await conn.execute(HOLIDAYS, {"first": first, "last": last})]
