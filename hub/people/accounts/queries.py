"""Reading accounts, for admins."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.clock import wall
from hub.people.accounts.policy import can, is_local
from hub.people.policy import Actor
from hub.people.sessions import queries as sessions
from hub.people.sessions.policy import Rules
from hub.people.tables import users
from hub.wire.accounts import UserRow, UserView
from hub.wire.problems import Problem
from hub.wire.views import HubRole, UserKind

SIGN_IN_AS_ADMIN = (users.c.kind == "person", users.c.role == "admin", users.c.disabled_at.is_(None))


async def user_for(conn: AsyncConnection, user_id: UUID, *, lock: bool = False) -> Row[Any]:
    """An account by its id; `not_found` when there is none."""
    found = select(users).where(users.c.id == user_id)
    row = (await conn.execute(found.with_for_update() if lock else found)).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def is_last_admin(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether nobody else could sign in as an admin."""
    admins = (await conn.execute(select(users.c.id).where(*SIGN_IN_AS_ADMIN).limit(2))).scalars().all()
    return list(admins) == [user_id]


async def user_view(conn: AsyncConnection, actor: Actor, rules: Rules, user_id: UUID) -> UserView:
    """An account with what the actor may do with it."""
    row, now = await user_for(conn, user_id), wall()
    return UserView(
        id=row.id,
        username=row.username,
        name=row.name,
        kind=row.kind,
        role=row.role,
        language=row.language,
        source=_source(row),
        kiosk=row.kiosk,
        break_glass=row.break_glass,
        must_change_password=row.must_change,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        waits_until=await sessions.waits_until(conn, row.username, rules.failures, now),
        sessions=len(await sessions.live_sessions(conn, user_id, now)),
        can=can(actor.id, row, await is_last_admin(conn, user_id)),
    )


async def everyone(
    conn: AsyncConnection,
    words: str,
    limit: int,
    *,
    after: UUID | None = None,
    role: HubRole | None = None,
    kind: UserKind | None = None,
    disabled: bool | None = None,
) -> list[UserRow]:
    """Accounts by name, machines and disabled ones too; `after` is the last one of the page before."""
    wanted: list[ColumnElement[bool]] = []
    plain = words.strip().casefold()
    if plain:
        wanted.append(_holds(users.c.name, plain) | _holds(users.c.username, plain))
    wanted += [] if role is None else [users.c.role == role]
    wanted += [] if kind is None else [users.c.kind == kind]
    wanted += [] if disabled is None else [users.c.disabled_at.is_not(None) == disabled]
    if after is not None:
        last = await user_for(conn, after)
        wanted.append(tuple_(users.c.name, users.c.id) > (last.name, last.id))
    rows = await conn.execute(select(users).where(*wanted).order_by(users.c.name, users.c.id).limit(limit))
    return [UserRow(row.id, row.name, row.kind, row.username, row.role, _source(row), row.disabled_at) for row in rows]


def _holds(column: Any, words: str) -> ColumnElement[bool]:
    return func.strpos(func.lower(column), words) > 0


def _source(row: Row[Any]) -> Any:
    return "local" if is_local(row) else "directory"
