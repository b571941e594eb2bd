"""The reader that welcomes: several at once, and one that ends in the middle."""

import asyncio
import random
from uuid import UUID

from hub.base.db import Database
from hub.log.log import RoomLog
from hub.messages.welcome import Welcomer
from hub.rooms.opening import open_room
from hub.rooms.templates.actions import add
from hub.wire.requests import OpenRoom
from hub.wire.templates import RoomTemplate, TemplateMatch
from tests.laws import whole
from tests.plant.people import People

WELCOMES = "SELECT count(*) FROM room_events WHERE type = 'RoomWelcomed' AND room_id = ANY(:rooms)"
TWICE = "SELECT count(*) - count(DISTINCT room_id) FROM room_events WHERE type = 'RoomWelcomed'"


async def opened(room_log: RoomLog, people: People, line: str, count: int) -> list[UUID]:
    """Rooms of a line whose template welcomes."""
    match = TemplateMatch(lines=[line])
    await add(room_log.db, people.actor("admin"), RoomTemplate(line, match=match, welcome={"en": "{{ machine }}"}))
    wang = people.actor("wang")
    return [await open_room(room_log, wang, OpenRoom("x", line=line, machine=f"M{n}")) for n in range(count)]


async def test_several_readers_welcome_once(room_log: RoomLog, people: People, database: Database) -> None:
    rooms = await opened(room_log, people, "W-1", 10)
    readers = [Welcomer(room_log, "en", "Asia/Taipei") for _ in range(3)]
    await asyncio.gather(*(reader.turn() for reader in readers))
    await asyncio.gather(*(reader.turn() for reader in readers))
    assert await whole.scalar(database, WELCOMES, rooms=rooms) == 10
    assert await whole.scalar(database, TWICE) == 0


async def test_one_that_ends_anywhere_leaves_the_rest_to_the_next(
    room_log: RoomLog, people: People, database: Database, chance: random.Random
) -> None:
    rooms = await opened(room_log, people, "W-2", 10)
    for _ in range(10):
        turn = asyncio.create_task(Welcomer(room_log, "en", "Asia/Taipei").turn())
        await asyncio.sleep(chance.uniform(0, 0.05))
        turn.cancel()
        await asyncio.wait([turn])
    await Welcomer(room_log, "en", "Asia/Taipei").turn()
    assert await whole.scalar(database, WELCOMES, rooms=rooms) == 10
    assert await whole.scalar(database, TWICE) == 0
