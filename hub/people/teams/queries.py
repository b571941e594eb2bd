"""Reading teams."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.people.teams.policy import may_edit, may_manage_members
from hub.wire.problems import Problem
from hub.wire.teams import Team, TeamCan, TeamDetail, TeamMember
from hub.wire.views import Person

TEAM = (
    "SELECT t.*, (SELECT count(DISTINCT m.user_id) FROM team_members m JOIN users u ON u.id = m.user_id "
    "WHERE m.team_id = t.id AND u.disabled_at IS NULL) AS members FROM teams t"
)
ALL = text(f"{TEAM} WHERE :archived OR t.archived_at IS NULL ORDER BY t.archived_at IS NOT NULL, t.name, t.id")
ONE = text(f"{TEAM} WHERE t.id = :id")
PEOPLE = text(
    "SELECT u.id, u.name, u.kind, bool_or(m.lead) AS lead, array_agg(m.source ORDER BY m.source) AS sources "
    "FROM team_members m JOIN users u ON u.id = m.user_id WHERE m.team_id = :id AND u.disabled_at IS NULL "
    "GROUP BY u.id ORDER BY u.name, u.id"
)


async def row_of(conn: AsyncConnection, team_id: UUID) -> Row[Any]:
    """Row of a team, else `not_found`."""
    row = (await conn.execute(ONE, {"id": team_id})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def listed(conn: AsyncConnection, actor: Actor, archived: bool) -> list[Team]:
    """Teams by name, archived ones last if they are wanted."""
    return [view(row, actor) for row in await conn.execute(ALL, {"archived": archived})]


async def detail(conn: AsyncConnection, actor: Actor, team_id: UUID) -> TeamDetail:
    """A team with its people; disabled ones are left out."""
    team = view(await row_of(conn, team_id), actor)
    rows = await conn.execute(PEOPLE, {"id": team_id})
    return TeamDetail(team, [TeamMember(Person(row.id, row.name, row.kind), row.lead, row.sources) for row in rows])


def view(row: Row[Any], actor: Actor) -> Team:
    """A team as readers get it."""
    can = TeamCan(may_edit(actor), row.archived_at is None and may_manage_members(actor, row.lines))
    return Team(row.id, row.key, row.name, list(row.lines), row.members, row.created_at, row.archived_at, can)
