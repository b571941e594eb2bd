"""A package imports what stands lower, never beside or above. Files and functions stay small."""

import ast
import re
import subprocess

import pytest

from tests.floors.plan import FLOOR, OUTSIDE, ROOT, faults, functions, package, sources

FILE_LINES = 300
FUNCTION_LINES = 40
GENERATED = {"web/src/wire/types.ts"}


def test_every_import_goes_down() -> None:
    read = sources()
    print(f"\n{len(read)} modules read")
    assert [fault for path in read for fault in faults(path, path.read_text("utf-8"))] == []
    assert len(read) > 60


def test_every_package_has_a_floor() -> None:
    assert {package(path) for path in sources()} - FLOOR.keys() - OUTSIDE.keys() == {"__init__"}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("hub/log/append.py", "from hub.rooms import queries"),
        ("hub/log/append.py", "from hub.audit.actions import record"),
        ("hub/live/session.py", "from hub import webhooks"),
        ("hub/people/actions.py", "import hub.alarms.actions"),
        ("hub/base/db.py", "def later():\n    from hub.log import read"),
        ("hub/client/client.py", "from hub.base.text import checked"),
        ("connectors/bridge.py", "from hub.people.policy import Actor"),
        ("bots/bot.py", "from connectors.config import load_config"),
        ("hub/app.py", "from connectors.run import run"),
        ("hub/app.py", "import hub.stack.up"),
        ("hub/cli/people.py", "from tests.plant.people import seed"),
        ("hub/people/actions.py", "import ldap3"),
        ("hub/messages/actions.py", "from minio import Minio"),
    ],
)
def test_an_import_turned_round_is_found(file: str, line: str) -> None:
    assert len(faults(ROOT / file, line)) == 1


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("hub/live/socket.py", "from hub.live.session import Session"),
        ("hub/alarms/actions.py", "from hub.rooms import actions"),
        ("connectors/bridge.py", "from hub.client import HubClient"),
        ("hub/people/directory/ldap.py", "import ldap3"),
    ],
)
def test_an_import_that_goes_down_is_fine(file: str, line: str) -> None:
    assert faults(ROOT / file, line) == []


def test_no_file_is_long() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.ts", "*.tsx"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [name for name in listed.stdout.splitlines() if name not in GENERATED and (ROOT / name).exists()]
    lines = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in files}
    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}
    assert len(files) > 150


def test_no_function_is_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{name} has {lines} lines"
        for path in sources()
        for name, lines in functions(ast.parse(path.read_text("utf-8")))
        if lines > FUNCTION_LINES
    ]
    assert long == []


def test_every_advisory_lock_has_a_number_of_its_own() -> None:
    """Two locks of one number would hold up work that has nothing to do with each other."""
    numbers = [number for path in sources() for number in re.findall(r"lock\((\d+)\)", path.read_text("utf-8"))]
    assert len(numbers) > 3
    assert len(numbers) == len(set(numbers)), numbers
