"""What may be posted, edited, deleted and called. Pure."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

import msgspec

from hub.base.text import checked, message_text
from hub.base.tree import check_tree
from hub.people.policy import Actor, at_least, require
from hub.rooms import policy as room_policy
from hub.wire import limits
from hub.wire.messages import FileRef
from hub.wire.problems import Problem
from hub.wire.requests import PostMessage
from hub.wire.views import Mentions, Message, MessageType

MESSAGE_TYPES: Final[tuple[str, ...]] = get_args(MessageType)
BY_THE_HUB: Final = frozenset({"system", "incident_data"})


def check_post(actor: Actor, message: PostMessage) -> None:
    """Refuse what the actor may not post or what no room can take."""
    require(actor, "responder")
    CHECKERS[message.type](message)
    checked(message.client_msg_id or "")
    check_structured(message.metadata)


def _check_text(message: PostMessage) -> None:
    message_text(message.content)


def _check_ref(message: PostMessage) -> None:
    """A picture or a file: the reference in `metadata`, a caption in `content` that may be empty."""
    if message.content:
        message_text(message.content)
    try:
        ref = msgspec.convert(message.metadata, FileRef)
    except msgspec.ValidationError as error:
        raise Problem("kind", f"metadata is no file reference: {error}"[:300], field="metadata") from None
    if message.type == "image_ref" and not ref.mime.startswith("image/"):
        raise Problem("kind", "An image_ref points at an image", field="metadata")


def _check_by_the_hub(message: PostMessage) -> None:
    raise Problem("forbidden", f"Only the hub writes messages of type {message.type}")


# One checker for each type of message a client may ask for.
CHECKERS: Final[dict[MessageType, Callable[[PostMessage], None]]] = {
    "text": _check_text,
    "image_ref": _check_ref,
    "file_ref": _check_ref,
    "system": _check_by_the_hub,
    "incident_data": _check_by_the_hub,
}


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
    if not room_policy.entitled(actor, room, "delete_any"):
        raise Problem("forbidden")
    if not (reason or "").strip():
        raise Problem("invalid", "Say why another's message is deleted", field="reason")


def check_edit(actor: Actor, message: Message, content: str, version: int | None, now: datetime) -> bool:
    """Refuse an edit that may not be; False when the text is so already, as after an answer that was lost.

    One's own text, for 15 minutes by the hub's clock, and not over somebody else's edit. What one may not edit is not
    found: there is nothing to tell about it.
    """
    message_text(content)
    if message.sender is None or message.sender.id != actor.id:
        raise Problem("not_found")
    if message.type != "text":
        raise Problem("kind", "Only a text can be changed")
    if message.deleted_at is not None:
        raise Problem("deleted")
    if content == message.content:
        return False
    if now - message.created_at > timedelta(seconds=limits.EDIT_SECONDS):
        raise Problem("edit_window")
    if version not in (None, message.version):
        raise Problem("edit_conflict")
    return True


def check_groups(leads: bool, called: Mentions) -> None:
    """Refuse (`mention_all`) calling the whole room to those who do not lead it."""
    if "room" in called.groups and not leads:
        raise Problem("mention_all")


def my_groups(role: str | None) -> list[str]:
    """Which groups a mention calls me by. Where no roster says who is on shift, who may act in the room is on call."""
    if role is None:
        return []
    groups = ["room"]
    if role in {"owner", "lead", "responder"}:
        groups.append("oncall")
    if role in {"owner", "lead"}:
        groups.append("lead")
    return groups


def may_see_history(actor: Actor, message: Message) -> bool:
    """Former texts: for everybody who reads the room, until the message is deleted; then for admins alone."""
    return message.deleted_at is None or at_least(actor, "admin")


def fingerprint(room_id: UUID, message: PostMessage) -> bytes:
    """What two posts with the same key must share to be the same post."""
    same = msgspec.json.encode([room_id, message.type, message.content, message.metadata], order="deterministic")
    return hashlib.sha256(same).digest()
