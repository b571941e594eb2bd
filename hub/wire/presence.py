"""Who is here, and what is announced to whom."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from hub.wire.views import Person, Severity

BroadcastScope = Literal["person", "room", "line", "everybody"]


class Here(msgspec.Struct):
    """Members of a room who are online, or who are writing in it; at most 100 of `count` are named."""

    room_id: UUID
    count: int
    people: list[Person]


class Broadcast(msgspec.Struct):
    """A word to a person, a room, a line or everybody, until it expires. `seen_at` is when I have seen it."""

    id: UUID
    scope: BroadcastScope
    text: str
    severity: Severity
    sender: Person | None
    created_at: datetime
    expires_at: datetime
    room_id: UUID | None = None
    line: str | None = None
    person: Person | None = None
    seen_at: datetime | None = None


class Seen(msgspec.Struct):
    """Who has seen a broadcast, and when."""

    person: Person
    at: datetime
