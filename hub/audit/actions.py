"""Writing audit rows."""

from typing import Any
from uuid import UUID

from hub.audit.tables import audit_log
from hub.base.db import Tx


async def record(tx: Tx, actor_id: UUID | None, action: str, object_: str, *, ip: str = "", **facts: Any) -> None:
    """Note a change in its own transaction. `action` is past tense («user_added»); facts hold no secret."""
    await tx.execute(audit_log.insert().values(actor_id=actor_id, action=action, object=object_, facts=facts, ip=ip))
