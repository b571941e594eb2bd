"""Reading people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.people.secrets import digest
from hub.people.tables import api_tokens, login_failures, sessions, users
from hub.wire.views import Me, Person, SessionView

NEVER = text("'infinity'::timestamptz")


async def account(conn: AsyncConnection, username: str) -> Row[Any] | None:
    """Local account by name, case folded."""
    return (
        await conn.execute(select(users).where(func.lower(users.c.username) == username.strip().lower()))
    ).one_or_none()


async def me(conn: AsyncConnection, user_id: UUID) -> Me:
    """The user as they see themselves."""
    row = (await conn.execute(select(users).where(users.c.id == user_id))).one()
    return Me(row.id, row.username, row.name, row.kind, row.role, row.language)


async def people(conn: AsyncConnection, ids: Iterable[UUID | None]) -> dict[UUID, Person]:
    """Names of users, for showing."""
    wanted = {user_id for user_id in ids if user_id is not None}
    if not wanted:
        return {}
    rows = await conn.execute(select(users.c.id, users.c.name, users.c.kind).where(users.c.id.in_(wanted)))
    return {row.id: Person(row.id, row.name, row.kind) for row in rows}


async def actor_of_session(conn: AsyncConnection, session_id: UUID, now: datetime) -> Actor | None:
    """Who a live session belongs to; None when it was revoked, has expired or its user was disabled."""
    row = (
        await conn.execute(
            select(users.c.id, users.c.name, users.c.kind, users.c.role)
            .join(sessions, sessions.c.user_id == users.c.id)
            .where(
                sessions.c.id == session_id,
                sessions.c.revoked_at.is_(None),
                sessions.c.expires_at > now,
                users.c.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    return Actor(row.id, row.name, row.kind, row.role, session_id) if row else None


async def actor_of_token(conn: AsyncConnection, token: str, now: datetime) -> Actor | None:
    """Who an API token belongs to; None when revoked, expired or disabled."""
    return await _actor_of_token(conn, api_tokens.c.token_hash == digest(token), now)


async def actor_of_token_id(conn: AsyncConnection, token_id: UUID, now: datetime) -> Actor | None:
    """The same for a token that is known by its id."""
    return await _actor_of_token(conn, api_tokens.c.id == token_id, now)


async def _actor_of_token(conn: AsyncConnection, which: ColumnElement[bool], now: datetime) -> Actor | None:
    found = (users.c.id, users.c.name, users.c.kind, users.c.role, api_tokens.c.sources, api_tokens.c.id.label("token"))
    query = select(*found).join(api_tokens, api_tokens.c.user_id == users.c.id)
    live = (api_tokens.c.revoked_at.is_(None), func.coalesce(api_tokens.c.expires_at, NEVER) > now)
    row = (await conn.execute(query.where(which, *live, users.c.disabled_at.is_(None)))).one_or_none()
    return Actor(row.id, row.name, row.kind, row.role, None, tuple(row.sources), row.token) if row else None


async def standing(conn: AsyncConnection, actors: Iterable[Actor], now: datetime) -> dict[Actor, Actor]:
    """Each actor as it is now, its role may have changed; left out when session or token ended or it was disabled."""
    given = set(actors)
    enabled = select(users).where(users.c.id.in_({actor.id for actor in given}), users.c.disabled_at.is_(None))
    people = {row.id: row for row in await conn.execute(enabled)}
    live = await _live(conn, sessions, {actor.session_id for actor in given}, now)
    live |= await _live(conn, api_tokens, {actor.token_id for actor in given}, now)
    return {
        actor: msgspec.structs.replace(actor, name=row.name, kind=row.kind, role=row.role)
        for actor in given
        if (row := people.get(actor.id)) is not None and {actor.session_id, actor.token_id} - {None} <= live
    }


async def _live(conn: AsyncConnection, table: Table, ids: set[UUID | None], now: datetime) -> set[UUID | None]:
    wanted = ids - {None}
    if not wanted:
        return set()
    unrevoked = (table.c.revoked_at.is_(None), func.coalesce(table.c.expires_at, NEVER) > now)
    return set((await conn.execute(select(table.c.id).where(table.c.id.in_(wanted), *unrevoked))).scalars())


async def my_sessions(conn: AsyncConnection, actor: Actor, now: datetime) -> list[SessionView]:
    """Live sessions of the actor, newest first."""
    rows = await conn.execute(
        select(sessions)
        .where(sessions.c.user_id == actor.id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)
        .order_by(sessions.c.created_at.desc())
    )
    return [
        SessionView(
            row.id,
            row.created_at,
            row.refreshed_at,
            row.expires_at,
            row.user_agent,
            row.ip,
            row.id == actor.session_id,
        )
        for row in rows
    ]


async def recent_failures(conn: AsyncConnection, username: str, since: datetime) -> int:
    """Failed sign-ins of an account that still count."""
    return (
        await conn.scalar(
            select(func.count())
            .select_from(login_failures)
            .where(login_failures.c.username == username, login_failures.c.at > since, login_failures.c.counted)
        )
    ) or 0
