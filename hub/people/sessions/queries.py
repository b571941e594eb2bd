"""Reading sessions."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.people.sessions.tables import login_failures, sessions
from hub.wire.views import SessionView


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
