"""Guards of the source, found by reading it, and a copy of the source without one of them."""

import ast
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from tests.floors.plan import ROOT

# Calls that stand for themselves and refuse, by name.
CALLS: Final = frozenset(
    {
        *("require", "_require", "check_origin", "room_for", "door_for"),
        *("check_delete", "check_new", "check_move", "check_may_change", "check_may_read"),
    }
)
# `if …: raise Problem(code)` where the question is who asks.
CODES: Final = frozenset({"forbidden", "not_found", "origin", "source_mismatch", "mention_all", "unauthenticated"})
WHO: Final = ("actor", "allowed", "may_", "at_least", "looks_after", "sources")
COPIED: Final = ("hub", "connectors", "bots", "migrations")


class Guard(NamedTuple):
    """One statement of a file."""

    file: str
    function: str
    line: int
    end: int
    indent: int
    source: str

    @property
    def name(self) -> str:
        """How the lists call it: it stays the same when lines move."""
        return f"{self.file}:{self.function}: {self.source}"


def guards() -> list[Guard]:
    """All guards of the hub, in the order of their files."""
    found = []
    for path in sorted((ROOT / "hub").rglob("*.py")):
        text = path.read_text("utf-8")
        for function in ast.walk(ast.parse(text)):
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for node in _own(function):
                if _is_guard(node):
                    first = (ast.get_source_segment(text, node) or "").splitlines()[0]
                    where = path.relative_to(ROOT).as_posix()
                    end = node.end_lineno or node.lineno
                    found.append(Guard(where, function.name, node.lineno, end, node.col_offset, first.strip()))
    return found


def _own(function: ast.AST) -> list[ast.stmt]:
    """Statements of a function, not those of functions in it."""
    found: list[ast.stmt] = []
    for node in ast.iter_child_nodes(function):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.stmt):
            found.append(node)
        found += _own(node)
    return found


def _is_guard(node: ast.stmt) -> bool:
    if isinstance(node, ast.Expr):
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        return isinstance(call, ast.Call) and (_called(call) in CALLS or _asks_rights(call))
    if not (isinstance(node, ast.If) and len(node.body) == 1 and isinstance(node.body[0], ast.Raise)):
        return False
    raised = node.body[0].exc
    if not (isinstance(raised, ast.Call) and _called(raised) == "Problem" and raised.args):
        return False
    code = raised.args[0]
    asks = any(word in ast.unparse(node.test) for word in WHO)
    return asks and isinstance(code, ast.Constant) and code.value in CODES


def _asks_rights(call: ast.Call) -> bool:
    """`policy.check(actor, room, act)`: the rights table is asked."""
    return _called(call) == "check" and bool(call.args) and ast.unparse(call.args[0]) == "actor"


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def copy_without(guard: Guard, folder: Path) -> Path:
    """The source in a folder, with `pass` where the guard stood."""
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / guard.file
    lines = path.read_text("utf-8").splitlines(keepends=True)
    lines[guard.line - 1 : guard.end] = [" " * guard.indent + "pass\n"]
    path.write_text("".join(lines), "utf-8")
    return folder
