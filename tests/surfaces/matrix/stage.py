"""The stage of the matrix: who plays, a room with what stands in it, and one cell played on it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, get_args
from urllib.parse import quote
from uuid import uuid4

import httpx
import msgspec

from hub.base.db import Database
from hub.people.actions import NewUser, add_token, put_user
from hub.wire import frames
from hub.wire.examples import EXAMPLES
from hub.wire.problems import CODES
from hub.wire.views import HubRole
from tests.plant.live import Live
from tests.plant.people import PASSWORD
from tests.plant.processes import PUBLIC_URL, Hubs
from tests.surfaces.matrix.props import MAKERS, Names, set_out
from tests.surfaces.matrix.rules import (
    ACTORS,
    ANOTHER_SITE,
    BODIES,
    ENDS_THE_SESSION,
    OPERATIONS,
    QUERIES,
    filled,
    table,
)

COMMANDS = {f"ws {it.__struct_config__.tag}": it for it in get_args(frames.ClientFrame)}
PLACES = ("line", "members")
THUMB = "👍"
ROLES: dict[str, HubRole] = {"viewer": "viewer", "lead": "lead", "admin": "admin"}
MARKS = ("PUT /api/rooms/{room_id}/read", "PUT /api/broadcasts/{broadcast_id}/seen")
READS = ("GET", *MARKS, "ws subscribe", "ws unsubscribe", "ws read", "ws typing")
SILENT = frozenset({"ws unsubscribe", "ws read", "ws typing", "ws hb"})  # no word about them is a good word


class Cell(NamedTuple):
    """An operation, where, by whom, and what it should come to."""

    operation: str
    place: str
    actor: str
    expected: str

    def __str__(self) -> str:
        return f"{self.operation} ({self.place or 'no room'}) by {self.actor}: {self.expected}"


def base(operation: str) -> str:
    """The operation itself, without the way of asking it."""
    return operation.partition(" | ")[0]


def cells(operations: Iterable[str]) -> list[Cell]:
    """Every operation for everybody; KeyError for one that is not classified."""
    rules = table()
    found = []
    for operation in operations:
        rule = OPERATIONS[operation]
        for place in ("",) if rule in rules else PLACES:
            codes = rules[f"{rule}, {place}" if place else rule]
            found += [Cell(operation, place, actor, codes[actor]) for actor in ACTORS]
    return found


class Stage:
    """Plays cells on hubs. Refusals and reads share a set, what changes something gets a fresh one."""

    def __init__(self, hubs: Hubs, database: Database, document: dict[str, Any]):
        self.hubs = hubs
        self.db = database
        self._document = document
        self._tokens: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._shared: dict[tuple[str, str], Names] = {}
        self._lives: dict[str, Live] = {}
        self._https: dict[str, httpx.AsyncClient] = {}

    async def cast(self) -> "Stage":
        """Everybody gets an account and a token."""
        for name in (*ACTORS[1:], "member", "newcomer"):
            kind: Any = name if name in ("bot", "machine") else "person"
            user = NewUser(f"m-{name}", name, kind, ROLES.get(name, "responder"), PASSWORD)
            self._ids[name] = str(await put_user(self.db, user))
            if kind == "person":
                self._tokens[name] = await self._signed_in(f"m-{name}")
            else:
                sources = ["*"] if kind == "machine" else []
                self._tokens[name] = await add_token(self.db, await put_user(self.db, user), sources)
        await self._as("other", "POST", "/api/rooms", {"title": "another", "visibility": "members"})
        looks_after = {"key": f"m-{uuid4().hex}", "name": "Line 9", "lines": ["SMT-9"]}
        team = (await self.made("admin", "POST", "/api/teams", looks_after))["team"]
        await self.made("admin", "PUT", f"/api/teams/{team['id']}/members/{self._ids['stranger']}", {"lead": False})
        return self

    async def close(self) -> None:
        for live in self._lives.values():
            await live.close()
        for http in self._https.values():
            await http.aclose()

    async def _signed_in(self, name: str) -> str:
        answer = await self._as("", "POST", "/api/auth/login", {"username": name, "password": PASSWORD})
        return str(answer.raise_for_status().json()["access_token"])

    async def _as(
        self, name: str, method: str, path: str, body: Any = None, token: str = "", site: str = PUBLIC_URL
    ) -> httpx.Response:
        """Ask any of the hubs, with the token of somebody or with none; never with a cookie."""
        hub = self.hubs.any()
        http = self._https.get(hub.url) or self._https.setdefault(hub.url, hub.client())
        http.cookies.clear()
        token = token or self._tokens.get(name, "")
        headers = {"origin": site} | ({"authorization": f"Bearer {token}"} if token else {})
        return await http.request(method, path, headers=headers, **({} if body is None else {"json": body}))

    async def made(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """What an actor makes; it has to succeed."""
        answer = await self._as(name, method, path, body)
        assert answer.is_success, f"the stage is not set: {method} {path} {answer.text}"
        return answer.json() if answer.content else None

    async def fresh(self, place: str, operation: str) -> Names:
        """A set of its own: what the operation needs, and a room where there is one."""
        names = {f"{name}_id": self._ids[name] for name in self._ids}
        names |= {"user_id": self._ids["member"], "emoji": THUMB, "password": PASSWORD}
        if place or operation == "ws unsubscribe":
            names |= await self.room(place or "line")
        await set_out(self, operation, place, names)
        return names

    async def room(self, visibility: str) -> Names:
        """A room of the owner with a message, a member, a guest, and one who was removed."""
        wanted = {"title": "pump", "visibility": visibility, "line": "SMT-3"}
        room = (await self.made("owner", "POST", "/api/rooms", wanted))["room"]["id"]
        for name in ("member", "removed", "guest"):
            added = {"user_id": self._ids[name], "role": "guest" if name == "guest" else "responder"}
            await self.made("owner", "POST", f"/api/rooms/{room}/members", added)
        await self.made("owner", "DELETE", f"/api/rooms/{room}/members/{self._ids['removed']}")
        message = await self.made("owner", "POST", f"/api/rooms/{room}/messages", {"content": "pump"})
        return {"room_id": room, "message_id": message["message_id"]}

    async def session(self, name: str) -> str:
        """A fresh session of an account: its id."""
        token = await self._signed_in(name)
        rows = (await self._as("", "GET", "/api/auth/sessions", token=token)).json()
        return next(str(row["id"]) for row in rows if row["current"])

    async def play(self, cell: Cell) -> str:
        """What a cell comes to: `ok`, or the status of its refusal."""
        key = (cell.place, "" if cell.place and not any(word in cell.operation for word in MAKERS) else cell.operation)
        changes = cell.expected == "ok" and not cell.operation.startswith(READS)
        if changes or key not in self._shared:
            names = await self.fresh(cell.place, cell.operation)
            if not changes:
                self._shared[key] = names
        else:
            names = self._shared[key]
        came = await (self._say if cell.operation in COMMANDS else self._ask)(cell, names)
        if came != cell.expected:
            self._shared.pop(key, None)  # whatever it did, it is done in no other cell
        return came

    async def _ask(self, cell: Cell, names: Names) -> str:
        method, _, path = base(cell.operation).partition(" ")
        token = ""
        if cell.operation in ENDS_THE_SESSION and cell.expected == "ok" and cell.actor not in ("bot", "machine"):
            token = await self._signed_in(f"m-{cell.actor}")
        path = re.sub(r"\{(\w+)\}", lambda found: quote(names[found[1]]), path)
        asked = f"{path}?{QUERIES[cell.operation]}" if cell.operation in QUERIES else path
        site = "http://evil.test" if cell.operation.endswith(ANOTHER_SITE) else PUBLIC_URL
        answer = await self._as(cell.actor, method, asked, self._body(cell.operation, names), token, site)
        return "ok" if answer.is_success else str(answer.status_code)

    def _body(self, operation: str, names: Names) -> Any:
        method, _, path = base(operation).partition(" ")
        wanted = self._document["paths"][path][method.lower()].get("requestBody")
        if wanted is None:
            return None
        schema = wanted["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        return filled(BODIES.get(operation, EXAMPLES[schema]), names)

    async def _say(self, cell: Cell, names: Names) -> str:
        if cell.operation == "ws auth":
            return await self._authenticate(cell.actor)
        ref = uuid4().hex
        values = {"room": names.get("room_id"), "message_id": names.get("message_id"), "emoji": THUMB}
        values |= {"content": "hello", "client_msg_id": ref, "ref": ref, "reason": "wrong room"}
        fields = {field.name for field in msgspec.structs.fields(COMMANDS[cell.operation])}
        frame: dict[str, Any] = {name: value for name, value in values.items() if name in fields}
        frame |= {name: 0 for name in ("seq", "after_seq") if name in fields}
        live = await self._live(cell.actor)
        had = len(live.frames)
        try:
            await live.say(cell.operation.removeprefix("ws "), **frame)
            if cell.operation in SILENT:
                await live.say("hb")
            return _status(await live.until(lambda: next(filter(_answers, live.frames[had:]), None)))
        except ConnectionError:
            del self._lives[cell.actor]
            return "401"

    async def _authenticate(self, actor: str) -> str:
        ticket = (await self._as(actor, "POST", "/api/ws-ticket")).json().get("ticket", "none")
        live = await Live.connect(self.hubs.any().url, PUBLIC_URL)
        await live.say("auth", ticket=ticket)
        try:
            await live.wait_for("ready")
            return "ok"
        except ConnectionError:
            return "401"
        finally:
            await live.close()

    async def _live(self, actor: str) -> Live:
        if actor not in self._lives:
            hub = self.hubs.any()
            if actor == "anonymous":
                self._lives[actor] = await Live.connect(hub.url, PUBLIC_URL)
                await self._lives[actor].wait_for("hello")
            else:
                ticket = (await self.made(actor, "POST", "/api/ws-ticket"))["ticket"]
                self._lives[actor] = await Live.open(hub.url, PUBLIC_URL, ticket)
        return self._lives[actor]

    async def wrong(self, played: Sequence[Cell], most: int | None = None) -> list[str]:
        """Cells that do not come to what the table says, the first so many of them."""
        found = []
        for cell in played:
            if (came := await self.play(cell)) != cell.expected:
                found.append(f"{cell}, was {came}")
            if len(found) == most:
                break
        return found


def _answers(frame: dict[str, Any]) -> bool:
    return frame["op"] in ("ack", "done", "caught_up", "resync_required", "error", "hb")


def _status(frame: dict[str, Any]) -> str:
    return str(int(CODES[frame["code"]][0])) if frame["op"] == "error" else "ok"
