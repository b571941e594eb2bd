"""Changing sessions: open, refresh, end."""

from datetime import timedelta
from uuid import UUID

import msgspec
from sqlalchemy import update

from hub.audit.actions import record
from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.base.telemetry import auth_failures
from hub.people import queries
from hub.people.policy import Actor
from hub.people.secrets import TokenKeys, digest, session_of
from hub.people.sessions.tables import login_failures, sessions
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import SignedIn


class Device(msgspec.Struct, frozen=True):
    """From where somebody signs in."""

    user_agent: str = ""
    ip: str = ""


class Session(msgspec.Struct, frozen=True):
    """A fresh pair: what goes in the answer, and the refresh secret for the cookie."""

    signed_in: SignedIn
    refresh: str


def refused(code: str) -> Problem:
    """A refusal, counted."""
    auth_failures.labels(code).inc()
    return Problem(code)


async def open_session(db: Database, keys: TokenKeys, user_id: UUID, account: str, device: Device) -> Session:
    """Open a session for somebody whose password was right."""
    session_id, now = new_id(), wall()
    refresh = keys.first_refresh(session_id)

    async def change(tx: Tx) -> Session:
        await tx.execute(
            sessions.insert().values(
                id=session_id,
                user_id=user_id,
                refresh_hash=digest(refresh),
                refreshed_at=now,
                created_at=now,
                expires_at=now + timedelta(seconds=limits.REFRESH_SECONDS),
                user_agent=device.user_agent[:200],
                ip=device.ip,
            )
        )
        forget = update(login_failures).where(login_failures.c.username == account).values(counted=False)
        await tx.execute(forget)
        await record(tx, user_id, "signed_in", str(session_id), ip=device.ip)
        return await _pair(tx, keys, user_id, session_id, refresh)

    return await db.act(change)


async def _pair(tx: Tx, keys: TokenKeys, user_id: UUID, session_id: UUID, refresh: str) -> Session:
    token = keys.access_token(user_id, session_id)
    return Session(SignedIn(token, limits.ACCESS_TOKEN_SECONDS, await queries.me(tx.conn, user_id)), refresh)


async def refresh_session(db: Database, keys: TokenKeys, refresh: str) -> Session:
    """Rotate the refresh secret. An old secret ends the session (theft), but for 10 s after its own rotation.

    Within that grace a lost answer may be asked for again, and two tabs may ask at once: all get the same next secret.
    """
    fresh, now = keys.next_refresh(refresh), wall()

    async def change(tx: Tx) -> Session | None:
        mine = sessions.select().where(sessions.c.id == session_of(refresh)).with_for_update()
        row = (await tx.execute(mine)).one_or_none()
        if row is None or row.revoked_at or row.expires_at < now:
            return None
        stale = row.refresh_hash != digest(refresh)
        late = now - row.refreshed_at > timedelta(seconds=limits.REFRESH_GRACE_SECONDS)
        if stale and not keys.issued(refresh):  # made up: whoever knows a session's id shall not end it
            return None
        if stale and (late or row.previous_hash != digest(refresh)):
            await _revoke(tx, row.user_id, row.id, "refresh_reused")
            return None
        if await queries.actor_of_session(tx.conn, row.id, now) is None:
            return None
        if not stale:
            rotated = {"refresh_hash": digest(fresh), "previous_hash": digest(refresh), "refreshed_at": now}
            await tx.execute(update(sessions).where(sessions.c.id == row.id).values(rotated))
        return await _pair(tx, keys, row.user_id, row.id, fresh)

    session = await db.act(change)
    if session is None:
        raise refused("session_revoked")
    return session


async def end_session(db: Database, actor: Actor, session_id: UUID) -> None:
    """Sign out one of the actor's own sessions; its sockets close within seconds, on every replica."""

    async def change(tx: Tx) -> None:
        mine = sessions.select().where(sessions.c.id == session_id, sessions.c.user_id == actor.id).with_for_update()
        if (await tx.execute(mine)).one_or_none() is None:
            raise Problem("not_found")
        await _revoke(tx, actor.id, session_id, "signed_out")

    await db.act(change)


async def _revoke(tx: Tx, user_id: UUID, session_id: UUID, action: str) -> None:
    await tx.execute(update(sessions).where(sessions.c.id == session_id).values(revoked_at=wall()))
    await record(tx, user_id, action, str(session_id))


async def end_sessions(tx: Tx, user_id: UUID, action: str, actor_id: UUID | None = None) -> int:
    """End every live session of a user and note it as `action`; their sockets close within seconds on every replica.

    Returns how many there were. `actor_id` is who did it; None is the hub itself (the directory let them go).
    """
    now = wall()
    live = (sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)
    ended = await tx.execute(update(sessions).where(*live).values(revoked_at=now))
    await record(tx, actor_id, action, str(user_id), sessions=ended.rowcount)
    return int(ended.rowcount)
