"""Finding candidates: rows of the index that hold all tokens of a query and that the actor may read, newest first.

Who searches for 的 finds it in every tenth message and wants the newest; who searches for a serial number finds one in
a million. The planner cannot know how far the next hit is, so it is told: look at the newest messages one by one, then
use the index for the days before them, then for all that are left. One stops as soon as the page is full.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.messages.search.tokens import facet
from hub.people.policy import Actor
from hub.rooms import queries as rooms

NEWEST: Final = 2_000  # looked at one by one: about a microsecond each
FURTHER: Final = 12  # times the span of the newest are the days that come next
DAYS: Final = 400  # named by their tokens; a longer span is not narrowed by them
Place = tuple[datetime, UUID]
END: Final[Place] = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
SINCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
ONE_PLAN_EACH = "set_config('plan_cache_mode', 'force_custom_plan', true)"  # one for all tokens does for none
SPAN = "(s.at, s.message_id) < (:at, CAST(:id AS uuid)) AND s.at >= :{0}_since AND s.at < :{0}_until"
ROW = "s.message_id, s.room_id, s.seq, s.at"
NEWEST_FIRST = "ORDER BY s.at DESC, s.message_id DESC"
MAY_READ = (
    "JOIN incident_rooms r ON r.room_id = s.room_id "
    "LEFT JOIN room_members m ON m.room_id = r.room_id AND m.user_id = :me AND "
    f"{rooms.PRESENT} "
    f"WHERE {rooms.READABLE}"
)


class Wanted(msgspec.Struct, frozen=True):
    """Which rows: they hold all `tokens`, stand in `room`, between two times, before a place."""

    tokens: tuple[str, ...]
    room: UUID | None = None
    since: datetime = SINCE
    until: datetime = END[0]
    before: Place = END

    @property
    def values(self) -> dict[str, Any]:
        """Values that all parts of the statement share."""
        at, message_id = self.before
        room = {"room": self.room} if self.room else {}
        tokens = [*self.tokens, *(facet("room", self.room) for _ in room)]
        return {"tokens": tokens, "at": at, "id": message_id, **room}

    def rows(self, part: str) -> str:
        """Rows of a span of time, whatever they hold; `part` names the span's two values."""
        return f"message_search s WHERE {SPAN.format(part)}" + (" AND s.room_id = :room" if self.room else "")

    def walk(self, part: str) -> str:
        """Every row of a span, looked at in its order."""
        return (
            f"(SELECT {ROW} FROM (SELECT * FROM {self.rows(part)} {NEWEST_FIRST} OFFSET 0) s "
            f"{MAY_READ} AND s.tokens @> CAST(:tokens AS text[]) {NEWEST_FIRST} LIMIT :limit)"
        )

    def index(self, part: str, *, by_day: bool) -> str:
        """The rows of a span that the index of tokens finds."""
        days = f" AND s.tokens && CAST(:{part}_days AS text[])" if by_day else ""
        return (
            f"(WITH s AS MATERIALIZED (SELECT {ROW} FROM {self.rows(part)} "
            f"AND s.tokens @> CAST(:tokens AS text[]){days}) "
            f"SELECT {ROW} FROM s {MAY_READ} {NEWEST_FIRST} LIMIT :limit)"
        )


async def newest(conn: AsyncConnection, actor: Actor, wanted: Wanted, limit: int) -> list[Row[Any]]:
    """At most `limit` candidates, newest first; `conn` must be in a transaction."""
    statement, values = plan(wanted, await edges(conn, wanted))
    rows = await conn.execute(text(statement), values | rooms.who(actor) | {"limit": limit})
    return sorted(rows, key=lambda row: (row.at, row.message_id), reverse=True)


async def edges(conn: AsyncConnection, wanted: Wanted) -> tuple[datetime | None, datetime | None]:
    """The times of the newest row and of the one `NEWEST` rows back; None where there are not so many.

    From here to the transaction's end every statement is planned for its own tokens.
    """
    at = f"SELECT s.at FROM {wanted.rows('all')} ORDER BY s.at DESC"
    query = text(f"SELECT {ONE_PLAN_EACH}, ({at} LIMIT 1) AS newest, ({at} OFFSET {NEWEST} LIMIT 1) AS near")
    given = {name: value for name, value in wanted.values.items() if name != "tokens"}
    row = (await conn.execute(query, given | _span("all", wanted.since, wanted.until))).one()
    return row.newest, row.near


def plan(wanted: Wanted, edges: tuple[datetime | None, datetime | None]) -> tuple[str, dict[str, Any]]:
    """One statement of up to three parts, each read only when those before it did not fill the page. Pure."""
    first, near = edges
    if first is None or near is None:  # few rows
        spans = {"rest": (wanted.since, wanted.until)}
    else:
        far = max(wanted.since, near - max(FURTHER * (first - near), timedelta(days=1)))
        spans = {"near": (near, wanted.until), "days": (far, near), "rest": (wanted.since, far)}
    parts, values = [], wanted.values
    for name, (since, until) in spans.items():
        days = [facet("day", since.date() + timedelta(days=day)) for day in range(_days(since, until))]
        values |= _span(name, since, until) | ({f"{name}_days": days} if days and name != "near" else {})
        parts.append(wanted.walk(name) if name == "near" else wanted.index(name, by_day=bool(days)))
    return f"SELECT {ROW} FROM ({' UNION ALL '.join(parts)}) s LIMIT :limit", values


def _span(name: str, since: datetime, until: datetime) -> dict[str, datetime]:
    return {f"{name}_since": since, f"{name}_until": until}


def _days(since: datetime, until: datetime) -> int:
    """How many days a span touches; 0 when they are too many to name."""
    count = (until.date() - since.date()).days + 1
    return count if 0 < count <= DAYS else 0
