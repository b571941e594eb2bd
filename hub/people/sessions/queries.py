"""Reading sessions."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.sessions.policy import counted_account
from hub.people.sessions.tables import login_attempts, sessions
from hub.wire import limits
from hub.wire.sessions import SessionView


async def live_sessions(
    conn: AsyncConnection, user_id: UUID, now: datetime, current: UUID | None = None
) -> list[SessionView]:
    """Live sessions of a user, newest first; `current` is the one that asks."""
    rows = await conn.execute(
        select(sessions)
        .where(sessions.c.user_id == user_id, sessions.c.revoked_at.is_(None), sessions.c.expires_at > now)
        .order_by(sessions.c.created_at.desc(), sessions.c.id)
    )
    return [
        SessionView(
            row.id,
            row.created_at,
            row.refreshed_at,
            row.expires_at,
            row.user_agent,
            row.ip,
            row.id == current,
        )
        for row in rows
    ]


async def waits_until(conn: AsyncConnection, username: str, failures: int, now: datetime) -> datetime | None:
    """Until when an account waits after `failures` wrong passwords; None when it does not."""
    window = timedelta(seconds=limits.LOGIN_WINDOW_SECONDS)
    newest = (
        select(login_attempts.c.at)
        .where(login_attempts.c.account == counted_account(username), ~login_attempts.c.open)
        .where(login_attempts.c.at > now - window)
        .order_by(login_attempts.c.at.desc())
    )
    last = await conn.scalar(newest.offset(failures - 1).limit(1))
    return None if last is None else last + window
