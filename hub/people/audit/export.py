"""The audit as a file: JSON lines with everything, or a table for a spreadsheet in which no cell is a formula."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from hub.audit.actions import record
from hub.base.db import Database
from hub.people.audit import queries
from hub.people.audit.queries import Wanted
from hub.people.policy import Actor
from hub.wire.audit import AuditEntry, ExportFormat

MEDIA: Final[dict[ExportFormat, str]] = {"jsonl": "application/jsonl", "csv": "text/csv"}
HEADER: Final = (
    *("number", "at", "actor", "actor_id", "action", "object", "room_id", "seq"),
    *("facts", "before", "after", "ip", "request_id", "id", "hash", "sealed_at"),
)
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")


async def begin(db: Database, actor: Actor | None, wanted: Wanted, form: ExportFormat) -> AsyncIterator[bytes]:
    """Note the export, then give its lines."""
    await db.act(
        lambda tx: record(
            tx, actor.id if actor else None, "audit_exported", "audit", format=form, filters=wanted.told()
        )
    )
    return _lines(db, wanted, form)


async def _lines(db: Database, wanted: Wanted, form: ExportFormat) -> AsyncIterator[bytes]:
    if form == "csv":
        yield "\ufeff".encode() + line_of(HEADER)  # spreadsheets take it for UTF-8 then
    async for entry in queries.everything(db, wanted):
        yield line_of(cells(entry)) if form == "csv" else msgspec.json.encode(entry) + b"\n"


def line_of(row: Any) -> bytes:
    """One line of CSV (RFC 4180), every cell quoted and inert."""
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([inert(cell) for cell in row])
    return written.getvalue().encode()


def inert(cell: str) -> str:
    """A quote in front of what a spreadsheet would take for a formula (ASVS 1.2.10)."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def cells(entry: AuditEntry) -> list[str]:
    """An entry as text, in the order of the header."""
    told = msgspec.to_builtins(entry) | {"actor": entry.actor.name if entry.actor else None}
    told["actor_id"] = str(entry.actor.id) if entry.actor else None
    return [_cell(told.get(name)) for name in HEADER]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
