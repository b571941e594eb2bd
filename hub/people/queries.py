"""Reading people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import CursorResult, Row, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.people.secrets import digest
from hub.people.tables import users
from hub.wire.sessions import Me
from hub.wire.views import Person

# Plain SQL where every request, every socket or every second asks.
NAMES = text("SELECT id, name, kind FROM users WHERE id = ANY(:ids)")
FOUND = text(
    "SELECT id, name, kind FROM users WHERE disabled_at IS NULL AND kind <> 'machine' "
    "AND (position(:words IN lower(name)) > 0 OR position(:words IN lower(username)) > 0) "
    "ORDER BY name, id LIMIT :limit"
)
ENABLED = text(
    "SELECT id, name, kind, role, lines_of(id) AS lines FROM users WHERE id = ANY(:ids) AND disabled_at IS NULL"
)
LIVE_SESSIONS = text("SELECT id FROM sessions WHERE id = ANY(:ids) AND revoked_at IS NULL AND expires_at > :now")
LIVE_TOKENS = text(
    "SELECT id FROM api_tokens WHERE id = ANY(:ids) AND revoked_at IS NULL AND coalesce(expires_at, 'infinity') > :now"
)
OF_SESSION = text(
    "SELECT u.id, u.name, u.kind, u.role, lines_of(u.id) AS lines FROM sessions s JOIN users u ON u.id = s.user_id "
    "WHERE s.id = :id AND s.revoked_at IS NULL AND s.expires_at > :now AND u.disabled_at IS NULL"
)
ANY_LIVE = (
    "SELECT u.id, u.name, u.kind, u.role, lines_of(u.id) AS lines, t.sources, t.id AS token_id "
    "FROM api_tokens t JOIN users u ON u.id = t.user_id "
    "WHERE t.revoked_at IS NULL AND coalesce(t.expires_at, 'infinity') > :now AND u.disabled_at IS NULL"
)
OF_TOKEN = text(f"{ANY_LIVE} AND t.token_hash = :hash")
OF_TOKEN_ID = text(f"{ANY_LIVE} AND t.id = :id")


async def account(conn: AsyncConnection, username: str) -> Row[Any] | None:
    """Local account by name, case folded."""
    return (
        await conn.execute(select(users).where(func.lower(users.c.username) == username.strip().lower()))
    ).one_or_none()


async def user(conn: AsyncConnection, user_id: UUID) -> Row[Any]:
    """The account of a user that is known to exist."""
    return (await conn.execute(select(users).where(users.c.id == user_id))).one()


async def me(conn: AsyncConnection, user_id: UUID) -> Me:
    """The user as they see themselves."""
    row = await user(conn, user_id)
    return Me(row.id, row.username, row.name, row.kind, row.role, row.language)


async def people(conn: AsyncConnection, ids: Iterable[UUID | None]) -> dict[UUID, Person]:
    """Names of users, for showing."""
    wanted = {user_id for user_id in ids if user_id is not None}
    if not wanted:
        return {}
    rows = await conn.execute(NAMES, {"ids": list(wanted)})
    return {row.id: Person(row.id, row.name, row.kind) for row in rows}


async def found(conn: AsyncConnection, words: str, limit: int) -> list[Person]:
    """Enabled people and bots whose name or account holds these words, by name."""
    rows = await conn.execute(FOUND, {"words": words.strip().casefold(), "limit": limit})
    return [Person(row.id, row.name, row.kind) for row in rows]


async def actor_of_account(conn: AsyncConnection, username: str) -> Actor | None:
    """Whoever has an account, for commands that are given on the hub's own machine; None when it is absent or off."""
    found = await account(conn, username)
    row = (await conn.execute(ENABLED, {"ids": [found.id] if found else []})).one_or_none()
    return Actor(row.id, row.name, row.kind, row.role, lines=_lines(row)) if row else None


async def actor_of_session(conn: AsyncConnection, session_id: UUID, now: datetime) -> Actor | None:
    """Who a live session belongs to; None when it was revoked, has expired or its user was disabled."""
    row = (await conn.execute(OF_SESSION, {"id": session_id, "now": now})).one_or_none()
    return Actor(row.id, row.name, row.kind, row.role, session_id, lines=_lines(row)) if row else None


async def actor_of_token(conn: AsyncConnection, token: str, now: datetime) -> Actor | None:
    """Who an API token belongs to; None when revoked, expired or disabled."""
    return _of_token(await conn.execute(OF_TOKEN, {"hash": digest(token), "now": now}))


async def actor_of_token_id(conn: AsyncConnection, token_id: UUID, now: datetime) -> Actor | None:
    """The same for a token that is known by its id."""
    return _of_token(await conn.execute(OF_TOKEN_ID, {"id": token_id, "now": now}))


def _of_token(found: CursorResult[Any]) -> Actor | None:
    row = found.one_or_none()
    if row is None:
        return None
    return Actor(row.id, row.name, row.kind, row.role, None, tuple(row.sources), row.token_id, _lines(row))


async def standing(conn: AsyncConnection, actors: Mapping[bytes, Actor], now: datetime) -> dict[bytes, Actor]:
    """Actors by credential, each as it is now: its role may have changed.

    Left out are those whose session or token ended and those who were disabled.
    """
    given = actors.values()
    people = {row.id: row for row in await conn.execute(ENABLED, {"ids": list({actor.id for actor in given})})}
    live = await _live(conn, LIVE_SESSIONS, {actor.session_id for actor in given}, now)
    live |= await _live(conn, LIVE_TOKENS, {actor.token_id for actor in given}, now)
    return {
        credential: _as_now(actor, row)
        for credential, actor in actors.items()
        if (row := people.get(actor.id)) is not None and {actor.session_id, actor.token_id} - {None} <= live
    }


def _as_now(actor: Actor, row: Any) -> Actor:
    if (actor.name, actor.kind, actor.role, actor.lines) == (row.name, row.kind, row.role, _lines(row)):
        return actor
    return msgspec.structs.replace(actor, name=row.name, kind=row.kind, role=row.role, lines=_lines(row))


def _lines(row: Any) -> tuple[str, ...] | None:
    return None if row.lines is None else tuple(row.lines)


async def _live(conn: AsyncConnection, query: TextClause, ids: set[UUID | None], now: datetime) -> set[UUID | None]:
    wanted = ids - {None}
    return set((await conn.execute(query, {"ids": list(wanted), "now": now})).scalars()) if wanted else set()
