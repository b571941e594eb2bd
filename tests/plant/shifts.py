"""A team that is on shift round the clock, for tests that need somebody on duty."""

from datetime import date
from uuid import UUID

from sqlalchemy import insert

from hub.base.db import Database
from hub.base.ids import new_id
from hub.people.policy import Actor
from hub.people.shifts.actions import put_pattern, put_roster
from hub.people.teams.tables import team_members, teams
from hub.wire.shifts import NamedShift, NewPattern, NewRoster

ALWAYS = NewPattern(
    {"en": "Always"}, "Asia/Taipei", [NamedShift("D", {"en": "Day"}, "08:00", 24 * 60)], {"A": ["D"]}, date(2026, 1, 5)
)


async def put_on_shift(db: Database, by: Actor, line: str, *users: UUID) -> UUID:
    """Make a team of these users, the first one its lead, that is on shift for the line at any time. Returns its id."""
    team = new_id()
    rows = [{"team_id": team, "user_id": it, "source": "hand", "lead": it == users[0]} for it in users]
    async with db.transaction() as tx:
        await tx.execute(insert(teams).values(id=team, key=str(team), name=f"Team {line}", lines=[line]))
        await tx.execute(insert(team_members), rows)
    await put_roster(db, by, NewRoster(team, await put_pattern(db, by, ALWAYS), "A", ALWAYS.anchor))
    return team
