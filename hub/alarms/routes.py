"""REST: alarms in, quarantine out."""

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency as Given
from litestar.params import JSONBody, QueryParameter

from hub.alarms import actions, queries
from hub.base.settings import Settings
from hub.log.log import RoomLog
from hub.people.policy import Actor, require
from hub.wire import limits
from hub.wire.cards import AlarmAnswer, QuarantinePage
from hub.wire.problems import Problem
from hub.wire.requests import AlarmBatch


@post("/api/alarms", tags=["alarms"], status_code=200)
async def report(
    log: Given[RoomLog],
    actor: Given[Actor],
    settings: Given[Settings],
    data: JSONBody[AlarmBatch],
) -> AlarmAnswer:
    """Take in observations, snapshots and rejects; the answer means they are durable. The same batch again is safe."""
    if actor.kind == "person" or not actor.sources:
        raise Problem("forbidden", "Alarms need a machine token that names its sources")
    if len(data.observations) > limits.ALARM_BATCH:
        raise Problem("limit", f"At most {limits.ALARM_BATCH} observations at once", field="observations")
    return AlarmAnswer(await actions.report(log, actor, data.observations, settings.language))


@get("/api/quarantine", tags=["alarms"])
async def list_quarantine(
    log: Given[RoomLog],
    actor: Given[Actor],
    before: Annotated[int | None, QueryParameter(ge=1, le=2**53)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=limits.PAGE_MAX)] = limits.PAGE,
) -> QuarantinePage:
    """Payloads that could not be understood, with the reason; for leads and admins."""
    require(actor, "lead")
    async with log.db.reading() as conn:
        return await queries.quarantined(conn, before, limit)


ROUTES: list[Any] = [report, list_quarantine]
