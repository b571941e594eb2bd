"""The Python client against the scenarios that the TypeScript client plays too (web/src/log/conformance.test.ts)."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

import hub.client.follow
from hub.client import HubClient
from hub.stack.process import LOOPBACK
from hub.wire.problems import Problem

ROOM = "0199a7c0-0000-7000-8000-000000000042"
AT = "2026-03-02T06:00:00Z"
ME = {"id": ROOM, "username": "bot", "name": "Bot", "kind": "bot", "role": "responder", "language": None}
SCENARIOS = json.loads((Path(__file__).parents[1] / "data" / "conformance.json").read_text(encoding="utf-8"))
Step = dict[str, Any]


def event(seq: int, room: str = ROOM, type_: str = "MessagePosted") -> dict[str, Any]:
    body = {"message_id": f"0199a7c0-0000-7000-8000-{seq:012}", "kind": "text", "message": {"content": f"m{seq}"}}
    return {"room": room, "seq": seq, "type": type_, "actor": None, "at": AT, "body": body}


def frame_of(step: Step) -> dict[str, Any]:
    """The frame a step of the hub is short for."""
    if "event" in step:
        return {"op": "event", **event(step["event"], step.get("room", ROOM), step.get("type", "MessagePosted"))}
    if "caught_up" in step:
        return {"op": "caught_up", "room": ROOM, "seq": step["caught_up"]}
    if "resync_required" in step:
        return {"op": "resync_required", "room": ROOM}
    found: dict[str, Any] = step["hub"]
    return found


class Script:
    """A hub that says what the scenario says, and notes what the client should have said and did not."""

    def __init__(self, scenario: dict[str, Any]):
        self._connections = iter(scenario["connections"])
        self._last = scenario["log"]
        self.wrong: list[str] = []
        self.played = 0
        self.url = ""

    async def play(self, socket: ServerConnection) -> None:
        """One connection."""
        steps = next(self._connections, None)
        if steps is None:
            await asyncio.sleep(3600)
            return
        await self._say(
            socket, {"op": "hello", "v": 1, "epoch": "e", "heartbeat_ms": 25_000, "limits": {}, "server_time": AT}
        )
        await self._say(socket, {"op": "ready", "user": {"id": ROOM, "name": "Bot", "kind": "bot"}})
        for step in steps:
            if "client" in step:
                await self._expect(socket, step["client"])
            elif "close" in step:
                self.played += 1
                if step["close"] == 1006:
                    return socket.transport.abort()
                return await socket.close(step["close"])
            else:
                await self._say(socket, frame_of(step))
        self.played += 1
        await socket.wait_closed()

    async def _say(self, socket: ServerConnection, frame: dict[str, Any]) -> None:
        await socket.send(json.dumps(frame))

    async def _expect(self, socket: ServerConnection, wanted: dict[str, Any]) -> None:
        try:
            said = json.loads(await asyncio.wait_for(socket.recv(), 5))
        except (TimeoutError, ConnectionClosed):
            said = {}
        if not wanted.items() <= said.items():
            self.wrong.append(f"{said} instead of {wanted}")

    def answer(self, socket: ServerConnection, request: Request) -> Response | None:
        """REST, as far as following needs it."""
        parts = urlsplit(request.path)
        if parts.path == "/ws":
            return None
        if parts.path == "/api/auth/me":
            return _json(socket, ME)
        after = int(parse_qs(parts.query)["after_seq"][0])
        events = [event(seq) for seq in range(after + 1, self._last + 1)]
        return _json(socket, {"events": events, "last_seq": self._last})


def _json(socket: ServerConnection, body: Any) -> Response:
    answer = socket.respond(HTTPStatus.OK, json.dumps(body))
    del answer.headers["content-type"]
    answer.headers["content-type"] = "application/json"
    return answer


@asynccontextmanager
async def hub_of(scenario: dict[str, Any]) -> AsyncIterator[Script]:
    script = Script(scenario)
    server: Server = await serve(script.play, LOOPBACK, 0, process_request=script.answer, compression=None)
    script.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
    try:
        yield script
    finally:
        server.close(close_connections=True)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario["name"] for scenario in SCENARIOS])
async def test_scenario(scenario: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.client.follow, "delays", lambda: iter([0.01] * 100))
    delivered: list[int] = []
    ends_at = scenario.get("ends_at", max(scenario["delivers"], default=0))
    async with hub_of(scenario) as script, HubClient(script.url, "token") as client:

        async def follow() -> None:
            async for it in client.follow(UUID(ROOM), scenario["after"]):
                delivered.append(it.seq)
                if it.seq == ends_at and not scenario.get("gives_up"):
                    return

        if scenario.get("gives_up"):
            with pytest.raises(Problem):
                await asyncio.wait_for(follow(), 5)
        else:
            await asyncio.wait_for(follow(), 5)
    assert script.wrong == []
    live = [seq for seq in delivered if seq in scenario["delivers"]]
    assert live == scenario["delivers"]
    assert delivered == sorted(set(delivered))
    if "ends_at" in scenario:  # what the socket could not replay came over REST
        assert delivered == list(range(1, ends_at + 1))
