"""Changing sessions: open, refresh, end."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, update

from hub.audit.actions import record
from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.base.telemetry import auth_failures, break_glass_used, logger
from hub.people import queries
from hub.people.directory.door import Directory
from hub.people.policy import Actor
from hub.people.secrets import TokenKeys, digest, session_of
from hub.people.sessions.policy import Rules
from hub.people.sessions.tables import sessions
from hub.people.signals import tell_standing
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.sessions import SignedIn

log = logger("sessions")


class Device(msgspec.Struct, frozen=True):
    """From where somebody signs in."""

    user_agent: str = ""
    ip: str = ""


class Session(msgspec.Struct, frozen=True):
    """A fresh pair: what goes in the answer, and the refresh secret for the cookie, good for `lasts` seconds."""

    signed_in: SignedIn
    refresh: str
    lasts: int


class Gate(msgspec.Struct, frozen=True):
    """What signing in needs: where people stand, who knows the passwords, the keys and the operator's rules."""

    db: Database
    directory: Directory
    keys: TokenKeys
    rules: Rules


def refused(code: str) -> Problem:
    """A refusal, counted."""
    auth_failures.labels(code).inc()
    return Problem(code)


async def open_session(tx: Tx, gate: Gate, user_id: UUID, device: Device) -> Session:
    """Open a session for somebody whose password was right."""
    user = await queries.user(tx.conn, user_id)
    session_id, now = new_id(), wall()
    refresh, expires_at = gate.keys.first_refresh(session_id), gate.rules.expires_at(now, now, user.kiosk)
    await tx.execute(
        sessions.insert().values(
            id=session_id,
            user_id=user_id,
            refresh_hash=digest(refresh),
            refreshed_at=now,
            created_at=now,
            expires_at=expires_at,
            user_agent=device.user_agent[:200],
            ip=device.ip,
        )
    )
    await record(tx, user_id, "signed_in", str(session_id), ip=device.ip)
    if user.break_glass:
        await _break_glass(tx, user_id, session_id, device)
    return await _pair(tx, gate, user_id, session_id, refresh, expires_at)


async def _break_glass(tx: Tx, user_id: UUID, session_id: UUID, device: Device) -> None:
    """The account for emergencies was used: it is told in the audit, in the metrics and in the log."""
    await record(tx, user_id, "break_glass_used", str(session_id), ip=device.ip)
    tx.after_commit(break_glass_used.inc)
    tx.after_commit(partial(log.warning, "break_glass_used", user=str(user_id), ip=device.ip))


async def _pair(tx: Tx, gate: Gate, user_id: UUID, session_id: UUID, refresh: str, expires_at: datetime) -> Session:
    token = gate.keys.access_token(user_id, session_id)
    signed_in = SignedIn(token, limits.ACCESS_TOKEN_SECONDS, await queries.me(tx.conn, user_id))
    return Session(signed_in, refresh, int((expires_at - wall()).total_seconds()))


async def refresh_session(gate: Gate, refresh: str) -> Session:
    """Rotate the refresh secret. An old secret ends the session (theft), but for 10 s after its own rotation.

    Within that grace a lost answer may be asked for again, and two tabs may ask at once: all get the same next secret.
    """
    session = await gate.db.act(lambda tx: _refreshed(tx, gate, refresh))
    if session is None:
        raise refused("session_revoked")
    return session


async def _refreshed(tx: Tx, gate: Gate, refresh: str) -> Session | None:
    now = wall()
    mine = sessions.select().where(sessions.c.id == session_of(refresh)).with_for_update()
    row = (await tx.execute(mine)).one_or_none()
    if row is None or row.revoked_at or row.expires_at < now:
        return None
    if await queries.actor_of_session(tx.conn, row.id, now) is None:
        return None
    if row.refresh_hash == digest(refresh):
        return await _rotated(tx, gate, row, refresh, now)
    if not gate.keys.issued(refresh):  # made up: whoever knows a session's id shall not end it
        return None
    late = now - row.refreshed_at > timedelta(seconds=limits.REFRESH_GRACE_SECONDS)
    if late or row.previous_hash != digest(refresh):
        await _revoke(tx, row.user_id, row.id, "refresh_reused")
        return None
    fresh = gate.keys.same_next(refresh, row.refresh_hash)
    return None if fresh is None else await _pair(tx, gate, row.user_id, row.id, fresh, row.expires_at)


async def _rotated(tx: Tx, gate: Gate, row: Row[Any], refresh: str, now: datetime) -> Session:
    fresh, user = gate.keys.next_refresh(refresh), await queries.user(tx.conn, row.user_id)
    ends = gate.rules.expires_at(row.created_at, now, user.kiosk)
    rotated = {"refresh_hash": digest(fresh), "previous_hash": digest(refresh), "refreshed_at": now}
    await tx.execute(update(sessions).where(sessions.c.id == row.id).values(**rotated, expires_at=ends))
    return await _pair(tx, gate, row.user_id, row.id, fresh, ends)


async def end_session(db: Database, actor: Actor, user_id: UUID, session_id: UUID) -> None:
    """Sign a user out of one session; its sockets close within seconds, on every replica.

    Whose session it is was decided before: the actor's own, or an admin ends it.
    """

    async def change(tx: Tx) -> None:
        of_user = sessions.select().where(sessions.c.id == session_id, sessions.c.user_id == user_id).with_for_update()
        if (await tx.execute(of_user)).one_or_none() is None:
            raise Problem("not_found")
        await _revoke(tx, user_id, session_id, "signed_out" if user_id == actor.id else "session_ended", actor.id)

    await db.act(change)


async def end_others(db: Database, actor: Actor) -> int:
    """Sign the actor out everywhere but here; returns of how many sessions."""

    async def change(tx: Tx) -> int:
        return await end_sessions(tx, actor.id, "signed_out_elsewhere", actor.id, keep=actor.session_id)

    return await db.act(change)


async def end_sessions(
    tx: Tx, user_id: UUID, action: str, actor_id: UUID | None = None, *, keep: UUID | None = None
) -> int:
    """End every live session of a user and note it as `action`; their sockets close within seconds on every replica.

    Returns how many there were. `actor_id` is who did it; None is the hub itself (the directory let them go).
    """
    now = wall()
    live = (sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)
    ended = await tx.execute(update(sessions).where(*live, sessions.c.id.is_distinct_from(keep)).values(revoked_at=now))
    await record(tx, actor_id, action, str(user_id), sessions=ended.rowcount)
    tell_standing(tx, user_id)
    return int(ended.rowcount)


async def _revoke(tx: Tx, user_id: UUID, session_id: UUID, action: str, actor_id: UUID | None = None) -> None:
    await tx.execute(update(sessions).where(sessions.c.id == session_id).values(revoked_at=wall()))
    await record(tx, actor_id or user_id, action, str(session_id), user=str(user_id))
    tell_standing(tx, user_id)
