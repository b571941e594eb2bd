"""Rooms with the corpus in them, indexed."""

from uuid import UUID

import msgspec
import pytest

from hub.base.db import Database
from hub.log.log import RoomLog
from hub.people.actions import NewUser, put_user
from hub.rooms import opening as rooms
from hub.wire.requests import OpenRoom
from tests.messages.search.corpus import index, write_all
from tests.plant.people import People


class Corpus(msgspec.Struct):
    """Ids by their names in the table."""

    rooms: dict[str, UUID]
    messages: dict[str, UUID]

    def names(self, ids: list[UUID]) -> list[str]:
        known = {message_id: name for name, message_id in self.messages.items()}
        return [known.get(message_id, str(message_id)) for message_id in ids]


@pytest.fixture(scope="module")
async def corpus(room_log: RoomLog, database: Database, people: People) -> Corpus:
    """Everything of tests/data/search-corpus.tsv in two rooms of the site."""
    ming = await put_user(database, NewUser("ming", "王小明", "person", "responder"))
    lin = people.actor("lin")
    found = {
        "a": await rooms.open_room(room_log, lin, OpenRoom("Oven", line="SMT-3", machine="RO-03")),
        "b": await rooms.open_room(room_log, lin, OpenRoom("Cell", line="CNC-1", machine="CNC-11")),
    }
    messages = await write_all(room_log, found, {**people.ids, "ming": ming})
    await index(room_log)
    return Corpus(found, messages)
