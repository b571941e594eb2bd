"""API tokens of machines and bots: made, listed, revoked; the secret is told once and stored hashed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.actions import record
from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people.accounts.queries import user_for
from hub.people.policy import Actor
from hub.people.secrets import TOKEN_PREFIX, digest, new_secret
from hub.people.signals import tell_standing
from hub.people.tables import api_tokens
from hub.wire import limits
from hub.wire.accounts import NewToken, NewTokenView, TokenView
from hub.wire.problems import Problem

USED = text(
    "UPDATE api_tokens SET last_used_at = :now WHERE id = :id AND coalesce(last_used_at, '-infinity') < :before"
)


def live_tokens(now: datetime) -> tuple[Any, Any]:
    """Conditions of tokens that are good."""
    return api_tokens.c.revoked_at.is_(None), or_(api_tokens.c.expires_at.is_(None), api_tokens.c.expires_at > now)


def token_view(row: Row[Any]) -> TokenView:
    """A token as admins see it."""
    return TokenView(row.id, row.label, list(row.sources), row.created_at, row.expires_at, row.last_used_at)


async def tokens_of(conn: AsyncConnection, user_id: UUID) -> list[TokenView]:
    """The good tokens of a machine or bot, newest first."""
    await user_for(conn, user_id)
    good = select(api_tokens).where(api_tokens.c.user_id == user_id, *live_tokens(wall()))
    rows = await conn.execute(good.order_by(api_tokens.c.created_at.desc(), api_tokens.c.id))
    return [token_view(row) for row in rows]


async def insert_token(
    tx: Tx,
    user_id: UUID,
    sources: Sequence[str],
    *,
    label: str = "",
    expires_at: datetime | None = None,
    actor_id: UUID | None = None,
) -> tuple[str, Row[Any]]:
    """Make a token in the caller's transaction; its secret and its row."""
    secret = TOKEN_PREFIX + new_secret()
    row = api_tokens.insert().values(
        id=new_id(),
        user_id=user_id,
        token_hash=digest(secret),
        label=label,
        sources=list(sources),
        expires_at=expires_at,
    )
    made = (await tx.execute(row.returning(api_tokens))).one()
    await record(tx, actor_id, "token_added", str(made.id), user=str(user_id), sources=list(sources), label=label)
    return secret, made


async def add_token(db: Database, actor: Actor, user_id: UUID, wanted: NewToken) -> NewTokenView:
    """Make a token for a machine or bot; people sign in (`conflict`)."""
    expires_at = None if wanted.expires_in is None else wall() + timedelta(seconds=wanted.expires_in)

    async def change(tx: Tx) -> NewTokenView:
        user = await user_for(tx.conn, user_id)
        if user.kind == "person":
            raise Problem("conflict", "People sign in; API tokens are for machines and bots")
        secret, made = await insert_token(
            tx, user_id, wanted.sources, label=wanted.label, expires_at=expires_at, actor_id=actor.id
        )
        return NewTokenView(secret, token_view(made))

    return await db.act(change)


async def revoke_token(db: Database, actor: Actor, user_id: UUID, token_id: UUID) -> None:
    """Revoke a token of a machine or bot; its sockets close within seconds, on every replica."""

    async def change(tx: Tx) -> None:
        if (await user_for(tx.conn, user_id)).kind == "person":
            raise Problem("not_found")
        mine = (api_tokens.c.id == token_id, api_tokens.c.user_id == user_id, api_tokens.c.revoked_at.is_(None))
        revoked = await tx.execute(update(api_tokens).where(*mine).values(revoked_at=wall()))
        if not revoked.rowcount:
            raise Problem("not_found")
        await record(tx, actor.id, "token_revoked", str(token_id), user=str(user_id))
        tell_standing(tx, user_id)

    await db.act(change)


async def note_use(conn: AsyncConnection, token_id: UUID | None) -> None:
    """Note that a token is used, once a minute at most: it costs most requests no write."""
    now = wall()
    await conn.execute(USED, {"id": token_id, "now": now, "before": now - timedelta(seconds=limits.TOKEN_USE_SECONDS)})
