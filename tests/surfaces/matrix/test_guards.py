"""The matrix sees a guard that is missing: the hub runs from a copy of its source without one of them."""

import random
from pathlib import Path
from typing import Any, Final

import pytest

from hub.base.db import Database
from tests.plant.processes import HubProcess, Hubs, environment
from tests.surfaces.matrix.guards import Guard, copy_without, guards
from tests.surfaces.matrix.rules import OPERATIONS
from tests.surfaces.matrix.stage import Stage, cells

# Guards behind which a second one stands, or that ask what no cell can show. Each with its reason.
DOUBLED: Final = {
    'hub/messages/policy.py:check_delete: require(actor, "responder")': "a viewer is never author, owner or admin",
    "hub/messages/actions.py:change: rooms.writable(actor, room)": "an author who reads only: test_editing.py shows it",
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


async def test_a_hub_from_a_copy_that_is_whole_is_green(tmp_path: Path, database_url: str, database: Database) -> None:
    """Else every guard would seem to be seen."""
    nothing = Guard("hub/__init__.py", "", 1, 0, 0, "")
    assert await reddened(nothing, tmp_path, database_url, database) == []


async def test_a_missing_guard_is_seen(
    tmp_path: Path, database_url: str, database: Database, chance: random.Random
) -> None:
    guard = chance.choice([guard for guard in guards() if guard.name not in DOUBLED])
    wrong = await reddened(guard, tmp_path, database_url, database)
    print(f"\nwithout {guard.name} (line {guard.line}): {wrong}")
    assert wrong


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_every_missing_guard_is_seen(tmp_path: Path, database_url: str, database: Database) -> None:
    unseen: list[str] = []
    doubled: list[str] = []
    for number, guard in enumerate(guards()):
        wrong = await reddened(guard, tmp_path / str(number), database_url, database)
        print(f"{guard.name} (line {guard.line}): {wrong[0] if wrong else 'NOT SEEN'}")
        if not wrong:
            (doubled if guard.name in DOUBLED else unseen).append(guard.name)
    print(f"{len(guards())} guards removed one by one, {len(doubled)} doubled, {len(unseen)} not seen")
    assert unseen == []
    assert set(doubled) == set(DOUBLED)
