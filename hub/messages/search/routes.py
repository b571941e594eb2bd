"""REST: search in one room, and in all rooms that the actor may read."""

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import NamedDependency as Given
from litestar.di import Provide
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


class Asked(msgspec.Struct, frozen=True):
    """What both searches take: the words, what narrows them, the page."""

    words: str
    within: Narrowed
    limit: int
    cursor: str | None

    def within_place(self, **place: UUID | str | None) -> "Asked":
        """The same in a room, at a machine, on a line."""
        return msgspec.structs.replace(self, within=msgspec.structs.replace(self.within, **place))


class SearchDesk:
    """Where searches are asked for: the rate limit of each person, the log that names no word, the page."""

    def __init__(self, room_log: RoomLog, settings: Settings):
        self._log = room_log
        self._buckets = Buckets("searches", settings.searches_per_second, settings.searches_burst, self._hubs)

    def _hubs(self) -> int:
        return self._log.bell.hubs

    async def search(self, actor: Actor, asked: Asked) -> SearchPage:
        """Search, or refuse with `query_short`, `query_long`, `rate_limited` or `not_found`."""
        wanted = words.read(checked(asked.words))
        self._buckets.take(actor.id)
        async with self._log.db.snapshot() as conn:
            page = await queries.search(conn, actor, wanted, asked.within, asked.limit, asked.cursor)
        scope = "room" if asked.within.room_id else "all"
        searches.labels(scope).inc()
        digest = hashlib.sha256(asked.words.encode()).hexdigest()[:16]
        log.info("search_performed", user=str(actor.id), scope=scope, query_sha256=digest, hits=len(page.hits))
        return page


async def _asked(
    q: FromQuery[str],
    sender: Sender = None,
    code: Code = None,
    kind: FromQuery[MessageType | None] = None,
    has: FromQuery[Literal["file"] | None] = None,
    after: FromQuery[datetime | None] = None,
    before: FromQuery[datetime | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: Limit = limits.SEARCH_PAGE,
) -> Asked:
    """The parameters of a search, in any room."""
    checked(code or "")
    since, until = _moment(after, "after"), _moment(before, "before")
    within = Narrowed(sender=sender, code=code, kind=kind, has_file=has == "file", after=since, before=until)
    return Asked(q, within, limit, cursor)


ASKED = {"asked": Provide(_asked)}


@get("/api/search", tags=["messages"], dependencies=ASKED)
async def search_everywhere(
    search_desk: Given[SearchDesk],
    actor: Given[Actor],
    asked: Given[Asked],
    room_id: FromQuery[UUID | None] = None,
    machine: Place = None,
    line: Place = None,
) -> SearchPage:
    """Messages with all these words in every room I may read, newest first. Quoted words stand together."""
    checked(f"{machine}{line}")
    return await search_desk.search(actor, asked.within_place(room_id=room_id, machine=machine, line=line))


@get("/api/rooms/{room_id:str}/messages/search", tags=["messages"], dependencies=ASKED)
async def search_room(
    search_desk: Given[SearchDesk], actor: Given[Actor], asked: Given[Asked], room_id: FromPath[UUID]
) -> SearchPage:
    """The same in one room."""
    return await search_desk.search(actor, asked.within_place(room_id=room_id))


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
