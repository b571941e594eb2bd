"""Writing audit rows."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hub.audit.tables import audit_log
from hub.base.db import Tx
from hub.base.origin import ORIGIN


async def record(
    tx: Tx,
    actor_id: UUID | None,
    action: str,
    object_: str,
    *,
    ip: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Note a change in its own transaction. `action` is past tense («user_added»); nothing given holds a secret.

    `before` and `after` hold what changed of the object, as JSON. Request and address are those of the request that
    is served; `ip` where the caller knows better.
    """
    origin = ORIGIN.get()
    row = {"actor_id": actor_id, "action": action, "object": object_, "facts": facts, "before": before, "after": after}
    await tx.execute(audit_log.insert().values(**row, ip=ip or origin.ip, request_id=origin.request_id))
