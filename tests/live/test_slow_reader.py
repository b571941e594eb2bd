"""One phone that stops reading costs its room nothing: it is closed with 4011, and has everything when it is back."""

from pathlib import Path

import pytest

from tests.plant.live import Live
from tests.plant.processes import HubProcess, Hubs

MESSAGES, WORDS = 900, "x" * 9000  # 8 MB: more than process and kernel hold for one reader, also the plain way
SHARE_MB = 8


@pytest.fixture(scope="module", params=["true", "false"], ids=["raw", "fallback"])
def hub_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"ANDON_RAW_FRAMES": request.param, "ANDON_FRAMES_PER_SECOND": "100000"}


def resident_mb(hub: HubProcess) -> float:
    status = Path(f"/proc/{hub.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def _stalled(hubs: Hubs, hub: HubProcess, room: str) -> Live:
    """A reader that has caught up with the room, and then reads no more."""
    live = await hubs.live("wang", hub)
    assert (await live.subscribe(room))["op"] == "caught_up"
    live.socket.transport.pause_reading()
    return live


async def _slow_readers(hubs: Hubs, hub: HubProcess) -> float:
    text = (await (await hubs.client("lin", hub)).get("/metrics")).text
    return float(text.partition("\nslow_consumer_total ")[2].split()[0])


async def test_bad_41_a_stalled_reader_costs_its_room_nothing(hubs: Hubs) -> None:
    room, hub = await hubs.open_room("lin"), hubs.any()
    async with await hubs.live("lin", hub) as lin, await hubs.live("chen", hub) as chen:
        await chen.subscribe(room)
        hello = await lin.post(room, f"joining {room}", "hello")
        await chen.wait_for("event", seq=hello["seq"])
        before, slow, started = resident_mb(hub), await _slow_readers(hubs, hub), len(chen.seqs(room))
        wang = await _stalled(hubs, hub, room)
        had = wang.seqs(room)[-1]
        for number in range(MESSAGES):
            await lin.post(room, f"{room} {number}", f"{number} {WORDS}")
        await chen.until(lambda: len(chen.seqs(room)) == started + MESSAGES)
        assert await _slow_readers(hubs, hub) == slow + 1
        grown = resident_mb(hub) - before
        wang.socket.transport.resume_reading()
        await wang._reading
        read = wang.seqs(room)
        assert read == list(range(1, read[-1] + 1))
        missed = chen.seqs(room)[-1] - read[-1]
    async with await hubs.live("wang", hubs.any()) as back:
        assert (await back.subscribe(room, after_seq=read[-1]))["op"] == "caught_up"
        assert back.seqs(room) == list(range(read[-1] + 1, read[-1] + missed + 1))
    print(
        f"\n{MESSAGES} messages of 9 KB: the stalled reader got {read[-1] - had}, was closed and read {missed} later; "
        f"the hub grew by {grown:.1f} MB"
    )
    assert missed > 0
    assert grown < SHARE_MB
