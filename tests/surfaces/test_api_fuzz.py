"""Schemathesis over every operation of the API document: good input, bad input, and chains of operations."""

import asyncio
import json
import re
import sys
from pathlib import Path

import pytest

from hub.base.db import Database
from hub.people.actions import add_token
from tests.plant.people import People
from tests.plant.processes import Hubs
from tests.surfaces.bad import LEAK

CONFIG = Path(__file__).with_name("schemathesis.toml")
PROGRAM = Path(sys.executable).with_name("schemathesis")
TESTED = re.compile(r"Tested: (\d+)")
GENERATED = re.compile(r"(\d+) generated")
METHODS = ("get", "post", "put", "patch", "delete")
SEED = "20260302"  # the same input in every run: a gate finds what a change broke, not what chance brought
PHASES = "examples,coverage,fuzzing,stateful"


def _number(what: re.Pattern[str], told: str) -> int:
    found = what.search(told)
    return int(found[1]) if found else 0


@pytest.mark.parametrize(
    ("examples", "floor"), [(4, 400), pytest.param(20, 3_000, marks=pytest.mark.long)], ids=["few", "many"]
)
async def test_every_operation_keeps_what_the_document_says(
    hubs: Hubs, people: People, database: Database, tmp_path: Path, examples: int, floor: int
) -> None:
    hub = hubs.any()
    token = await add_token(database, people["admin"], ["*"])  # no session: signing out ends nothing
    async with hub.client() as client:
        document = (await client.get("/schema/openapi.json")).json()
    operations = sum(
        method in part for part in document["paths"].values() for method in ("get", "post", "put", "patch", "delete")
    )
    words = [str(PROGRAM), "--config-file", str(CONFIG), "run", f"{hub.url}/schema/openapi.json", "--no-color"]
    words += ["--header", f"Authorization: Bearer {token}", "--phases", PHASES, "--max-examples", str(examples)]
    words += ["--seed", SEED]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*words, stdout=pipe, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path)
    told = (await process.communicate())[0].decode()
    print(told[-1500:])
    assert process.returncode == 0, told
    assert _number(TESTED, told) == operations
    assert _number(GENERATED, told) >= floor
    for line in hub.output().splitlines():
        assert isinstance(json.loads(line), dict)
        assert not LEAK.search(line), line
        assert "unexpected_error" not in line, line
