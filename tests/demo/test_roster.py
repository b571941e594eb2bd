"""The demo line is never without people."""

from datetime import UTC, datetime, timedelta

from hub.base.db import Database
from hub.demo.plant import PLANT
from hub.demo.roster import ROLES, STAFF, staff_demo
from hub.people.shifts.queries import on_shift
from hub.stack.seed import PEOPLE, UNROSTERED


def test_who_is_told_of_at_the_start_works_a_shift_under_the_same_name() -> None:
    staff = {account: (name, ROLES.get(account, "responder")) for team in STAFF for account, name in team.people}
    told = {account: (name, role) for account, name, role in PEOPLE if account not in UNROSTERED}
    assert {account: staff.get(account) for account in told} == told


async def test_somebody_with_a_lead_is_on_shift_for_every_line_at_any_hour(database: Database) -> None:
    await staff_demo(database, "Asia/Taipei", "correct-horse")
    await staff_demo(database, "Asia/Taipei", "correct-horse")
    seen = set()
    async with database.reading() as conn:
        for hour in range(0, 8 * 24, 5):
            at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)
            for line in sorted({machine.line for machine in PLANT}):
                crew = [it for it in await on_shift(conn, line, at) if it.shift != "D"]
                assert [it.lead for it in crew] == [True, False]
                seen.add(crew[0].team)
    assert seen == {it.name for it in STAFF if it.preset == "3x8"}
