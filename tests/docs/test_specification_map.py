"""docs/specification-map.md: every item once, and nothing named there that does not exist."""

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from typing import NamedTuple

from tests.docs.pages import ROOT, page

NUMBERS = """1.1 1.2 1.3 1.4 1.5 2.1.1 2.1.2 2.1.3 2.2.1 2.2.2 2.2.3 3.1.1 3.1.2 3.1.3 3.2.1 3.2.2 3.2.3 3.3.1 3.3.2
3.3.3 4.1.1 4.1.2 4.1.3 4.2.1 5.1.1 5.1.2 5.1.3 5.2.1 6.1.1 6.1.2 6.1.3 6.2.1 6.2.2 7.1.1 7.1.2 7.2.1 7.2.2 8.1.1
8.1.2 8.2.1 8.2.2 8.3.1 8.3.2 9.1.1 9.1.2 9.2.1 9.2.2 10.1.1 10.1.2 10.2.1 10.2.2 11.1.1 11.1.2 11.2.1 11.2.2"""
STACK = """python litestar uvicorn sqlalchemy asyncpg ldap3 pyjwt minio paho-mqtt apscheduler jinja2 pytest react
typescript vite"""
ROW = re.compile(r"^\| ((?:head|stack|\d+)\.[\w.-]+) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
WEB_TEST = re.compile(r"\b(?:it|test)\b")


class Item(NamedTuple):
    number: str
    words: str
    where: str
    test: str
    state: str

    @property
    def built(self) -> bool:
        return self.state != "planned"


ITEMS = [Item(*(cell.strip("`") for cell in row)) for row in ROW.findall(page("docs/specification-map.md"))]


@cache
def source(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).is_file() else ""


@cache
def defined(path: str) -> frozenset[str]:
    """Names a Python file defines, members with their class, and the words it holds."""
    names = set()
    for node in ast.walk(ast.parse(source(path))):
        if isinstance(node, ast.ClassDef):
            names |= {
                f"{node.name}.{it.name}" for it in node.body if isinstance(it, ast.FunctionDef | ast.AsyncFunctionDef)
            }
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
    return frozenset(names)


def stands(where: str) -> bool:
    """Whether `file:symbol` is there."""
    path, _, symbol = where.partition(":")
    if path.endswith(".py"):
        return symbol in defined(path)
    return bool(symbol) and re.search(rf"(?<!\w){re.escape(symbol)}(?!\w)", source(path)) is not None


def has_test(test: str) -> bool:
    """Whether `file::test` is there; of a web test, the beginning of its sentence is enough."""
    path, _, name = test.partition("::")
    if path.endswith(".py"):
        return name.startswith("test_") and name in defined(path)
    return bool(name) and any(name in line and WEB_TEST.search(line) for line in source(path).splitlines())


def test_every_item_stands_there_once() -> None:
    lines = page("tests/data/specification-items.txt").splitlines()
    items = [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]
    assert [(it.number, it.words) for it in ITEMS] == items
    assert [number for number, count in Counter(number for number, _ in items).items() if count > 1] == []


def test_no_number_of_the_specification_is_missing() -> None:
    numbers = {re.sub(r"\.[a-z]$", "", it.number) for it in ITEMS if not it.number.startswith(("head", "stack"))}
    assert numbers == set(NUMBERS.split())
    assert {f"stack.{name}" for name in STACK.split()} == {it.number for it in ITEMS if it.number.startswith("stack")}


def test_what_is_named_exists() -> None:
    assert [it.where for it in ITEMS if it.built and not stands(it.where)] == []
    assert [it.test for it in ITEMS if it.state.startswith(("kept", "departed")) and not has_test(it.test)] == []


def test_what_is_not_there_is_not_named() -> None:
    assert [it for it in ITEMS if not it.built and (it.where, it.test) != ("-", "-")] == []
    assert [it for it in ITEMS if it.state.startswith("untested") and it.test != "-"] == []


def test_states_are_known_and_counted() -> None:
    counts = Counter(re.split("[:,]", it.state)[0] for it in ITEMS)
    print("\nspecification:", ", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    assert counts.keys() <= {"kept", "departed", "untested", "planned"}
    assert [it.number for it in ITEMS if "departed" in it.state and not it.state.partition(": ")[2]] == []
    assert counts["kept"] > 100


def test_the_stack_is_pinned() -> None:
    project = tomllib.loads(page("pyproject.toml"))["project"]
    assert project["requires-python"] == ">=3.11"
    locked = page("requirements.txt")
    for name in ("litestar", "uvicorn", "sqlalchemy", "asyncpg", "pyjwt", "paho-mqtt"):
        assert re.search(rf"^{name}(\[\w+\])?==", locked, re.MULTILINE), name


def test_the_web_app_has_its_unit_tests() -> None:
    files = [*(ROOT / "web/src").rglob("*.test.ts"), *(ROOT / "web/src").rglob("*.test.tsx")]
    found = [line for file in files for line in file.read_text().splitlines() if re.match(r"\s*(?:it|test)[.(]", line)]
    assert len(found) >= 53
