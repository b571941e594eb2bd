"""Changing people: accounts and API tokens."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import update

from hub.audit.actions import record
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people import queries
from hub.people.secrets import TOKEN_PREFIX, digest, new_secret, passwords
from hub.people.tables import api_tokens, users
from hub.wire.problems import Problem
from hub.wire.views import HubRole, UserKind


class NewUser(msgspec.Struct, frozen=True):
    """An account to add; without a password nobody can sign in with it (machines, bots)."""

    username: str
    name: str
    kind: UserKind = "person"
    role: HubRole = "responder"
    password: str | None = None


async def put_user(db: Database, user: NewUser) -> UUID:
    """Add an account, or bring the existing one of that name up to date."""
    hashed = passwords.hash(user.password) if user.password else None

    async def change(tx: Tx) -> UUID:
        found = await queries.account(tx.conn, user.username)
        user_id = found.id if found else new_id()
        facts = {"name": user.name, "kind": user.kind, "role": user.role, "password_hash": hashed}
        if found:
            await tx.execute(update(users).where(users.c.id == user_id).values(disabled_at=None, **facts))
        else:
            await tx.execute(users.insert().values(id=user_id, username=user.username.strip(), **facts))
        await record(tx, None, "user_changed" if found else "user_added", str(user_id), role=user.role, kind=user.kind)
        return user_id

    return await db.act(change)


async def bearer(db: Database, username: str, kind: UserKind) -> UUID:
    """The machine or bot of that name, added if absent. An account of another kind is never turned into one."""
    async with db.reading() as conn:
        found = await queries.account(conn, username)
    if found is None:
        return await put_user(db, NewUser(username, username, kind))
    if found.kind != kind:
        raise Problem("conflict", f"{username} is a {found.kind}, not a {kind}")
    user_id: UUID = found.id
    return user_id


async def add_token(db: Database, user_id: UUID, sources: Sequence[str]) -> str:
    """Make an API token for a machine or bot. `sources` are those it may report for; `*` is any."""
    token = TOKEN_PREFIX + new_secret()

    async def change(tx: Tx) -> None:
        token_id = new_id()
        await tx.execute(
            api_tokens.insert().values(id=token_id, user_id=user_id, token_hash=digest(token), sources=list(sources))
        )
        await record(tx, None, "token_added", str(token_id), user=str(user_id), sources=list(sources))

    await db.act(change)
    return token
