"""Changing patterns, rosters, overrides and the plant calendar; for leads and admins."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert

from hub.audit.actions import record
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.base.text import blank, checked
from hub.people.policy import Actor, require
from hub.people.shifts import queries
from hub.people.shifts.patterns import check_day, check_instant, check_pattern
from hub.people.shifts.tables import plant_holidays, shift_overrides, shift_patterns, shift_rosters
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.shifts import Holiday, NewOverride, NewPattern, NewRoster

# Whether a roster or an override meets another is asked one after the other.
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(4207850015)")
ROSTER_MEETS = text(
    "SELECT 1 FROM shift_rosters WHERE team_id = :team_id AND id <> :id "
    "AND from_day <= coalesce(CAST(:until_day AS date), 'infinity') AND coalesce(until_day, 'infinity') >= :from_day"
)
OVERRIDE_MEETS = text(
    "SELECT 1 FROM shift_overrides WHERE starts < :ends AND ends > :starts "
    "AND (team_id IS NULL OR CAST(:team_id AS uuid) IS NULL OR team_id = :team_id) "
    "AND (away = ANY(:people) OR instead = ANY(:people))"
)
CREWS_USED = text("SELECT DISTINCT crew FROM shift_rosters WHERE pattern_id = :id")
TEAM = text("SELECT 1 FROM teams WHERE id = :id AND archived_at IS NULL")
ENABLED = text("SELECT count(*) FROM users WHERE id = ANY(:ids) AND disabled_at IS NULL AND kind <> 'machine'")


async def put_pattern(db: Database, actor: Actor, pattern: NewPattern, pattern_id: UUID | None = None) -> UUID:
    """Add a pattern, or give one another content: it then counts for the past too. Returns its id."""
    require(actor, "lead")
    check_pattern(pattern)
    facts = msgspec.to_builtins(pattern)

    async def change(tx: Tx) -> UUID:
        await tx.execute(ONE_AT_A_TIME)
        if pattern_id is None:
            added = new_id()
            await tx.execute(shift_patterns.insert().values(id=added, pattern=facts))
            await record(tx, actor.id, "shift_pattern_added", str(added), name=pattern.name)
            return added
        row = await queries.pattern_row(tx.conn, pattern_id)
        used = set((await tx.execute(CREWS_USED, {"id": pattern_id})).scalars())
        if missing := used - pattern.cycle.keys():
            raise Problem("pattern_in_use", f"A team works as crew {min(missing)}; end its roster first", field="cycle")
        await tx.execute(update(shift_patterns).where(shift_patterns.c.id == pattern_id).values(pattern=facts))
        changed = {"before": row.pattern, "after": facts}
        await record(tx, actor.id, "shift_pattern_changed", str(pattern_id), name=pattern.name, **changed)
        return pattern_id

    return await db.act(change)


async def remove_pattern(db: Database, actor: Actor, pattern_id: UUID) -> None:
    """Remove a pattern that no roster follows, else `pattern_in_use`."""
    require(actor, "lead")

    async def change(tx: Tx) -> None:
        await tx.execute(ONE_AT_A_TIME)
        row = await queries.pattern_row(tx.conn, pattern_id)
        if (await tx.execute(CREWS_USED, {"id": pattern_id})).first():
            raise Problem("pattern_in_use")
        await tx.execute(delete(shift_patterns).where(shift_patterns.c.id == pattern_id))
        await record(tx, actor.id, "shift_pattern_removed", str(pattern_id), name=row.pattern["name"])

    await db.act(change)


async def put_roster(db: Database, actor: Actor, roster: NewRoster, roster_id: UUID | None = None) -> UUID:
    """Add or change a roster; `roster_overlap` when the team has another one on any of its days. Returns its id."""
    require(actor, "lead")
    check_day(roster.from_day, "from_day")
    if roster.until_day is not None:
        check_day(roster.until_day, "until_day")
        if roster.until_day < roster.from_day:
            raise Problem("invalid", "The roster ends before it begins", field="until_day")
    checked(roster.crew)
    row_id = roster_id or new_id()
    facts = msgspec.structs.asdict(roster)

    async def change(tx: Tx) -> UUID:
        await tx.execute(ONE_AT_A_TIME)
        if not await tx.scalar(TEAM, {"id": roster.team_id}):
            raise Problem("not_found", field="team_id")
        followed = await queries.pattern_row(tx.conn, roster.pattern_id, "pattern_id")
        if roster.crew not in followed.pattern["cycle"]:
            raise Problem("invalid", "The pattern has no such crew", field="crew")
        former = None if roster_id is None else await queries.roster_row(tx.conn, roster_id)
        if await tx.scalar(ROSTER_MEETS, {**facts, "id": row_id}):
            raise Problem("roster_overlap", field="from_day")
        kept = insert(shift_rosters).values(id=row_id, **facts)
        await tx.execute(kept.on_conflict_do_update(index_elements=["id"], set_=facts))
        was, now = None if former is None else _told(queries.roster_of(former)), _told(roster)
        action = "roster_added" if was is None else "roster_changed"
        await record(tx, actor.id, action, str(row_id), before=was, after=was and now, **now)
        return row_id

    return await db.act(change)


async def remove_roster(db: Database, actor: Actor, roster_id: UUID) -> None:
    """Remove a roster, for the past too; to end one, give it a last day."""
    require(actor, "lead")

    async def change(tx: Tx) -> None:
        row = await queries.roster_row(tx.conn, roster_id)
        await tx.execute(delete(shift_rosters).where(shift_rosters.c.id == roster_id))
        await record(tx, actor.id, "roster_removed", str(roster_id), team_id=str(row.team_id), crew=row.crew)

    await db.act(change)


def check_override(wanted: NewOverride) -> None:
    """Refuse an override that ends before it starts, runs over a year, or says nothing."""
    check_instant(wanted.starts, "starts")
    check_instant(wanted.ends, "ends")
    if not timedelta() < wanted.ends - wanted.starts <= timedelta(days=limits.OVERRIDE_DAYS):
        raise Problem(
            "invalid", f"It ends after it starts, and {limits.OVERRIDE_DAYS} days later at most", field="ends"
        )
    if wanted.away is None and wanted.instead is None:
        raise Problem("invalid", "Say who is away or who comes", field="away")
    if wanted.away is not None and wanted.away == wanted.instead:
        raise Problem("invalid", "Nobody stands in for themselves", field="instead")
    if wanted.away is None and wanted.team_id is None:
        raise Problem("invalid", "Say for which team they come", field="team_id")
    checked(wanted.reason)


async def add_override(db: Database, actor: Actor, wanted: NewOverride) -> UUID:
    """Depart from the roster for a time; `override_overlap` when one of the two has another one then."""
    require(actor, "lead")
    check_override(wanted)
    override_id, facts = new_id(), msgspec.structs.asdict(wanted)
    people = [it for it in (wanted.away, wanted.instead) if it is not None]

    async def change(tx: Tx) -> UUID:
        await tx.execute(ONE_AT_A_TIME)
        if wanted.team_id is not None and not await tx.scalar(TEAM, {"id": wanted.team_id}):
            raise Problem("not_found", field="team_id")
        if await tx.scalar(ENABLED, {"ids": people}) != len(people):
            raise Problem("not_found", field="away" if wanted.instead is None else "instead")
        if await tx.scalar(OVERRIDE_MEETS, {**facts, "people": people}):
            raise Problem("override_overlap", field="starts")
        await tx.execute(shift_overrides.insert().values(id=override_id, created_by=actor.id, **facts))
        await record(tx, actor.id, "override_added", str(override_id), **_told(wanted))
        return override_id

    return await db.act(change)


async def remove_override(db: Database, actor: Actor, override_id: UUID) -> None:
    """Back to the roster."""
    require(actor, "lead")

    async def change(tx: Tx) -> None:
        row = await queries.override_row(tx.conn, override_id)
        facts: dict[str, Any] = {
            name: str(getattr(row, name)) for name in ("team_id", "away", "instead", "starts", "ends", "reason")
        }
        await tx.execute(delete(shift_overrides).where(shift_overrides.c.id == override_id))
        await record(tx, actor.id, "override_removed", str(override_id), **facts)

    await db.act(change)


async def put_holidays(db: Database, actor: Actor, days: Sequence[Holiday]) -> None:
    """Put days into the plant calendar; those that stand there already are replaced."""
    require(actor, "lead")
    for it in days:
        check_day(it.day, "day")
        if it.like is not None:
            check_day(it.like, "like")
        if blank(checked(it.name)):
            raise Problem("invalid", "The name is blank", field="name")
    rows = {it.day: {"day": it.day, "name": it.name, "worked_like": it.like} for it in days}

    async def change(tx: Tx) -> None:
        kept = insert(plant_holidays).values(list(rows.values()))
        new = {"name": kept.excluded.name, "worked_like": kept.excluded.worked_like}
        await tx.execute(kept.on_conflict_do_update(index_elements=["day"], set_=new))
        await record(tx, actor.id, "holidays_put", "plant", days=[f"{day} {rows[day]['name']}" for day in sorted(rows)])

    await db.act(change)


async def remove_holiday(db: Database, actor: Actor, day: date) -> None:
    """Make it a day like any other."""
    require(actor, "lead")

    async def change(tx: Tx) -> None:
        gone = delete(plant_holidays).where(plant_holidays.c.day == day).returning(plant_holidays.c.name)
        name = await tx.scalar(gone)
        if name is None:
            raise Problem("not_found")
        await record(tx, actor.id, "holiday_removed", str(day), name=name)

    await db.act(change)


def _told(wanted: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(wanted)
    return found
