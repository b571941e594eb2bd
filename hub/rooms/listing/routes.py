"""REST: counts of the room list, and saved views. The list itself stands a floor higher: it shows messages."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from hub.base.text import checked
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms.listing import actions, queries
from hub.wire import limits
from hub.wire.room_admin import NewView, RoomCounts, RoomSort, SavedView, ViewFilters
from hub.wire.views import Category, Severity, Status

Place = Annotated[str | None, QueryParameter(max_length=limits.PLACE_CHARS)]
Words = Annotated[str | None, QueryParameter(max_length=limits.ROOM_QUERY_CHARS)]


async def provide_filters(
    status: FromQuery[list[Status] | None] = None,
    severity: FromQuery[list[Severity] | None] = None,
    category: FromQuery[list[Category] | None] = None,
    site: Place = None,
    area: Place = None,
    line: Place = None,
    machine: Place = None,
    team: FromQuery[UUID | None] = None,
    mine: FromQuery[bool] = False,
    unread: FromQuery[bool] = False,
    archived: FromQuery[bool] = False,
    q: Words = None,
    sort: FromQuery[RoomSort] = "newest",
) -> ViewFilters:
    """Dependency `filters`: what the list shows, by its parameters."""
    checked(f"{site}{area}{line}{machine}{q}")
    lists = (status or [], severity or [], category or [])
    return ViewFilters(*lists, site, area, line, machine, team, mine, unread, archived, q, sort)


@get("/api/rooms/counts", tags=["rooms"])
async def room_counts(log: Given[RoomLog], actor: Given[Actor], filters: Given[ViewFilters]) -> RoomCounts:
    """How many rooms the list has with these filters, by status, severity and line."""
    async with log.db.snapshot() as conn:
        return await queries.counts(conn, actor, filters)


async def _views(log: RoomLog, actor: Actor) -> list[SavedView]:
    async with log.db.reading() as conn:
        rows = await queries.saved_views(conn, actor.id)
    return [SavedView(row.id, row.name, msgspec.convert(row.filters, ViewFilters)) for row in rows]


@get("/api/views", tags=["rooms"])
async def list_views(log: Given[RoomLog], actor: Given[Actor]) -> list[SavedView]:
    """Filters of the room list that I keep, by name."""
    return await _views(log, actor)


@post("/api/views", tags=["rooms"])
async def keep_view(log: Given[RoomLog], actor: Given[Actor], data: JSONBody[NewView]) -> list[SavedView]:
    """Keep filters under a name; the same name again replaces them. Answers all I keep."""
    await actions.keep_view(log.db, actor, data)
    return await _views(log, actor)


@delete("/api/views/{view_id:str}", tags=["rooms"], status_code=204)
async def drop_view(log: Given[RoomLog], actor: Given[Actor], view_id: FromPath[UUID]) -> None:
    """Drop a view of mine."""
    await actions.drop_view(log.db, actor, view_id)


ROUTES: list[Any] = [room_counts, list_views, keep_view, drop_view]
