"""Alarm to screen at 50 alarms/s: broker → connector → hub → database → WebSocket, beside the broker alone."""

import asyncio
import json
from collections.abc import Callable
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.bench.crowd import tickets
from tests.bench.figures import percentile, write
from tests.bench.receivers import Receiver, connect
from tests.bench.site import Site, site

RATE = 50
SECONDS = 20
MACHINES = 20


def _mqtt(url: str, client_id: str) -> mqtt.Client:
    parts = urlsplit(url)
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5)
    client.username_pw_set(parts.username, parts.password)
    client.connect(parts.hostname or "", parts.port or 1883)
    client.loop_start()
    return client


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

    def __init__(self, watch: Stopwatch):
        self.followed: set[str] = set()
        self._watch = watch

    def heard(self, receiver: Receiver, payload: bytes) -> None:
        """Take a frame."""
        frame: dict[str, Any] = json.loads(payload)
        for moved in frame.get("rooms", []):
            self._follow(receiver, moved["room"])
        if frame["op"] == "event" and (card := _card(frame)):
            self._watch.screen.setdefault(str(card.get("code")), perf_counter())

    def _follow(self, receiver: Receiver, room: dict[str, Any]) -> None:
        if room["id"] not in self.followed:
            self.followed.add(room["id"])
            receiver.send({"op": "subscribe", "room": room["id"], "after_seq": max(0, room["last_seq"] - 1)})


async def _measure(there: Site, publisher: mqtt.Client, watch: Stopwatch) -> None:
    [(url, ticket)] = await asyncio.to_thread(tickets, there, 1)
    screen = Screen(watch)
    socket = await connect(url, screen.heard)
    socket.send({"op": "auth", "ticket": ticket})
    for machine in range(MACHINES):
        _publish(publisher, watch, machine, f"warm-{machine}")
    await _until(lambda: len(screen.followed) == MACHINES)
    await asyncio.sleep(1)
    watch.left.clear()
    for number in range(RATE * SECONDS):
        due = perf_counter() + 1 / RATE
        _publish(publisher, watch, number % MACHINES, f"bench-{number}")
        await asyncio.sleep(max(0.0, due - perf_counter()))
    await _until(lambda: len(watch.taken(watch.screen)) == RATE * SECONDS)
    socket.transport.abort()


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 - receivers count in the loop's own turn
            await asyncio.sleep(0.05)


def _card(frame: dict[str, Any]) -> dict[str, Any] | None:
    body = frame["body"]
    card = body.get("card") or body.get("message", {}).get("metadata")
    return card if isinstance(card, dict) else None


def _publish(publisher: mqtt.Client, watch: Stopwatch, machine: int, code: str) -> None:
    alarm = {"key": code, "code": code, "active": True, "severity": "high", "text": "測試警報", "value": 1.5}
    watch.left[code] = perf_counter()
    publisher.publish(f"alarms/L1/M{machine:02}", json.dumps(alarm), qos=1)


def run() -> None:
    """Measure and write the page."""
    watch = Stopwatch()
    with site(connectors=True) as there:
        listener = _mqtt(there.mqtt_url, "bench-listener")
        listener.on_message = lambda _client, _data, message: watch.heard(message.payload)
        listener.subscribe("alarms/#", qos=1)
        publisher = _mqtt(there.mqtt_url, "bench-publisher")
        asyncio.run(_measure(there, publisher, watch))
        publisher.loop_stop()
        listener.loop_stop()
    ways = {"screen": watch.taken(watch.screen), "broker alone": watch.taken(watch.broker)}
    figures = {
        name: {"alarms": len(seconds), "p50_ms": percentile(seconds, 0.5), "p99_ms": percentile(seconds, 0.99)}
        for name, seconds in ways.items()
    }
    write("alarm_to_screen", {"rate": RATE, "machines": MACHINES, **figures}, _table(figures))


def _table(figures: dict[str, dict[str, float]]) -> str:
    rows = [
        "# Alarm to screen",
        "",
        f"{RATE} alarms/s from {MACHINES} machines for {SECONDS} s, QoS 1. «Screen» is the event's frame at a reader's "
        "socket, after mosquitto, connector, hub and commit; «broker alone» is a plain MQTT subscriber, same run.",
        "",
        "| way | alarms | p50 ms | p99 ms |",
        "|---|---|---|---|",
    ]
    rows += [f"| {name} | {one['alarms']} | {one['p50_ms']} | {one['p99_ms']} |" for name, one in figures.items()]
    ratio = figures["screen"]["p50_ms"] / max(figures["broker alone"]["p50_ms"], 0.1)
    return "\n".join([*rows, "", f"Screen / broker alone at the median: {ratio:.1f}."])


if __name__ == "__main__":
    run()
