"""The pool of connections, by room (2.1.2)."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from fastapi import WebSocket, WebSocketDisconnect


class WebSocketManager:
    """Keeps who is connected to which room and sends to them."""

    def __init__(self) -> None:
        self._rooms: defaultdict[UUID, dict[WebSocket, str]] = defaultdict(dict)

    async def connect(self, websocket: WebSocket, room_id: UUID, user_id: str) -> None:
        """Accept a connection and add it to its room."""
        await websocket.accept()
        self._rooms[room_id][websocket] = user_id

    def disconnect(self, websocket: WebSocket, room_id: UUID) -> None:
        """Remove a connection; a room without any is forgotten."""
        self._rooms[room_id].pop(websocket, None)
        if not self._rooms[room_id]:
            del self._rooms[room_id]

    async def broadcast_to_room(self, room_id: UUID, message: dict[str, Any]) -> None:
        """Send to everybody in the room; who cannot be reached is removed."""
        gone = []
        for websocket in self.get_room_connections(room_id):
            try:
                await websocket.send_json(message)
            except (WebSocketDisconnect, RuntimeError):
                gone.append(websocket)
        for websocket in gone:
            self.disconnect(websocket, room_id)

    async def send_personal(self, user_id: str, message: dict[str, Any]) -> None:
        """Send to every connection of a user."""
        for connections in list(self._rooms.values()):
            for websocket, user in list(connections.items()):
                if user == user_id:
                    await websocket.send_json(message)

    def get_room_connections(self, room_id: UUID) -> list[WebSocket]:
        """Connections of a room, as they are now."""
        return list(self._rooms[room_id]) if room_id in self._rooms else []
