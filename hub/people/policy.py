"""Who one is and what a hub role may do. Pure."""

from typing import Any, Final
from uuid import UUID

import msgspec

from hub.wire.problems import Problem
from hub.wire.views import HubRole, Person, UserKind

RANK: Final[dict[str, int]] = {"viewer": 0, "responder": 1, "lead": 2, "admin": 3}
ANY_SOURCE: Final = "*"


class Actor(msgspec.Struct, frozen=True):
    """Who is acting, by a session or by an API token; `sources` are those a machine token names.

    `lines` are the lines the actor's teams look after; None = the whole site.
    """

    id: UUID
    name: str
    kind: UserKind
    role: HubRole
    session_id: UUID | None = None
    sources: tuple[str, ...] = ()
    token_id: UUID | None = None
    lines: tuple[str, ...] | None = None

    @property
    def credential(self) -> bytes:
        """What stands for the sign-in: the id of its session or token."""
        found = self.session_id or self.token_id or self.id
        return found.bytes

    @property
    def person(self) -> Person:
        """The actor as a timeline shows it."""
        return Person(self.id, self.name, self.kind)


def at_least(actor: Actor, role: HubRole) -> bool:
    """Whether the actor's hub role ranks as high as `role`."""
    return RANK[actor.role] >= RANK[role]


def require(actor: Actor, role: HubRole) -> None:
    """Refuse (`forbidden`) below a hub role."""
    if not at_least(actor, role):
        raise Problem("forbidden")


def looks_after(actor: Actor, line: str | None) -> bool:
    """Whether a line is the actor's: one of their teams' lines, or any for who has none or leads the site."""
    return line is None or actor.lines is None or line in actor.lines or at_least(actor, "lead")


def may_report_for(actor: Actor, source: Any) -> bool:
    """Whether a token may speak for a source: it must name it, or name `*`."""
    return isinstance(source, str) and (source in actor.sources or ANY_SOURCE in actor.sources)
