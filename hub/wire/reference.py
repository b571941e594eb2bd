"""The reference pages of the documentation, written from the wire itself.

`python -m hub.wire.reference [FOLDER]` writes `limits.md`, `codes.md` and `events.md` (default folder docs/reference).
Two runs write the same bytes; a test compares them with what is kept.
"""

import inspect
import re
import sys
import types
import typing
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from hub.wire import cards, events, limits, presence, problems, rights, views
from hub.wire.events import BODIES, Body

FOLDER: Final = Path("docs/reference")
NOTE: Final = "Written by `python -m hub.wire.reference`; do not edit."
SECTION: Final = re.compile(r"\s*# (.+)")
CONSTANT: Final = re.compile(r"([A-Z][A-Z_]+): Final")
CODE: Final = re.compile(r'\s+"(\w+)": \(')
WORDS: Final[dict[Any, str]] = {
    it: name
    for module in (views, cards, presence, rights, events)
    for name, it in vars(module).items()
    if typing.get_origin(it) is typing.Literal and name[0].isupper()
}
PLAIN: Final[dict[Any, str]] = {
    views.Text: "Text",
    UUID: "uuid",
    datetime: "time",
    str: "text",
    int: "integer",
    bool: "boolean",
    types.NoneType: "null",
}


def pages() -> dict[str, str]:
    """The pages by file name."""
    return {"limits.md": _limits(), "codes.md": _codes(), "events.md": _events()}


def _page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _sections(module: types.ModuleType, item: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    """Names of a module's source, under the comment that stands above them."""
    title, names = "", list[str]()
    for line in inspect.getsource(module).splitlines():
        if section := SECTION.fullmatch(line):
            if names:
                yield title, names
            title, names = section[1], []
        elif found := item.match(line):
            names.append(found[1])
    if names:
        yield title, names


def _limits() -> str:
    parts = ["From `hub/wire/limits.py`. 1 KiB is 1,024 bytes."]
    for title, names in _sections(limits, CONSTANT):
        rows = [[f"`{name}`", readable(name, getattr(limits, name))] for name in names]
        parts += [f"## {title}", _table(["limit", "value"], rows)]
    return _page("Limits", *parts)


def readable(name: str, value: int) -> str:
    """A limit with its unit, which its name tells."""
    if "_BYTES" in name:
        if value < 1024:
            return f"{value} bytes"
        return f"{value // 1024**2} MiB" if value % 1024**2 == 0 else f"{value // 1024} KiB"
    if name.endswith("_PER_SECOND"):
        return f"{value} per second"
    if name.endswith("_SECONDS"):
        span = ((3600, "h"), (60, "min"))
        return next((f"{value // unit} {word}" for unit, word in span if value % unit == 0), f"{value} s")
    return f"{value} characters" if name.endswith("_CHARS") else str(value)


def _codes() -> str:
    parts = [
        "From `hub/wire/problems.py`. The same code stands in problem+json, in WebSocket `error` frames, in an "
        "alarm's outcome and in the quarantine.",
    ]
    for title, names in _sections(problems, CODE):
        rows = [[f"`{name}`", str(int(problems.CODES[name][0])), problems.CODES[name][1]] for name in names]
        parts += [f"## {title}", _table(["code", "HTTP status", "meaning"], rows)]
    closes = [[str(int(close)), close.name.lower().replace("_", " ")] for close in problems.Close]
    parts += ["## Close codes", "What the client does next stands in [protocol.md](../protocol.md#close-codes)."]
    return _page("Codes", *parts, _table(["code", "name"], closes))


def _events() -> str:
    parts = [
        "From `hub/wire/events.py`: the bodies as the log keeps them. What readers get beside these facts, with an "
        "example of each, stands in [protocol.md](../protocol.md#events).",
    ]
    for name, body in BODIES.items():
        shown = "Stands in the timeline as a system row." if body.message_type else "Has no system row of its own."
        parts += [f"## {name}", f"{inspect.cleandoc(body.__doc__ or '')}\n\n{shown}", _fields(body)]
    words = [[f"`{name}`", ", ".join(f"`{word}`" for word in typing.get_args(it))] for it, name in WORDS.items()]
    return _page("Events", *parts, "## Vocabulary", _table(["name", "values"], words))


def _fields(body: type[Body]) -> str:
    fields = msgspec.structs.fields(body)
    rows = [[f"`{field.name}`", named(field.type), "yes" if field.required else "no"] for field in fields]
    return _table(["field", "type", "always there"], rows)


def named(kind: Any) -> str:
    """A type in words."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return " or ".join(map(named, typing.get_args(kind)))
    if kind in WORDS:
        return f"`{WORDS[kind]}`"
    return PLAIN.get(kind) or f"`{kind.__name__}`"


def main(folder: Path = FOLDER) -> None:
    """Write the pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
