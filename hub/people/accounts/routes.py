"""REST: accounts, their sessions and their API tokens, for admins."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency as Given
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from hub.base.clock import wall
from hub.base.db import Database
from hub.base.text import checked
from hub.people import queries as people
from hub.people.accounts import actions, queries, tokens
from hub.people.policy import Actor, require
from hub.people.sessions import queries as sessions
from hub.people.sessions.actions import Gate, end_session
from hub.wire import limits
from hub.wire.accounts import (
    ChangeUser,
    Ended,
    NewAccount,
    NewToken,
    NewTokenView,
    NewUserView,
    TokenView,
    UserRow,
    UserView,
)
from hub.wire.sessions import SessionView
from hub.wire.views import HubRole, UserKind


async def _view(gate: Gate, actor: Actor, user_id: UUID) -> UserView:
    async with gate.db.reading() as conn:
        return await queries.user_view(conn, actor, gate.rules, user_id)


class UsersController(Controller):
    """Accounts: who may sign in, and as what."""

    path = "/api/users"
    tags = ("people",)

    @get("")
    async def find(
        self,
        db: Given[Database],
        actor: Given[Actor],
        q: Annotated[str, QueryParameter(max_length=limits.USERNAME_CHARS)] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=limits.PAGE_MAX)] = 20,
        everyone: FromQuery[bool] = False,
        role: FromQuery[HubRole | None] = None,
        kind: FromQuery[UserKind | None] = None,
        disabled: FromQuery[bool | None] = None,
        after: FromQuery[UUID | None] = None,
    ) -> list[UserRow]:
        """People and bots whose name or account holds `q`, to mention or to add.

        Admins ask for `everyone`, machines and disabled accounts too, or for those of a role, of a kind, or disabled;
        `after` is the id of the last one they got.
        """
        filters = (role, kind, disabled, after)
        admins_only = everyone or any(it is not None for it in filters)
        require(actor, "admin" if admins_only else "responder")
        async with db.reading() as conn:
            if admins_only:
                return await queries.everyone(
                    conn, checked(q), limit, after=after, role=role, kind=kind, disabled=disabled
                )
            return [UserRow(it.id, it.name, it.kind) for it in await people.found(conn, checked(q), limit)]

    @post("", status_code=201)
    async def add(self, gate: Given[Gate], actor: Given[Actor], data: JSONBody[NewAccount]) -> NewUserView:
        """Add a local account; a temporary password is told this once."""
        require(actor, "admin")
        user_id, temporary = await actions.add_user(gate.db, actor, data)
        return NewUserView(await _view(gate, actor, user_id), temporary)

    @get("/{user_id:str}")
    async def one(self, gate: Given[Gate], actor: Given[Actor], user_id: FromPath[UUID]) -> UserView:
        """An account, with what I may do with it."""
        require(actor, "admin")
        return await _view(gate, actor, user_id)

    @patch("/{user_id:str}")
    async def change(
        self, gate: Given[Gate], actor: Given[Actor], user_id: FromPath[UUID], data: JSONBody[ChangeUser]
    ) -> UserView:
        """Change an account, disable it or enable it; never one's own, never the last admin's."""
        require(actor, "admin")
        await actions.change_user(gate.db, actor, user_id, data)
        return await _view(gate, actor, user_id)

    @post("/{user_id:str}/password", status_code=200)
    async def reset_password(self, gate: Given[Gate], actor: Given[Actor], user_id: FromPath[UUID]) -> NewUserView:
        """Give a local account a temporary password, told this once; its sessions end."""
        require(actor, "admin")
        temporary = await actions.reset_password(gate.db, actor, user_id)
        return NewUserView(await _view(gate, actor, user_id), temporary)

    @post("/{user_id:str}/unlock", status_code=200)
    async def unlock(self, gate: Given[Gate], actor: Given[Actor], user_id: FromPath[UUID]) -> UserView:
        """Let an account that waits after wrong passwords try again."""
        require(actor, "admin")
        await actions.unlock(gate.db, actor, user_id)
        return await _view(gate, actor, user_id)

    @get("/{user_id:str}/sessions")
    async def sessions(self, db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID]) -> list[SessionView]:
        """Live sessions of a user."""
        require(actor, "admin")
        async with db.reading() as conn:
            await queries.user_for(conn, user_id)
            return await sessions.live_sessions(conn, user_id, wall(), actor.session_id)

    @delete("/{user_id:str}/sessions", status_code=200)
    async def end_all(self, db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID]) -> Ended:
        """End every session of a user; their sockets close within seconds, on every replica."""
        require(actor, "admin")
        return Ended(await actions.end_all(db, actor, user_id))

    @delete("/{user_id:str}/sessions/{session_id:str}")
    async def end_one(
        self, db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID], session_id: FromPath[UUID]
    ) -> None:
        """End one session of a user."""
        require(actor, "admin")
        await end_session(db, actor, user_id, session_id)

    @get("/{user_id:str}/tokens")
    async def tokens(self, db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID]) -> list[TokenView]:
        """API tokens of a machine or bot; their secrets are not kept."""
        require(actor, "admin")
        async with db.reading() as conn:
            return await tokens.tokens_of(conn, user_id)

    @post("/{user_id:str}/tokens", status_code=201)
    async def add_token(
        self, db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID], data: JSONBody[NewToken]
    ) -> NewTokenView:
        """Make an API token for a machine or bot; the secret is told this once."""
        require(actor, "admin")
        return await tokens.add_token(db, actor, user_id, data)

    @delete("/{user_id:str}/tokens/{token_id:str}")
    async def revoke_token(
        self, db: Given[Database], actor: Given[Actor], user_id: FromPath[UUID], token_id: FromPath[UUID]
    ) -> None:
        """Revoke an API token; it is refused from now on and its sockets close within seconds."""
        require(actor, "admin")
        await tokens.revoke_token(db, actor, user_id, token_id)


ROUTES: list[Any] = [UsersController]
