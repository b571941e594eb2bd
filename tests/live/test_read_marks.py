"""How far one has read is the same on all of one's devices, at whichever hub they are."""

import asyncio
from typing import Any

import pytest

from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs


def marks(live: Live, room: str) -> list[dict[str, Any]]:
    return [frame for frame in live.frames if frame.get("kind") == "read" and frame["room"] == room]


@pytest.mark.parametrize("way", ["on a socket", "by REST"])
async def test_all_other_devices_hear_of_it(hubs: Hubs, people: People, way: str) -> None:
    room, (one, other) = await hubs.open_room("wang"), hubs.all
    async with (
        await hubs.live("wang", one) as phone,
        await hubs.live("wang", one) as desk,
        await hubs.live("wang", other) as board,
        await hubs.live("chen", other) as chen,
    ):
        if way == "by REST":
            await (await hubs.client("wang", one)).put(f"/api/rooms/{room}/read", json={"seq": 2})
            await phone.until(lambda: marks(phone, room), 2)
        else:
            await phone.say("read", room=room, seq=2)
        for live in (desk, board):
            mark = await live.wait_for("signal", kind="read", room=room, seconds=2)
            assert mark["last_read_seq"] == 2
        await asyncio.sleep(0.1)
        assert len(marks(phone, room)) == (way == "by REST")  # a device that says so need not be told
        assert marks(chen, room) == []
