"""Who is asking: from the Authorization header to an Actor."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler

from hub.base.clock import wall
from hub.base.db import Database
from hub.base.http import ACTOR, HubRequest
from hub.base.telemetry import auth_failures
from hub.people import queries
from hub.people.accounts.tokens import note_use
from hub.people.policy import Actor
from hub.people.secrets import TOKEN_PREFIX, TokenKeys
from hub.people.sessions.actions import Device
from hub.wire.problems import Problem

TOKEN_CHARS = 4096
Connection = ASGIConnection[Any, Any, Any, Any]


async def actor_of(db: Database, keys: TokenKeys, authorization: str) -> Actor:
    """Read `Bearer <access token>` or `Bearer andon_<api token>`; checks the session on every request."""
    scheme, _, token = authorization.partition(" ")
    if not authorization:
        raise Problem("unauthenticated")
    if scheme.lower() != "bearer" or not token or len(token) > TOKEN_CHARS:
        raise _refused("token_invalid")
    async with db.reading() as conn:
        if token.startswith(TOKEN_PREFIX):
            actor = await queries.actor_of_token(conn, token, wall())
            code = "token_invalid"
            if actor is not None:
                await note_use(conn, actor.token_id)
        else:
            actor = await queries.actor_of_session(conn, keys.claims(token).session_id, wall())
            code = "session_revoked"
    if actor is None:
        raise _refused(code)
    return actor


def _refused(code: str) -> Problem:
    auth_failures.labels(code).inc()
    return Problem(code)


def signed_in(db: Database, keys: TokenKeys) -> Callable[[Connection, BaseRouteHandler], Awaitable[None]]:
    """Guard of every route that is not marked `public`; strangers are refused before their body is read."""

    async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if connection.scope["type"] == ScopeType.HTTP and not _public(handler, connection.scope["path"]):
            header = connection.headers.get("authorization", "")
            connection.scope[ACTOR] = await actor_of(db, keys, header)  # type: ignore[literal-required]

    return guard


def _public(handler: BaseRouteHandler, path: str) -> bool:
    return bool(handler.opt.get("public")) or path.startswith("/schema")


def provide_actor(request: HubRequest) -> Actor:
    """Dependency `actor` of every route behind sign-in."""
    actor: Actor = request.scope[ACTOR]  # type: ignore[literal-required]
    return actor


def provide_device(request: HubRequest) -> Device:
    """Dependency `device`: from where the request comes."""
    return Device(request.headers.get("user-agent", ""), request.client.host if request.client else "")


def check_origin(request: HubRequest, origins: frozenset[str]) -> None:
    """Refuse (`origin`) what a browser sends from another site; for routes that live on a cookie."""
    origin = request.headers.get("origin")
    if origin is not None and origin not in origins:
        raise Problem("origin")
