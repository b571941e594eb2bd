"""All live templates, kept in each process under the revision they were read at.

A revision never changes its meaning, so nothing has to be forgotten: who asks with a newer revision reads again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rooms.templates.policy import Kept, considered
from hub.wire.templates import RoomTemplate

NOW: Final = text("SELECT revision, hub_now() AS now FROM template_book")
# In one statement: the templates are those of the revision that stands beside them.
READ: Final = text(
    "SELECT b.revision, t.id, t.version, v.body FROM template_book b "
    "LEFT JOIN (room_templates t JOIN room_template_versions v ON v.template_id = t.id AND v.version = t.version) "
    "ON t.archived_at IS NULL"
)
KEPT: Final = 4  # revisions; another database of the same process has its own
_known: dict[UUID, Sequence[Kept]] = {}


class Page(msgspec.Struct, frozen=True):
    """The live templates in the order in which they are considered, and plant time."""

    templates: Sequence[Kept]
    now: datetime

    def get(self, template_id: UUID | None) -> Kept | None:
        """The template of this id, None when it is not live."""
        return next((kept for kept in self.templates if kept.id == template_id), None)


async def present(conn: AsyncConnection) -> Page:
    """The templates as this connection sees them now."""
    row = (await conn.execute(NOW)).one()
    templates = _known.get(row.revision)
    if templates is None:
        templates = await _read(conn)
    return Page(templates, row.now)


async def _read(conn: AsyncConnection) -> Sequence[Kept]:
    rows = list(await conn.execute(READ))
    found = considered(_kept(row) for row in rows if row.id is not None)
    _known[rows[0].revision] = found
    while len(_known) > KEPT:
        del _known[next(iter(_known))]
    return found


def _kept(row: Any) -> Kept:
    return Kept(row.id, row.version, msgspec.convert(row.body, RoomTemplate))
