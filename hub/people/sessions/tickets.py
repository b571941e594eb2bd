"""One-time tickets: how a browser signs a socket in without a token in the URL."""

from datetime import timedelta

from sqlalchemy import delete

from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.people import queries
from hub.people.policy import Actor
from hub.people.secrets import digest, new_secret
from hub.people.sessions.actions import refused
from hub.people.sessions.tables import ws_tickets
from hub.wire import limits
from hub.wire.sessions import Ticket


async def make_ticket(db: Database, actor: Actor) -> Ticket:
    """Make a one-time WebSocket ticket bound to the actor's session."""
    ticket = new_secret()

    async def change(tx: Tx) -> None:
        await tx.execute(delete(ws_tickets).where(ws_tickets.c.expires_at < wall()))
        await tx.execute(
            ws_tickets.insert().values(
                ticket_hash=digest(ticket),
                user_id=actor.id,
                session_id=actor.session_id,
                token_id=actor.token_id,
                expires_at=wall() + timedelta(seconds=limits.TICKET_SECONDS),
            )
        )

    await db.act(change)
    return Ticket(ticket, limits.TICKET_SECONDS)


async def use_ticket(db: Database, ticket: str) -> Actor:
    """Consume a ticket, once; `token_invalid` when used, expired or of an ended session."""

    async def change(tx: Tx) -> Actor | None:
        spent = delete(ws_tickets).where(ws_tickets.c.ticket_hash == digest(ticket))
        row = (await tx.execute(spent.returning(ws_tickets))).one_or_none()
        if row is None or row.expires_at < wall():
            return None
        if row.session_id is not None:
            return await queries.actor_of_session(tx.conn, row.session_id, wall())
        return await queries.actor_of_token_id(tx.conn, row.token_id, wall())

    actor = await db.act(change)
    if actor is None:
        raise refused("token_invalid")
    return actor
