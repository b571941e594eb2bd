"""Who may do what in a room: one table of room role × hub role × status, read by REST, WebSocket, bots, search and,
written to TypeScript by `npm run types`, by the web app. Pure, and without imports of the wire's views.

Hub and browser answer with `acts` alike; the same cases (tests/data/rights.json) are put to both.
"""

import json
import sys
from collections.abc import Collection
from typing import Any, Final, Literal

import msgspec

Act = Literal[
    "post",
    "edit_own",
    "delete_own",
    "delete_any",
    "react",
    "call_all",
    "join",
    "leave",
    "take",
    "give_back",
    "arrive",
    "restore",
    "monitor",
    "close",
    "reopen",
    "false_alarm",
    "raise_severity",
    "lower_severity",
    "rename",
    "change_visibility",
    "add_member",
    "remove_member",
    "change_role",
    "transfer",
    "fill_closing",
    "merge",
    "link",
    "archive",
    "unarchive",
]

# One table of the incident's life; docs draw it from here. The moves machines make themselves stand in rooms/policy.py.
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
ENDED: Final = ("closed", "merged", "false_alarm")
LIVE: Final = tuple(status for status in TRANSITIONS if status not in ENDED)
ANY: Final = tuple(TRANSITIONS)
AT_WORK: Final = ("acknowledged", "on_site")

LEADING: Final = ("owner", "lead")
ACTING: Final = ("owner", "lead", "responder")
EVERYONE: Final = ("owner", "lead", "responder", "viewer", "guest")
RANK: Final[dict[str, int]] = {"viewer": 0, "responder": 1, "lead": 2, "admin": 3}


class Right(msgspec.Struct, frozen=True):
    """Who may do one act: room roles, the lowest hub role that may whatever its room role, and in which statuses.

    `member`: only members (true), only who is none (false), either (null). `person`: bots may not.
    `archived`: in archived rooms and in no other.
    """

    roles: tuple[str, ...]
    when: tuple[str, ...]
    site: str | None = None
    member: bool | None = None
    person: bool = False
    archived: bool = False


def _from(*to: str, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(status for status, ways in TRANSITIONS.items() if ways & set(to) and status not in but)


RIGHTS: Final[dict[Act, Right]] = {
    "post": Right(ACTING, LIVE),
    "edit_own": Right(ACTING, LIVE),
    "delete_own": Right(EVERYONE, ANY),
    "delete_any": Right(LEADING, ANY, site="admin"),
    "react": Right(ACTING, LIVE),
    "call_all": Right(LEADING, LIVE, site="lead"),
    "join": Right(("responder",), LIVE, member=False),
    "leave": Right(EVERYONE, ANY, member=True),
    "take": Right(ACTING, _from("acknowledged")),
    "give_back": Right(ACTING, AT_WORK),
    "arrive": Right(ACTING, _from("on_site")),
    "restore": Right(ACTING, _from("restored")),
    "monitor": Right(ACTING, _from("monitoring")),
    "close": Right(ACTING, _from("closed")),
    "reopen": Right(ACTING, _from("open", but=AT_WORK)),
    "false_alarm": Right(ACTING, _from("false_alarm")),
    "raise_severity": Right(ACTING, LIVE),
    "lower_severity": Right(LEADING, LIVE, site="lead", person=True),
    "rename": Right(ACTING, LIVE),
    "change_visibility": Right((), LIVE, site="lead"),
    "add_member": Right(ACTING, LIVE),
    "remove_member": Right(LEADING, ANY, site="lead"),
    "change_role": Right(LEADING, ANY, site="lead"),
    "transfer": Right(("owner",), LIVE, site="lead"),
    "fill_closing": Right(ACTING, ANY),
    "merge": Right(LEADING, LIVE, site="lead"),
    "link": Right(ACTING, ANY),
    "archive": Right(LEADING, ENDED, site="lead"),
    "unarchive": Right((), ENDED, site="lead", archived=True),
}
# Which act a move is. Back to open is giving it back while somebody works on it, else opening it again.
MOVES: Final[dict[str, Act]] = {
    "acknowledged": "take",
    "on_site": "arrive",
    "restored": "restore",
    "monitoring": "monitor",
    "closed": "close",
    "false_alarm": "false_alarm",
    "merged": "merge",
}


class Standing(msgspec.Struct, frozen=True):
    """How somebody stands to a room they may read. `my_line`: they look after its line (or it has none)."""

    hub_role: str
    kind: str
    room_role: str | None
    my_line: bool
    visibility: str
    status: str
    archived: bool = False


def stands(room: Any, room_role: str | None, hub_role: str, kind: str, lines: Collection[str] | None) -> Standing:
    """How somebody stands to a room: its view or its row. `lines` are those of their teams, None = the whole site."""
    mine = room.line is None or lines is None or room.line in lines or RANK[hub_role] >= RANK["lead"]
    return Standing(hub_role, kind, room_role, mine, room.visibility, room.status, room.archived_at is not None)


def role_of(who: Standing) -> str | None:
    """The room role one acts in: a viewer of the hub only looks, and who may come by themselves acts as a responder."""
    if who.kind == "machine":
        return None
    if who.hub_role == "viewer":
        return "viewer" if who.room_role else None
    if who.room_role is not None:
        return who.room_role
    comes = who.visibility == "plant" or (who.visibility == "line" and who.my_line)
    return "responder" if comes else None


def entitled(who: Standing, act: Act) -> bool:
    """Whether roles allow the act, in whatever status."""
    right = RIGHTS[act]
    if who.kind == "machine" or (right.person and who.kind != "person"):
        return False
    if right.member is not None and right.member != (who.room_role is not None):
        return False
    return role_of(who) in right.roles or (right.site is not None and RANK[who.hub_role] >= RANK[right.site])


def timely(who: Standing, act: Act) -> bool:
    """Whether the room's status allows the act; an archived room allows leaving it and taking it out again."""
    right = RIGHTS[act]
    return who.status in right.when and (right.archived == who.archived or act == "leave")


def acts(who: Standing) -> list[Act]:
    """What one may do now, in the table's order."""
    return [act for act in RIGHTS if entitled(who, act) and timely(who, act)]


def move(from_status: str, to_status: str) -> Act:
    """The act that a change of status is."""
    if to_status == "open":
        return "give_back" if from_status in AT_WORK else "reopen"
    return MOVES[to_status]


def document() -> dict[str, Any]:
    """The table as JSON, from which the web app's is written."""
    return {"rank": RANK, "rights": msgspec.to_builtins(RIGHTS)}


def main() -> None:
    """Print the table to standard output."""
    json.dump(document(), sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
