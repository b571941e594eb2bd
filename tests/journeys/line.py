"""A whole line for a journey: broker, connectors and two hubs, each a process; alarms come from a machine."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import asyncpg
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from hub.stack.mosquitto import Mosquitto
from hub.stack.process import Child
from tests.plant.processes import HubProcess, environment

SUBSCRIBED = '"subscribed"'
WAIT_SECONDS = 30

T = TypeVar("T")


class Connectors:
    """The connectors process, reporting to one hub."""

    def __init__(self, hub: HubProcess, broker: Mosquitto, token: str, log: Path):
        settings = {
            "ANDON_HUB_URL": hub.url,
            "MQTT_URL": broker.url("connectors"),
            "ANDON_CONNECTOR_TOKEN": token,
        }
        self._child = Child([sys.executable, "-m", "hub.cli", "connectors"], log, env=environment("", settings))

    async def subscribed(self) -> None:
        """Wait until the broker keeps alarms for it."""
        await until(lambda: SUBSCRIBED in self._child.output(), "the connectors have not subscribed")

    def kill(self) -> None:
        """SIGKILL."""
        self._child.kill()

    def restart(self) -> None:
        """Start again with the same settings."""
        self._child.restart()

    async def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        await asyncio.to_thread(self._child.stop)

    def output(self) -> str:
        """Its log since it started."""
        return self._child.output()


class Machine:
    """A machine on the line: publishes alarms at QoS 1, and again what the broker has not confirmed."""

    def __init__(self, broker: Mosquitto):
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id="journey-machine", protocol=mqtt.MQTTv311, clean_session=False
        )
        user, _, rest = broker.url("plc").removeprefix("mqtt://").partition(":")
        password, _, place = rest.partition("@")
        host, _, port = place.partition(":")
        self._client.username_pw_set(user, password)
        self._client.reconnect_delay_set(1, 1)
        self._client.max_queued_messages_set(0)
        self._client.connect(host, int(port))
        self._client.loop_start()
        self._sent: list[tuple[float, str, str]] = []

    def says(self, machine: str, key: str, active: bool, **facts: Any) -> None:
        """Report an alarm's state."""
        alarm = {"key": key, "active": active, "text": {"zh-TW": f"{key} 異常", "en": f"{key} fault"}, **facts}
        self._publish(f"alarms/L1/{machine}", json.dumps(alarm))

    def _publish(self, topic: str, payload: str) -> None:
        self._sent.append((monotonic(), topic, payload))
        self._client.publish(topic, payload, qos=1)

    def says_again(self, since: float) -> None:
        """Repeat what was said after a time (monotonic seconds), as a gateway does that saw its broker fall."""
        for _, topic, payload in [sent for sent in self._sent if sent[0] >= since]:
            self._client.publish(topic, payload, qos=1)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()


async def until(done: Any, otherwise: str, seconds: float = WAIT_SECONDS) -> None:
    """Wait until something holds."""
    end = monotonic() + seconds
    while not done():
        assert monotonic() < end, otherwise
        await asyncio.sleep(0.05)


async def eventually(ask: Callable[[], Awaitable[T]], right: Callable[[T], bool]) -> T:
    """Ask until the answer is right, and return it."""
    end = monotonic() + WAIT_SECONDS
    while not right(answer := await ask()):
        assert monotonic() < end, f"still {answer}"
        await asyncio.sleep(0.1)
    return answer


class Ledger:
    """What the database holds, seen from behind."""

    def __init__(self, conn: "asyncpg.Connection[asyncpg.Record]"):
        self._conn = conn

    async def counts(self) -> Mapping[str, int]:
        """Rooms, incident messages, distinct alarms in them, and gaps in the rooms' logs."""
        row = await self._conn.fetchrow(
            """
            SELECT (SELECT count(*) FROM incident_rooms) AS rooms,
                   (SELECT count(*) FROM messages WHERE message_type = 'incident_data') AS messages,
                   (SELECT count(DISTINCT metadata->>'alarm_key') FROM messages
                    WHERE message_type = 'incident_data') AS alarms,
                   (SELECT count(*) FROM (SELECT room_id, count(*) AS n, max(seq) AS top FROM room_events
                    GROUP BY room_id) logs WHERE n <> top) AS gaps
            """
        )
        assert row is not None
        return dict(row)

    async def reaches(self, messages: int, seconds: float = 60) -> Mapping[str, int]:
        """Wait until so many incident messages are there."""
        end = monotonic() + seconds
        while (counts := await self.counts())["messages"] < messages:
            assert monotonic() < end, f"only {counts}"
            await asyncio.sleep(0.1)
        return counts
