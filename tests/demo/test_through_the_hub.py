"""The demo plant and a replayed log all the way: gateway payloads, broker, connectors, hub, rooms."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

import hub.demo
from hub.demo.line import run_demo
from hub.demo.replay import run_replay
from hub.stack.mosquitto import Mosquitto
from tests.connectors.conftest import Plc, start
from tests.plant.people import People
from tests.plant.processes import Hubs

SOURCES = Path(hub.demo.__file__).with_name("sources.yaml")
Rows = list[dict[str, Any]]


@pytest.fixture
async def connected(hubs: Hubs, people: People, mosquitto: Mosquitto) -> AsyncIterator[None]:
    """Connectors between the broker and one of the hubs, with the demo's words."""
    environ = {"MQTT_URL": mosquitto.url("connectors"), "ANDON_SOURCES": str(SOURCES)}
    process = await start(hubs.any().url, people.token, **environ)
    yield
    await process.end(signal.SIGTERM)


async def ask(hubs: Hubs, path: str, done: Callable[[Any], bool], seconds: float = 15) -> Any:
    """Ask as the shift lead until the answer is as wanted."""
    async with asyncio.timeout(seconds):
        while not done(answer := (await (await hubs.client("lin")).get(path)).raise_for_status().json()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    return answer


def of_machine(answer: Any, machine: str) -> Rows:
    return [row["room"] for row in answer["rooms"] if row["room"]["machine"] == machine]


async def test_the_first_fault_of_the_demo_opens_a_room_by_itself(
    connected: None, hubs: Hubs, mosquitto: Mosquitto
) -> None:
    demo = asyncio.create_task(run_demo(mosquitto.url("plc"), seed=3))
    answer = await ask(hubs, "/api/rooms", lambda it: bool(of_machine(it, "REFLOW1")), seconds=20)
    demo.cancel()
    await asyncio.gather(demo, return_exceptions=True)
    (room,) = of_machine(answer, "REFLOW1")
    assert room["fault"] == {"zh-TW": "第 5 溫區超溫", "en": "Zone 5 over-temperature"}
    assert (room["site"], room["line"], room["severity"]) == ("台南廠", "SMT1", "critical")


async def test_a_bit_that_goes_off_restores_the_incident(connected: None, hubs: Hubs, mosquitto: Mosquitto) -> None:
    def word(value: int, milliseconds: int) -> str:
        tag = {"id": "DICING.DICER1.AlarmWord1", "v": value, "q": True, "t": 1_800_000_000_000 + milliseconds}
        return json.dumps({"values": [tag]})

    plc = Plc(mosquitto)
    plc.say("iotgateway", word(0b0110, 0))
    both = lambda it: [room["active_alarms"] for room in of_machine(it, "DICER1")] == [2]  # noqa: E731
    await ask(hubs, "/api/rooms", both)
    plc.say("iotgateway", word(0b0100, 1000))
    one = lambda it: [room["active_alarms"] for room in of_machine(it, "DICER1")] == [1]  # noqa: E731
    await ask(hubs, "/api/rooms", one)
    plc.say("iotgateway", word(0, 2000))
    await ask(hubs, "/api/rooms", lambda it: of_machine(it, "DICER1")[0]["status"] == "restored")
    plc.close()


async def test_hostile_payloads_reach_the_quarantine_with_their_codes(
    connected: None, hubs: Hubs, mosquitto: Mosquitto
) -> None:
    plc = Plc(mosquitto)
    for payload in (b"", b"\x1f\x8b\x08\0", b"x" * 300_000, b'{"values":[{"v":1}]}'):
        plc.say("iotgateway", payload)
    plc.close()
    answer = await ask(hubs, "/api/quarantine", lambda it: len(it["items"]) == 4)
    assert [row["code"] for row in answer["items"]] == ["key_missing", "too_large", "decode", "payload_empty"]
    assert {(row["source"], row["topic"]) for row in answer["items"]} == {("demo", "iotgateway")}


@pytest.mark.parametrize("shape", ["neuron", "kepware", "json"])
async def test_a_replayed_log_groups_by_unit(
    connected: None, hubs: Hubs, mosquitto: Mosquitto, database_url: str, log_file: Path, shape: Any
) -> None:
    url, line = mosquitto.url("plc"), f"TEP-{shape}"
    await run_replay(log_file, url, speed=240, shape=shape, line=line, database_url=database_url)
    answer = await ask(hubs, f"/api/rooms?line={line}", lambda it: len(it["rooms"]) == 2)
    units = {row["room"]["machine"]: row["room"] for row in answer["rooms"]}
    await ask(hubs, f"/api/rooms/{units['U1']['id']}", lambda it: it["room"]["active_alarms"] == 1)
    assert set(units) == {"U0", "U1"}
