"""Alarm logs as plants export them (CSV with timestamp, tag, type, description), and what a gateway makes of them.

A type that ends with ` NR` is the return to normal of the alarm without it.
"""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

Shape = Literal["neuron", "kepware", "json"]
Message = tuple[str, bytes]
RETURN = " NR"
COLUMNS = ("timestamp", "tag", "type", "description")
CONDITIONS = {"H": "high", "HH": "high_high", "L": "low", "LL": "low_low"}


class LogError(Exception):
    """The file cannot be replayed; the message names file and line."""


class Entry(msgspec.Struct, frozen=True):
    """One line of the log: an alarm comes or goes."""

    at: datetime
    tag: str
    kind: str
    active: bool
    description: str

    @property
    def unit(self) -> str:
        """The plant unit: the hundreds digit of the tag's number, as process plants number their tags."""
        digits = "".join(char for char in self.tag.partition("_")[0] if char.isdigit())
        return f"U{int(digits) // 100}" if digits else "U0"


def read_log(path: Path) -> list[Entry]:
    """Read a log, in order of time. Raises LogError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise LogError(f"{path}: the column {missing[0]} is missing; needed are {', '.join(COLUMNS)}")
            found = [_entry(row, f"{path}, line {rows.line_num}") for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise LogError(f"{path}: {error}") from None
    if not found:
        raise LogError(f"{path}: there is no alarm in it")
    return sorted(found, key=lambda entry: entry.at)


def _entry(row: dict[str, str | None], where: str) -> Entry:
    text = {name: (row[name] or "").strip() for name in COLUMNS}
    try:
        at = datetime.fromisoformat(text["timestamp"])
    except ValueError:
        raise LogError(f"{where}: {text['timestamp']!r} is no time") from None
    if not text["tag"] or not text["type"]:
        raise LogError(f"{where}: tag and type must be there")
    kind = text["type"].removesuffix(RETURN)
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    description = text["description"].removesuffix("RECOVERED").strip()
    return Entry(aware, text["tag"], kind, not text["type"].endswith(RETURN), description)


def message(entry: Entry, shape: Shape, line: str, shift: timedelta) -> Message:
    """The entry as a gateway of this shape publishes it, its time shifted."""
    return SHAPES[shape](entry, line, entry.at + shift)


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _neuron(entry: Entry, line: str, at: datetime) -> Message:
    values: dict[str, Any] = {f"{entry.tag}_{entry.kind}_alarm": entry.active}
    body = {"timestamp": _milliseconds(at), "node": line, "group": entry.unit, "values": values, "errors": {}}
    return f"/neuron/replay/{line}/{entry.unit}", msgspec.json.encode(body)


def _kepware(entry: Entry, line: str, at: datetime) -> Message:
    tag = f"{line}.{entry.unit}.{entry.tag}_{entry.kind}_ALM"
    value = {"id": tag, "v": entry.active, "q": True, "t": _milliseconds(at)}
    return "iotgateway", msgspec.json.encode({"timestamp": _milliseconds(at), "values": [value]})


def _json(entry: Entry, line: str, at: datetime) -> Message:
    body = {
        "key": f"{entry.tag}/{entry.kind}",
        "tag": entry.tag,
        "code": f"{entry.tag} {entry.kind}",
        "text": entry.description or f"{entry.tag} {entry.kind}",
        "condition": CONDITIONS.get(entry.kind),
        "severity": "high",
        "active": entry.active,
        "at": at.isoformat(),
    }
    return f"alarms/{line}/{entry.unit}", msgspec.json.encode(body)


SHAPES: dict[str, Callable[[Entry, str, datetime], Message]] = {"neuron": _neuron, "kepware": _kepware, "json": _json}
