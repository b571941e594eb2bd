"""The connectors process: every source with its engine, its bridge and its link, until SIGTERM."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from connectors.bridge import Bridge
from connectors.config import Config, SourceConfig, engine_of
from connectors.sources.mqtt.link import Link
from connectors.sources.mqtt.options import read_address
from hub.client import HubClient


async def run(config: Config, hub_url: str, token: str) -> None:
    """Run all sources until SIGTERM or SIGINT. Raises ConfigError, or what killed one of the tasks.

    What the hub has not answered for is not acknowledged, so the broker keeps it for the next start.
    """
    if not structlog.is_configured():
        _log_as_json()
    stop = _stop_signal()
    async with HubClient(hub_url, token) as hub:
        tasks = [asyncio.create_task(work()) for source in config.sources for work in source_tasks(source, hub)]
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        dead = [task for task in tasks if task.done()]
        for task in [*tasks, stopped]:
            task.cancel()
        await asyncio.gather(*tasks, stopped, return_exceptions=True)
        for task in dead:
            task.result()


def source_tasks(source: SourceConfig, hub: HubClient) -> tuple[Callable[[], Coroutine[Any, Any, None]], ...]:
    """What one source runs: the link that takes messages in, and the bridge that carries them to the hub."""
    engine = engine_of(source)
    bridge = Bridge(source.id, hub.post_alarms, source.batch)

    def take(topic: str, payload: bytes, retained: bool, done: Callable[[], None] | None) -> None:
        bridge.offer(engine.observe(topic, payload, retained=retained), done)

    link = Link(
        read_address(source.address),
        source.client_id or f"andon-{source.id}",
        source.topics or engine.filters,
        take,
        source.tls,
    )
    return bridge.run, link.run


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError):  # not in the main thread: the caller cancels us
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _log_as_json() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )
