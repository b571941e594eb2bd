"""The demo plant tells a believable story, and its gateways and mappings understand each other."""

import asyncio
import itertools
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

import hub.demo
from connectors.config import engine_of, load_config
from connectors.mapping.engine import Engine
from connectors.sources.mqtt.link import Link
from connectors.sources.mqtt.options import read_address
from hub.demo.line import run_demo
from hub.demo.payloads import messages
from hub.demo.plant import PLANT, Fault, Machine
from hub.demo.scenario import OPEN_AT_MOST, Step, story
from hub.stack.mosquitto import Mosquitto
from hub.wire.alarms import Observation, SnapshotItem

SOURCES = Path(hub.demo.__file__).with_name("sources.yaml")
NOW = datetime(2026, 3, 18, 6, 0, tzinfo=UTC)
EVERY = [(machine, fault) for machine in PLANT for fault in machine.faults]


def engine() -> Engine:
    return engine_of(load_config(SOURCES, {"MQTT_URL": "mqtt://broker"}).sources[0])


def active(machine: Machine, faults: set[str]) -> list[Observation]:
    """The active alarms that the hub would hear of."""
    readings = {tag: usual for tag, usual, _ in machine.readings}
    items = [it for topic, body in messages(machine, faults, readings, NOW) for it in engine().observe(topic, body)]
    seen = [obs for it in items if isinstance(it, SnapshotItem) for obs in it.snapshot.active]
    return seen + [it for it in items if isinstance(it, Observation) and it.active]


@pytest.mark.parametrize(("machine", "fault"), EVERY, ids=lambda it: it.name)
def test_every_fault_arrives_with_its_words(machine: Machine, fault: Fault) -> None:
    (seen,) = active(machine, {fault.name})
    assert isinstance(seen.text, dict)
    assert set(seen.text) == {"zh-TW", "en"}
    assert seen.severity in ("critical", "high", "medium", "low")
    assert (seen.machine, seen.line, seen.defects) == (machine.name, machine.line, None)
    assert (seen.source, seen.source_at) == ("demo", "2026-03-18T06:00:00.000Z")
    assert active(machine, set()) == []


def test_the_plant_has_eight_machines_behind_three_vendors() -> None:
    assert len(PLANT) == 8
    assert {machine.shape for machine in PLANT} == {"neuron", "kepware", "umh"}


def hour(seed: int) -> list[Step]:
    return list(itertools.takewhile(lambda step: step.at < 3600, story(Random(seed))))


@pytest.mark.parametrize("seed", range(20))
def test_the_story_is_believable(seed: int) -> None:
    steps = hour(seed)
    assert (steps[0].machine, steps[0].fault, steps[0].active) == ("REFLOW1", "zone5_hot", True)
    assert steps[0].at <= 3
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    on: set[tuple[str, str]] = set()
    for step in steps:
        which = (step.machine, step.fault)
        assert (which in on) is not step.active, "what comes was away, what goes was there"
        (on.add if step.active else on.discard)(which)
        assert len([fault for fault in on if fault[1] not in ("starved", "cutting_water_low")]) <= OPEN_AT_MOST
    assert any(step.fault == "estop" for step in steps)
    assert 20 <= len({(step.machine, step.fault, step.at // 60) for step in steps if step.active}) <= 80


def test_the_same_seed_tells_the_same_story() -> None:
    assert hour(7) == hour(7) != hour(8)


def test_something_chatters() -> None:
    raises = [(step.machine, step.fault) for step in hour(7) if step.active]
    assert max(raises.count(which) for which in raises) >= 4


async def test_the_first_fault_is_on_the_broker_within_three_seconds(mosquitto: Mosquitto) -> None:
    heard: list[Observation] = []
    mapping = engine()

    def take(topic: str, payload: bytes, retained: bool, done: object) -> None:
        for item in mapping.observe(topic, payload):
            heard.extend(item.snapshot.active if isinstance(item, SnapshotItem) else [])

    link = Link(read_address(mosquitto.url("connectors")), "test", mapping.filters, take)
    listening = asyncio.create_task(link.run())
    await asyncio.wait_for(link.connected.wait(), 10)
    demo = asyncio.create_task(run_demo(mosquitto.url("plc"), seed=1))
    async with asyncio.timeout(8):
        while not heard:  # noqa: ASYNC110 - the link has no event for it
            await asyncio.sleep(0.05)
    assert heard[0].text == {"zh-TW": "第 5 溫區超溫", "en": "Zone 5 over-temperature"}
    for task in (demo, listening):
        task.cancel()
    await asyncio.gather(demo, listening, return_exceptions=True)
