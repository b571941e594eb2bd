"""What clients send over REST. Unknown fields are refused (`unknown_field`)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.presence import BroadcastScope
from hub.wire.room_admin import ClosingForm
from hub.wire.views import Category, MessageType, RoomRole, Severity, Status, Visibility


class Login(msgspec.Struct, forbid_unknown_fields=True):
    """Account and password; checked by the directory or the local accounts."""

    username: Annotated[str, Meta(max_length=limits.USERNAME_CHARS)]
    password: Annotated[str, Meta(max_length=limits.PASSWORD_CHARS)]


class OpenRoom(msgspec.Struct, forbid_unknown_fields=True):
    """Open a room by hand, by this template, else by the one that matches."""

    title: Annotated[str, Meta(min_length=1, max_length=200)]
    site: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] | None = None
    area: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] | None = None
    line: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] | None = None
    machine: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] | None = None
    category: Category = "machine"
    severity: Severity = "high"
    visibility: Visibility = "line"
    template_id: UUID | None = None


class ChangeRoom(msgspec.Struct, forbid_unknown_fields=True):
    """Change facts of a room; what is absent stays. A lower severity needs a `reason`, which stands in the timeline."""

    title: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    severity: Severity | None = None
    visibility: Visibility | None = None
    line: Annotated[str, Meta(min_length=1, max_length=limits.PLACE_CHARS)] | None = None
    reason: Annotated[str, Meta(max_length=500)] | None = None


class Transition(msgspec.Struct, forbid_unknown_fields=True):
    """Move the incident to a status; the reason stands in the timeline. Closing may bring the closing form."""

    to: Status
    reason: Annotated[str, Meta(max_length=500)] | None = None
    closing: ClosingForm | None = None


class AddMember(msgspec.Struct, forbid_unknown_fields=True):
    """Add a user, or everybody of a team; without either I join myself. `until` ends a guest's membership by itself."""

    user_id: UUID | None = None
    role: RoomRole = "responder"
    team_id: UUID | None = None
    until: datetime | None = None


class ChangeMember(msgspec.Struct, forbid_unknown_fields=True):
    """Change a member's room role."""

    role: RoomRole


class PostMessage(msgspec.Struct, forbid_unknown_fields=True):
    """Post a message. `client_msg_id` makes a retry safe; the `Idempotency-Key` header is the same thing."""

    content: str
    type: MessageType = "text"
    metadata: dict[str, Any] = {}
    client_msg_id: Annotated[str, Meta(min_length=1, max_length=limits.IDEMPOTENCY_KEY_CHARS)] | None = None


class EditMessage(msgspec.Struct, forbid_unknown_fields=True):
    """Give one's own text another wording, within 15 minutes."""

    content: str


class NewReaction(msgspec.Struct, forbid_unknown_fields=True):
    """React with one emoji; the same again changes nothing."""

    emoji: Annotated[str, Meta(min_length=1, max_length=limits.EMOJI_CHARS)]


class MarkRead(msgspec.Struct, forbid_unknown_fields=True):
    """I have read up to this seq. With `unread` what comes after it is new to me again."""

    seq: Annotated[int, Meta(ge=0, le=2**53)]
    unread: bool = False


class NewBroadcast(msgspec.Struct, forbid_unknown_fields=True):
    """Tell one person (`user_id`), a room (`room_id`), a line (`line`) or everybody; at most a week."""

    scope: BroadcastScope
    text: Annotated[str, Meta(min_length=1, max_length=limits.BROADCAST_CHARS)]
    severity: Severity = "medium"
    user_id: UUID | None = None
    room_id: UUID | None = None
    line: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] | None = None
    expires_in: Annotated[int, Meta(ge=60, le=limits.BROADCAST_SECONDS)] = 8 * 3600


class AlarmBatch(msgspec.Struct, forbid_unknown_fields=True):
    """A batch of observations, snapshots and rejects (shapes in `hub.wire.alarms`), at most 500, at most 4 MiB."""

    observations: list[dict[str, Any]]
