"""Who may do what in a room, and how an incident lives. Pure."""

from typing import Any, Final, get_args

from sqlalchemy import Row

from hub.people.policy import Actor, at_least, looks_after
from hub.wire import rights
from hub.wire.fold import CLOCKS, ORDER
from hub.wire.problems import Problem
from hub.wire.rights import TRANSITIONS as TRANSITIONS
from hub.wire.rights import Act
from hub.wire.views import Category, RoomRole, Severity, Status, Visibility

CATEGORIES: Final[tuple[str, ...]] = get_args(Category)
ROOM_ROLES: Final[tuple[str, ...]] = get_args(RoomRole)
LINKS: Final = ("related", "into", "from")
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
STATUSES: Final[tuple[str, ...]] = get_args(Status)
VISIBILITIES: Final[tuple[str, ...]] = get_args(Visibility)

ENDED: Final = frozenset(rights.ENDED)


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


def standing(actor: Actor, room: Row[Any]) -> rights.Standing:
    """How the actor stands to a room they may read."""
    return rights.stands(room, room.my_role, actor.role, actor.kind, actor.lines)


def may_read(actor: Actor, visibility: str, member: bool, line: str | None) -> bool:
    """Machines read nothing; people read what their site or their line shows, or what they are members of."""
    if actor.kind == "machine":
        return False
    shown = visibility == "plant" or (visibility == "line" and looks_after(actor, line))
    return member or shown or at_least(actor, "admin")


def entitled(actor: Actor, room: Row[Any], act: Act) -> bool:
    """Whether the actor's roles allow the act, in whatever status the room is."""
    return rights.entitled(standing(actor, room), act)


def can(actor: Actor, room: Row[Any]) -> list[Act]:
    """Everything the actor may do now."""
    return rights.acts(standing(actor, room))


def check(actor: Actor, room: Row[Any], act: Act) -> None:
    """Refuse what the actor may not do (`forbidden`), or not now (`room_closed`, `transition`)."""
    who = standing(actor, room)
    if not rights.entitled(who, act):
        raise Problem("forbidden")
    if not rights.timely(who, act):
        ended = room.status in ENDED or room.archived_at is not None
        raise Problem("room_closed" if ended else "transition", f"{act} is not possible while it is {room.status}")


def check_move(actor: Actor, room: Row[Any], to_status: str) -> None:
    """Refuse a change of status: `forbidden`, `transition`, or `room_closed` in an archived room."""
    if not rights.entitled(standing(actor, room), rights.move(room.status, to_status)):
        raise Problem("forbidden")
    if room.archived_at is not None:
        raise Problem("room_closed", "The room is archived")
    if to_status == "merged":
        raise Problem("transition", "Name the room it is merged into")
    check_transition(room.status, to_status)
