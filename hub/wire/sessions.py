"""Who is signed in, and on which devices."""

from datetime import datetime
from uuid import UUID

import msgspec

from hub.wire.views import HubRole, UserKind


class Me(msgspec.Struct):
    """The signed-in user."""

    id: UUID
    username: str
    name: str
    kind: UserKind
    role: HubRole
    language: str | None


class SignedIn(msgspec.Struct):
    """Answer of login and refresh. `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    user: Me


class SessionView(msgspec.Struct):
    """One sign-in of the user, on one device."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str
    ip: str
    current: bool


class Ticket(msgspec.Struct):
    """A one-time ticket for the first WebSocket frame. `expires_in` is in seconds."""

    ticket: str
    expires_in: int
