"""REST: search in one room, and in all rooms that the actor may read."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, QueryParameter

from hub.base.settings import Settings
from hub.base.telemetry import logger, searches
from hub.base.text import checked
from hub.log.log import RoomLog
from hub.messages.limits import Buckets
from hub.messages.search import queries, words
from hub.messages.search.queries import Narrowed
from hub.people.policy import Actor
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.search import SearchPage
from hub.wire.views import MessageType

Limit = Annotated[int, QueryParameter(ge=1, le=limits.PAGE_MAX)]
Sender = Annotated[UUID | None, QueryParameter(name="from")]
Place = Annotated[str | None, QueryParameter(max_length=limits.PLACE_CHARS)]
Code = Annotated[str | None, QueryParameter(max_length=limits.ALARM_KEY_CHARS)]
log = logger("search")


class SearchDesk:
    """Where searches are asked for: the rate limit of each person, the log that names no word, the page."""

    def __init__(self, room_log: RoomLog, settings: Settings):
        self._log = room_log
        self._buckets = Buckets("searches", settings.searches_per_second, settings.searches_burst)

    async def search(self, actor: Actor, query: str, narrowed: Narrowed, limit: int, cursor: str | None) -> SearchPage:
        """Search, or refuse with `query_short`, `query_long`, `rate_limited` or `not_found`."""
        wanted = words.read(checked(query))
        self._buckets.take(actor.id)
        async with self._log.db.snapshot() as conn:
            page = await queries.search(conn, actor, wanted, narrowed, limit, cursor)
        scope = "room" if narrowed.room_id else "all"
        searches.labels(scope).inc()
        digest = hashlib.sha256(query.encode()).hexdigest()[:16]
        log.info("search_performed", user=str(actor.id), scope=scope, query_sha256=digest, hits=len(page.hits))
        return page


@get("/api/search", tags=["messages"])
async def search_everywhere(
    search_desk: Given[SearchDesk],
    actor: Given[Actor],
    q: FromQuery[str],
    room_id: FromQuery[UUID | None] = None,
    sender: Sender = None,
    machine: Place = None,
    line: Place = None,
    code: Code = None,
    kind: FromQuery[MessageType | None] = None,
    has: FromQuery[Literal["file"] | None] = None,
    after: FromQuery[datetime | None] = None,
    before: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = limits.SEARCH_PAGE,
) -> SearchPage:
    """Messages with all these words in every room I may read, newest first. Quoted words stand together."""
    checked(f"{machine}{line}{code}")
    span = {"after": _moment(after, "after"), "before": _moment(before, "before")}
    narrowed = Narrowed(room_id, sender, machine, line, code, kind, has == "file", **span)
    return await search_desk.search(actor, q, narrowed, limit, cursor)


@get("/api/rooms/{room_id:str}/messages/search", tags=["messages"])
async def search_room(
    search_desk: Given[SearchDesk],
    actor: Given[Actor],
    room_id: FromPath[UUID],
    q: FromQuery[str],
    sender: Sender = None,
    code: Code = None,
    kind: FromQuery[MessageType | None] = None,
    has: FromQuery[Literal["file"] | None] = None,
    after: FromQuery[datetime | None] = None,
    before: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = limits.SEARCH_PAGE,
) -> SearchPage:
    """The same in one room."""
    checked(code or "")
    span = {"after": _moment(after, "after"), "before": _moment(before, "before")}
    narrowed = Narrowed(room_id, sender, None, None, code, kind, has == "file", **span)
    return await search_desk.search(actor, q, narrowed, limit, cursor)


def _moment(given: datetime | None, field: str) -> datetime | None:
    """A time with its zone; one without would mean another hour to everybody."""
    if given is None:
        return None
    try:
        if given.tzinfo is not None:
            return given.astimezone(UTC)
    except OverflowError:  # in the year 1 or 9999
        pass
    raise Problem("invalid", "A time needs its zone, as in 2026-11-24T08:00:00Z", field=field)


ROUTES: list[Any] = [search_everywhere, search_room]
