"""Reading the plan: who is on shift, the calendar, and what it is made of."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.shifts import policy
from hub.people.shifts.policy import Change, Member, Plan, Rostered, Team
from hub.wire.shifts import NewPattern, OnShift
from hub.wire.views import Person

TEAMS = text("SELECT id, name, lines FROM teams WHERE archived_at IS NULL ORDER BY name, id")
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
OVERRIDES = text(
    "SELECT o.*, a.name AS away_name, a.kind AS away_kind, a.disabled_at AS away_disabled, "
    "i.name AS instead_name, i.kind AS instead_kind, i.disabled_at AS instead_disabled, "
    "b.name AS by_name, b.kind AS by_kind FROM shift_overrides o LEFT JOIN users a ON a.id = o.away "
    "LEFT JOIN users i ON i.id = o.instead JOIN users b ON b.id = o.created_by "
    "WHERE o.starts < :ends AND o.ends > :starts ORDER BY o.starts, o.id"
)
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
