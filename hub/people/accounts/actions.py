"""Changing accounts, as admins do and as one does with one's own."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update

from hub.audit.actions import record
from hub.base.db import NOW, Database, Tx
from hub.base.ids import new_id
from hub.base.text import blank, checked
from hub.people import queries as people
from hub.people.accounts.policy import can, check_password, temporary_password
from hub.people.accounts.queries import SIGN_IN_AS_ADMIN, is_last_admin, user_for
from hub.people.policy import Actor
from hub.people.secrets import passwords
from hub.people.sessions.actions import end_sessions
from hub.people.sessions.policy import counted_account
from hub.people.sessions.tables import login_attempts
from hub.people.signals import tell_standing
from hub.people.tables import users
from hub.wire.accounts import ChangeMe, ChangeUser, NewAccount, UserCan
from hub.wire.problems import Problem
from hub.wire.sessions import Me

NEEDS = {"name": "rename", "role": "change_role", "language": "rename"}


async def add_user(db: Database, actor: Actor, wanted: NewAccount) -> tuple[UUID, str | None]:
    """Add a local account (`conflict` where the name is taken); its id, and the temporary password made for it."""
    name, temporary = _display_name(wanted.name), None
    if wanted.kind != "person" and wanted.password is not None:
        raise Problem("invalid", "Machines and bots have API tokens, no password", field="password")
    if wanted.password is not None:
        check_password(wanted.password, wanted.username)
    elif wanted.kind == "person":
        temporary = temporary_password()
    secret = wanted.password or temporary
    hashed = await asyncio.to_thread(passwords.hash, secret) if secret else None

    async def change(tx: Tx) -> UUID:
        if await people.account(tx.conn, wanted.username) is not None:
            raise Problem("conflict", "There is an account of that name")
        user_id = new_id()
        facts: dict[str, Any] = {
            "kind": wanted.kind,
            "role": wanted.role,
            "language": wanted.language,
            "kiosk": wanted.kiosk,
        }
        row = {"id": user_id, "username": wanted.username, "name": name, **facts}
        await tx.execute(users.insert().values(**row, password_hash=hashed, must_change=hashed is not None))
        await record(tx, actor.id, "user_added", str(user_id), username=wanted.username, name=name, **facts)
        return user_id

    return await db.act(change), temporary


async def change_user(db: Database, actor: Actor, user_id: UUID, wanted: ChangeUser) -> None:
    """Change an account. Whoever is disabled loses every session and socket at once."""
    name = None if wanted.name is None else _display_name(wanted.name)
    given = {"name": name, "role": wanted.role, "language": wanted.language, "kiosk": wanted.kiosk}

    async def change(tx: Tx) -> None:
        user, may = await _locked(tx, actor, user_id)
        asked = {field: value for field, value in given.items() if value is not None and value != getattr(user, field)}
        for field in asked:
            if field in NEEDS and not getattr(may, NEEDS[field]):
                raise Problem("conflict", _why_not(actor, user), field=field)
        values: dict[str, Any] = dict(asked)
        if wanted.disabled is not None and wanted.disabled == (user.disabled_at is None):
            if not (may.disable if wanted.disabled else may.enable):
                raise Problem("conflict", _why_not(actor, user), field="disabled")
            values["disabled_at"] = NOW if wanted.disabled else None
            values["let_go_by_directory"] = False  # what an admin says the directory does not take back
        if not values:
            return
        await tx.execute(update(users).where(users.c.id == user_id).values(**values))
        before = {field: getattr(user, field) for field in asked}
        if asked:
            await record(tx, actor.id, "user_changed", str(user_id), before=before, after=asked)
        await _told(tx, actor, user_id, values)

    await db.act(change)


async def _told(tx: Tx, actor: Actor, user_id: UUID, values: dict[str, Any]) -> None:
    if "disabled_at" in values:
        disabled = values["disabled_at"] is not None
        await record(tx, actor.id, "user_disabled" if disabled else "user_enabled", str(user_id))
        if disabled:
            await end_sessions(tx, user_id, "sessions_ended", actor.id)
    tell_standing(tx, user_id)


async def _locked(tx: Tx, actor: Actor, user_id: UUID) -> tuple[Row[Any], UserCan]:
    """An account, locked, and what may be done with it. Admins are locked first: two never take each other away."""
    await tx.execute(select(users.c.id).where(*SIGN_IN_AS_ADMIN).order_by(users.c.id).with_for_update())
    user = await user_for(tx.conn, user_id, lock=True)
    return user, can(actor.id, user, await is_last_admin(tx.conn, user_id))


def _why_not(actor: Actor, user: Row[Any]) -> str:
    if user.id == actor.id:
        return "Somebody else has to do that with your account"
    if user.object_guid is not None:
        return "The directory decides that of its accounts"
    return "Nobody else could sign in as an admin"


async def reset_password(db: Database, actor: Actor, user_id: UUID) -> str:
    """Give a local account a temporary password, to be changed at the next sign-in; all its sessions end."""
    async with db.reading() as conn:
        await user_for(conn, user_id)  # before the work of hashing
    temporary = temporary_password()
    hashed = await asyncio.to_thread(passwords.hash, temporary)

    async def change(tx: Tx) -> None:
        user, may = await _locked(tx, actor, user_id)
        if not may.reset_password:
            raise Problem("conflict", _why_not(actor, user) if user.kind == "person" else "It has no password")
        await give_password(tx, user, hashed, actor.id)

    await db.act(change)
    return temporary


async def give_password(tx: Tx, user: Row[Any], hashed: str, actor_id: UUID | None) -> None:
    """Store a password that its user has to change; sessions end, and former wrong tries are forgotten."""
    await tx.execute(update(users).where(users.c.id == user.id).values(password_hash=hashed, must_change=True))
    await end_sessions(tx, user.id, "password_reset", actor_id)
    await _forget_tries(tx, user.username)


async def unlock(db: Database, actor: Actor, user_id: UUID) -> None:
    """Let an account that waits after wrong passwords try again now."""

    async def change(tx: Tx) -> None:
        user = await user_for(tx.conn, user_id)
        await _forget_tries(tx, user.username)
        await record(tx, actor.id, "user_unlocked", str(user_id))

    await db.act(change)


async def _forget_tries(tx: Tx, username: str) -> None:
    settled = (login_attempts.c.account == counted_account(username), ~login_attempts.c.open)
    await tx.execute(delete(login_attempts).where(*settled))


async def end_all(db: Database, actor: Actor, user_id: UUID) -> int:
    """End every session of a user, as an admin; of oneself the present one too."""

    async def change(tx: Tx) -> int:
        await user_for(tx.conn, user_id)
        return await end_sessions(tx, user_id, "sessions_ended", actor.id)

    return await db.act(change)


async def change_me(db: Database, actor: Actor, wanted: ChangeMe) -> Me:
    """Change one's own language, and name where the account is ours (`conflict` else)."""
    name = None if wanted.name is None else _display_name(wanted.name)

    async def change(tx: Tx) -> Me:
        user = await user_for(tx.conn, actor.id, lock=True)
        given = {"name": name, "language": wanted.language}
        asked = {field: value for field, value in given.items() if value is not None and value != getattr(user, field)}
        if "name" in asked and user.object_guid is not None:
            raise Problem("conflict", "The directory gives your name", field="name")
        if asked:
            await tx.execute(update(users).where(users.c.id == actor.id).values(**asked))
            before = {field: getattr(user, field) for field in asked}
            await record(tx, actor.id, "user_changed", str(actor.id), before=before, after=asked)
            tell_standing(tx, actor.id)
        return await people.me(tx.conn, actor.id)

    return await db.act(change)


def _display_name(name: str) -> str:
    if blank(checked(name)):
        raise Problem("invalid", "A name has letters one can see", field="name")
    return name.strip()
