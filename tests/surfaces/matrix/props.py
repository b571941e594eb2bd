"""What stands on the stage beside rooms: for each name in an operation, how its thing is made by who may."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

from sqlalchemy import text

from hub.base.db import Database
from hub.people.actions import NewUser, put_user
from hub.wire.examples import EXAMPLES
from tests.plant.people import PASSWORD
from tests.surfaces.matrix.rules import OVERRIDE, ROSTER, TEMPLATE, filled

Names = dict[str, str]
DAY: Final = "2027-01-01"
PHOTO: Final = bytes.fromhex("ffd8ffe0") + b"a face"
# Paths whose user is an account of its own: what is done to it shall reach nobody who plays.
OF_AN_ACCOUNT: Final = ("/api/users/{user_id}", "/api/auth/password")
CLOSED: Final = "/api/rooms/{room_id}/archive"


class Hands(Protocol):
    """Who sets the stage."""

    db: Database

    async def made(self, name: str, method: str, path: str, body: Any = None) -> Any:
        """What an actor makes."""

    async def room(self, visibility: str) -> Names:
        """Another room of the owner."""

    async def session(self, name: str) -> str:
        """The id of a fresh session of an account."""


async def set_out(hands: Hands, operation: str, place: str, names: Names) -> None:
    """Make everything the operation names, one after the other: later things are made of earlier ones."""
    names["unique"] = f"m-{uuid4().hex[:12]}"
    for word, make in MAKERS.items():
        if word in operation:
            names |= await make(hands, operation, place, names)


async def account(hands: Hands, operation: str, _: str, names: Names) -> Names:
    machine = "tokens" in operation
    kind: Any = "bot" if machine else "person"
    user = NewUser(names["unique"], "spare", kind, "responder", None if machine else PASSWORD)
    user_id = str(await put_user(hands.db, user))
    if "photo" in operation:
        async with hands.db.transaction() as tx:
            row = {"id": UUID(user_id), "photo": PHOTO}
            await tx.execute(text("INSERT INTO user_photos (user_id, photo) VALUES (:id, :photo)"), row)
    return {"user_id": user_id, "username": names["unique"]}


async def session(hands: Hands, operation: str, _: str, names: Names) -> Names:
    return {"session_id": await hands.session(names.get("username", "m-owner"))}


async def token(hands: Hands, _: str, __: str, names: Names) -> Names:
    made = await hands.made("admin", "POST", f"/api/users/{names['user_id']}/tokens", EXAMPLES["NewToken"])
    return {"token_id": made["view"]["id"]}


async def team(hands: Hands, operation: str, _: str, names: Names) -> Names:
    wanted = {"key": f"t{names['unique']}", "name": "Line 3"}
    made = (await hands.made("admin", "POST", "/api/teams", wanted))["team"]
    if operation.startswith("DELETE /api/teams"):
        path = f"/api/teams/{made['id']}/members/{names['user_id']}"
        await hands.made("admin", "PUT", path, {"lead": False})
    return {"team_id": made["id"]}


async def mapping(hands: Hands, _: str, __: str, names: Names) -> Names:
    wanted = {"group": names["unique"], "role": "responder"}
    return {"mapping_id": (await hands.made("admin", "POST", "/api/directory/mappings", wanted))["id"]}


async def pattern(hands: Hands, operation: str, place: str, names: Names) -> Names:
    made = await hands.made("admin", "POST", "/api/shifts/patterns", EXAMPLES["NewPattern"])
    return {"pattern_id": made["id"]}


async def roster(hands: Hands, operation: str, place: str, names: Names) -> Names:
    for make in (team, pattern):
        names |= await make(hands, operation, place, names)
    if "roster_id" not in operation:
        return {}
    return {"roster_id": (await hands.made("admin", "POST", "/api/shifts/rosters", filled(ROSTER, names)))["id"]}


async def override(hands: Hands, operation: str, place: str, names: Names) -> Names:
    for make in (account, team):
        names |= await make(hands, operation, place, names)
    if "override_id" not in operation:
        return {}
    return {"override_id": (await hands.made("admin", "POST", "/api/shifts/overrides", filled(OVERRIDE, names)))["id"]}


async def holiday(hands: Hands, _: str, __: str, ___: Names) -> Names:
    await hands.made("admin", "PUT", "/api/shifts/holidays", {"holidays": [{"day": DAY, "name": "New Year"}]})
    return {"day": DAY}


async def template(hands: Hands, operation: str, _: str, names: Names) -> Names:
    kept = (await hands.made("admin", "POST", "/api/templates", filled(TEMPLATE, names)))["id"]
    if "restore" in operation:
        await hands.made("admin", "PUT", f"/api/templates/{kept}", filled(TEMPLATE | {"priority": 7}, names))
    return {"template_id": kept}


async def view(hands: Hands, _: str, __: str, ___: Names) -> Names:
    kept = await hands.made("owner", "POST", "/api/views", EXAMPLES["NewView"])
    return {"view_id": kept[0]["id"]}


async def broadcast(hands: Hands, _: str, __: str, ___: Names) -> Names:
    told = {"scope": "everybody", "text": "hello", "severity": "low"}
    return {"broadcast_id": (await hands.made("admin", "POST", "/api/broadcasts", told))["id"]}


async def item(hands: Hands, _: str, __: str, names: Names) -> Names:
    path = f"/api/rooms/{names['room_id']}/checklist"
    return {"item_id": (await hands.made("owner", "POST", path, EXAMPLES["NewItem"]))["items"][0]["id"]}


async def other_room(hands: Hands, operation: str, place: str, names: Names) -> Names:
    other = (await hands.room(place))["room_id"]
    if operation.startswith("DELETE"):
        await hands.made("owner", "PUT", f"/api/rooms/{names['room_id']}/links/{other}")
    return {"other_id": other}


async def archived(hands: Hands, operation: str, _: str, names: Names) -> Names:
    room = f"/api/rooms/{names['room_id']}"
    await hands.made("owner", "POST", f"{room}/transitions", {"to": "false_alarm"})
    if operation.startswith("DELETE"):
        await hands.made("owner", "PUT", f"{room}/archive")
    return {}


Maker = Callable[[Hands, str, str, Names], Awaitable[Names]]
MAKERS: Final[dict[str, Maker]] = {
    **dict.fromkeys(OF_AN_ACCOUNT, account),
    "{session_id}": session,
    "{token_id}": token,
    "{team_id}": team,
    "{mapping_id}": mapping,
    "{pattern_id}": pattern,
    "/api/shifts/rosters": roster,
    "/api/shifts/overrides": override,
    "{day}": holiday,
    "{template_id}": template,
    "{view_id}": view,
    "{broadcast_id}": broadcast,
    "{item_id}": item,
    "{other_id}": other_room,
    "/merge": other_room,
    CLOSED: archived,
}
