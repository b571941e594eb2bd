"""Grouping keys of alarms: their locks, taken before any room's, and where the keys of merged rooms lead."""

import hashlib
from collections.abc import Iterable
from typing import Any

LOCK = "SELECT pg_advisory_xact_lock(k) FROM (SELECT DISTINCT k FROM unnest($1::bigint[]) k ORDER BY k) sorted"


def lock_key(name: str) -> int:
    """Advisory lock number of a name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


async def lock_groups(driver: Any, names: Iterable[str]) -> None:
    """Take the advisory locks of grouping keys and scopes, sorted, for the transaction."""
    await driver.execute(LOCK, [lock_key(name) for name in names])
