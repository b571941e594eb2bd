"""What may be posted. Pure."""

import hashlib
import math
from time import monotonic
from typing import Any, Final, get_args
from uuid import UUID

import msgspec

from hub.base.text import checked, message_text
from hub.base.tree import check_tree
from hub.people.policy import Actor, at_least, require
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.requests import PostMessage
from hub.wire.views import Message, MessageType

MESSAGE_TYPES: Final[tuple[str, ...]] = get_args(MessageType)
POSTABLE: Final = frozenset({"text"})
BY_THE_HUB: Final = frozenset({"system", "incident_data"})


def check_post(actor: Actor, message: PostMessage) -> None:
    """Refuse what the actor may not post or what no room can take."""
    require(actor, "responder")
    if message.type in BY_THE_HUB:
        raise Problem("forbidden", f"Only the hub writes messages of type {message.type}")
    if message.type not in POSTABLE:
        raise Problem("kind")
    message_text(message.content)
    checked(message.client_msg_id or "")
    check_structured(message.metadata)


def check_structured(metadata: dict[str, Any]) -> None:
    """Refuse structured data over 100 KB, too deep, or holding what no column can (`text_invalid`)."""
    if not metadata:
        return
    check_tree(metadata)
    if len(msgspec.json.encode(metadata)) > limits.STRUCTURED_BYTES:
        raise Problem("metadata_too_long")


def check_delete(actor: Actor, room: Any, message: Message, reason: str | None) -> None:
    """Refuse what the actor may not delete: one's own texts; with a reason, as owner or lead of the room or as admin.

    What the hub or a machine wrote stays.
    """
    require(actor, "responder")
    if message.type in BY_THE_HUB:
        raise Problem("forbidden", f"Messages of type {message.type} stay")
    if message.sender is not None and message.sender.id == actor.id:
        return
    if not (room.my_role in {"owner", "lead"} or at_least(actor, "admin")):
        raise Problem("forbidden")
    if not (reason or "").strip():
        raise Problem("invalid", "Say why another's message is deleted", field="reason")


def fingerprint(room_id: UUID, message: PostMessage) -> bytes:
    """What two posts with the same key must share to be the same post."""
    same = msgspec.json.encode([room_id, message.type, message.content, message.metadata], order="deterministic")
    return hashlib.sha256(same).digest()


class Buckets:
    """A token bucket per user: `rate` a second, `burst` at once, so that an offline outbox of 40 passes."""

    def __init__(self, rate: float, burst: int):
        self._rate = rate
        self._burst = burst
        self._level: dict[UUID, tuple[float, float]] = {}

    def take(self, user_id: UUID, now: float | None = None) -> None:
        """Take one token, or refuse with `rate_limited` and the seconds to wait."""
        now = monotonic() if now is None else now
        level, since = self._level.get(user_id, (float(self._burst), now))
        level = min(self._burst, level + (now - since) * self._rate)
        if level < 1:
            wait = (1 - level) / self._rate
            self._level[user_id] = (level, now)
            raise Problem("rate_limited", retry_after=math.ceil(wait * 1000) / 1000)
        self._level[user_id] = (level - 1, now)
