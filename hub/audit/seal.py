"""The chain: each sealed row holds the hash of the one before it and of itself. Pure."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

SEALED: Final = (
    "number",
    "id",
    "at",
    "actor_id",
    "action",
    "object",
    "facts",
    "before",
    "after",
    "ip",
    "request_id",
    "sealed_at",
)


class Link(msgspec.Struct, frozen=True):
    """Where a chain stands: the number of its last row and that row's hash."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex()}"

    @classmethod
    def read(cls, written: str) -> "Link":
        """Read `number:hash` as it was printed; ValueError when it is none."""
        number, _, told = written.strip().partition(":")
        return cls(int(number), bytes.fromhex(told))


GENESIS: Final = Link(0, bytes(32))


def canonical(row: Mapping[str, Any]) -> bytes:
    """The sealed columns of a row as JSON in one spelling: sorted names, no spaces, UTF-8, UTC with microseconds."""
    told = {name: _plain(row[name]) for name in SEALED}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, (str, int, Mapping)) else str(value)


def following(last: Link, row: Mapping[str, Any]) -> Link:
    """The link that a numbered row makes after the last one: SHA-256 of the last hash and the row."""
    return Link(last.number + 1, hashlib.sha256(last.hash + canonical(row)).digest())


def sealed(last: Link, rows: Iterable[Mapping[str, Any]], at: datetime) -> Iterator[tuple[int, Link]]:
    """Seal rows in the given order after the last link; their ids with the links they make."""
    for row in rows:
        last = following(last, {**row, "number": last.number + 1, "sealed_at": at})
        yield row["id"], last
