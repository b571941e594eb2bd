"""What a hub logs of a conversation: who came and went, what was changed, what was refused; never what was said."""

import json
from typing import Any

from tests.plant.processes import Hubs
from tests.surfaces.door import Door

SECRET = "the door code is xylophone"


def lines(hubs: Hubs, event: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for hub in hubs.all for line in hub.output().splitlines()]
    return [line for line in found if line.get("event") == event]


async def test_connections_refusals_and_changes_are_logged(door: Door) -> None:
    room, lin, guest = await door.open_room("lin"), await door.client("lin"), await door.client("guest")
    async with await door.live("lin") as live:
        ack = await live.post(room, "log-1", SECRET)
    message = ack["message_id"]
    await lin.patch(f"/api/messages/{message}", json={"content": f"{SECRET}!"})
    await lin.delete(f"/api/messages/{message}")
    await lin.get(f"/api/search?q={SECRET}")
    await guest.post(f"/api/rooms/{room}/messages", json={"content": SECRET})
    lin_id, guest_id = str(door.people["lin"]), str(door.people["guest"])
    assert lin_id in {line["user"] for line in lines(door, "socket_signed_in")}
    assert any(line["user"] == lin_id and line["code"] == 1000 for line in lines(door, "socket_closed"))
    for event in ("message_edited", "message_deleted"):
        wanted = {"room": room, "message": message, "user": lin_id}
        assert any(wanted.items() <= line.items() for line in lines(door, event))
    denied = {(line["user"], line["code"], line.get("path")) for line in lines(door, "permission_denied")}
    assert (guest_id, "forbidden", f"/api/rooms/{room}/messages") in denied
    assert 16 in {len(line["query_sha256"]) for line in lines(door, "search_performed") if line["user"] == lin_id}
    assert all("xylophone" not in hub.output() for hub in door.all)
