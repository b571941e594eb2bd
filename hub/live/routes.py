"""`/ws` and `/ws/{room_id}`: Origin before accept, then the session. REST: who is writing and who is online."""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import UUID

from litestar import WebSocket, get, websocket
from litestar.di import NamedDependency as Given
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath

from hub.base.clock import wall
from hub.base.http import address
from hub.base.ids import new_id
from hub.base.origin import Origin
from hub.base.settings import Settings
from hub.base.telemetry import logger
from hub.live import queries
from hub.live.outlet import outlet_of
from hub.live.session import DEAD
from hub.live.socket import LiveSocket
from hub.live.station import Station
from hub.people.guards import actor_of
from hub.people.policy import Actor
from hub.people.secrets import TokenKeys
from hub.rooms import queries as rooms
from hub.wire import limits
from hub.wire.frames import VERSION, Hello
from hub.wire.presence import Here

BINARY = 1003
log = logger("socket")
Socket = WebSocket[Any, Any, Any]


@websocket("/ws")
async def live(
    socket: Socket,
    station: Given[Station],
    keys: Given[TokenKeys],
    settings: Given[Settings],
) -> None:
    """Follow any number of rooms on one socket."""
    await _serve(socket, station, keys, settings, None)


@websocket("/ws/{room_id:str}")
async def live_room(
    socket: Socket,
    station: Given[Station],
    keys: Given[TokenKeys],
    settings: Given[Settings],
    room_id: FromPath[UUID],
) -> None:
    """The same socket, subscribed to one room from its first event as soon as the ticket is good."""
    await _serve(socket, station, keys, settings, room_id)


async def _serve(socket: Socket, station: Station, keys: TokenKeys, settings: Settings, room_id: UUID | None) -> None:
    headers = dict(socket.scope["headers"])  # not `socket.headers`, which keeps a copy as long as the socket lives
    origin = headers[b"origin"].decode("latin-1") if b"origin" in headers else None
    authorization = headers.get(b"authorization", b"").decode("latin-1")
    if origin not in settings.origins and not (origin is None and authorization):
        await socket.send({"type": "websocket.close", "code": 4003, "reason": ""})  # before accept: HTTP 403
        return
    outlet = outlet_of(socket.scope, socket.send, raw=settings.raw_frames)
    live_socket = LiveSocket(station, outlet, _closer(socket), room_id, Origin(str(new_id()), address(socket.scope)))
    if authorization:
        live_socket.expect_sign_in()
    await socket.accept()
    station.opened(live_socket)
    try:
        live_socket.send(_hello(station))
        if authorization:
            live_socket.sign_in_by(actor_of(station.db, keys, authorization))
        await _receive(socket, live_socket)
    except Exception:
        log.exception("socket_failed")
        live_socket.closed_with = DEAD
        await _closer(socket)(DEAD)
    finally:
        station.closed(live_socket)


def _hello(station: Station) -> Hello:
    told = {
        "text_bytes": limits.TEXT_BYTES,
        "structured_bytes": limits.STRUCTURED_BYTES,
        "frame_bytes": limits.FRAME_BYTES,
        "subscriptions": limits.SUBSCRIPTIONS_PER_SOCKET,
        "in_flight": limits.IN_FLIGHT_PER_SOCKET,
    }
    return Hello(VERSION, station.epoch, limits.HEARTBEAT_SECONDS * 1000, told, station.clock.now())


def _closer(socket: Socket) -> Any:
    async def close(code: int) -> None:
        with suppress(Exception):  # already gone
            await socket.send({"type": "websocket.close", "code": code, "reason": ""})

    return close


async def _receive(socket: Socket, live_socket: LiveSocket) -> None:
    with suppress(WebSocketDisconnect, asyncio.CancelledError):
        while True:
            message: Any = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                live_socket.shut(BINARY)
            else:
                live_socket.take(text)


@get("/api/rooms/{room_id:str}/typing", tags=["rooms"])
async def typing(station: Given[Station], actor: Given[Actor], room_id: FromPath[UUID]) -> Here:
    """Who is writing in a room now."""
    async with station.db.reading() as conn:
        await rooms.door_for(conn, actor, room_id)
    return station.typists.here(room_id)


@get("/api/rooms/{room_id:str}/online", tags=["rooms"])
async def online(station: Given[Station], actor: Given[Actor], room_id: FromPath[UUID]) -> Here:
    """Members of a room who are online: connected, on whatever device."""
    async with station.db.reading() as conn:
        await rooms.door_for(conn, actor, room_id)
        return await queries.here(conn, room_id, wall())


ROUTES: list[Any] = [live, live_room, typing, online]
