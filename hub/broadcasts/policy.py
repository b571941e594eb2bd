"""Who may tell whom, and whom it concerns. Pure."""

from typing import Any, Final, get_args

from hub.base.text import blank, checked, message_text
from hub.people.policy import Actor, at_least, looks_after, require
from hub.wire.presence import BroadcastScope
from hub.wire.problems import Problem
from hub.wire.requests import NewBroadcast

SCOPES: Final[tuple[str, ...]] = get_args(BroadcastScope)
TARGETS: Final[dict[str, str]] = {"person": "user_id", "room": "room_id", "line": "line"}


def check_new(actor: Actor, wanted: NewBroadcast) -> None:
    """Refuse whom it is not for to tell, a scope without its target or with another's, and a text nobody can read."""
    require(actor, "lead")
    for scope, target in TARGETS.items():
        given = getattr(wanted, target) is not None
        if given != (scope == wanted.scope):
            says = "needs" if scope == wanted.scope else "takes no"
            raise Problem("invalid", f"Scope {wanted.scope} {says} {target}", field=target)
    if wanted.line is not None and blank(checked(wanted.line)):
        raise Problem("invalid", "The line is blank", field="line")
    message_text(wanted.text)


def concerns(actor: Actor, broadcast: Any, *, reads_room: bool) -> bool:
    """Whether it is told to them; `reads_room` = may read the room it is for. Its sender always sees it.

    A line is everybody who looks after it. Machines read nothing.
    """
    if actor.kind == "machine":
        return False
    if broadcast.sender_id == actor.id or broadcast.scope == "everybody":
        return True
    if broadcast.scope == "line":
        return looks_after(actor, broadcast.line)
    return reads_room if broadcast.scope == "room" else bool(broadcast.user_id == actor.id)


def may_see_readers(actor: Actor, broadcast: Any) -> bool:
    """Who has seen it is for its sender, and for leads and admins."""
    return bool(broadcast.sender_id == actor.id) or at_least(actor, "lead")
