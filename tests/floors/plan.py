"""The building plan: which package stands on which floor, and what a file may import. Reads sources, runs nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FLOORS: Final = (
    {"wire"},
    {"base", "client"},
    {"log"},
    {"audit"},
    {"people"},
    {"rooms"},
    {"files"},
    {"messages"},
    {"alarms"},
    {"notifications", "broadcasts"},
    {"escalations", "live", "webhooks", "insights"},
    {"pages", "apidocs"},
    {"app"},
    {"stack", "demo"},
    {"cli"},
)
FLOOR: Final = {name: number for number, names in enumerate(FLOORS) for name in names}
# Those who talk to the hub from outside, as anybody could.
OUTSIDE: Final = {"client": {"wire"}, "connectors": {"wire", "client"}, "bots": {"wire", "client"}}
# The roof's commands start everything; the demo line is wired with the connectors' own mappings.
MAY_START: Final = {"cli": {"connectors", "bots"}, "demo": {"connectors"}}
# Libraries with one door.
DOORS: Final = {"ldap3": "hub/people/directory/ldap.py", "minio": "hub/files/store.py"}


def sources() -> list[Path]:
    """Every Python file of the product."""
    return sorted(path for top in ("hub", "connectors", "bots") for path in (ROOT / top).rglob("*.py"))


def package(path: Path) -> str:
    """`live` for hub/live/socket.py, `app` for hub/app.py, `connectors` for anything in there."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "hub" else parts[0]


def imports(tree: ast.Module) -> Iterator[str]:
    """Full names of everything a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def faults(path: Path, source: str) -> list[str]:
    """What a file imports and may not."""
    me, where = package(path), path.relative_to(ROOT).as_posix()
    found = []
    for name in imports(ast.parse(source)):
        top, _, rest = name.partition(".")
        if DOORS.get(top, where) != where:
            found.append(f"{where} imports {top}: only {DOORS[top]} may")
        if top not in {"hub", "connectors", "bots", "tests"}:
            continue
        other = rest.partition(".")[0] if top == "hub" else top
        if other != me and not _may(me, other):
            found.append(f"{where} imports {name}")
    return found


def _may(me: str, other: str) -> bool:
    if me == "__init__" or other == "tests":
        return False
    if me in OUTSIDE:
        return other in OUTSIDE[me]
    if other in ("connectors", "bots"):
        return other in MAY_START.get(me, set())
    return FLOOR[other] < FLOOR[me]


def functions(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every function with its number of lines."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
