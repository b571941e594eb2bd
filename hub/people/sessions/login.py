"""Signing in, and changing one's password: tries are counted before the directory is asked."""

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy import update

from hub.audit.actions import record
from hub.base.db import Tx
from hub.base.text import checked
from hub.people import queries
from hub.people.accounts.policy import check_password
from hub.people.directory.door import SignInRefused
from hub.people.secrets import passwords
from hub.people.sessions.actions import Device, Gate, Session, end_sessions, open_session, refused
from hub.people.sessions.attempts import attempt
from hub.people.tables import users
from hub.wire.problems import Problem


async def login(gate: Gate, username: str, password: str, device: Device) -> Session:
    """Sign in. `password_change_required` when the password is right and only somebody else's choice."""
    user_id = await _proven(gate, username, password, device)

    async def change(tx: Tx) -> Session | None:
        if (await queries.user(tx.conn, user_id)).must_change:
            return None
        return await open_session(tx, gate, user_id, device)

    session = await gate.db.act(change)
    if session is None:
        raise refused("password_change_required")
    return session


async def change_password(gate: Gate, username: str, password: str, chosen: str, device: Device) -> Session:
    """Choose another password of a local account, and sign in with it; every other session ends.

    The present password is asked for and counts as a try. `password_weak` names what is wrong with the new one,
    `conflict` is told of an account whose password the directory keeps.
    """
    check_password(chosen, username)
    if chosen == password:
        raise Problem("password_weak", "The new password is the old one", field="new_password")
    user_id = await _proven(gate, username, password, device)
    hashed = await asyncio.to_thread(passwords.hash, chosen)

    async def change(tx: Tx) -> Session:
        kept_here = (users.c.id == user_id, users.c.password_hash.is_not(None))
        changed = await tx.execute(update(users).where(*kept_here).values(password_hash=hashed, must_change=False))
        if not changed.rowcount:
            raise Problem("conflict", "The directory keeps the password of this account; change it there")
        await end_sessions(tx, user_id, "password_changed", user_id)
        return await open_session(tx, gate, user_id, device)

    return await gate.db.act(change)


async def _proven(gate: Gate, username: str, password: str, device: Device) -> UUID:
    """The user whose account and password these are; an empty one is refused before anybody is asked."""
    account = checked(username).strip().lower()
    checked(password)
    if not account or not password:
        raise refused("invalid_credentials")
    try:
        async with attempt(gate.db, gate.rules, account, device.ip):
            return await gate.directory.authenticate(account, password)
    except Problem as problem:
        if problem.status != 401:  # too many tries, or the directory is away: no password was tried
            raise
        await _note_refusal(gate, account, problem, device)
        raise refused(problem.code) from None


async def _note_refusal(gate: Gate, account: str, problem: Problem, device: Device) -> None:
    facts: dict[str, Any] = {"reason": problem.reason} if isinstance(problem, SignInRefused) else {}

    async def change(tx: Tx) -> None:
        await record(tx, None, "login_refused", account, ip=device.ip, code=problem.code, **facts)

    await gate.db.act(change)
