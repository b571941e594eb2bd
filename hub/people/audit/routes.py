"""REST: the audit, for admins."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, OpenAPIType, Operation, Schema
from litestar.params import FromQuery, QueryParameter
from litestar.response import Stream

from hub.audit.watch import Watch
from hub.base.db import Database
from hub.base.text import checked
from hub.people.audit import export, queries
from hub.people.audit.queries import Wanted
from hub.people.policy import Actor, require
from hub.wire import limits
from hub.wire.audit import AuditPage, AuditState, ExportFormat
from hub.wire.problems import Problem

Words = Annotated[str | None, QueryParameter(max_length=limits.QUERY_BYTES)]
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"
From = Annotated[str | None, QueryParameter(name="from", pattern=MOMENT, description="From this time on, RFC 3339")]
To = Annotated[str | None, QueryParameter(name="to", pattern=MOMENT, description="Before this time, RFC 3339")]


@dataclass
class ExportOperation(Operation):
    """The document names both media types."""

    def __post_init__(self) -> None:
        answer = (self.responses or {}).get("200")
        if isinstance(answer, OpenAPIResponse):
            answer.content = {name: OpenAPIMediaType(Schema(type=OpenAPIType.STRING)) for name in export.MEDIA.values()}


def _wanted(
    actor_id: UUID | None,
    action: str | None,
    object_: str | None,
    since: str | None,
    until: str | None,
    words: str | None,
) -> Wanted:
    checked(f"{action}{object_}{words}")
    return Wanted(actor_id, action, object_, _moment(since, "from"), _moment(until, "to"), words)


def _moment(given: str | None, field: str) -> datetime | None:
    if given is None:
        return None
    try:
        return datetime.fromisoformat(given).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem("invalid", "No calendar has this time", field=field) from None


@get("/api/audit", tags=["audit"])
async def search_audit(
    db: Given[Database],
    actor: Given[Actor],
    by: Annotated[UUID | None, QueryParameter(name="actor", description="Id of who did it")] = None,
    action: Words = None,
    object_: Annotated[str | None, QueryParameter(name="object", max_length=limits.QUERY_BYTES)] = None,
    since: From = None,
    until: To = None,
    text: Words = None,
    cursor: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=limits.PAGE_MAX)] = limits.PAGE,
) -> AuditPage:
    """Who did what, newest first: audit rows and rooms' events together; for admins.

    `action` is a whole action or event type, `object` a whole id (a room's gives its events too), `text` is found
    anywhere in an entry and in the actor's name.
    """
    require(actor, "admin")
    wanted = _wanted(by, action, object_, since, until, text)
    async with db.reading() as conn:
        return await queries.page(conn, wanted, limit, cursor)


@get("/api/audit/export", tags=["audit"], operation_class=ExportOperation)
async def export_audit(
    db: Given[Database],
    actor: Given[Actor],
    form: Annotated[ExportFormat, QueryParameter(name="format")] = "jsonl",
    by: Annotated[UUID | None, QueryParameter(name="actor", description="Id of who did it")] = None,
    action: Words = None,
    object_: Annotated[str | None, QueryParameter(name="object", max_length=limits.QUERY_BYTES)] = None,
    since: From = None,
    until: To = None,
    text: Words = None,
) -> Stream:
    """The same without pages, as JSON lines or CSV; for admins. The export itself is audited."""
    require(actor, "admin")
    lines = await export.begin(db, actor, _wanted(by, action, object_, since, until, text), form)
    headers = {"content-disposition": f'attachment; filename="audit.{form}"', "cache-control": "no-store"}
    return Stream(lines, media_type=export.MEDIA[form], headers=headers)


@get("/api/audit/state", tags=["audit"])
async def audit_state(db: Given[Database], actor: Given[Actor], watch: Given[Watch]) -> AuditState:
    """How the hash chain stands; for admins."""
    require(actor, "admin")
    async with db.reading() as conn:
        head, sealed_at, unsealed, age = await queries.state(conn)
    return AuditState(str(head), sealed_at, unsealed, age, watch.broken is None, watch.broken, watch.checked_at)


ROUTES: list[Any] = [search_audit, export_audit, audit_state]
