"""Loading a batch's alarms costs the same however many there are: no statement reads a whole table for it."""

import pytest

from hub.alarms import store
from hub.base.db import Database

KEYS = 500
ALARMS = 100_000
FILL = f"""
WITH made AS (SELECT n, gen_random_uuid() AS id FROM generate_series(1, {ALARMS}) n),
     known AS (INSERT INTO alarms (alarm_key, source_id, grouping_key, occurrence_id)
               SELECT 'many:' || n, 'many', 'M' || n % 50, id FROM made RETURNING alarm_key)
INSERT INTO occurrences (occurrence_id, alarm_key, active, raised_at, card)
SELECT id, 'many:' || n, true, hub_now(), jsonb_build_object('code', n, 'text', repeat('x', 500)) FROM made
"""


@pytest.mark.parametrize("statement", ["ALARMS", "GROUPS"])
async def test_a_batch_is_looked_up_by_its_keys(database: Database, statement: str) -> None:
    conn = await database.connect()
    change = conn.transaction()
    await change.start()
    await conn.execute(FILL)
    await conn.execute("ANALYZE alarms, occurrences")
    keys = [f"many:{number}" for number in range(KEYS)]
    plan = "\n".join(row[0] for row in await conn.fetch(f"EXPLAIN {getattr(store, statement)}", keys))
    await change.rollback()
    await conn.close()
    assert "Seq Scan" not in plan, plan
    assert "alarms" in plan


async def test_groups_of_alarms_nobody_knows_are_none(database: Database) -> None:
    conn = await database.connect()
    assert await store.groups_of(conn, ["nowhere:1"]) == set()
    assert await store.groups_of(conn, []) == set()
    await conn.close()
