"""The parts of a connector one by one: redelivered packets, addresses, sources.yaml, and what connectors may import."""

import ast
import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from connectors.bridge import WAITING_MOST, Bridge
from connectors.config import ConfigError, engine_of, load_config
from connectors.sources.mqtt.inbox import Inbox
from connectors.sources.mqtt.options import read_address
from hub.wire import limits
from hub.wire.alarms import Observation
from hub.wire.cards import Outcome
from hub.wire.problems import Problem

ROOT = Path(__file__).parents[2]
ENVIRON = {"MQTT_URL": "mqtt://me:s%40fe@broker"}


def test_an_answered_packet_is_acknowledged_once() -> None:
    inbox = Inbox()
    inbox.connected(session_present=False)
    packet, new = inbox.received(1, "t", b"x", dup=False)
    assert (new, inbox.answered(packet)) == (True, True)
    assert inbox.received(1, "t", b"x", dup=False)[1] is True, "the broker may use the number again"


def test_a_redelivered_packet_in_flight_is_not_taken_twice() -> None:
    inbox = Inbox()
    inbox.connected(session_present=False)
    packet, _ = inbox.received(1, "t", b"x", dup=False)
    inbox.disconnected()
    inbox.connected(session_present=True)
    assert inbox.answered(packet) is False, "this connection has not brought it yet"
    again, new = inbox.received(1, "t", b"x", dup=True)
    assert (again is packet, new, again.answered) == (True, False, True)
    assert inbox.answered(again) is True


def test_the_answer_may_come_after_the_redelivery() -> None:
    inbox = Inbox()
    inbox.connected(session_present=False)
    packet, _ = inbox.received(1, "t", b"x", dup=False)
    inbox.disconnected()
    inbox.connected(session_present=True)
    assert inbox.received(1, "t", b"x", dup=True) == (packet, False)
    assert inbox.answered(packet) is True


def test_a_lost_session_has_nothing_to_acknowledge() -> None:
    inbox = Inbox()
    inbox.connected(session_present=False)
    packet, _ = inbox.received(1, "t", b"x", dup=False)
    inbox.disconnected()
    inbox.connected(session_present=False)
    other, new = inbox.received(1, "t", b"x", dup=True)
    assert new is True
    assert inbox.answered(packet) is False
    assert inbox.answered(other) is True


def test_an_address_is_read_and_never_repeated() -> None:
    broker = read_address("mqtts://me:s%40fe@broker.plant")
    assert (broker.host, broker.port, broker.secure) == ("broker.plant", 8883, True)
    assert (broker.username, broker.password) == ("me", "s@fe")
    with pytest.raises(ValueError, match="mqtt://user:password@host") as error:
        read_address("http://me:s3cret@broker")
    assert "s3cret" not in str(error.value)


def test_without_a_file_every_preset_listens_to_the_broker_of_the_environment() -> None:
    (source,) = load_config(environ=ENVIRON).sources
    assert (source.id, source.address) == ("mqtt", ENVIRON["MQTT_URL"])
    assert engine_of(source).filters == [
        "/neuron/+/#",
        "alarms/+/+",
        "alarms/+/+/+",
        "iotgateway",
        "plant/+/+/+/+",
        "umh/v1/#",
    ]


def test_a_sources_file_names_brokers_and_mappings(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("mappings: [{id: m, match: own, alarm: {key: topic}}]")
    path = tmp_path / "sources.yaml"
    path.write_text("sources: [{id: l3, address: '${BROKER}', mappings: [own.yaml], site: Tainan, line: L3}]")
    (source,) = load_config(path, {"BROKER": "mqtt://b"}).sources
    (seen,) = engine_of(source).observe("own", b"{}")
    assert isinstance(seen, Observation)
    assert (seen.source, seen.site, seen.line) == ("l3", "Tainan", "L3")
    assert load_config(environ={"ANDON_SOURCES": str(path), "BROKER": "mqtt://b"}).sources == [source]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("sources: [{id: a, mappings: [json], adress: x}]", "adress"),
        ("sources: [{id: a, mappings: [json], type: opcua}]", "opcua"),
        ("sources: [{id: a, mappings: [json]}, {id: a, mappings: [json]}]", "'a' must be unique"),
        ("sources: [{id: a, mappings: [json], address: 'tcp://x'}]", "source a: the address"),
        ("sources: [{id: a, mappings: [json], address: '${NOWHERE}'}]", "source a: address: NOWHERE is not set"),
        ("sources: [{id: a, mappings: [json], time_zone: Mars/Olympus}]", "source a: .*Mars"),
        ("sources: [{id: a}]", "source a: mappings: name a preset"),
        ("sources: [{id: a, mappings: [json], batch: 0}]", "batch"),
        ("sources: [{id: a, mappings: [json], batch: 501}]", "batch"),
        ("sources: [", "sources.yaml"),
    ],
)
def test_a_wrong_sources_file_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=says):
        load_config(path, ENVIRON)


