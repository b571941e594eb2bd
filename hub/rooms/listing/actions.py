"""Keeping and dropping saved views."""

from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.base.text import blank, checked
from hub.people.policy import Actor
from hub.rooms.tables import room_views
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.room_admin import NewView


async def keep_view(db: Database, actor: Actor, wanted: NewView) -> None:
    """Keep filters under a name; those of the same name are replaced. At most 50."""
    if blank(checked(wanted.name)):
        raise Problem("invalid", "The name is blank", field="name")
    filters = msgspec.to_builtins(wanted.filters)
    checked("".join(value for value in filters.values() if isinstance(value, str)))

    async def change(tx: Tx) -> None:
        columns = room_views.c
        others = select(func.count()).where(columns.user_id == actor.id, columns.name != wanted.name)
        if (await tx.scalar(others) or 0) >= limits.SAVED_VIEWS:
            raise Problem("limit", "Drop a view first")
        given = upsert(room_views).values(id=new_id(), user_id=actor.id, name=wanted.name, filters=filters)
        await tx.execute(
            given.on_conflict_do_update(index_elements=["user_id", "name"], set_={"filters": given.excluded.filters})
        )

    await db.act(change)


async def drop_view(db: Database, actor: Actor, view_id: UUID) -> None:
    """Drop one of the actor's own, else `not_found`."""

    async def change(tx: Tx) -> None:
        mine = delete(room_views).where(room_views.c.id == view_id, room_views.c.user_id == actor.id)
        if await tx.scalar(mine.returning(room_views.c.id)) is None:
            raise Problem("not_found")

    await db.act(change)
