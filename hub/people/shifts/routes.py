"""REST: who is on shift, the shift calendar, and what it is made of."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from hub.base.db import Database
from hub.base.settings import Settings
from hub.base.text import checked
from hub.people.policy import Actor, require
from hub.people.shifts import actions, calendar, patterns, policy, queries
from hub.people.shifts.holidays import holidays_of
from hub.wire import limits
from hub.wire.shifts import (
    CalendarFile,
    Holiday,
    HolidayList,
    NewOverride,
    NewPattern,
    NewRoster,
    OnShiftNow,
    Override,
    Pattern,
    Preset,
    Roster,
    ShiftCalendar,
)

Line = Annotated[str | None, QueryParameter(max_length=limits.PLACE_CHARS)]
FromDay = Annotated[date | None, QueryParameter(name="from")]
Days = Annotated[int, QueryParameter(ge=1, le=limits.CALENDAR_DAYS)]


@get("/api/on-shift", tags=["shifts"])
async def on_shift(db: Given[Database], line: Line = None, at: FromQuery[datetime | None] = None) -> OnShiftNow:
    """Who is on shift for a line (without one: anywhere on the site), now or at another time."""
    checked(line or "")
    if at is not None:
        patterns.check_instant(at, "at")
    async with db.reading() as conn:
        at = (at or await queries.now(conn)).astimezone(UTC)
        day = at.date()
        plan = await queries.plan(conn, day, day)
    return OnShiftNow(line, at, policy.rostered(plan, line, [day]), policy.on_shift(plan, line, at))


@get("/api/shifts/calendar", tags=["shifts"])
async def shift_calendar(
    db: Given[Database],
    actor: Given[Actor],
    settings: Given[Settings],
    from_day: FromDay = None,
    days: Days = 7,
    line: Line = None,
) -> ShiftCalendar:
    """The teams and their shifts of some days, from today (of the plant's zone) on unless told otherwise."""
    checked(line or "")
    if from_day is not None:
        patterns.check_day(from_day, "from")
    async with db.reading() as conn:
        today = (await queries.now(conn)).astimezone(ZoneInfo(settings.time_zone)).date()
        first = from_day or today
        last = first + timedelta(days=days - 1)
        plan = await queries.plan(conn, first, last)
        holidays = await queries.holidays(conn, first, last)
    rows = calendar.rows(plan, first, days, line, settings.time_zone)
    return ShiftCalendar(first, days, today, settings.time_zone, rows, holidays, queries.may_change(actor))


@get("/api/shifts/presets", tags=["shifts"])
async def list_presets(settings: Given[Settings]) -> list[Preset]:
    """Classic patterns to start from: 3×8, 2×12, 做二休二, Monday to Friday."""
    return patterns.presets(settings.time_zone)


async def _pattern(db: Database, actor: Actor, pattern_id: UUID) -> Pattern:
    async with db.reading() as conn:
        return queries.pattern_view(actor, await queries.pattern_row(conn, pattern_id))


@get("/api/shifts/patterns", tags=["shifts"])
async def list_patterns(db: Given[Database], actor: Given[Actor]) -> list[Pattern]:
    """All patterns, the oldest first."""
    async with db.reading() as conn:
        return await queries.patterns(conn, actor)


@post("/api/shifts/patterns", tags=["shifts"])
async def add_pattern(db: Given[Database], actor: Given[Actor], data: JSONBody[NewPattern]) -> Pattern:
    """Add a pattern; for leads and admins."""
    return await _pattern(db, actor, await actions.put_pattern(db, actor, data))


@put("/api/shifts/patterns/{pattern_id:str}", tags=["shifts"])
async def change_pattern(
    db: Given[Database], actor: Given[Actor], pattern_id: FromPath[UUID], data: JSONBody[NewPattern]
) -> Pattern:
    """Give a pattern another content, for the past too; for leads and admins."""
    return await _pattern(db, actor, await actions.put_pattern(db, actor, data, pattern_id))


@delete("/api/shifts/patterns/{pattern_id:str}", tags=["shifts"])
async def remove_pattern(db: Given[Database], actor: Given[Actor], pattern_id: FromPath[UUID]) -> None:
    """Remove a pattern that no roster follows; for leads and admins."""
    await actions.remove_pattern(db, actor, pattern_id)


async def _roster(db: Database, actor: Actor, roster_id: UUID) -> Roster:
    async with db.reading() as conn:
        return queries.roster_view(actor, await queries.roster_row(conn, roster_id))


@get("/api/shifts/rosters", tags=["shifts"])
async def list_rosters(db: Given[Database], actor: Given[Actor]) -> list[Roster]:
    """Which team works as which crew of which pattern, and when."""
    async with db.reading() as conn:
        return await queries.rosters(conn, actor)


@post("/api/shifts/rosters", tags=["shifts"])
async def add_roster(db: Given[Database], actor: Given[Actor], data: JSONBody[NewRoster]) -> Roster:
    """A team works as a crew from a date on; for leads and admins."""
    return await _roster(db, actor, await actions.put_roster(db, actor, data))


@put("/api/shifts/rosters/{roster_id:str}", tags=["shifts"])
async def change_roster(
    db: Given[Database], actor: Given[Actor], roster_id: FromPath[UUID], data: JSONBody[NewRoster]
) -> Roster:
    """Change a roster, for example give it a last day; for leads and admins."""
    return await _roster(db, actor, await actions.put_roster(db, actor, data, roster_id))


@delete("/api/shifts/rosters/{roster_id:str}", tags=["shifts"])
async def remove_roster(db: Given[Database], actor: Given[Actor], roster_id: FromPath[UUID]) -> None:
    """Remove a roster, for the past too; for leads and admins."""
    await actions.remove_roster(db, actor, roster_id)


@get("/api/shifts/overrides", tags=["shifts"])
async def list_overrides(
    db: Given[Database], actor: Given[Actor], from_day: FromDay = None, days: Days = limits.CALENDAR_DAYS
) -> list[Override]:
    """What departs from the roster on some days (UTC), by its start; from today on unless told otherwise."""
    if from_day is not None:
        patterns.check_day(from_day, "from")
    async with db.reading() as conn:
        first = from_day or (await queries.now(conn)).date()
        rows = await queries.overrides(conn, first, first + timedelta(days=days - 1))
        return [queries.override_view(actor, row) for row in rows]


@post("/api/shifts/overrides", tags=["shifts"])
async def add_override(db: Given[Database], actor: Given[Actor], data: JSONBody[NewOverride]) -> Override:
    """Somebody is away, stands in, or comes extra, for a time; for leads and admins."""
    override_id = await actions.add_override(db, actor, data)
    async with db.reading() as conn:
        return queries.override_view(actor, await queries.override_row(conn, override_id))


@delete("/api/shifts/overrides/{override_id:str}", tags=["shifts"])
async def remove_override(db: Given[Database], actor: Given[Actor], override_id: FromPath[UUID]) -> None:
    """Back to the roster; for leads and admins."""
    await actions.remove_override(db, actor, override_id)


@get("/api/shifts/holidays", tags=["shifts"])
async def list_holidays(db: Given[Database]) -> list[Holiday]:
    """The plant calendar."""
    async with db.reading() as conn:
        return await queries.holidays(conn)


@put("/api/shifts/holidays", tags=["shifts"])
async def put_holidays(db: Given[Database], actor: Given[Actor], data: JSONBody[HolidayList]) -> list[Holiday]:
    """Put days into the plant calendar; for leads and admins."""
    await actions.put_holidays(db, actor, data.holidays)
    async with db.reading() as conn:
        return await queries.holidays(conn)


@post("/api/shifts/holidays/import", tags=["shifts"], status_code=200)
async def import_holidays(db: Given[Database], actor: Given[Actor], data: JSONBody[CalendarFile]) -> list[Holiday]:
    """Close the days of an iCalendar file's all-day events; answers with those days. For leads and admins."""
    require(actor, "lead")
    found = await asyncio.to_thread(holidays_of, data.ics)  # a large file takes a while to parse
    await actions.put_holidays(db, actor, found)
    return found


@delete("/api/shifts/holidays/{day:str}", tags=["shifts"])
async def remove_holiday(db: Given[Database], actor: Given[Actor], day: FromPath[date]) -> None:
    """Make a day of the plant calendar one like any other; for leads and admins."""
    await actions.remove_holiday(db, actor, day)


ROUTES: list[Any] = [
    on_shift,
    shift_calendar,
    list_presets,
    list_patterns,
    add_pattern,
    change_pattern,
    remove_pattern,
    list_rosters,
    add_roster,
    change_roster,
    remove_roster,
    list_overrides,
    add_override,
    remove_override,
    list_holidays,
    put_holidays,
    import_holidays,
    remove_holiday,
]
