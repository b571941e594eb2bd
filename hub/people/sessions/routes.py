"""REST: sign-in, sessions, tickets."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, JSONBody

from hub.base.clock import wall
from hub.base.db import Database
from hub.base.http import HubRequest
from hub.base.settings import Settings
from hub.people import queries as people
from hub.people.accounts import actions as accounts
from hub.people.guards import check_origin
from hub.people.policy import Actor
from hub.people.secrets import session_of
from hub.people.sessions import actions, queries
from hub.people.sessions.actions import Device, Gate, Session
from hub.people.sessions.login import change_password
from hub.people.sessions.login import login as sign_in
from hub.people.sessions.tickets import make_ticket
from hub.wire.accounts import ChangeMe, ChangePassword, Ended
from hub.wire.problems import Problem
from hub.wire.requests import Login
from hub.wire.sessions import Me, SessionView, SignedIn, Ticket

PUBLIC: list[dict[str, list[str]]] = [{}]
OPEN = {"public": True}


def cookie_name(settings: Settings) -> str:
    """Name of the refresh cookie. `__Host-` binds it to TLS, to this very host and to no one's choice of a path."""
    return "__Host-andon_refresh" if settings.secure else "andon_refresh"


def _with_cookie(session: Session, settings: Settings) -> Response[SignedIn]:
    return Response(
        session.signed_in,
        status_code=200,
        headers={"cache-control": "no-store"},
        cookies=[refresh_cookie(settings, session.refresh, session.lasts)],
    )


def refresh_cookie(settings: Settings, value: str, max_age: int) -> Cookie:
    """The cookie that carries the refresh secret, for so many seconds; 0 takes it away."""
    return Cookie(
        key=cookie_name(settings),
        value=value,
        path="/" if settings.secure else "/api/auth",  # browsers take `__Host-` with no other path
        max_age=max_age,
        httponly=True,
        secure=settings.secure,
        samesite="strict",
    )


class AuthController(Controller):
    """Signing in and out."""

    path = "/api/auth"
    tags = ("auth",)

    @post("/login", status_code=200, security=PUBLIC, opt=OPEN)
    async def login(
        self,
        request: HubRequest,
        data: JSONBody[Login],
        gate: Given[Gate],
        settings: Given[Settings],
        device: Given[Device],
    ) -> Response[SignedIn]:
        """Sign in; the answer carries a short access token, the cookie a rotating refresh secret."""
        check_origin(request, settings.origins)
        session = await sign_in(gate, data.username, data.password, device)
        return _with_cookie(session, settings)

    @post("/password", status_code=200, security=PUBLIC, opt=OPEN)
    async def change_password(
        self,
        request: HubRequest,
        data: JSONBody[ChangePassword],
        gate: Given[Gate],
        settings: Given[Settings],
        device: Given[Device],
    ) -> Response[SignedIn]:
        """Choose another password and sign in with it, also where one must be chosen first; other sessions end."""
        check_origin(request, settings.origins)
        session = await change_password(gate, data.username, data.password, data.new_password, device)
        return _with_cookie(session, settings)

    @post("/refresh", status_code=200, security=PUBLIC, opt=OPEN)
    async def refresh(
        self,
        request: HubRequest,
        gate: Given[Gate],
        settings: Given[Settings],
    ) -> Response[SignedIn]:
        """Exchange the refresh cookie for a new access token."""
        check_origin(request, settings.origins)
        secret = request.cookies.get(cookie_name(settings))
        if not secret:
            raise Problem("unauthenticated")
        await gate.directory.recheck(session_of(secret))
        return _with_cookie(await actions.refresh_session(gate, secret), settings)

    @post("/logout", status_code=204)
    async def logout(
        self,
        request: HubRequest,
        db: Given[Database],
        actor: Given[Actor],
        settings: Given[Settings],
    ) -> Response[None]:
        """End this session; its sockets close within seconds."""
        check_origin(request, settings.origins)
        if actor.session_id is not None:
            await actions.end_session(db, actor, actor.id, actor.session_id)
        return Response(None, status_code=204, cookies=[refresh_cookie(settings, "", 0)])

    @get("/me")
    async def me(self, db: Given[Database], actor: Given[Actor]) -> Me:
        """Who I am."""
        async with db.reading() as conn:
            return await people.me(conn, actor.id)

    @patch("/me")
    async def change_me(self, db: Given[Database], actor: Given[Actor], data: JSONBody[ChangeMe]) -> Me:
        """Change my language, and my name where the account is local."""
        return await accounts.change_me(db, actor, data)

    @get("/sessions")
    async def sessions(self, db: Given[Database], actor: Given[Actor]) -> list[SessionView]:
        """My live sessions."""
        async with db.reading() as conn:
            return await queries.live_sessions(conn, actor.id, wall(), actor.session_id)

    @delete("/sessions", status_code=200)
    async def end_others(self, db: Given[Database], actor: Given[Actor]) -> Ended:
        """End all my sessions but this one."""
        return Ended(await actions.end_others(db, actor))

    @delete("/sessions/{session_id:str}")
    async def end_session(self, db: Given[Database], actor: Given[Actor], session_id: FromPath[UUID]) -> None:
        """End one of my sessions."""
        await actions.end_session(db, actor, actor.id, session_id)


@post("/api/ws-ticket", status_code=200, tags=["auth"])
async def ws_ticket(db: Given[Database], actor: Given[Actor]) -> Ticket:
    """Make a one-time ticket for the first WebSocket frame."""
    return await make_ticket(db, actor)


ROUTES: list[Any] = [AuthController, ws_ticket]
