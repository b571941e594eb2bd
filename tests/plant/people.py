"""Who works in the plant: the accounts of every test database."""

from uuid import UUID

import httpx
import msgspec

from hub.base.db import Database
from hub.people.actions import NewUser, add_token, put_user
from hub.people.policy import Actor
from hub.wire.views import HubRole

PASSWORD = "correct-horse-battery"
ROLES: dict[str, HubRole] = {
    "admin": "admin",
    "lin": "lead",
    "wang": "responder",
    "chen": "responder",
    "guest": "viewer",
}
MACHINE = "gateway"


class People(msgspec.Struct):
    """Ids by account name, and the API token of the machine `gateway`, which may report for every source."""

    ids: dict[str, UUID]
    token: str

    def __getitem__(self, name: str) -> UUID:
        return self.ids[name]

    def actor(self, name: str) -> Actor:
        """The user as slices see one, without a session."""
        if name == MACHINE:
            return Actor(self.ids[name], name, "machine", "responder", None, ("*",))
        return Actor(self.ids[name], name, "person", ROLES[name])


async def seed(dsn: str) -> People:
    db = Database(dsn, pool=2)
    try:
        ids = {name: await put_user(db, NewUser(name, name, "person", role, PASSWORD)) for name, role in ROLES.items()}
        ids[MACHINE] = await put_user(db, NewUser(MACHINE, MACHINE, "machine", "responder"))
        return People(ids, await add_token(db, ids[MACHINE], ["*"]))
    finally:
        await db.close()


async def sign_in(http: httpx.AsyncClient, name: str) -> None:
    """Sign a REST client in."""
    answer = await http.post("/api/auth/login", json={"username": name, "password": PASSWORD})
    answer.raise_for_status()
    http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
