"""Alarm to screen at 50 alarms/s: broker → connector → hub → database → WebSocket, beside the broker alone."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.crowd import gather
from tests.bench.effort import SECONDS
from tests.bench.report import Report, Table, Target, percentile
from tests.bench.site import Site, site

NAME = "alarm_to_screen"
RATE = 50
MACHINES = 20
ABOUT = f"""\
{RATE} alarms/s from {MACHINES} machines, QoS 1, each a new alarm. «Screen» is the event's frame at a reader's socket,
after mosquitto, connector, hub and commit; «broker alone» is a plain MQTT subscriber in the same run."""


class Stopwatch:
    """When each alarm left, and when it came out at the broker and at the screen."""

    def __init__(self) -> None:
        self.left: dict[str, float] = {}
        self.broker: dict[str, float] = {}
        self.screen: dict[str, float] = {}

    def heard(self, payload: bytes | bytearray) -> None:
        """A message came out at the broker."""
        self.broker.setdefault(json.loads(payload)["code"], perf_counter())

    def taken(self, came: dict[str, float]) -> list[float]:
        """Seconds from leaving to coming out."""
        return [came[key] - self.left[key] for key in self.left if key in came]


class Screen:
    """A reader that follows every room as soon as the lobby tells of it."""

    def __init__(self, socket: ClientConnection, watch: Stopwatch):
        self.followed: set[str] = set()
        self._socket = socket
        self._watch = watch

    async def run(self) -> None:
        """Read until the socket is closed."""
        async for text in self._socket:
            frame = json.loads(text)
            for moved in frame.get("rooms", []):
                await self._follow(moved["room"])
            if frame["op"] == "event" and (card := _card(frame)):
                self._watch.screen.setdefault(str(card.get("code")), perf_counter())

    async def _follow(self, room: dict[str, Any]) -> None:
        if room["id"] not in self.followed:
            self.followed.add(room["id"])
            wanted = {"op": "subscribe", "room": room["id"], "after_seq": max(0, room["last_seq"] - 1)}
            await self._socket.send(json.dumps(wanted))


def run() -> Report:
    """Measure."""
    watch, alarms = Stopwatch(), int(RATE * 6 * SECONDS)
    with (
        site(connectors=True) as there,
        _broker_client(there.mqtt_url, "bench-listener") as listener,
        _broker_client(there.mqtt_url, "bench-publisher") as publisher,
    ):
        listener.on_message = lambda _client, _data, message: watch.heard(message.payload)
        listener.subscribe("alarms/#", qos=1)
        asyncio.run(_measure(there, publisher, watch, alarms))
    ways = {"screen": watch.taken(watch.screen), "broker alone": watch.taken(watch.broker)}
    rows = [
        [name, str(len(taken)), f"{percentile(taken, 0.5):.1f}", f"{percentile(taken, 0.99):.1f}"]
        for name, taken in ways.items()
    ]
    return Report(
        NAME,
        "Alarm to screen",
        ABOUT,
        [Table(f"{alarms:,} alarms", ["way", "arrived", "p50 ms", "p99 ms"], rows)],
        [Target("alarms that did not reach the screen", 0, alarms - len(ways["screen"]), at_least=False)],
        {name: {"p50_ms": percentile(taken, 0.5), "p99_ms": percentile(taken, 0.99)} for name, taken in ways.items()},
    )


@contextmanager
def _broker_client(url: str, client_id: str) -> Iterator[mqtt.Client]:
    parts = urlsplit(url)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5)
    client.username_pw_set(parts.username, parts.password)
    client.connect(parts.hostname or "", parts.port or 1883)
    client.loop_start()
    yield client
    client.loop_stop()


async def _measure(there: Site, publisher: mqtt.Client, watch: Stopwatch, alarms: int) -> None:
    crowd = await asyncio.to_thread(gather, there.dsn, 1)
    signed_in = dict([crowd.header(0)[0].split(": ", 1)])
    url = there.url.replace("http", "ws") + "/ws"
    async with connect(url, additional_headers=signed_in, compression=None) as socket:
        screen = Screen(socket, watch)
        reading = asyncio.create_task(screen.run())
        for machine in range(MACHINES):
            _publish(publisher, watch, machine, f"warm-{machine}")
        await _until(lambda: len(screen.followed) == MACHINES)
        await asyncio.sleep(1)
        watch.left.clear()
        for number in range(alarms):
            due = perf_counter() + 1 / RATE
            _publish(publisher, watch, number % MACHINES, f"bench-{number}")
            await asyncio.sleep(max(0.0, due - perf_counter()))
        with suppress(TimeoutError):  # the report says how many are missing
            await _until(lambda: len(watch.taken(watch.screen)) == alarms)
        reading.cancel()


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not done():  # noqa: ASYNC110 - the reader counts in the loop's own turn
            await asyncio.sleep(0.05)


def _card(frame: dict[str, Any]) -> dict[str, Any] | None:
    body = frame["body"]
    card = body.get("card") or body.get("message", {}).get("metadata")
    return card if isinstance(card, dict) else None


def _publish(publisher: mqtt.Client, watch: Stopwatch, machine: int, code: str) -> None:
    alarm = {"key": code, "code": code, "active": True, "severity": "high", "text": "測試警報", "value": 1.5}
    watch.left[code] = perf_counter()
    publisher.publish(f"alarms/L1/M{machine:02}", json.dumps(alarm), qos=1)
