"""Accounts on the wire: what admins see and send, and one's own profile. Unknown fields are refused."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.views import HubRole, UserKind

Language = Literal["zh-TW", "en"]
Password = Annotated[str, Meta(max_length=limits.PASSWORD_CHARS)]
AccountName = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
DisplayName = Annotated[str, Meta(min_length=1, max_length=limits.USERNAME_CHARS)]
SourceName = Annotated[str, Meta(min_length=1, max_length=limits.PLACE_CHARS)]


class UserRow(msgspec.Struct, omit_defaults=True):
    """A user in a list. What comes after `kind` only admins see, and only where they asked for everyone."""

    id: UUID
    name: str
    kind: UserKind
    username: str | None = None
    role: HubRole | None = None
    source: Literal["local", "directory"] | None = None
    disabled_at: datetime | None = None


class UserCan(msgspec.Struct):
    """What the reader may do with the account."""

    rename: bool
    change_role: bool
    disable: bool
    enable: bool
    reset_password: bool
    end_sessions: bool
    tokens: bool


class UserView(msgspec.Struct):
    """An account as an admin sees it. `waits_until`: too many wrong passwords, no try is taken before then."""

    id: UUID
    username: str
    name: str
    kind: UserKind
    role: HubRole
    language: str | None
    source: Literal["local", "directory"]
    kiosk: bool
    break_glass: bool
    must_change_password: bool
    created_at: datetime
    disabled_at: datetime | None
    waits_until: datetime | None
    sessions: int
    can: UserCan


class NewUserView(msgspec.Struct):
    """An account just added, or one whose password was reset; a temporary `password` is told this once."""

    user: UserView
    password: str | None


class TokenView(msgspec.Struct):
    """An API token; its secret was told when it was made. `sources` are those it may report for, `*` is any."""

    id: UUID
    label: str
    sources: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewTokenView(msgspec.Struct):
    """A token just made. `token` is told this once."""

    token: str
    view: TokenView


class Ended(msgspec.Struct):
    """How many sessions were ended."""

    sessions: int


class NewAccount(msgspec.Struct, forbid_unknown_fields=True):
    """Add a local account. A person without a `password` gets a temporary one; both are changed at first sign-in."""

    username: AccountName
    name: DisplayName
    kind: UserKind = "person"
    role: HubRole = "responder"
    language: Language | None = None
    kiosk: bool = False
    password: Password | None = None


class ChangeUser(msgspec.Struct, forbid_unknown_fields=True):
    """Change an account; what is absent stays. Disabling ends sessions and closes sockets at once."""

    name: DisplayName | None = None
    role: HubRole | None = None
    language: Language | None = None
    disabled: bool | None = None
    kiosk: bool | None = None


class ChangeMe(msgspec.Struct, forbid_unknown_fields=True):
    """Change one's own language, and one's name where the account is local."""

    name: DisplayName | None = None
    language: Language | None = None


class ChangePassword(msgspec.Struct, forbid_unknown_fields=True):
    """Choose another password: account and present password as at sign-in, and the new one."""

    username: Annotated[str, Meta(max_length=limits.USERNAME_CHARS)]
    password: Password
    new_password: Password


class NewToken(msgspec.Struct, forbid_unknown_fields=True):
    """Make an API token for a machine or bot; without `expires_in` (seconds) it lasts until it is revoked."""

    label: Annotated[str, Meta(max_length=limits.USERNAME_CHARS)] = ""
    sources: Annotated[list[SourceName], Meta(max_length=100)] = []
    expires_in: Annotated[int, Meta(ge=60, le=limits.TOKEN_SECONDS)] | None = None
