"""Who works on the demo line: four crews on 3×8 for the whole site, and a day team for each line."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import insert, select

from hub.base.db import Database
from hub.base.ids import new_id
from hub.people.actions import NewUser, put_user
from hub.people.policy import Actor
from hub.people.shifts.actions import put_pattern, put_roster
from hub.people.shifts.patterns import presets
from hub.people.teams.tables import team_members, teams
from hub.wire.shifts import NewRoster
from hub.wire.views import HubRole

FIRST: Final = date(2020, 1, 1)


class Staff(msgspec.Struct, frozen=True):
    """A team of the demo, its crew of a classic pattern, and its people by account, the lead first."""

    key: str
    name: str
    preset: str
    crew: str
    people: tuple[tuple[str, str], ...]
    lines: tuple[str, ...] = ()


STAFF: Final = (
    Staff("crew-a", "甲班", "3x8", "A", (("lin", "林怡君"), ("wang", "王志明"))),
    Staff("crew-b", "乙班", "3x8", "B", (("chang", "張家豪"), ("chen", "陳淑芬"))),
    Staff("crew-c", "丙班", "3x8", "C", (("li", "李美玲"), ("wu", "吳建宏"))),
    Staff("crew-d", "丁班", "3x8", "D", (("huang", "黃雅雯"), ("liu", "劉俊傑"))),
    Staff("smt-engineers", "SMT 製程", "5day", "A", (("chou", "周志偉"), ("tsai", "蔡佩珊")), ("SMT1",)),
    Staff("dicing-engineers", "切割設備", "5day", "A", (("hsu", "許文彬"), ("cheng", "鄭惠如")), ("DICING",)),
)
ROLES: Final[dict[str, HubRole]] = {it.people[0][0]: "lead" for it in STAFF}


async def staff_demo(db: Database, zone: str, password: str) -> None:
    """Add the demo's people with this password, their teams and their rosters; a second call changes nothing."""
    async with db.reading() as conn:
        if await conn.scalar(select(teams.c.id).where(teams.c.key == STAFF[0].key)):
            return
    ids: dict[str, UUID] = {}
    for account, name in (person for team in STAFF for person in team.people):
        role = ROLES.get(account, "responder")
        ids[account] = await put_user(db, NewUser(account, name, "person", role, password))
    lead = Actor(ids["lin"], "林怡君", "person", "lead")
    classic = {it.key: it.pattern for it in presets(zone)}
    patterns = {key: await put_pattern(db, lead, classic[key]) for key in sorted({it.preset for it in STAFF})}
    for team in STAFF:
        team_id = await _add_team(db, team, ids)
        await put_roster(db, lead, NewRoster(team_id, patterns[team.preset], team.crew, FIRST))


async def _add_team(db: Database, team: Staff, ids: dict[str, UUID]) -> UUID:
    team_id = new_id()
    members = [
        {"team_id": team_id, "user_id": ids[account], "source": "hand", "lead": place == 0}
        for place, (account, _) in enumerate(team.people)
    ]
    async with db.transaction() as tx:
        await tx.execute(insert(teams).values(id=team_id, key=team.key, name=team.name, lines=list(team.lines)))
        await tx.execute(insert(team_members), members)
    return team_id
