"""The application: `/ws/{room_id}` and the message history (2.2, 5.1.1)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated
from uuid import UUID

import jwt
from fastapi import FastAPI, Header, HTTPException, Query, WebSocket, WebSocketDisconnect, status
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from tests.bench.baseline import message_service
from tests.bench.baseline.message_service import RateLimiter
from tests.bench.baseline.models import Base, Message
from tests.bench.baseline.schemas import (
    MessageAck,
    MessageBroadcast,
    MessageCreate,
    MessageError,
    MessageResponse,
    WebSocketMessage,
)
from tests.bench.baseline.settings import from_environment
from tests.bench.baseline.websocket_manager import WebSocketManager

settings = from_environment()
engine = create_async_engine(settings.database_url, pool_size=20, max_overflow=0)
sessions = async_sessionmaker(engine)
manager = WebSocketManager()
limiter = RateLimiter(settings.messages_per_second)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    yield
    await engine.dispose()


app = FastAPI(title="Incident rooms", lifespan=lifespan)


def user_of(token: str) -> str | None:
    """Email address of whom the JWT was given to; None when it is not good."""
    try:
        claims = jwt.decode(token, settings.secret_key, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return None
    return str(claims["sub"])


@app.get("/health")
async def health() -> dict[str, str]:
    """Answers once the tables are there."""
    return {"status": "ok"}


@app.get("/api/rooms/{room_id}/messages")
async def list_messages(
    room_id: UUID,
    authorization: Annotated[str, Header()] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    before_timestamp: datetime | None = None,
) -> list[MessageResponse]:
    """Message history, newest first."""
    user_id = user_of(authorization.removeprefix("Bearer "))
    if user_id is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED)
    async with sessions() as db:
        if not await message_service.is_member(db, room_id, user_id):
            raise HTTPException(status.HTTP_403_FORBIDDEN)
        found = await message_service.get_messages(db, room_id, limit, before_timestamp)
        return [MessageResponse.model_validate(message) for message in found]


@app.websocket("/ws/{room_id}")
async def room_socket(
    websocket: WebSocket,
    room_id: UUID,
    token: str = "",
    authorization: Annotated[str, Header()] = "",
) -> None:
    """Check who comes and whether they belong here, then take their messages until they leave."""
    user_id = user_of(token or authorization.removeprefix("Bearer "))
    if user_id is None or not await may_enter(room_id, user_id):
        await websocket.close(status.WS_1008_POLICY_VIOLATION)  # before accept: HTTP 403
        return
    await manager.connect(websocket, room_id, user_id)
    try:
        while True:
            await receive_message(websocket, room_id, user_id)
    except (WebSocketDisconnect, RuntimeError):  # RuntimeError: a broadcast has found out already that they left
        pass
    finally:
        manager.disconnect(websocket, room_id)


async def may_enter(room_id: UUID, user_id: str) -> bool:
    async with sessions() as db:
        return await message_service.is_member(db, room_id, user_id)


async def receive_message(websocket: WebSocket, room_id: UUID, user_id: str) -> None:
    """Check one message, store it, send it to the room, tell its sender."""
    try:
        incoming = WebSocketMessage.model_validate_json(await websocket.receive_text())
    except ValidationError as error:
        return await refuse(websocket, MessageError(code="invalid", detail=error.errors()[0]["msg"]))
    if not limiter.allow(user_id):
        return await refuse(websocket, MessageError(code="rate_limited", detail="Too many messages"))
    message = await store(room_id, user_id, incoming)
    broadcast = MessageBroadcast.model_validate(message)
    await manager.broadcast_to_room(room_id, broadcast.model_dump(mode="json"))
    ack = MessageAck(
        client_id=incoming.client_id, message_id=message.message_id, sequence_number=message.sequence_number
    )
    await websocket.send_json(ack.model_dump(mode="json"))


async def store(room_id: UUID, user_id: str, incoming: WebSocketMessage) -> Message:
    """One session and one transaction for each message."""
    wanted = MessageCreate(
        room_id=room_id,
        sender_id=user_id,
        content=incoming.content,
        message_type=incoming.message_type,
        metadata=incoming.metadata,
    )
    async with sessions() as db:
        return await message_service.create_message(db, wanted)


async def refuse(websocket: WebSocket, error: MessageError) -> None:
    await websocket.send_json(error.model_dump(mode="json"))
