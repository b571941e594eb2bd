"""REST: teams and their people."""

from typing import Annotated, Any
from uuid import UUID

from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody, QueryParameter

from hub.base.db import Database
from hub.people.policy import Actor, require
from hub.people.teams import actions, queries
from hub.wire.teams import ChangeTeam, NewTeam, PutTeamMember, Team, TeamDetail


async def _detail(db: Database, actor: Actor, team_id: UUID) -> TeamDetail:
    async with db.reading() as conn:
        return await queries.detail(conn, actor, team_id)


@get("/api/teams", tags=["teams"])
async def list_teams(
    db: Given[Database], actor: Given[Actor], archived: Annotated[bool, QueryParameter()] = False
) -> list[Team]:
    """Teams by name; archived ones too if wanted. For responders and above."""
    require(actor, "responder")
    async with db.reading() as conn:
        return await queries.listed(conn, actor, archived)


@post("/api/teams", tags=["teams"])
async def add_team(db: Given[Database], actor: Given[Actor], data: JSONBody[NewTeam]) -> TeamDetail:
    """Make a team; for administrators."""
    return await _detail(db, actor, await actions.add(db, actor, data))


@get("/api/teams/{team_id:str}", tags=["teams"])
async def show_team(db: Given[Database], actor: Given[Actor], team_id: FromPath[UUID]) -> TeamDetail:
    """A team with its people, and whether they are in by hand or by a group of the directory."""
    require(actor, "responder")
    return await _detail(db, actor, team_id)


@patch("/api/teams/{team_id:str}", tags=["teams"])
async def change_team(
    db: Given[Database], actor: Given[Actor], team_id: FromPath[UUID], data: JSONBody[ChangeTeam]
) -> TeamDetail:
    """Change name and lines, archive it or bring it back; for administrators."""
    await actions.change_team(db, actor, team_id, data)
    return await _detail(db, actor, team_id)


@put("/api/teams/{team_id:str}/members/{user_id:str}", tags=["teams"])
async def put_team_member(
    db: Given[Database],
    actor: Given[Actor],
    team_id: FromPath[UUID],
    user_id: FromPath[UUID],
    data: JSONBody[PutTeamMember],
) -> TeamDetail:
    """Put somebody in by hand; for administrators, and for leads whose lines the team's are."""
    require(actor, "lead")
    await actions.put_member(db, actor, team_id, user_id, data.lead)
    return await _detail(db, actor, team_id)


@delete("/api/teams/{team_id:str}/members/{user_id:str}", tags=["teams"])
async def remove_team_member(
    db: Given[Database], actor: Given[Actor], team_id: FromPath[UUID], user_id: FromPath[UUID]
) -> None:
    """Take somebody out who was put in by hand; who is in by a group of the directory leaves by that group."""
    require(actor, "lead")
    await actions.remove_member(db, actor, team_id, user_id)


ROUTES: list[Any] = [list_teams, add_team, show_team, change_team, put_team_member, remove_team_member]
