"""A hub that is killed while it seals loses nothing and doubles nothing: the other goes on."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from hub.audit.actions import record
from hub.audit.verify import verify
from hub.base.db import Database, Tx
from tests.plant.processes import HubProcess, Hubs
from tests.plant.waiting import until_it_is

# Which client holds the sealers' lock and waits for the head of the chain: its port tells whose socket it is.
SEALING = text(
    "SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.objid = 4207849486::bigint & 4294967295 AND l.granted "
    "AND a.datname = current_database() AND a.wait_event_type = 'Lock'"
)
COUNT = text("SELECT count(*), count(DISTINCT number), count(number) FROM audit_log WHERE action = 'beat'")


def ports_of(pid: int) -> set[int]:
    """Local TCP ports of a process."""
    links = [link.resolve().name for link in Path(f"/proc/{pid}/fd").iterdir()]
    inodes = {name.partition("[")[2].rstrip("]") for name in links if name.startswith("socket:")}
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    return {int(row[1].partition(":")[2], 16) for row in rows if row[9] in inodes}


async def sealing(held: Tx, database: Database, hubs: Hubs) -> HubProcess:
    """The hub that is in the middle of sealing. `held` is kept awake: one that idles is ended after 5 s."""
    async with asyncio.timeout(20), database.reading() as conn:
        while (port := await conn.scalar(SEALING)) is None:
            await held.execute(text("SELECT 1"))
            await asyncio.sleep(0.02)
    return next(hub for hub in hubs.all if port in ports_of(hub.pid))


@pytest.mark.parametrize("kills", [2, pytest.param(15, marks=pytest.mark.long)])
async def test_another_takes_over(database: Database, hubs: Hubs, kills: int) -> None:
    killed, had = [], (await counts(database))[0]
    for number in range(kills):
        async with database.transaction() as held:
            await held.execute(text("SELECT 1 FROM audit_head FOR UPDATE"))
            async with database.transaction() as tx:
                for _ in range(10):
                    await record(tx, None, "beat", str(number))
            hub = await sealing(held, database, hubs)
            hub.kill()
            killed.append(hubs.all.index(hub))
        await until_it_is(partial(counts, database), (had + (number + 1) * 10,) * 3)
        await hub.restart()
    print(f"\nkilled in the middle of sealing: {killed}")
    async with database.snapshot() as conn:
        assert (await verify(conn)).link.number >= kills * 10


async def counts(database: Database) -> tuple[int, int, int]:
    async with database.reading() as conn:
        all_, numbers, sealed = (await conn.execute(COUNT)).one()
    return all_, numbers, sealed
