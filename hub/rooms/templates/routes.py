"""REST: templates."""

import asyncio
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody

from hub.base.http import HubRequest
from hub.base.settings import Settings
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms.templates import actions, exchange, preview, queries
from hub.rooms.templates.policy import check_may_change
from hub.wire.problems import Problem
from hub.wire.templates import (
    ImportedTemplate,
    ImportTemplates,
    PreviewTemplate,
    RestoreTemplate,
    RoomTemplate,
    TemplateList,
    TemplatePreview,
    TemplateVersion,
    TemplateView,
)

FILE = "application/octet-stream"


async def _template(log: RoomLog, actor: Actor, template_id: UUID) -> Response[TemplateView]:
    async with log.db.reading() as conn:
        view = await queries.one(conn, actor, template_id)
    return Response(view, headers={"etag": f'"{view.version}"'})


@get("/api/templates", tags=["templates"])
async def list_templates(log: Given[RoomLog], actor: Given[Actor], archived: FromQuery[bool] = False) -> TemplateList:
    """Templates in the order in which they are considered; with `archived` also those that open no more rooms."""
    async with log.db.reading() as conn:
        return await queries.all_of(conn, actor, archived=archived)


@post("/api/templates", tags=["templates"])
async def add_template(
    log: Given[RoomLog], actor: Given[Actor], data: JSONBody[RoomTemplate]
) -> Response[TemplateView]:
    """Add a template. Admins any, leads those for their lines alone."""
    return await _template(log, actor, await actions.add(log.db, actor, data))


@get("/api/templates/export", tags=["templates"], media_type=FILE)
async def export_templates(
    log: Given[RoomLog], actor: Given[Actor], format: FromQuery[exchange.Format] = "yaml"
) -> Response[bytes]:
    """All live templates as a file that `import` takes."""
    async with log.db.reading() as conn:
        found = await queries.all_of(conn, actor)
    content = exchange.written([it.template for it in found.templates], format)
    named = {"content-disposition": f'attachment; filename="templates.{format}"'}
    return Response(content.encode(), media_type=FILE, headers=named)


@post("/api/templates/import", tags=["templates"], status_code=200)
async def import_templates(
    log: Given[RoomLog], actor: Given[Actor], data: JSONBody[ImportTemplates]
) -> list[ImportedTemplate]:
    """Add or replace templates by name, all or none; `dry_run` (the default) tells what would be done."""
    check_may_change(actor)
    file = await asyncio.to_thread(exchange.read, data.content)  # a large file takes a while to parse
    return await actions.put_all(log.db, actor, file, dry_run=data.dry_run)


@post("/api/templates/preview", tags=["templates"], status_code=200)
async def preview_template(
    log: Given[RoomLog], settings: Given[Settings], actor: Given[Actor], data: JSONBody[PreviewTemplate]
) -> TemplatePreview:
    """What a template would do with a past room or with facts: name, people and why, checklist, welcome, the winner."""
    async with log.db.reading() as conn:
        return await preview.preview(conn, actor, data, settings.language, ZoneInfo(settings.time_zone))


@get("/api/templates/{template_id:str}", tags=["templates"])
async def get_template(log: Given[RoomLog], actor: Given[Actor], template_id: FromPath[UUID]) -> Response[TemplateView]:
    """One template; its `ETag` is its version."""
    return await _template(log, actor, template_id)


@put("/api/templates/{template_id:str}", tags=["templates"])
async def replace_template(
    request: HubRequest,
    log: Given[RoomLog],
    actor: Given[Actor],
    template_id: FromPath[UUID],
    data: JSONBody[RoomTemplate],
) -> Response[TemplateView]:
    """Make a new version. `If-Match` names the version that was changed, as the `ETag` told."""
    await actions.replace(log.db, actor, template_id, data, _version(request.headers.get("if-match")))
    return await _template(log, actor, template_id)


def _version(header: str | None) -> int | None:
    if header is None or header.strip() == "*":
        return None
    number = header.strip().removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Problem("invalid", "If-Match is not a version", field="if-match")
    return int(number)


@delete("/api/templates/{template_id:str}", tags=["templates"], status_code=204)
async def archive_template(log: Given[RoomLog], actor: Given[Actor], template_id: FromPath[UUID]) -> None:
    """Archive a template: no more rooms are opened by it. Its versions stay, and it can be restored."""
    await actions.archive(log.db, actor, template_id)


@get("/api/templates/{template_id:str}/versions", tags=["templates"])
async def list_versions(log: Given[RoomLog], actor: Given[Actor], template_id: FromPath[UUID]) -> list[TemplateVersion]:
    """All versions with their editors, the newest first."""
    async with log.db.reading() as conn:
        return await queries.versions(conn, actor, template_id)


@post("/api/templates/{template_id:str}/restore", tags=["templates"], status_code=200)
async def restore_template(
    log: Given[RoomLog], actor: Given[Actor], template_id: FromPath[UUID], data: JSONBody[RestoreTemplate]
) -> Response[TemplateView]:
    """Make a former version the newest again; an archived template comes back."""
    await actions.restore(log.db, actor, template_id, data.version)
    return await _template(log, actor, template_id)


ROUTES: list[Any] = [
    list_templates,
    add_template,
    export_templates,
    import_templates,
    preview_template,
    get_template,
    replace_template,
    archive_template,
    list_versions,
    restore_template,
]
