"""One turn of the reader: what it writes, what it takes away, and where it begins again."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from hub.alarms.actions import report
from hub.log.log import RoomLog
from hub.messages.actions import delete_message
from hub.messages.search.index import BATCH, Indexer
from hub.rooms import opening as rooms
from hub.wire.requests import OpenRoom
from tests.messages.search.corpus import found, index, write
from tests.plant.people import People

CARD = text(
    "SELECT s.tokens, s.xmin::text AS written FROM message_search s JOIN messages m USING (message_id) "
    "WHERE s.room_id = :room AND m.message_type = 'incident_data'"
)
ROWS = text("SELECT count(*) FROM message_search WHERE room_id = :room")


async def test_a_card_is_written_again_only_when_its_words_change(room_log: RoomLog, people: People) -> None:
    """Values of a chattering alarm touch no row of the index."""

    async def see(**facts: Any) -> UUID:
        seen = {"source": "plc", "key": "RO-09/Z5", "machine": "RO-09", "active": True, "severity": "high"} | facts
        [outcome] = await report(room_log, people.actor("gateway"), [seen], "zh-TW")
        assert outcome.room_id is not None
        await index(room_log)
        return outcome.room_id

    async def row() -> Any:
        async with room_log.db.reading() as conn:
            return (await conn.execute(CARD, {"room": room})).one()

    room = await see(text={"zh-TW": "第 5 溫區超溫"}, value=260)
    first = await row()
    await see(text={"zh-TW": "第 5 溫區超溫"}, value=268.4)
    assert await row() == first
    await see(text={"zh-TW": "第 5 溫區加熱器斷線"}, value=20)
    changed = await row()
    assert changed.written != first.written
    assert ("超" in first.tokens, "超" in changed.tokens, "斷線" in changed.tokens) == (True, False, True)


async def test_a_deletion_that_overtakes_the_index_wins(room_log: RoomLog, people: People) -> None:
    """The reader was behind when the message was deleted: it finds the tombstone, and leaves nothing."""
    lin = people.actor("lin")
    room = await rooms.open_room(room_log, lin, OpenRoom("Oven"))
    message = await write(room_log, room, lin.id, "hunter2")
    await delete_message(room_log, lin, message)
    await index(room_log)
    async with room_log.db.reading() as conn:
        assert await conn.scalar(ROWS, {"room": room}) == 1  # the title


async def test_what_a_restored_database_lacks_is_found_again(room_log: RoomLog, people: People) -> None:
    """A cursor from the future is thrown away, and everything that is behind is looked for anew."""
    lin, indexer = people.actor("lin"), Indexer(room_log)
    await indexer.turn()
    indexer._cursor = str(2**60)
    room = await rooms.open_room(room_log, lin, OpenRoom("真空幫浦"))
    await indexer.turn()
    assert await found(room_log, lin, "真空幫浦", room_id=room)


async def test_more_than_a_batch_and_many_rooms(room_log: RoomLog, people: People) -> None:
    lin = people.actor("lin")
    for number in range(25):
        room = await rooms.open_room(room_log, lin, OpenRoom(f"批次室 {number}"))
    for number in range(BATCH + 20):
        await write(room_log, room, lin.id, f"批次 {number}")
    await index(room_log)
    async with room_log.db.reading() as conn:
        assert await conn.scalar(ROWS, {"room": room}) == BATCH + 20 + 1
    assert len(await found(room_log, lin, "批次室")) == 25
