"""Storing and reading messages, one transaction each (4.1), and what is checked before (3.2)."""

import re
import time
from collections import defaultdict, deque
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.bench.baseline.models import Message, RoomMember
from tests.bench.baseline.schemas import MessageCreate

MENTION = re.compile(r"@([\w.+-]+@[\w-]+(?:\.[\w-]+)+)")


class RateLimiter:
    """So many messages a second of each user, counted over the last second (3.2.3)."""

    def __init__(self, messages_per_second: int):
        self._limit = messages_per_second
        self._sent: defaultdict[str, deque[float]] = defaultdict(deque)

    def allow(self, user_id: str) -> bool:
        """Count a message, unless it is one too many."""
        now, sent = time.monotonic(), self._sent[user_id]
        while sent and sent[0] <= now - 1:
            sent.popleft()
        if len(sent) >= self._limit:
            return False
        sent.append(now)
        return True


async def is_member(db: AsyncSession, room_id: UUID, user_id: str) -> bool:
    """Whether the user belongs to the room."""
    query = select(RoomMember.id).where(RoomMember.room_id == room_id, RoomMember.user_id == user_id)
    return await db.scalar(query) is not None


async def parse_mentions(db: AsyncSession, room_id: UUID, content: str) -> list[str]:
    """Members mentioned by their email address (3.2.2)."""
    named = set(MENTION.findall(content))
    if not named:
        return []
    query = select(RoomMember.user_id).where(RoomMember.room_id == room_id, RoomMember.user_id.in_(named))
    return sorted(await db.scalars(query))


async def create_message(db: AsyncSession, wanted: MessageCreate) -> Message:
    """Store a message; it is durable when this returns."""
    metadata = dict(wanted.metadata)
    if mentions := await parse_mentions(db, wanted.room_id, wanted.content):
        metadata["mentions"] = mentions
    message = Message(
        room_id=wanted.room_id,
        sender_id=wanted.sender_id,
        content=wanted.content,
        message_type=wanted.message_type,
        message_metadata=metadata,
    )
    db.add(message)
    await db.commit()
    await db.refresh(message)
    return message


async def get_messages(
    db: AsyncSession, room_id: UUID, limit: int = 50, before_timestamp: datetime | None = None
) -> list[Message]:
    """A room's newest messages (before a time), newest first."""
    query = select(Message).where(Message.room_id == room_id, Message.deleted_at.is_(None))
    if before_timestamp is not None:
        query = query.where(Message.created_at < before_timestamp)
    query = query.order_by(Message.created_at.desc(), Message.sequence_number.desc()).limit(limit)
    return list(await db.scalars(query))
