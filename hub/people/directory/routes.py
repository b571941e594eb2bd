"""REST: what administrators see of the directory, and people's pictures."""

from typing import Any
from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody
from sqlalchemy import select

from hub.base.db import Database
from hub.people.directory import mappings, queries
from hub.people.directory.accounts import DomainAccounts
from hub.people.directory.door import Directory
from hub.people.directory.entries import photo_type
from hub.people.directory.tables import user_photos
from hub.people.policy import Actor, require
from hub.wire.problems import Problem
from hub.wire.teams import DirectoryController, DirectoryStatus, GroupMapping, NewGroupMapping

PICTURE = {"cache-control": "private, max-age=3600", "content-security-policy": "sandbox; default-src 'none'"}


@get("/api/directory", tags=["directory"])
async def status(db: Given[Database], directory: Given[Directory], actor: Given[Actor]) -> DirectoryStatus:
    """Whether there is a directory, and how the last look at it went; for administrators."""
    require(actor, "admin")
    async with db.reading() as conn:
        row = await queries.state(conn)
    asked = directory.domain.controllers() if isinstance(directory, DomainAccounts) else []
    controllers = [DirectoryController(url, late) for url, late in asked]
    return DirectoryStatus(bool(asked), row.looked_at, row.succeeded_at, row.held, row.fault, controllers)


@get("/api/directory/mappings", tags=["directory"])
async def list_mappings(db: Given[Database], directory: Given[Directory], actor: Given[Actor]) -> list[GroupMapping]:
    """Which groups lead to which role and team: those of the settings, and those made here; for administrators."""
    require(actor, "admin")
    fixed = directory.fixed_rules if isinstance(directory, DomainAccounts) else []
    async with db.reading() as conn:
        return await mappings.listed(conn, fixed)


@post("/api/directory/mappings", tags=["directory"])
async def add_mapping(db: Given[Database], actor: Given[Actor], data: JSONBody[NewGroupMapping]) -> GroupMapping:
    """Lead a group to a role, into a team, or both; its people follow within seconds. For administrators."""
    require(actor, "admin")
    return await mappings.add(db, actor, data)


@delete("/api/directory/mappings/{mapping_id:str}", tags=["directory"])
async def remove_mapping(db: Given[Database], actor: Given[Actor], mapping_id: FromPath[UUID]) -> None:
    """A group leads there no more; whom no other group lets in is out within seconds. For administrators."""
    require(actor, "admin")
    await mappings.remove(db, actor, mapping_id)


@get("/api/users/{user_id:str}/photo", tags=["people"])
async def show_photo(db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID]) -> Response[bytes]:
    """A person's picture from the directory, JPEG or PNG."""
    async with db.reading() as conn:
        photo = await conn.scalar(select(user_photos.c.photo).where(user_photos.c.user_id == user_id))
    media = photo_type(photo) if photo else None
    if photo is None or media is None:
        raise Problem("not_found")
    return Response(photo, media_type=media, headers=PICTURE)


ROUTES: list[Any] = [status, list_mappings, add_mapping, remove_mapping, show_photo]
