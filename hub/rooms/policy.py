"""Who may do what in a room, and how an incident lives. Pure."""

from typing import Any, Final, get_args
from uuid import UUID

from sqlalchemy import Row

from hub.people.policy import Actor, at_least
from hub.wire.fold import CLOCKS, ORDER
from hub.wire.problems import Problem
from hub.wire.views import Category, RoomRole, Severity, Status, Visibility

CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
ROOM_ROLES: Final[tuple[str, ...]] = get_args(RoomRole)
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
STATUSES: Final[tuple[str, ...]] = get_args(Status)
VISIBILITIES: Final[tuple[str, ...]] = get_args(Visibility)

ENDED: Final = frozenset({"closed", "merged", "false_alarm"})
LASTING: Final = tuple(status for status in STATUSES if status not in ENDED)

# One table of the incident's life; docs draw it from here. «By source» moves are those machines make themselves.
TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    "open": frozenset({"acknowledged", "on_site", "restored", "false_alarm"}),
    "acknowledged": frozenset({"open", "on_site", "restored", "false_alarm"}),
    "on_site": frozenset({"open", "acknowledged", "restored", "false_alarm"}),
    "restored": frozenset({"open", "monitoring", "closed", "false_alarm"}),
    "monitoring": frozenset({"open", "restored", "closed"}),
    "closed": frozenset({"open"}),
    "merged": frozenset(),
    "false_alarm": frozenset({"open"}),
}


def check_transition(from_status: str, to_status: str) -> None:
    """Refuse (`transition`) what the table does not allow."""
    if to_status not in TRANSITIONS[from_status]:
        raise Problem("transition", f"The incident cannot go from {from_status} to {to_status}")


def clocks_cleared(to_status: str) -> list[str]:
    """Clocks of the steps that come after a status: going back forgets them."""
    place = ORDER.index(to_status) if to_status in ORDER else len(ORDER) - 1
    return sorted({CLOCKS[status] for status in ORDER[place + 1 :]})


def source_transition(status: str, active_alarms: int) -> Status | None:
    """What the machines themselves do to an incident nobody works on: `open → restored → open`."""
    if active_alarms == 0 and status == "open":
        return "restored"
    if active_alarms > 0 and status in {"restored", "monitoring"}:
        return "open"
    return None


def worse(one: str, other: str) -> bool:
    """Whether severity `one` is worse than `other`."""
    return SEVERITIES.index(one) < SEVERITIES.index(other)


def may_read(actor: Actor, visibility: str, member: bool) -> bool:
    """Machines read nothing; people read what their site shows, or what they are members of."""
    if actor.kind == "machine":
        return False
    return member or visibility in {"line", "plant"} or at_least(actor, "admin")


def may_join(actor: Actor, visibility: str) -> bool:
    """Whether acting in a room makes the actor a member of it."""
    return actor.kind != "machine" and at_least(actor, "responder") and visibility in {"line", "plant"}


def may_write(actor: Actor, member: bool, role: str | None, visibility: str) -> bool:
    """Whether the actor may speak and act in a room it can read."""
    if not at_least(actor, "responder"):
        return False
    return (member and role not in {"viewer", "guest", None}) or may_join(actor, visibility)


def may_manage_members(actor: Actor, user_id: UUID, role: str | None) -> bool:
    """Owners and leads of the room, and leads of the site; everybody may leave."""
    return actor.id == user_id or role in {"owner", "lead"} or at_least(actor, "lead")


def check_open(room: Row[Any]) -> None:
    """Refuse (`room_closed`) changes in a room that has ended."""
    if room.status in ENDED:
        raise Problem("room_closed")
