"""Sending broadcasts and seeing them."""

from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text

from hub.audit import actions as audit
from hub.base.db import Tx
from hub.base.ids import new_id
from hub.base.telemetry import broadcasts_sent
from hub.broadcasts import queries
from hub.broadcasts.policy import TARGETS, check_new
from hub.log.log import RoomLog
from hub.people.policy import Actor
from hub.rooms import queries as rooms
from hub.wire.problems import Problem
from hub.wire.requests import NewBroadcast

KIND: Final = "broadcast"
READS = text("SELECT 1 FROM users WHERE id = :id AND kind <> 'machine' AND disabled_at IS NULL")
SEND = text(
    "INSERT INTO broadcasts (id, scope, text, severity, sender_id, user_id, room_id, line, created_at, expires_at) "
    "SELECT :id, :scope, :text, :severity, :sender, :user_id, :room_id, :line, at, at + make_interval(secs => :lasts) "
    "FROM (SELECT hub_now() AS at) AS clock"
)
SEE = text(
    "INSERT INTO broadcast_seen (broadcast_id, user_id) VALUES (:id, :me) "
    "ON CONFLICT (broadcast_id, user_id) DO NOTHING"
)


class Sent(msgspec.Struct, frozen=True):
    """Told to all hub processes: there is a new broadcast."""

    id: UUID


async def send(log: RoomLog, actor: Actor, wanted: NewBroadcast) -> UUID:
    """Tell whom it is for; returns its id. `not_found` for a room one may not see and for who reads nothing."""
    check_new(actor, wanted)
    target: dict[str, Any] = {name: getattr(wanted, name) for name in TARGETS.values()}

    async def change(tx: Tx) -> UUID:
        if wanted.room_id is not None:
            await rooms.room_for(tx.conn, actor, wanted.room_id)
        if wanted.user_id is not None and not await tx.scalar(READS, {"id": wanted.user_id}):
            raise Problem("not_found", field="user_id")
        broadcast_id = new_id()
        facts = {"id": broadcast_id, "scope": wanted.scope, "text": wanted.text, "severity": wanted.severity}
        await tx.execute(SEND, {**facts, **target, "sender": actor.id, "lasts": wanted.expires_in})
        told: dict[str, Any] = {name: str(value) for name, value in target.items() if value is not None}
        await audit.record(
            tx, actor.id, "broadcast_sent", str(broadcast_id), scope=wanted.scope, severity=wanted.severity, **told
        )
        tx.after_commit(broadcasts_sent.labels(wanted.scope).inc)
        tx.after_commit(partial(log.signals.tell, KIND, str(broadcast_id), Sent(broadcast_id)))
        return broadcast_id

    return await log.act(change)


async def see(log: RoomLog, actor: Actor, broadcast_id: UUID) -> None:
    """The actor has seen a broadcast that is for them; seeing it again changes nothing."""

    async def change(tx: Tx) -> None:
        await queries.broadcast_for(tx.conn, actor, broadcast_id)
        await tx.execute(SEE, {"id": broadcast_id, "me": actor.id})

    await log.act(change)
