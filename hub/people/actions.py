"""Changing people: accounts, tokens, sign-in, refresh, tickets, sign-out. Times are wall-clock: security limits."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import delete, update

from hub.audit.actions import record
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.base.telemetry import auth_failures, rate_limited
from hub.base.text import checked
from hub.people import queries
from hub.people.directory.door import Directory
from hub.people.policy import Actor
from hub.people.secrets import TOKEN_PREFIX, TokenKeys, digest, new_secret, passwords, session_of
from hub.people.tables import api_tokens, login_failures, sessions, users, ws_tickets
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import HubRole, SignedIn, Ticket, UserKind


class NewUser(msgspec.Struct, frozen=True):
    """An account to add; without a password nobody can sign in with it (machines, bots)."""

    username: str
    name: str
    kind: UserKind = "person"
    role: HubRole = "responder"
    password: str | None = None


class Device(msgspec.Struct, frozen=True):
    """From where somebody signs in."""

    user_agent: str = ""
    ip: str = ""


class Session(msgspec.Struct, frozen=True):
    """A fresh pair: what goes in the answer, and the refresh secret for the cookie."""

    signed_in: SignedIn
    refresh: str


def wall() -> datetime:
    """Wall-clock time."""
    return datetime.now(UTC)


async def put_user(db: Database, user: NewUser) -> UUID:
    """Add an account, or bring the existing one of that name up to date."""
    hashed = passwords.hash(user.password) if user.password else None

    async def change(tx: Tx) -> UUID:
        found = await queries.account(tx.conn, user.username)
        user_id = found.id if found else new_id()
        facts = {"name": user.name, "kind": user.kind, "role": user.role, "password_hash": hashed}
        if found:
            await tx.execute(update(users).where(users.c.id == user_id).values(disabled_at=None, **facts))
        else:
            await tx.execute(users.insert().values(id=user_id, username=user.username.strip(), **facts))
        await record(tx, None, "user_changed" if found else "user_added", str(user_id), role=user.role, kind=user.kind)
        return user_id

    return await db.act(change)


async def bearer(db: Database, username: str, kind: UserKind) -> UUID:
    """The machine or bot of that name, added if absent. An account of another kind is never turned into one."""
    async with db.reading() as conn:
        found = await queries.account(conn, username)
    if found is None:
        return await put_user(db, NewUser(username, username, kind))
    if found.kind != kind:
        raise Problem("conflict", f"{username} is a {found.kind}, not a {kind}")
    user_id: UUID = found.id
    return user_id


async def add_token(db: Database, user_id: UUID, sources: Sequence[str]) -> str:
    """Make an API token for a machine or bot. `sources` are those it may report for; `*` is any."""
    token = TOKEN_PREFIX + new_secret()

    async def change(tx: Tx) -> None:
        token_id = new_id()
        await tx.execute(
            api_tokens.insert().values(id=token_id, user_id=user_id, token_hash=digest(token), sources=list(sources))
        )
        await record(tx, None, "token_added", str(token_id), user=str(user_id), sources=list(sources))

    await db.act(change)
    return token


async def login(
    db: Database, directory: Directory, keys: TokenKeys, username: str, password: str, device: Device
) -> Session:
    """Sign in. After 5 failures in 15 minutes the account waits, and the directory is not asked (`rate_limited`)."""
    account = checked(username).strip().lower()
    checked(password)
    if not account or not password:
        raise _refused("invalid_credentials")
    async with db.reading() as conn:
        window = timedelta(seconds=limits.LOGIN_WINDOW_SECONDS)
        failures = await queries.recent_failures(conn, account, wall() - window)
    if failures >= limits.LOGIN_FAILURES:
        rate_limited.labels("login").inc()
        raise Problem("rate_limited", retry_after=limits.LOGIN_WINDOW_SECONDS)
    try:
        user_id = await directory.authenticate(account, password)
    except Problem as problem:
        await _note_failure(db, account, problem.code, device)
        raise _refused(problem.code) from None
    return await _open_session(db, keys, user_id, account, device)


def _refused(code: str) -> Problem:
    auth_failures.labels(code).inc()
    return Problem(code)


async def _note_failure(db: Database, account: str, code: str, device: Device) -> None:
    async def change(tx: Tx) -> None:
        await tx.execute(login_failures.insert().values(username=account, at=wall()))
        await record(tx, None, "login_refused", account, ip=device.ip, code=code)

    await db.act(change)


async def _open_session(db: Database, keys: TokenKeys, user_id: UUID, account: str, device: Device) -> Session:
    session_id, now = new_id(), wall()
    refresh = keys.first_refresh(session_id)

    async def change(tx: Tx) -> Session:
        await tx.execute(
            sessions.insert().values(
                id=session_id,
                user_id=user_id,
                refresh_hash=digest(refresh),
                refreshed_at=now,
                created_at=now,
                expires_at=now + timedelta(seconds=limits.REFRESH_SECONDS),
                user_agent=device.user_agent[:200],
                ip=device.ip,
            )
        )
        forget = update(login_failures).where(login_failures.c.username == account).values(counted=False)
        await tx.execute(forget)
        await record(tx, user_id, "signed_in", str(session_id), ip=device.ip)
        return await _pair(tx, keys, user_id, session_id, refresh)

    return await db.act(change)


async def _pair(tx: Tx, keys: TokenKeys, user_id: UUID, session_id: UUID, refresh: str) -> Session:
    token = keys.access_token(user_id, session_id)
    return Session(SignedIn(token, limits.ACCESS_TOKEN_SECONDS, await queries.me(tx.conn, user_id)), refresh)


async def refresh_session(db: Database, keys: TokenKeys, refresh: str) -> Session:
    """Rotate the refresh secret. An old secret ends the session (theft), but for 10 s after its own rotation.

    Within that grace a lost answer may be asked for again, and two tabs may ask at once: all get the same next secret.
    """
    fresh, now = keys.next_refresh(refresh), wall()

    async def change(tx: Tx) -> Session | None:
        mine = sessions.select().where(sessions.c.id == session_of(refresh)).with_for_update()
        row = (await tx.execute(mine)).one_or_none()
        if row is None or row.revoked_at or row.expires_at < now:
            return None
        stale = row.refresh_hash != digest(refresh)
        late = now - row.refreshed_at > timedelta(seconds=limits.REFRESH_GRACE_SECONDS)
        if stale and not keys.issued(refresh):  # made up: whoever knows a session's id shall not end it
            return None
        if stale and (late or row.previous_hash != digest(refresh)):
            await _revoke(tx, row.user_id, row.id, "refresh_reused")
            return None
        if await queries.actor_of_session(tx.conn, row.id, now) is None:
            return None
        if not stale:
            rotated = {"refresh_hash": digest(fresh), "previous_hash": digest(refresh), "refreshed_at": now}
            await tx.execute(update(sessions).where(sessions.c.id == row.id).values(rotated))
        return await _pair(tx, keys, row.user_id, row.id, fresh)

    session = await db.act(change)
    if session is None:
        raise _refused("session_revoked")
    return session


async def end_session(db: Database, actor: Actor, session_id: UUID) -> None:
    """Sign out one of the actor's own sessions; its sockets close within seconds, on every replica."""

    async def change(tx: Tx) -> None:
        mine = sessions.select().where(sessions.c.id == session_id, sessions.c.user_id == actor.id).with_for_update()
        if (await tx.execute(mine)).one_or_none() is None:
            raise Problem("not_found")
        await _revoke(tx, actor.id, session_id, "signed_out")

    await db.act(change)


async def _revoke(tx: Tx, user_id: UUID, session_id: UUID, action: str) -> None:
    await tx.execute(update(sessions).where(sessions.c.id == session_id).values(revoked_at=wall()))
    await record(tx, user_id, action, str(session_id))


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
        raise _refused("token_invalid")
    return actor
