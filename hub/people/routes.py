"""REST: people."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency as Given
from litestar.params import QueryParameter

from hub.base.db import Database
from hub.base.text import checked
from hub.people import queries
from hub.people.policy import Actor, require
from hub.wire import limits
from hub.wire.views import Person


@get("/api/users", tags=["people"])
async def find_people(
    db: Given[Database],
    actor: Given[Actor],
    q: Annotated[str, QueryParameter(max_length=limits.USERNAME_CHARS)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=limits.PAGE_MAX)] = 20,
) -> list[Person]:
    """People and bots whose name or account holds `q`, to mention or to add."""
    require(actor, "responder")
    async with db.reading() as conn:
        return await queries.found(conn, checked(q), limit)


ROUTES: list[Any] = [find_people]
