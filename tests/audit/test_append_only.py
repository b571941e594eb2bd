"""Nothing but sealing changes the audit."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hub.audit.actions import record
from hub.base.db import Database


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit_log SET action = 'x' WHERE number = 1",
        "UPDATE audit_log SET hash = hash WHERE number = 1",
        "UPDATE audit_log SET action = 'x', number = 999999, hash = '', sealed_at = hub_now() WHERE number IS NULL",
        "DELETE FROM audit_log WHERE number = 1",
        "DELETE FROM audit_log WHERE number IS NULL",
        "TRUNCATE audit_log",
        "TRUNCATE room_events",
        "INSERT INTO audit_log (action, object, number, hash, sealed_at) VALUES ('x', 'x', 999999, '', hub_now())",
        "UPDATE room_events SET body = '{}'",
    ],
)
async def test_the_table_refuses(sealed: Database, attack: str) -> None:
    async with sealed.transaction() as tx:
        await record(tx, None, "not_sealed", "yet")
    with pytest.raises(DBAPIError, match="append-only"):
        async with sealed.transaction() as tx:
            await tx.execute(text(attack))
