"""Messages to search in: the lines of a table, or a few words, each a real event with its message in the log."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from hub.base.db import Tx
from hub.base.ids import new_id
from hub.log.append import New, lock_rooms
from hub.log.log import RoomLog
from hub.messages.search.index import Indexer
from hub.messages.search.queries import Narrowed, search
from hub.messages.search.words import read
from hub.people.policy import Actor
from hub.wire.events import MessagePosted
from hub.wire.search import SearchHit, SearchPage

DATA = Path(__file__).parents[2] / "data"
INSERT = text(
    "INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata, "
    "created_at) VALUES (:id, :room, :seq, :sender, :type, :content, CAST(:metadata AS jsonb), :at)"
)


def rows(name: str) -> list[dict[str, str]]:
    """Lines of a table of tests/data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


async def write(
    log: RoomLog, room: UUID, sender: UUID | None, content: str, type_: str = "text", **metadata: Any
) -> UUID:
    """Put a message of any type into a room's log."""
    message_id = new_id()

    async def change(tx: Tx) -> None:
        await lock_rooms(tx, [room])
        [row] = await log.append(tx, [New(room, sender, MessagePosted(message_id, type_))])  # type: ignore[arg-type]
        values = {"id": message_id, "room": room, "seq": row.seq, "sender": sender, "type": type_, "at": row.at}
        await tx.execute(INSERT, values | {"content": content, "metadata": json.dumps(metadata)})

    await log.act(change)
    return message_id


async def write_all(log: RoomLog, rooms: Mapping[str, UUID], people: Mapping[str, UUID]) -> dict[str, UUID]:
    """Put the whole corpus into rooms `a` and `b`; the ids by their names."""
    found = {}
    for row in rows("search-corpus.tsv"):
        content = row["content"].replace("\\n", "\n")
        for name, user in people.items():
            content = content.replace(f"<@{name}>", f"<@{user}>")
        sender = people[row["sender"]] if row["sender"] else None
        metadata = json.loads(row["metadata"] or "{}")
        found[row["id"]] = await write(log, rooms[row["room"]], sender, content, row["type"], **metadata)
    return found


async def index(log: RoomLog) -> None:
    """Index everything there is, as a hub's task does in one turn."""
    indexer = Indexer(log)
    await indexer.turn()


async def ask(
    log: RoomLog, actor: Actor, query: str, limit: int = 200, cursor: str | None = None, **to: Any
) -> SearchPage:
    """Search as the routes do."""
    async with log.db.snapshot() as conn:
        return await search(conn, actor, read(query), Narrowed(**to), limit, cursor)


async def found(log: RoomLog, actor: Actor, query: str, **to: Any) -> list[UUID]:
    """Ids of the messages a query finds, newest first."""
    page = await ask(log, actor, query, **to)
    assert page.next is None
    return [hit.message.message_id for hit in page.hits]


def marked(hit: SearchHit) -> str:
    """A snippet with its hits in brackets."""
    return "".join(f"[{part.text}]" if part.hit else part.text for part in hit.snippet)
