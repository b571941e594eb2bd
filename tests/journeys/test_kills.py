"""Kill -9 in the middle of 1,000 alarms with 1,000 different keys: nothing lost, nothing doubled, nobody reloads."""

import asyncio
from collections.abc import Callable
from time import monotonic

import pytest
from playwright.async_api import Browser, expect

from hub.stack.mosquitto import Mosquitto
from tests.journeys.line import Connectors, Ledger, Machine
from tests.journeys.screen import PHONE, Screen
from tests.plant.processes import Hubs

ALARMS = 1000
MACHINES = 10
SAVED_SECONDS = 3.0


async def _storm(machine: Machine, prefix: str, half: Callable[[], None]) -> None:
    """1,000 alarms with ids of their source, ten at a time; in the middle something happens."""
    for number in range(ALARMS):
        machine.says(f"M{number % MACHINES}", f"{prefix}{number}", True, severity="high", event_id=f"e{number}")
        if number == ALARMS // 2:
            half()
        if number % 10 == 0:
            await asyncio.sleep(0.01)


async def _counted(ledger: Ledger, label: str, before: int) -> None:
    counts = await ledger.reaches(before + ALARMS)
    await asyncio.sleep(1)
    counts = await ledger.counts()
    print(f"{label}: alarms sent {ALARMS}, messages {counts['messages'] - before}, gaps {counts['gaps']}, kills 1")
    assert counts["messages"] == counts["alarms"] == before + ALARMS
    assert counts["gaps"] == 0


@pytest.mark.long
async def test_a_killed_hub(browser: Browser, hubs: Hubs, machine: Machine, ledger: Ledger) -> None:
    one, other = hubs.all
    room = await hubs.open_room("lin", title="旁邊的房間", machine="M0", line="L1")
    screens = [await Screen.sign_in(browser, one, "wang"), await Screen.sign_in(browser, other, "chen", PHONE)]
    for screen, hub in zip(screens, hubs.all, strict=True):
        await screen.enter(hub, room)

    await _storm(machine, "h", one.kill)
    await one.restart()
    await _counted(ledger, "hub killed", 0)

    client = await hubs.client("lin", other)
    await client.post(f"/api/rooms/{room}/messages", json={"content": "大家都還在嗎"})
    for screen in screens:
        await expect(screen.timeline.get_by_text("大家都還在嗎")).to_be_visible(timeout=40_000)
        assert screen.loads == 2  # sign-in and the room's address: no reload since
        await screen.close()


@pytest.mark.long
async def test_a_killed_connector(connectors: Connectors, machine: Machine, ledger: Ledger) -> None:
    before = (await ledger.counts())["messages"]
    await _storm(machine, "c", connectors.kill)
    connectors.restart()
    await _counted(ledger, "connector killed", before)


@pytest.mark.long
async def test_a_killed_broker(broker: Mosquitto, machine: Machine, ledger: Ledger) -> None:
    before = (await ledger.counts())["messages"]
    killed: list[float] = []

    def kill() -> None:
        killed.append(monotonic())
        broker.kill()

    await _storm(machine, "b", kill)
    await asyncio.to_thread(broker.restart)
    await asyncio.sleep(2)
    # What the broker confirmed in its last moments may not have reached its disk: the gateway says it again.
    machine.says_again(killed[0] - SAVED_SECONDS)
    await _counted(ledger, "broker killed", before)
