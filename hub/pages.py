"""The roof's pages: the built web app with its security headers, health, metrics."""

import asyncio
import mimetypes
from pathlib import Path
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency as Given
from litestar.params import FromPath
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.migrate import newest
from hub.base.settings import Settings
from hub.base.supervise import Supervisor
from hub.base.telemetry import registry
from hub.people.directory.queries import fault as directory_fault
from hub.wire.problems import Problem

SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self' ws: wss:; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
}
FOREVER = "public, max-age=31536000, immutable"
INDEX = "index.html"
OPEN = {"public": True}
BUILT = frozenset({"assets", "apidocs"})  # files, never pages: a browser must not take the index for a script
NOT_PAGES = frozenset({"api", "ws", "health", "schema", "metrics"})
VERSION = text("SELECT version_num FROM alembic_version")


@get("/health/live", tags=["operations"], security=[{}], opt=OPEN)
async def live() -> dict[str, str]:
    """The process turns; says nothing about the database, so that a blip there restarts nobody."""
    return {"status": "ok"}


@get("/health/ready", tags=["operations"], security=[{}], opt=OPEN)
async def ready(db: Given[Database], supervisor: Given[Supervisor], settings: Given[Settings]) -> dict[str, Any]:
    """The database answers, its schema is the code's, and every background task lives; else 503 `unavailable`.

    `degraded`: everything works, but the directory does not answer, or too many people are missing in it at once.
    """
    if not supervisor.healthy:
        raise Problem("unavailable", f"Background tasks have died: {', '.join(sorted(supervisor.dead))}")
    async with db.reading() as conn:
        found = (await conn.execute(VERSION)).scalar_one_or_none()
        fault = await directory_fault(conn) if settings.ldap_url and found == newest() else None
    if found != newest():
        raise Problem("unavailable", "The schema is not the one this hub needs: run `andon db upgrade`")
    if fault is not None:
        return {"status": "degraded", "schema": found, "directory": fault}
    return {"status": "ok", "schema": found}


@get("/metrics", include_in_schema=False, opt=OPEN)
async def metrics() -> Response[bytes]:
    """Metrics for Prometheus."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


@get(["/", "/{path:path}"], include_in_schema=False, opt=OPEN)
async def page(settings: Given[Settings], path: FromPath[str] = "") -> Response[bytes]:
    """A file of the built web app; any other path is a page of the app itself."""
    wanted = path.strip("/")
    if wanted.partition("/")[0] in NOT_PAGES:
        raise Problem("not_found")
    name, content = await asyncio.to_thread(_file, settings.web_dir, wanted)
    media = mimetypes.guess_type(name)[0] or "application/octet-stream"
    cache = FOREVER if wanted.startswith("assets/") and name != INDEX else "no-cache"
    return Response(content, media_type=media, headers={"cache-control": cache})


def _file(web_dir: str, wanted: str) -> tuple[str, bytes]:
    """Name and content of a file of the web app, of its index where there is no such file."""
    root = Path(web_dir).resolve()
    try:
        found = (root / wanted).resolve()
        if found.is_relative_to(root) and found.is_file():
            return found.name, found.read_bytes()
    except (OSError, ValueError):  # a name no file system takes
        pass
    if wanted.partition("/")[0] in BUILT:
        raise Problem("not_found")
    try:
        return INDEX, (root / INDEX).read_bytes()
    except OSError:
        raise Problem("not_found", "The web app is not built here: run `npm run build` in web/") from None


ROUTES: list[Any] = [live, ready, metrics, page]
