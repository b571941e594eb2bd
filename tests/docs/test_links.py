"""Links lead somewhere; commands, make targets and files named in the pages exist."""

import re

import click
import pytest

from hub.cli import main
from tests.docs.pages import ROOT, blocks, page, pages, prose

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?:hub|connectors|migrations|tests|web|docs)/[\w/.-]+\.(?:py|tsx?|yaml|md|txt)\b")
OPTION = re.compile(r"--[a-z-]+")


def anchors(name: str) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(page(name)))
    return {heading.strip().replace(" ", "-") for heading in plain}


def code(name: str) -> list[str]:
    """Everything a page shows as code: spans, and lines of shell blocks."""
    lines = [line for block in blocks(name, "sh") for line in block.splitlines()]
    return CODE.findall(prose(name)) + lines


@pytest.mark.parametrize("name", pages())
def test_links_lead_somewhere(name: str) -> None:
    dead = []
    for target in LINK.findall(prose(name)):
        path, _, anchor = target.partition("#")
        if re.match(r"\w+:", path):
            continue
        found = (ROOT / name).parent / path if path else ROOT / name
        if not found.exists() or (anchor and anchor not in anchors(str(found.resolve().relative_to(ROOT)))):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("name", pages())
def test_files_named_exist(name: str) -> None:
    assert [path for path in FILE.findall(page(name)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", pages())
def test_make_targets_exist(name: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = [target for text in code(name) for target in re.findall(r"^make ([a-z][\w-]*)", text)]
    if name == "README.md":
        assert {"run", "test"} <= set(named)
    assert [target for target in named if target not in targets] == []


@pytest.mark.parametrize("name", pages())
def test_andon_commands_and_their_options_exist(name: str) -> None:
    planned = name in {"docs/roadmap.md", "docs/specification-map.md"}  # these also name what is to come
    assert [text for text in code(name) if not planned and not runs(text)] == []


def runs(text: str) -> bool:
    """Whether `andon …` in a piece of code is a command, with options that it has."""
    found = re.search(r"(?:^|[\s/])andon ([a-z].*)", text.split("#")[0])
    if found is None:
        return True
    command: click.Command = main
    words = found[1].split()
    while words and isinstance(command, click.Group):
        if words[0] not in command.commands:
            return False
        command = command.commands[words.pop(0)]
    known = {option for param in command.params for option in param.opts}
    return set(OPTION.findall(" ".join(words))) <= known
