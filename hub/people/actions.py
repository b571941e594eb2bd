"""Changing people: accounts and API tokens."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import update

from hub.audit.actions import record
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people import queries
from hub.people.accounts.actions import give_password
from hub.people.accounts.policy import check_password, temporary_password
from hub.people.accounts.tokens import insert_token
from hub.people.secrets import passwords
from hub.people.tables import users
from hub.wire.problems import Problem
from hub.wire.views import HubRole, UserKind


class NewUser(msgspec.Struct, frozen=True):
    """An account to add; without a password nobody can sign in with it (machines, bots)."""

    username: str
    name: str
    kind: UserKind = "person"
    role: HubRole = "responder"
    password: str | None = None
    break_glass: bool = False


async def put_user(db: Database, user: NewUser) -> UUID:
    """Add an account, or bring the existing one of that name up to date; its password stays unless one is given."""
    if user.password is not None:
        check_password(user.password, user.username)
    hashed = passwords.hash(user.password) if user.password else None

    async def change(tx: Tx) -> UUID:
        found = await queries.account(tx.conn, user.username)
        if found is not None and found.object_guid is not None:
            raise Problem("conflict", f"{user.username} is an account of the directory")
        user_id = found.id if found else new_id()
        facts: dict[str, Any] = {"name": user.name, "kind": user.kind, "role": user.role}
        facts |= {"break_glass": user.break_glass} | ({"password_hash": hashed, "must_change": False} if hashed else {})
        if found:
            await tx.execute(update(users).where(users.c.id == user_id).values(disabled_at=None, **facts))
        else:
            await tx.execute(users.insert().values(id=user_id, username=user.username.strip(), **facts))
        done = "user_changed" if found else "user_added"
        await record(tx, None, done, str(user_id), role=user.role, kind=user.kind, break_glass=user.break_glass)
        return user_id

    return await db.act(change)


async def reset_from_outside(db: Database, username: str) -> str:
    """Give a local account a temporary password, by whoever holds the database; also to an admin locked out.

    The account is enabled and need not wait after wrong passwords; its sessions end. `not_found` where there is none.
    """
    temporary = temporary_password()
    hashed = passwords.hash(temporary)

    async def change(tx: Tx) -> None:
        found = await queries.account(tx.conn, username)
        if found is None or found.kind != "person" or found.object_guid is not None:
            raise Problem("not_found", f"{username} is no local account of a person")
        await tx.execute(update(users).where(users.c.id == found.id).values(disabled_at=None))
        await give_password(tx, found, hashed, None)

    await db.act(change)
    return temporary


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

    async def change(tx: Tx) -> str:
        return (await insert_token(tx, user_id, sources))[0]

    return await db.act(change)
