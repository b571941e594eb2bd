"""A room's tail belongs to who opened it last."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import pytest

from hub.base.db import Database
from hub.log.log import RoomLog
from hub.log.tail import Encoded, Tails

ROOM = uuid4()


class Ear:
    def emit(self, events: Sequence[Encoded]) -> None:
        pass


async def test_who_closed_while_opening_keeps_nothing(
    database: Database, room_log: RoomLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    tails, gone, here, looked = Tails(database, room_log.events), Ear(), Ear(), asyncio.Event()

    async def head(_: object) -> int:
        await looked.wait()
        return 0

    monkeypatch.setattr(tails, "_head", head)
    first = asyncio.create_task(tails.open(ROOM, gone))
    await asyncio.sleep(0)
    tails.close(ROOM)
    second = asyncio.create_task(tails.open(ROOM, here))
    await asyncio.sleep(0)
    looked.set()
    assert (await first).follower is gone
    tail = await second
    assert tail.follower is here
    assert await tails.open(ROOM, here) is tail
