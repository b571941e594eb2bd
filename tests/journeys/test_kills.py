"""Kill -9 in the middle of 1,000 alarms with 1,000 different keys: nothing lost, nothing doubled, nobody reloads."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser

from hub.stack.mosquitto import Mosquitto
from hub.wire.limits import PAGE_MAX
from tests.journeys.line import Connectors, Ledger, Machine, eventually
from tests.journeys.screen import PHONE, Screen
from tests.plant.processes import HubProcess, Hubs

ALARMS = 1000
MACHINES = 10
SAVED_SECONDS = 3.0
UNREAD_MOST = 100  # unread messages of a room are counted up to this


async def _storm(machine: Machine, prefix: str, half: Callable[[], None]) -> None:
    """1,000 alarms with ids of their source, ten at a time; in the middle something happens."""
    for number in range(ALARMS):
        machine.says(f"{prefix}-{number % MACHINES}", f"{prefix}{number}", True, severity="high", event_id=f"e{number}")
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


class Sitter:
    """Somebody who sits in an alarm's room while it storms."""

    def __init__(self, screen: Screen, http: httpx.AsyncClient, room: str):
        self._screen, self._http, self._room = screen, http, room
        self._loads = screen.loads

    @classmethod
    async def of(cls, browser: Browser, hubs: Hubs, hub: HubProcess, machine: Machine, prefix: str) -> "Sitter":
        """A first alarm opens the room; its address is entered on this hub. REST is asked on the other one."""
        http = await hubs.client("chen", hubs.all[1])
        machine.says(f"{prefix}-0", f"{prefix}first", True, severity="high", event_id="first")
        rooms = await eventually(lambda: _open_rooms(http, machine=f"{prefix}-0"), bool)
        screen = await Screen.sign_in(browser, hub, "chen", PHONE)
        await screen.enter(hub, rooms[0]["room"]["id"])
        return cls(screen, http, rooms[0]["room"]["id"])

    async def has_caught_up(self, label: str) -> None:
        """The page shows what REST tells, every alarm once, and was never loaded again."""
        last_seq = (await self._http.get(f"/api/rooms/{self._room}")).json()["room"]["last_seq"]
        page = (await self._http.get(f"/api/rooms/{self._room}/messages", params={"limit": PAGE_MAX})).json()
        told = [message["seq"] for message in page["messages"] if message["type"] == "incident_data"]
        await self._screen.shows(last_seq)
        drawn = await self._screen.alarm_seqs()
        reloads = self._screen.loads - self._loads
        print(f"{label}, room page: seq {last_seq}, alarms drawn {len(drawn)}, told {len(told)}, reloads {reloads}")
        assert drawn == told
        assert len(told) == ALARMS // MACHINES + 1
        assert reloads == 0
        await self._screen.close()


async def _open_rooms(http: httpx.AsyncClient, **wanted: str) -> list[dict[str, Any]]:
    answer = await http.get("/api/rooms", params={"status": "open", "limit": PAGE_MAX, **wanted})
    rooms: list[dict[str, Any]] = answer.raise_for_status().json()["rooms"]
    return rooms


async def _board_is_right(screen: Screen, http: httpx.AsyncClient, prefix: str) -> None:
    """Now counts what REST counts, and the storm made one room for each machine."""
    rooms = await _open_rooms(http)
    told = (len(rooms), sum(row["unread"] for row in rooms))
    board = await eventually(screen.board, lambda board: board == told)
    stormed = [row for row in rooms if row["room"]["machine"].startswith(prefix)]
    print(f"hub killed, Now: running {board[0]}, unread {board[1]}, told {told}, reloads {screen.loads - 1}")
    assert len(stormed) == MACHINES
    assert all(row["unread"] == UNREAD_MOST for row in stormed)
    assert screen.loads == 1
    await screen.close()


@pytest.mark.long
async def test_a_killed_hub(browser: Browser, hubs: Hubs, machine: Machine, ledger: Ledger) -> None:
    one, other = hubs.all
    sitter = await Sitter.of(browser, hubs, one, machine, "h")
    board = await Screen.sign_in(browser, one, "wang")
    before = (await ledger.counts())["messages"]

    await _storm(machine, "h", one.kill)
    await one.restart()
    await _counted(ledger, "hub killed", before)

    await sitter.has_caught_up("hub killed")
    await _board_is_right(board, await hubs.client("wang", other), "h")


@pytest.mark.long
async def test_a_killed_connector(
    browser: Browser, hubs: Hubs, connectors: Connectors, machine: Machine, ledger: Ledger
) -> None:
    sitter = await Sitter.of(browser, hubs, hubs.any(), machine, "c")
    before = (await ledger.counts())["messages"]
    await _storm(machine, "c", connectors.kill)
    connectors.restart()
    await _counted(ledger, "connector killed", before)
    await sitter.has_caught_up("connector killed")


@pytest.mark.long
async def test_a_killed_broker(
    browser: Browser, hubs: Hubs, broker: Mosquitto, machine: Machine, ledger: Ledger
) -> None:
    sitter = await Sitter.of(browser, hubs, hubs.any(), machine, "b")
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
    await sitter.has_caught_up("broker killed")
