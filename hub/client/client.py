"""HubClient: the hub's REST routes as methods, and `follow` for live events."""

from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
import msgspec

from hub.client import answers
from hub.client.follow import Follower
from hub.client.templates import Templates
from hub.wire.alarms import Item
from hub.wire.cards import AlarmAnswer, Outcome
from hub.wire.messages import Version
from hub.wire.presence import Broadcast, Here
from hub.wire.problems import Problem
from hub.wire.requests import EditMessage, MarkRead, NewBroadcast, NewReaction, PostMessage, Transition
from hub.wire.room_admin import Closing, ClosingForm, HandOver, Merge
from hub.wire.search import SearchPage
from hub.wire.views import (
    Event,
    EventPage,
    Me,
    Member,
    Message,
    MessagePage,
    MessageType,
    Person,
    Posted,
    Reaction,
    ReadMark,
    Room,
    RoomPage,
    RoomRow,
    SignedIn,
    Snapshot,
    Status,
    Ticket,
)

View = TypeVar("View")
TIMEOUT_SECONDS = 30.0
EXPIRED = ("token_invalid", "unauthenticated")


class HubClient:
    """Talks to one hub as one user: with `token` (machines, bots) or after `login` (people).

    `origin` is only for who wants to be a browser on /ws: Origin and ticket instead of the Authorization header.
    Methods raise `Problem` for what the hub refuses and `httpx.TransportError` when it does not answer.
    """

    def __init__(
        self, base_url: str, token: str | None = None, *, origin: str | None = None, timeout: float = TIMEOUT_SECONDS
    ):
        self.base_url = base_url.rstrip("/")
        self.origin = origin
        self.token = token
        self.templates = Templates(self._call)
        self._signed_in = False
        self._http = httpx.AsyncClient(base_url=self.base_url, timeout=timeout, trust_env=False)

    async def __aenter__(self) -> "HubClient":
        return self

    async def __aexit__(self, *error: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def login(self, username: str, password: str) -> Me:
        """Sign in with account and password. The access token is renewed by itself."""
        signed_in = await self._sign_in("/api/auth/login", {"username": username, "password": password})
        self._signed_in = True
        return signed_in.user

    async def me(self) -> Me:
        """Who I am."""
        return await self._call("GET", "/api/auth/me", Me)

    async def ws_ticket(self) -> Ticket:
        """A one-time ticket for the first frame on /ws."""
        return await self._call("POST", "/api/ws-ticket", Ticket)

    async def post_alarms(self, items: Sequence[Item | msgspec.Raw]) -> list[Outcome]:
        """Report observations, snapshots and rejects (at most 500): one outcome each, in order. Safe to repeat."""
        answer = await self._call("POST", "/api/alarms", AlarmAnswer, {"observations": items})
        return answer.results

    async def rooms(self, *, changed_after: str | None = None, cursor: str | None = None, **filters: Any) -> RoomPage:
        """Rooms I may see. Filters as the route has them: status, severity, category, line, machine, mine, limit."""
        query = {"changed_after": changed_after, "cursor": cursor, **filters}
        return await self._call("GET", "/api/rooms", RoomPage, query={k: v for k, v in query.items() if v is not None})

    async def room(self, room_id: UUID) -> RoomRow:
        """One room, with what is mine in it."""
        return await self._call("GET", f"/api/rooms/{room_id}", RoomRow)

    async def snapshot(self, room_id: UUID) -> Snapshot:
        """The room as of one seq; with the events after it, it stays fresh."""
        return await self._call("GET", f"/api/rooms/{room_id}/snapshot", Snapshot)

    async def events(self, room_id: UUID, after_seq: int = 0, limit: int = 200) -> EventPage:
        """Events of the log after a seq."""
        query = {"after_seq": after_seq, "limit": limit}
        return await self._call("GET", f"/api/rooms/{room_id}/events", EventPage, query=query)

    async def messages(self, room_id: UUID, **query: Any) -> MessagePage:
        """Messages in seq order; query: before_seq, after_seq, around, limit, type."""
        return await self._call("GET", f"/api/rooms/{room_id}/messages", MessagePage, query=query)

    async def post_message(
        self,
        room_id: UUID,
        text: str,
        client_msg_id: str | None = None,
        *,
        kind: MessageType = "text",
        metadata: dict[str, Any] | None = None,
    ) -> Posted:
        """Post a message. With a `client_msg_id` it is safe to post again after no answer."""
        message = PostMessage(text, kind, metadata or {}, client_msg_id)
        return await self._call("POST", f"/api/rooms/{room_id}/messages", Posted, message)

    async def message(self, room_id: UUID, message_id: UUID) -> Message:
        """One message."""
        return await self._call("GET", f"/api/rooms/{room_id}/messages/{message_id}", Message)

    async def edit_message(self, message_id: UUID, text: str, version: int | None = None) -> Message:
        """Give my own text another wording; `version` is the one I changed (`edit_conflict` when it is no more)."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return await self._call("PATCH", f"/api/messages/{message_id}", Message, EditMessage(text), headers=headers)

    async def delete_message(self, message_id: UUID, reason: str | None = None) -> None:
        """Delete a message; another's with a reason."""
        query = {} if reason is None else {"reason": reason}
        await self._call("DELETE", f"/api/messages/{message_id}", None, query=query)

    async def history(self, message_id: UUID) -> list[Version]:
        """All texts of a message, the first one first."""
        return await self._call("GET", f"/api/messages/{message_id}/history", list[Version])

    async def react(self, message_id: UUID, emoji: str) -> list[Reaction]:
        """React with one emoji; returns all reactions of the message."""
        path = f"/api/messages/{message_id}/reactions"
        return await self._call("POST", path, list[Reaction], NewReaction(emoji))

    async def unreact(self, message_id: UUID, emoji: str) -> None:
        """Take a reaction back."""
        await self._call("DELETE", f"/api/messages/{message_id}/reactions/{quote(emoji, safe='')}", None)

    async def people(self, words: str = "", limit: int = 20) -> list[Person]:
        """People and bots whose name or account holds these words."""
        return await self._call("GET", "/api/users", list[Person], query={"q": words, "limit": limit})

    async def search(self, words: str, room_id: UUID | None = None, **query: Any) -> SearchPage:
        """Messages with these words, newest first, everywhere or in one room; query as the route has it."""
        path = "/api/search" if room_id is None else f"/api/rooms/{room_id}/messages/search"
        return await self._call("GET", path, SearchPage, query={"q": words, **query})

    async def online(self, room_id: UUID) -> Here:
        """Members of the room who are online."""
        return await self._call("GET", f"/api/rooms/{room_id}/online", Here)

    async def typing(self, room_id: UUID) -> Here:
        """Who is writing in the room."""
        return await self._call("GET", f"/api/rooms/{room_id}/typing", Here)

    async def broadcast(self, wanted: NewBroadcast) -> Broadcast:
        """Tell a person, a room, a line or everybody; leads and admins."""
        return await self._call("POST", "/api/broadcasts", Broadcast, wanted)

    async def broadcasts(self) -> list[Broadcast]:
        """Broadcasts that run for me, newest first."""
        return await self._call("GET", "/api/broadcasts", list[Broadcast])

    async def transition(self, room_id: UUID, to: Status, reason: str | None = None) -> RoomRow:
        """Move the incident to a status."""
        return await self._call("POST", f"/api/rooms/{room_id}/transitions", RoomRow, Transition(to, reason))

    async def hand_over(self, room_id: UUID, user_id: UUID) -> list[Member]:
        """Give the incident into the hands of a member."""
        return await self._call("POST", f"/api/rooms/{room_id}/owner", list[Member], HandOver(user_id))

    async def merge(self, room_id: UUID, into: UUID, reason: str) -> Room:
        """Let the incident go on in another room; it cannot be undone."""
        return await self._call("POST", f"/api/rooms/{room_id}/merge", Room, Merge(into, reason))

    async def fill_closing(self, room_id: UUID, form: ClosingForm) -> Closing:
        """Fill in the closing form; what it said before is replaced."""
        return await self._call("PUT", f"/api/rooms/{room_id}/closing", Closing, form)

    async def mark_read(self, room_id: UUID, seq: int, *, unread: bool = False) -> ReadMark:
        """I have read the room up to this seq; with `unread` what comes after it is new to me again."""
        return await self._call("PUT", f"/api/rooms/{room_id}/read", ReadMark, MarkRead(seq, unread))

    def follow(self, room_id: UUID, after_seq: int = 0) -> AsyncIterator[Event]:
        """The room's events after a seq, each once and in order, for ever; reconnects by itself.

        Raises Problem when I may not read the room or am signed out for good.
        """
        return Follower(self, room_id, after_seq).events()

    async def _call(
        self,
        method: str,
        path: str,
        view: type[View] | None,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> View:
        try:
            return answers.read(await self._send(method, path, body, query, headers), view)
        except Problem as refused:
            if not self._signed_in or refused.code not in EXPIRED:
                raise
        await self._sign_in("/api/auth/refresh", None)
        return answers.read(await self._send(method, path, body, query, headers), view)

    async def _send(
        self,
        method: str,
        path: str,
        body: Any,
        query: dict[str, Any] | None = None,
        more: dict[str, str] | None = None,
    ) -> httpx.Response:
        headers = {**(more or {}), **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else msgspec.json.encode(body)
        return await self._http.request(method, path, content=content, headers=headers, params=query)

    async def _sign_in(self, path: str, body: Any) -> SignedIn:
        self.token = None
        signed_in = answers.read(await self._send("POST", path, body), SignedIn)
        self.token = signed_in.access_token
        return signed_in
