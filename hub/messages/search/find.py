"""Finding candidates: rows of the index that hold all tokens of a query and that the actor may read, newest first.

Who searches for 的 finds it in every tenth message and wants the newest; who searches for a serial number finds one in
a million. The planner cannot know how far the next hit is, so it is told: first look at the newest messages one by one,
then use the index for a window of newer ones, then for all that are left. One stops as soon as the page is full.
"""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.rooms import queries as rooms

NEWEST: Final = 600  # looked at one by one: a few milliseconds
WINDOW: Final = 25_000  # whose matches are fetched before all others are
Place = tuple[datetime, UUID]
END: Final[Place] = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
SINCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
RANGE = "(s.at, s.message_id) < (:at, CAST(:id AS uuid)) AND s.at >= :since AND s.at < :until"
HOLDS = "s.tokens @> CAST(:tokens AS text[])"
ROW = "s.message_id, s.room_id, s.seq, s.at"
NEWEST_FIRST = "ORDER BY s.at DESC, s.message_id DESC"
MAY_READ = (
    "JOIN incident_rooms r ON r.room_id = s.room_id "
    "LEFT JOIN room_members m ON m.room_id = r.room_id AND m.user_id = :me AND m.to_seq IS NULL "
    f"WHERE {rooms.READABLE}"
)
# For the rest of the transaction. One plan for all tokens would do for none of them.
BY_ORDER = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true), "
    "set_config('enable_indexscan', 'on', true)"
)
BY_INDEX = text("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)")


class Wanted(msgspec.Struct, frozen=True):
    """Which rows: they hold all `tokens`, stand in `room`, between two times, before a place."""

    tokens: tuple[str, ...]
    room: UUID | None = None
    since: datetime = SINCE
    until: datetime = END[0]
    before: Place = END

    @property
    def values(self) -> dict[str, Any]:
        """Values of the statements."""
        at, message_id = self.before
        own = {"tokens": list(self.tokens), "at": at, "id": message_id, "since": self.since, "until": self.until}
        return own | ({"room": self.room} if self.room else {})

    @property
    def rows(self) -> str:
        """The rows of the index in the span, whatever they hold."""
        return f"message_search s WHERE {RANGE}" + (" AND s.room_id = :room" if self.room else "")

    @property
    def walk(self) -> str:
        """Statement: every row of the span, looked at in its order."""
        return (
            f"SELECT {ROW} FROM (SELECT * FROM {self.rows} {NEWEST_FIRST} OFFSET 0) s "
            f"{MAY_READ} AND {HOLDS} {NEWEST_FIRST} LIMIT :limit"
        )

    @property
    def index(self) -> str:
        """Statement: the rows of the span that the index of tokens finds."""
        return (
            f"WITH s AS MATERIALIZED (SELECT {ROW} FROM {self.rows} AND {HOLDS}) "
            f"SELECT {ROW} FROM s {MAY_READ} {NEWEST_FIRST} LIMIT :limit"
        )

    @property
    def edge(self) -> str:
        """Statement: the time of the row so many rows back."""
        return f"SELECT s.at FROM {self.rows} ORDER BY s.at DESC OFFSET :back LIMIT 1"


async def newest(conn: AsyncConnection, actor: Actor, wanted: Wanted, limit: int) -> list[Row[Any]]:
    """At most `limit` candidates, newest first; `conn` must be in a transaction, whose planner it instructs."""
    values = wanted.values | rooms.who(actor)
    await conn.execute(BY_ORDER)
    found: list[Row[Any]] = []
    edges = [wanted.until]
    if near := await conn.scalar(text(wanted.edge), wanted.values | {"back": NEWEST}):
        edges.append(near)
        found += await conn.execute(text(wanted.walk), values | {"since": near, "limit": limit})
        if len(found) >= limit:
            return found
        far = await conn.scalar(text(wanted.edge), wanted.values | {"back": WINDOW})
        edges += [far] if far else []
    await conn.execute(BY_INDEX)
    for until, since in list(pairwise([*edges, wanted.since]))[1 if near else 0 :]:
        if len(found) < limit:
            part = {"since": since, "until": until, "limit": limit - len(found)}
            found += await conn.execute(text(wanted.index), values | part)
    await conn.execute(BY_ORDER)
    return found
