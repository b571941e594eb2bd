"""Bad WebSocket input: each gets its close code or its error frame, and a good socket still works."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from hub.wire import limits
from tests.plant.live import Live
from tests.surfaces.door import Door
from tests.surfaces.sockets import closed_with, stranger


@pytest.fixture
async def live(door: Door, wang: httpx.AsyncClient) -> AsyncIterator[Live]:
    """A socket of wang. Whatever a test did to it, the next one works."""
    async with await door.live("wang") as live:
        yield live
    async with await door.live("wang") as good:
        await good.say("hb")
        await good.wait_for("hb")


SHUT: dict[str, tuple[str | bytes, bool, int]] = {
    "bad_30_1": ("x" * (limits.FRAME_BYTES + 1), True, 1009),
    "bad_30_2": ("x" * (limits.FRAME_BYTES_UNAUTHENTICATED + 1), False, 1009),
    "bad_30_3": ("字" * (limits.FRAME_BYTES_UNAUTHENTICATED // 3 + 1), False, 1009),
    "bad_32_1": (b'{"op":"hb"}', True, 1003),
    "bad_32_2": (b"\x00", False, 1003),
    "bad_33_1": ("no json", False, 4002),
    "bad_34_1": ('{"op":"fly"}', False, 4001),
    "bad_34_2": ('{"op":"send"}', False, 4002),
    "bad_34_3": (json.dumps({"op": "subscribe", "room": str(uuid4()), "after_seq": 0}), False, 4001),
    "bad_35_1": ('{"op":"auth","ticket":"x","v":99}', False, 4012),
    "bad_35_2": ('{"op":"auth","ticket":"x","v":0}', False, 4012),
    "bad_38_1": ('{"op":"auth","ticket":"x"}', True, 4005),
}


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in SHUT])
async def test_closed(name: str, door: Door, live: Live) -> None:
    frame, signed_in, code = SHUT[name]
    if signed_in:
        await live.socket.send(frame)
        assert await closed_with(live) == code
        return
    async with stranger(door.any()) as other:
        await other.socket.send(frame)
        assert await closed_with(other) == code


@pytest.mark.parametrize("signed_in", [pytest.param(True, id="bad_31_1"), pytest.param(False, id="bad_31_2")])
async def test_bad_31_invalid_utf8(door: Door, live: Live, signed_in: bool) -> None:
    if signed_in:
        await live.socket.send(b'{"op":"hb\xff"}', text=True)
        assert await closed_with(live) == 1007
        return
    async with stranger(door.any()) as other:
        await other.socket.send(b"\xc3\x28", text=True)
        assert await closed_with(other) == 1007


FRAMES = {
    "bad_33_2": ("not json", "bad_frame"),
    "bad_33_3": ("[]", "bad_frame"),
    "bad_33_4": ("{}", "bad_frame"),
    "bad_33_5": ("null", "bad_frame"),
    "bad_33_6": ('{"op":5}', "bad_frame"),
    "bad_33_7": ('{"op":"subscribe","room":"x","after_seq":0}', "bad_frame"),
    "bad_33_8": (f'{{"op":"subscribe","room":"{uuid4()}","after_seq":-1}}', "bad_frame"),
    "bad_33_9": (f'{{"op":"subscribe","room":"{uuid4()}","after_seq":"0"}}', "bad_frame"),
    "bad_33_10": ('{"op":"hb","more":1}', "bad_frame"),
    "bad_33_11": ('{"op":"send","room":"' + "[" * 50_000, "bad_frame"),
    "bad_33_12": ('{"op":' + "[" * 50_000, "bad_frame"),
    "bad_34_4": ('{"op":"fly"}', "unknown_op"),
    "bad_36_1": (f'{{"op":"subscribe","room":"{uuid4()}","after_seq":0}}', "not_found"),
    "bad_36_2": (f'{{"op":"read","room":"{uuid4()}","seq":1}}', "not_found"),
}


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in FRAMES])
async def test_error_frame(name: str, live: Live) -> None:
    """An error keeps the socket open."""
    frame, code = FRAMES[name]
    await live.socket.send(frame)
    error = await live.wait_for("error")
    assert (error["code"], set(error) <= {"op", "code", "message", "ref", "room"}) == (code, True)
    await live.say("hb")
    await live.wait_for("hb")


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        pytest.param("", {}, "content_empty", id="bad_9_1"),
        pytest.param("\u200b", {}, "content_empty", id="bad_9_2"),
        pytest.param("a\0", {}, "text_invalid", id="bad_9_3"),
        pytest.param("x", {"client_msg_id": "k\0"}, "text_invalid", id="bad_9_4"),
        pytest.param("x", {"metadata": {"a": "\0"}}, "text_invalid", id="bad_9_5"),
        pytest.param("a" * (limits.TEXT_BYTES + 1), {}, "content_too_long", id="bad_7_1"),
        pytest.param("x", {"metadata": {"a": "x" * limits.STRUCTURED_BYTES}}, "metadata_too_long", id="bad_8_1"),
        pytest.param("x", {"kind": "system"}, "forbidden", id="bad_13_1"),
        pytest.param("x", {"kind": "incident_data"}, "forbidden", id="bad_13_2"),
        pytest.param("x", {"room": str(uuid4())}, "not_found", id="bad_19_1"),
        pytest.param("x", {"sender": "me"}, "bad_frame", id="bad_13_3"),
        pytest.param("\ud800", {}, "bad_frame", id="bad_9_6"),
    ],
)
async def test_bad_send(live: Live, room: str, content: str, more: dict[str, Any], code: str) -> None:
    """Sending has the codes of REST."""
    frame = {"op": "send", "room": room, "client_msg_id": "k", "content": content} | more
    await live.socket.send(json.dumps(frame))
    assert (await live.wait_for("error"))["code"] == code
    assert (await live.post(room, str(uuid4()), f"next {uuid4()}"))["op"] == "ack"


async def test_bad_4_deep_metadata(live: Live, room: str) -> None:
    deep = b'{"a":' * 600 + b"1" + b"}" * 600
    await live.socket.send(
        b'{"op":"send","room":"%s","client_msg_id":"d","content":"x","metadata":%s}' % (room.encode(), deep), text=True
    )
    assert (await live.wait_for("error"))["code"] in {"json_too_deep", "bad_frame"}


async def test_bad_33_tenth_bad_frame(live: Live) -> None:
    for _ in range(limits.BAD_FRAMES):
        await live.socket.send("[]")
    assert await closed_with(live) == 4002
    assert len([frame for frame in live.frames if frame["op"] == "error"]) == limits.BAD_FRAMES - 1


async def test_bad_36_foreign_and_absent_rooms_look_the_same(door: Door, live: Live, room: str) -> None:
    admin = await door.client("admin")
    hidden = (await admin.post("/api/rooms", json={"title": "x", "visibility": "members"})).json()["room"]["id"]
    foreign, absent = await live.subscribe(hidden), await live.subscribe(str(uuid4()))
    assert foreign.pop("room") != absent.pop("room")
    assert foreign == absent
    assert foreign["code"] == "not_found"
    assert (await live.subscribe(room))["op"] == "caught_up"


async def test_bad_37_cursor_from_elsewhere(live: Live, room: str) -> None:
    assert (await live.subscribe(room, after_seq=10_000))["op"] == "resync_required"
    had = len(live.frames)
    await live.say("subscribe", room=room, after_seq=0, epoch="another")
    assert (await live.until(lambda: live.frames[had:]))[0] == {"op": "resync_required", "room": room}
    assert (await live.subscribe(room))["op"] == "caught_up"


async def test_bad_39_flood(live: Live) -> None:
    try:
        for _ in range(10 * limits.FRAMES_PER_SECOND):
            await live.socket.send('{"op":"hb"}')
    except ConnectionClosed:
        pass
    assert await closed_with(live) == 4008
