"""WebSocket frames: JSON text, told apart by `op`. Documented in docs/protocol.md."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.views import Event, MessageType, Person, Room

VERSION = 1


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


class Heartbeat(FromClient, tag="hb"):
    """Alive. Answered by `hb` with the server's time."""


ClientFrame = Auth | Subscribe | Unsubscribe | Send | Read | Heartbeat


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
    """Live, lossy, never stored. `lobby`: these rooms moved; fetch `changed_after` for what is mine in them."""

    kind: Literal["lobby", "typing", "presence", "broadcast", "read"]
    rooms: list[LobbyRoom] = []
    room: UUID | None = None
    last_read_seq: int | None = None


class HeartbeatAnswer(FromServer, tag="hb"):
    """The hub is alive."""

    server_time: datetime


class Reconnect(FromServer, tag="reconnect"):
    """The hub drains; come back after so long."""

    after_ms: int


ServerFrame = (
    Hello | Ready | EventFrame | CaughtUp | ResyncRequired | Ack | Error | Signal | HeartbeatAnswer | Reconnect
)
