"""The lines a person looks after come from their teams."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, text, update

from hub.base.db import Database
from hub.base.ids import new_id
from hub.people.teams.tables import team_members, teams
from tests.plant.people import People

LINES = text("SELECT lines_of(:who)")


async def put_in_team(database: Database, who: UUID, lines: Sequence[str], source: str = "hand") -> UUID:
    team = new_id()
    async with database.transaction() as tx:
        await tx.execute(insert(teams).values(id=team, key=str(team), name="x", lines=list(lines)))
        await tx.execute(insert(team_members).values(team_id=team, user_id=who, source=source))
    return team


async def test_who_is_in_no_team_looks_after_the_whole_site(database: Database, people: People) -> None:
    async with database.reading() as conn:
        assert await conn.scalar(LINES, {"who": people["wang"]}) is None


async def test_lines_of_several_teams_add_up_until_one_has_them_all(database: Database, people: People) -> None:
    wang = people["wang"]
    await put_in_team(database, wang, ["SMT-2", "SMT-1"])
    second = await put_in_team(database, wang, ["SMT-2", "FAB-3"], "directory")
    await put_in_team(database, people["chen"], ["OTHER"])
    async with database.transaction() as tx:
        assert await tx.scalar(LINES, {"who": wang}) == ["FAB-3", "SMT-1", "SMT-2"]
        await tx.execute(update(teams).where(teams.c.id == second).values(archived_at=text("hub_now()")))
        assert await tx.scalar(LINES, {"who": wang}) == ["SMT-1", "SMT-2"]
    whole = await put_in_team(database, wang, [])
    async with database.transaction() as tx:
        assert await tx.scalar(LINES, {"who": wang}) is None
        await tx.execute(delete(team_members).where(team_members.c.team_id == whole))
        assert await tx.scalar(LINES, {"who": wang}) == ["SMT-1", "SMT-2"]
