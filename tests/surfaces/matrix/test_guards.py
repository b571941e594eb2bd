"""The matrix sees a guard that is missing: the hub runs from a copy of its source without one of them."""

import os
import random
from pathlib import Path
from typing import Any, Final

import pytest

from hub.base.db import Database
from tests.plant.processes import HubProcess, Hubs, environment
from tests.surfaces.matrix.guards import Guard, copy_without, guards
from tests.surfaces.matrix.rules import OPERATIONS
from tests.surfaces.matrix.stage import Stage, cells

SOME: Final = 8
# Guards behind which a second one stands, or that ask what no cell can show. Each with its reason.
DOUBLED: Final = {
    'hub/messages/policy.py:check_delete: require(actor, "responder")': "a viewer is never author, owner or admin",
    'hub/messages/actions.py:change: room_policy.check(actor, room, "edit_own")': (
        "an author who reads only: test_editing.py shows it"
    ),
    'hub/people/shifts/routes.py:import_holidays: require(actor, "lead")': (
        "before a file is read; putting days asks again"
    ),
    'hub/people/teams/routes.py:put_team_member: require(actor, "lead")': "the team's own lines are asked too",
    'hub/people/teams/routes.py:remove_team_member: require(actor, "lead")': "the team's own lines are asked too",
    "hub/people/teams/actions.py:_managed: _require(may_manage_members(actor, row.lines))": (
        "leads of other lines: test_teams.py"
    ),
    'hub/rooms/lifecycle/actions.py:change: elif not policy.entitled(actor, room, "post"):': (
        "a move to where it stands: test_closing.py"
    ),
    'hub/rooms/links/actions.py:change: policy.check(actor, target, "merge")': (
        "both rooms of a cell are alike: test_closing.py"
    ),
    'hub/rooms/links/actions.py:change: policy.check(actor, room, "merge")': (
        "both rooms of a cell are alike: test_closing.py"
    ),
    'hub/rooms/links/actions.py:change: policy.check(actor, room, "link")': (
        "both rooms of a cell are alike: test_closing.py"
    ),
    'hub/rooms/links/actions.py:change: policy.check(actor, linked, "link")': (
        "both rooms of a cell are alike: test_closing.py"
    ),
    'hub/rooms/links/actions.py:change: elif not policy.entitled(actor, room, "archive"):': "again: test_closing.py",
    "hub/rooms/links/routes.py:_links: await queries.room_for(conn, actor, room_id)": "linking asked before",
    "hub/rooms/templates/actions.py:replace: check_may_change(actor)": (
        "before the book is locked; what it is about is asked after"
    ),
    "hub/rooms/templates/actions.py:archive: check_may_change(actor)": (
        "before the book is locked; what it is about is asked after"
    ),
    "hub/rooms/templates/actions.py:restore: check_may_change(actor)": (
        "before the book is locked; what it is about is asked after"
    ),
    "hub/rooms/templates/actions.py:change: check_may_change(actor, template, queries.body(row))": (
        "leads of other lines: templates/test_api.py"
    ),
    "hub/rooms/templates/actions.py:change: check_may_change(actor, queries.body(row))": (
        "leads of other lines: templates/test_api.py"
    ),
    "hub/rooms/templates/actions.py:change: check_may_change(actor, former, queries.body(row))": (
        "leads of other lines: templates/test_api.py"
    ),
    "hub/rooms/templates/actions.py:_put: check_may_change(actor, template)": (
        "leads of other lines: templates/test_api.py"
    ),
    "hub/rooms/templates/actions.py:_put: check_may_change(actor, template, before)": (
        "leads of other lines: templates/test_api.py"
    ),
    "hub/rooms/templates/preview.py:preview: policy.check_may_read(actor)": "a machine is no lead",
}


async def reddened(guard: Guard, folder: Path, database_url: str, database: Database) -> list[str]:
    """The first cells that are wrong without a guard."""
    source = copy_without(guard, folder)
    settings = environment(database_url, {"PYTHONPATH": str(source), "PYTHONSAFEPATH": "1"})
    hub = HubProcess(settings, folder / "hub.log")
    try:
        await hub.ready()
        async with hub.client() as http:
            document: dict[str, Any] = (await http.get("/schema/openapi.json")).json()
        stage = await Stage(Hubs([hub], random.Random(0)), database, document).cast()
        refusals = [cell for cell in cells(OPERATIONS) if cell.expected != "ok"]
        wrong = await stage.wrong(refusals, most=1)
        await stage.close()
        return wrong
    finally:
        await hub.stop()


def test_guards_are_found() -> None:
    names = [guard.name for guard in guards()]
    assert len(names) > 30
    assert names == sorted(names, key=lambda name: name.partition(":")[0])
    assert set(DOUBLED) <= set(names)


@pytest.mark.timeout(900)
async def test_a_hub_from_a_copy_that_is_whole_is_green(tmp_path: Path, database_url: str, database: Database) -> None:
    """Else every guard would seem to be seen."""
    nothing = Guard("hub/__init__.py", "", 1, 0, 0, "")
    assert await reddened(nothing, tmp_path, database_url, database) == []


@pytest.mark.timeout(900)
async def test_a_missing_guard_is_seen(
    tmp_path: Path, database_url: str, database: Database, chance: random.Random
) -> None:
    guard = chance.choice([guard for guard in guards() if guard.name not in DOUBLED])
    wrong = await reddened(guard, tmp_path, database_url, database)
    print(f"\nwithout {guard.name} (line {guard.line}): {wrong}")
    assert wrong


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_missing_guards_are_seen(
    tmp_path: Path, database_url: str, database: Database, chance: random.Random
) -> None:
    """Some by chance; with ANDON_GUARDS=all every one of them, and those that are doubled stay unseen."""
    everyone, thorough = guards(), os.environ.get("ANDON_GUARDS") == "all"
    chosen = everyone if thorough else chance.sample([it for it in everyone if it.name not in DOUBLED], SOME)
    unseen: set[str] = set()
    for number, guard in enumerate(chosen):
        wrong = await reddened(guard, tmp_path / str(number), database_url, database)
        print(f"{guard.name} (line {guard.line}): {wrong[0] if wrong else 'NOT SEEN'}")
        if not wrong:
            unseen.add(guard.name)
    print(f"{len(chosen)} of {len(everyone)} guards removed one by one, {len(unseen)} not seen")
    assert unseen == (set(DOUBLED) if thorough else set())
