"""One paho client driven from the event loop: connected, subscribed, and back again after every loss."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import paho.mqtt.client as mqtt
import structlog
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from connectors.sources.mqtt.inbox import Inbox, Packet
from connectors.sources.mqtt.options import Broker, Tls, make_client, session
from hub.client import delays

MISC_SECONDS = 1.0
ONLY_FOR_NEW_SUBSCRIPTIONS = 1  # retained messages: a reconnect does not repeat the state of the whole plant
Taken = Callable[[str, bytes, bool, Callable[[], None] | None], None]


class Link:
    """Takes every message to `take(topic, payload, retained, done)`; the broker gets its PUBACK when `done` is called.

    `done` is None for QoS 0, which is never acknowledged.
    """

    def __init__(self, broker: Broker, client_id: str, filters: Sequence[str], take: Taken, tls: Tls | None = None):
        self._broker = broker
        self._filters = filters
        self._take = take
        self._inbox = Inbox()
        self._log = structlog.get_logger().bind(
            logger="mqtt", client_id=client_id, broker=f"{broker.host}:{broker.port}"
        )
        self._gone = asyncio.Event()
        self.connected = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._client = make_client(broker, client_id, tls, manual_ack=True)
        self._wire()

    def _wire(self) -> None:
        client, loop = self._client, self._loop
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        client.on_socket_open = lambda c, u, sock: self._here(loop.add_reader, sock, self._read)
        client.on_socket_close = lambda c, u, sock: self._here(loop.remove_reader, sock)
        client.on_socket_register_write = lambda c, u, sock: self._here(loop.add_writer, sock, client.loop_write)
        client.on_socket_unregister_write = lambda c, u, sock: self._here(loop.remove_writer, sock)

    def _here(self, call: Callable[..., Any], *args: Any) -> None:
        """Only `connect` runs beside the loop (it waits for DNS, TCP, TLS); all else happens in its thread."""
        if threading.get_ident() == self._thread:
            call(*args)
        else:
            self._loop.call_soon_threadsafe(call, *args)

    async def run(self) -> None:
        """Stay connected until cancelled; then say goodbye, keeping the session."""
        waits = delays()
        try:
            while True:
                self._gone.clear()
                try:
                    await self._connect()
                    if await self._while_connected():
                        waits = delays()
                except (OSError, ValueError) as error:
                    self._log.warning("broker_unreachable", reason=str(error))
                await asyncio.sleep(next(waits))
        finally:
            self._client.disconnect()
            self._client.loop_write()

    async def _connect(self) -> None:
        call = asyncio.create_task(
            asyncio.to_thread(self._client.connect, self._broker.host, self._broker.port, **session())
        )
        try:
            await asyncio.shield(call)
        except asyncio.CancelledError:
            with suppress(OSError, ValueError):
                await call  # its socket must be ours before we can close it
            raise

    async def _while_connected(self) -> bool:
        """Keep the connection alive until it is gone; whether it ever stood."""
        stood = False
        while not self._gone.is_set():
            stood = stood or self.connected.is_set()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), MISC_SECONDS)
            self._client.loop_misc()
        return stood

    def _read(self) -> None:
        self._client.loop_read()
        pending = getattr(self._client.socket(), "pending", None)  # TLS holds more than the kernel shows
        while pending is not None and self._client.socket() is not None and pending():
            self._client.loop_read()

    def _on_connect(self, client: mqtt.Client, _: Any, flags: mqtt.ConnectFlags, reason: ReasonCode, __: Any) -> None:
        if reason.is_failure:
            self._log.error("broker_refused", reason=str(reason))
            return
        self._inbox.connected(flags.session_present)
        self._log.info("broker_connected", session_present=flags.session_present, topics=self._filters)
        options = SubscribeOptions(qos=1, retainHandling=ONLY_FOR_NEW_SUBSCRIPTIONS)
        client.subscribe([(topic, options) for topic in self._filters])

    def _on_subscribe(self, _: Any, __: Any, mid: int, reasons: list[ReasonCode], ___: Any) -> None:
        for topic, reason in zip(self._filters, reasons, strict=False):
            if reason.is_failure:
                self._log.error("subscription_refused", topic=topic, reason=str(reason))
        self._log.info("subscribed")
        self.connected.set()

    def _on_disconnect(self, _: Any, __: Any, ___: Any, reason: ReasonCode, ____: Any) -> None:
        self._inbox.disconnected()
        self.connected.clear()
        self._gone.set()
        self._log.info("broker_disconnected", reason=str(reason))

    def _on_message(self, _: Any, __: Any, message: mqtt.MQTTMessage) -> None:
        topic, payload = _topic(message), bytes(message.payload)
        if message.qos == 0:
            self._take(topic, payload, message.retain, None)
            return
        packet, new = self._inbox.received(message.mid, topic, payload, dup=message.dup)
        if new:
            self._take(topic, payload, message.retain, lambda: self._done(packet))
        elif packet.answered:
            self._done(packet)

    def _done(self, packet: Packet) -> None:
        if self._inbox.answered(packet):
            self._client.ack(packet.mid, 1)


def _topic(message: mqtt.MQTTMessage) -> str:
    try:
        return message.topic
    except UnicodeDecodeError:
        return "\0"  # no broker should let it through; the engine rejects it as `topic_invalid`
