"""Refusals in the audit: counted per actor, operation and minute in memory, written behind, never in a request's way.

Each process adds its counts to the minute's row every second; when the minute is over the sealer makes an audit row
«refused» of it. A crash loses at most that second's counts.
"""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import stamina
from litestar import Request, Response
from sqlalchemy import Row, text

from hub.audit.tables import audit_log
from hub.base.db import Database, Tx, passing
from hub.base.http import ACTOR, address, problem_response
from hub.base.telemetry import audit_refused
from hub.wire.problems import CODES, ProblemView

FLUSH_SECONDS: Final = 1.0
MINUTE: Final = timedelta(minutes=1)
LATE: Final = timedelta(seconds=10)  # how long after a minute its counts may still come
KINDS: Final = 10_000  # of one second; beyond it addresses are no longer told apart
REFUSED: Final = frozenset({401, 403, 404, 429})
NOBODY: Final = UUID(int=0)
ADD = text(
    "INSERT INTO audit_refusals AS known (minute, actor_id, operation, code, ip, count) "
    "SELECT * FROM unnest(CAST(:minutes AS timestamptz[]), CAST(:actors AS uuid[]), CAST(:operations AS text[]), "
    "CAST(:codes AS text[]), CAST(:ips AS text[]), CAST(:counts AS bigint[])) "
    "ON CONFLICT (minute, actor_id, operation, code, ip) DO UPDATE SET count = known.count + excluded.count"
)
OVER = text(
    "DELETE FROM audit_refusals WHERE minute < :before RETURNING minute, actor_id, operation, code, ip, count AS times"
)


class Kind(msgspec.Struct, frozen=True, order=True):
    """What is counted together."""

    minute: datetime
    actor_id: UUID
    operation: str
    code: str
    ip: str


counts: Counter[Kind] = Counter()


def wall() -> datetime:
    """Wall-clock time: minutes of people, not of the plant's clock."""
    return datetime.now(UTC)


def note(actor_id: UUID | None, operation: str, code: str, ip: str) -> None:
    """Count a refusal for want of a sign-in, of rights, or for its rate; «not found» may be one for want of rights."""
    if int(CODES[code][0]) not in REFUSED:
        return
    minute = wall().replace(second=0, microsecond=0)
    counts[Kind(minute, actor_id or NOBODY, operation, code, ip if len(counts) < KINDS else "")] += 1
    audit_refused.inc()


def refused(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemView]:
    """Tell a refusal over REST, and count it."""
    response = problem_response(request, error)
    path = request.scope.get("path_template")
    if path is not None and path.startswith("/api"):
        actor = request.scope.get(ACTOR)
        operation = f"{request.method} {path}"
        note(getattr(actor, "id", None), operation, response.content.code, address(request.scope))
    return response


async def run(db: Database) -> None:
    """Write counts for the life of the process; an absent database only delays it."""
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        async for attempt in stamina.retry_context(on=passing, attempts=None, timeout=None, wait_max=2):
            with attempt:
                await flush(db)


async def flush(db: Database) -> None:
    """Add what was counted to the rows of its minutes, in the one order all processes keep."""
    taken = sorted(counts.items())
    if not taken:
        return
    kinds = [kind for kind, _ in taken]
    given = {
        "minutes": [kind.minute for kind in kinds],
        "actors": [kind.actor_id for kind in kinds],
        "operations": [kind.operation for kind in kinds],
        "codes": [kind.code for kind in kinds],
        "ips": [kind.ip for kind in kinds],
        "counts": [count for _, count in taken],
    }
    async with db.transaction() as tx:
        await tx.execute(ADD, given)
    counts.subtract(dict(taken))
    for kind in [kind for kind, count in counts.items() if count <= 0]:
        del counts[kind]


async def settle(tx: Tx, now: datetime | None = None) -> None:
    """Make audit rows of the minutes that are over. `now` is wall time."""
    over = list(await tx.execute(OVER, {"before": (now or wall()) - MINUTE - LATE}))
    if over:
        await tx.execute(audit_log.insert(), [_row(one) for one in over])


def _row(one: Row[Any]) -> dict[str, Any]:
    facts = {"code": one.code, "count": one.times, "minute": one.minute.isoformat()}
    actor_id = None if one.actor_id == NOBODY else one.actor_id
    return {"actor_id": actor_id, "action": "refused", "object": one.operation, "facts": facts, "ip": one.ip}