async def test_batches_hold_what_the_hub_takes() -> None:
    sizes: list[tuple[int, int]] = []

    async def post(items: Sequence[msgspec.Raw]) -> list[Outcome]:
        sizes.append((len(items), len(msgspec.json.encode({"observations": items}))))
        return [Outcome(index, "opened") for index in range(len(items))]

    bridge = Bridge("s", post)
    done: list[int] = []
    bridge.offer([Observation("s", str(n)) for n in range(1200)], lambda: done.append(1))
    for _ in range(20):
        bridge.offer([Observation("s", "big", raw="x" * 500_000)], lambda: done.append(2))
    last = asyncio.Event()
    bridge.offer([], last.set)
    running = asyncio.create_task(bridge.run())
    await asyncio.wait_for(last.wait(), 10)
    running.cancel()
    assert sum(count for count, _ in sizes) == 1220
    assert max(count for count, _ in sizes) == limits.ALARM_BATCH
    assert max(size for _, size in sizes) <= limits.ALARM_BODY_BYTES
    assert done == [1, *[2] * 20]
    assert (bridge.counters.accepted, bridge.counters.retries) == (1220, 0)


async def test_a_source_may_ask_for_smaller_batches(tmp_path: Path) -> None:
    sizes: list[int] = []

    async def post(items: Sequence[msgspec.Raw]) -> list[Outcome]:
        sizes.append(len(items))
        return [Outcome(index, "opened") for index in range(len(items))]

    path = tmp_path / "sources.yaml"
    path.write_text("sources: [{id: a, mappings: [json], batch: 3}, {id: b, mappings: [json]}]")
    small, default = load_config(path, ENVIRON).sources
    assert (small.batch, default.batch) == (3, limits.ALARM_BATCH)
    bridge = Bridge(small.id, post, small.batch)
    last = asyncio.Event()
    bridge.offer([Observation("a", str(n)) for n in range(7)], last.set)
    running = asyncio.create_task(bridge.run())
    await asyncio.wait_for(last.wait(), 10)
    running.cancel()
    assert sizes == [3, 3, 1]


async def test_messages_nobody_will_send_again_are_dropped_before_memory_is_full() -> None:
    async def never(items: Sequence[msgspec.Raw]) -> list[Outcome]:
        raise AssertionError("the bridge does not run")

    bridge = Bridge("s", never)
    for number in range(WAITING_MOST + 5):
        bridge.offer([Observation("s", str(number))], None)
    assert bridge.counters.dropped == 5
    bridge.offer([Observation("s", "QoS 1")], lambda: None)
    assert bridge.counters.dropped == 5


async def test_a_busy_hub_is_asked_again_when_it_says() -> None:
    answers = [Problem("rate_limited", retry_after=0.05), Problem("unavailable"), Problem("token_invalid")]

    async def post(items: Sequence[msgspec.Raw]) -> list[Outcome]:
        if answers:
            raise answers.pop(0)
        return [Outcome(0, "quarantined")]

    bridge = Bridge("s", post)
    done = asyncio.Event()
    bridge.offer([Observation("s", "k")], done.set)
    running = asyncio.create_task(bridge.run())
    await asyncio.wait_for(done.wait(), 10)
    running.cancel()
    assert (bridge.counters.retries, bridge.counters.rejected, bridge.counters.batches) == (3, 1, 1)


def test_connectors_need_of_the_hub_only_the_wire_and_the_client() -> None:
    seen = 0
    for folder, allowed in (("connectors", ("hub.wire", "hub.client")), ("hub/client", ("hub.wire", "hub.client"))):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for name in names:
                    if name.split(".")[0] in ("hub", "bots"):
                        seen += 1
                        assert name.startswith(allowed), f"{path} imports {name}"
    assert seen > 20
