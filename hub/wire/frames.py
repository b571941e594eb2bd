"""WebSocket frames: JSON text, told apart by `op`. Documented in docs/protocol.md."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.presence import Broadcast
from hub.wire.views import Event, MessageType, Person, Room

VERSION = 1
Ref = Annotated[str, Meta(max_length=limits.IDEMPOTENCY_KEY_CHARS)]


class FromClient(msgspec.Struct, tag_field="op", forbid_unknown_fields=True):
    """Base of the frames a client sends. `ref` comes back in the answer."""


class Auth(FromClient, tag="auth"):
    """First frame: the one-time ticket of `POST /api/ws-ticket`."""

    ticket: str
    v: int = VERSION


class Subscribe(FromClient, tag="subscribe"):
    """Follow a room from after a seq; `epoch` as told in `hello` or the snapshot."""

    room: UUID
    after_seq: Annotated[int, Meta(ge=0, le=2**53)]
    epoch: str | None = None
    ref: str | None = None


class Unsubscribe(FromClient, tag="unsubscribe"):
    """Stop following a room."""

    room: UUID


class Send(FromClient, tag="send"):
    """Post a message; answered by `ack` after it is durable."""

    room: UUID
    client_msg_id: Annotated[str, Meta(min_length=1, max_length=limits.IDEMPOTENCY_KEY_CHARS)]
    content: str
    kind: MessageType = "text"
    metadata: dict[str, Any] = {}


class Read(FromClient, tag="read"):
    """I have read the room up to this seq."""

    room: UUID
    seq: Annotated[int, Meta(ge=0, le=2**53)]


class Edit(FromClient, tag="edit"):
    """Give one's own text another wording; answered by `done`. `version` is the one that was changed."""

    message_id: UUID
    content: str
    version: int | None = None
    ref: Ref | None = None


class Delete(FromClient, tag="delete"):
    """Delete a message; answered by `done`."""

    message_id: UUID
    reason: Annotated[str, Meta(max_length=500)] | None = None
    ref: Ref | None = None


class React(FromClient, tag="react"):
    """React to a message; answered by `done`, also when it was so already."""

    message_id: UUID
    emoji: Annotated[str, Meta(min_length=1, max_length=limits.EMOJI_CHARS)]
    ref: Ref | None = None


class Unreact(FromClient, tag="unreact"):
    """Take a reaction back; answered by `done`, also when there was none."""

    message_id: UUID
    emoji: Annotated[str, Meta(min_length=1, max_length=limits.EMOJI_CHARS)]
    ref: Ref | None = None


class Typing(FromClient, tag="typing"):
    """I am writing in this room; repeat it every 3 s, it ends by itself after 6. Not `active`: I have stopped."""

    room: UUID
    active: bool = True


class Heartbeat(FromClient, tag="hb"):
    """Alive. Answered by `hb` with the server's time."""


ClientFrame = Auth | Subscribe | Unsubscribe | Send | Edit | Delete | React | Unreact | Read | Typing | Heartbeat


class FromServer(msgspec.Struct, tag_field="op", omit_defaults=True):
    """Base of the frames the hub sends."""


class Hello(FromServer, tag="hello"):
    """First frame of the hub."""

    v: int
    epoch: str
    heartbeat_ms: int
    limits: dict[str, int]
    server_time: datetime


class Ready(FromServer, tag="ready"):
    """The ticket was good."""

    user: Person


class EventFrame(FromServer, tag="event"):
    """One event of a followed room, in seq order, none missing."""

    room: UUID
    seq: int
    type: str
    actor: Person | None
    at: datetime
    body: dict[str, Any]

    @classmethod
    def of(cls, event: Event) -> "EventFrame":
        """Wrap a hydrated event."""
        return cls(event.room, event.seq, event.type, event.actor, event.at, event.body)


class CaughtUp(FromServer, tag="caught_up"):
    """Everything up to this seq was sent; what follows is live."""

    room: UUID
    seq: int


class ResyncRequired(FromServer, tag="resync_required"):
    """Too old, from the future or of another epoch: fetch the snapshot, then subscribe from it."""

    room: UUID


class Ack(FromServer, tag="ack"):
    """A sent message is durable."""

    ref: str
    message_id: UUID
    seq: int


class Done(FromServer, tag="done"):
    """An `edit`, `delete`, `react` or `unreact` is durable."""

    ref: str


class Error(FromServer, tag="error"):
    """A refusal, with the codes of the REST API."""

    code: str
    message: str
    ref: str | None = None
    room: UUID | None = None
    retry_after_ms: int | None = None


class LobbyRoom(msgspec.Struct):
    """A room that moved, as the list shows it. What is mine in it (unread) comes from REST."""

    room: Room
    members: int


class Signal(FromServer, tag="signal"):
    """Live, lossy, never stored.

    `lobby`: these rooms moved; fetch `changed_after` for what is mine in them. `typing`: who writes in the room now,
    three of `count` at most; nobody when `people` is empty. `presence`: `count` members are online, those who came
    and left since the last one; ask `/online` when there are too many to name. `read`: another device of mine has read,
    or has marked what comes after as `unread`.
    """

    kind: Literal["lobby", "typing", "presence", "broadcast", "read"]
    rooms: list[LobbyRoom] = []
    room: UUID | None = None
    last_read_seq: int | None = None
    unread: bool = False
    people: list[Person] = []
    count: int = 0
    came: list[UUID] = []
    left: list[UUID] = []
    broadcast: Broadcast | None = None


class HeartbeatAnswer(FromServer, tag="hb"):
    """The hub is alive."""

    server_time: datetime


class Reconnect(FromServer, tag="reconnect"):
    """The hub drains; come back after so long."""

    after_ms: int


ServerFrame = (
    Hello | Ready | EventFrame | CaughtUp | ResyncRequired | Ack | Done | Error | Signal | HeartbeatAnswer | Reconnect
)
