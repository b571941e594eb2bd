"""Where readers that outlive a process stand: `(reader, room, seq)`. What was read is advanced after it was done."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import BigInteger, Column, ForeignKey, PrimaryKeyConstraint, Table, Text, Uuid, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.db import Tx, metadata

reader_cursors = Table(
    "reader_cursors",
    metadata,
    Column("reader", Text, nullable=False),
    Column("room_id", Uuid, ForeignKey("incident_rooms.room_id"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("reader", "room_id"),
)
ADVANCE = text(
    "INSERT INTO reader_cursors AS known (reader, room_id, seq) SELECT :reader, room_id, seq "
    "FROM unnest(CAST(:rooms AS uuid[]), CAST(:seqs AS bigint[])) given(room_id, seq) "
    "ON CONFLICT (reader, room_id) DO UPDATE SET seq = greatest(known.seq, excluded.seq)"
)
BEHIND = text(
    "SELECT h.room_id, coalesce(c.seq, 0) AS seq, h.last_seq FROM room_heads h "
    "LEFT JOIN reader_cursors c ON c.room_id = h.room_id AND c.reader = :reader "
    "WHERE h.room_id = ANY(:rooms) AND h.last_seq > coalesce(c.seq, 0)"
)


async def stands_at(conn: AsyncConnection, reader: str, room: UUID) -> int:
    """The seq a reader has done; 0 when it has not begun."""
    query = select(reader_cursors.c.seq).where(reader_cursors.c.reader == reader, reader_cursors.c.room_id == room)
    return await conn.scalar(query) or 0


async def advance(tx: Tx, reader: str, room: UUID, seq: int) -> None:
    """A reader has done everything up to `seq`; it never goes back."""
    statement = insert(reader_cursors).values(reader=reader, room_id=room, seq=seq)
    further = func.greatest(reader_cursors.c.seq, statement.excluded.seq)
    await tx.execute(statement.on_conflict_do_update(index_elements=["reader", "room_id"], set_={"seq": further}))


async def advance_all(tx: Tx, reader: str, done: Mapping[UUID, int]) -> None:
    """The same for many rooms in one statement, always in the same order."""
    rooms = sorted(done)
    await tx.execute(ADVANCE, {"reader": reader, "rooms": rooms, "seqs": [done[room] for room in rooms]})


async def behind(conn: AsyncConnection, reader: str, rooms: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Those of the rooms a reader has not done yet: where it stands, and the room's head."""
    rows = await conn.execute(BEHIND, {"reader": reader, "rooms": rooms})
    return {row.room_id: (row.seq, row.last_seq) for row in rows}
