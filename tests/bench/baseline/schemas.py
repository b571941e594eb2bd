"""What comes in and goes out, as Pydantic models (3.1.2)."""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tests.bench.baseline.models import MessageType

TEXT_BYTES = 10 * 1024
STRUCTURED_BYTES = 100 * 1024


class WebSocketMessage(BaseModel):
    """A message a client sends; `client_id` comes back in its ack."""

    type: Literal["message"]
    message_type: MessageType = MessageType.TEXT
    content: str = Field(min_length=1)
    metadata: dict[str, Any] = {}
    client_id: str | None = Field(default=None, max_length=128)

    @model_validator(mode="after")
    def check_length(self) -> Self:
        """3.2.3: 10 KB of text, 100 KB of anything structured."""
        limit = TEXT_BYTES if self.message_type is MessageType.TEXT else STRUCTURED_BYTES
        if len(self.content.encode()) > limit:
            raise ValueError(f"content is longer than {limit} bytes")
        return self


class MessageCreate(BaseModel):
    """A checked message on its way to the database."""

    room_id: UUID
    sender_id: str
    content: str
    message_type: MessageType
    metadata: dict[str, Any]


class MessageResponse(BaseModel):
    """A stored message, as REST returns it."""

    model_config = ConfigDict(from_attributes=True)

    message_id: UUID
    room_id: UUID
    sender_id: str
    content: str
    message_type: MessageType
    metadata: dict[str, Any] | None = Field(validation_alias="message_metadata")
    created_at: datetime
    edited_at: datetime | None
    sequence_number: int


class MessageBroadcast(MessageResponse):
    """A stored message, as the members' sockets get it."""

    type: Literal["message"] = "message"


class MessageAck(BaseModel):
    """The sender's message is stored."""

    type: Literal["ack"] = "ack"
    client_id: str | None
    message_id: UUID
    sequence_number: int


class MessageError(BaseModel):
    """The sender's message was refused."""

    type: Literal["error"] = "error"
    code: Literal["invalid", "rate_limited"]
    detail: str
