"""A database with rooms and rows that are sealed."""

import pytest

from hub.audit.actions import record
from hub.base.db import Database
from hub.log.log import RoomLog
from hub.rooms import actions, opening
from hub.wire.requests import ChangeRoom, OpenRoom
from tests.audit.chain import seal_all
from tests.plant.databases import Databases
from tests.plant.people import People


@pytest.fixture
async def sealed(databases: Databases, people: People, room_log: RoomLog) -> Database:
    """The module's database with rooms and rows, all sealed."""
    db = room_log.db
    wang = people.actor("wang")
    for number in range(5):
        room = await opening.open_room(room_log, wang, OpenRoom(f"Room {number}"))
        for word in ("leaks", "burns", "stops"):
            await actions.change_room(room_log, wang, room, ChangeRoom(title=f"Room {number} {word}"))
        async with db.transaction() as tx:
            await record(tx, wang.id, "thing_changed", str(room), ip="10.0.0.7", before={"n": number}, after={"n": 9.5})
            await record(tx, None, "名稱_changed", "第 5 溫區", note='ß \\ "quoted"', deep={"b": [1, None], "a": {}})
    await seal_all(db)
    return db
