"""The matrix of rights, played whole over two hubs."""

from collections import Counter
from typing import Any

import pytest

from hub.base.db import Database
from tests.plant.processes import Hubs
from tests.surfaces.matrix.rules import ACTORS, OPERATIONS, table
from tests.surfaces.matrix.stage import COMMANDS, Stage, base, cells

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
async def document(hub_pair: Any) -> dict[str, Any]:
    async with hub_pair[0].client() as http:
        found: dict[str, Any] = (await http.get("/schema/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> list[str]:
    """Everything a client can ask for: the API document's operations, and the commands of the socket."""
    paths = document["paths"].items()
    over_rest = [f"{method.upper()} {path}" for path, parts in paths for method in METHODS if method in parts]
    return over_rest + list(COMMANDS)


def test_every_operation_is_classified(document: dict[str, Any]) -> None:
    """A new operation fails here until it has its line in OPERATIONS."""
    assert sorted(operations(document)) == sorted({base(operation) for operation in OPERATIONS})
    unknown = {rule for rule in OPERATIONS.values() if not {rule, f"{rule}, line"} & table().keys()}
    assert unknown == set()


@pytest.mark.timeout(1200)
async def test_everybody_gets_what_the_table_says(hubs: Hubs, database: Database, document: dict[str, Any]) -> None:
    stage = await Stage(hubs, database, document).cast()
    played = cells(OPERATIONS)
    wrong = await stage.wrong(played)
    await stage.close()
    codes = Counter(cell.expected for cell in played)
    print(f"\n{len(played)} cells: {len(OPERATIONS)} operations, {len(ACTORS)} actors; expected {dict(codes)}")
    assert not wrong, "\n".join(wrong)
