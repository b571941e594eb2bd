"""A publisher of QoS 1 that can wait for the broker's answers. Paho's own thread does the waiting on sockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import paho.mqtt.client as mqtt

from connectors.sources.mqtt.options import make_client, read_address

IN_FLIGHT = 500


class Publisher:
    """Publishes; paho keeps what the broker has not answered for, and reconnects by itself."""

    def __init__(self, client: mqtt.Client):
        self._client = client
        self._sent: list[mqtt.MQTTMessageInfo] = []

    def publish(self, topic: str, payload: bytes) -> None:
        """Hand over a message."""
        self._sent.append(self._client.publish(topic, payload, qos=1))
        if len(self._sent) > 2 * IN_FLIGHT:
            self._forget_answered()

    async def settled(self, most: int = 0) -> None:
        """Wait until at most so many messages are without the broker's answer."""
        while True:
            self._forget_answered()
            if len(self._sent) <= most:
                return
            await asyncio.sleep(0.01)

    def _forget_answered(self) -> None:
        self._sent = [info for info in self._sent if not info.is_published()]


@contextlib.asynccontextmanager
async def publisher(mqtt_url: str) -> AsyncIterator[Publisher]:
    """A connected publisher. Raises OSError when no broker answers, ValueError for a wrong URL."""
    broker = read_address(mqtt_url)
    client = make_client(broker, "")
    client.max_inflight_messages_set(IN_FLIGHT)
    client.reconnect_delay_set(1, 5)
    await asyncio.to_thread(client.connect, broker.host, broker.port, keepalive=30)
    client.loop_start()
    try:
        yield Publisher(client)
    finally:
        client.disconnect()
        client.loop_stop()
