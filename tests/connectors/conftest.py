"""A real broker, a stand-in for the hub that records what it is asked, and connectors as a process of their own."""

import asyncio
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import paho.mqtt.client as mqtt
import pytest
import uvicorn
from litestar import Litestar, Request, Response, post
from paho.mqtt.enums import CallbackAPIVersion

from hub.stack.mosquitto import Mosquitto

ROOT = Path(__file__).parents[2]
PROGRAM = """
import asyncio, sys
from connectors.config import load_config
from connectors.run import run
asyncio.run(run(load_config(), sys.argv[1], sys.argv[2]))
"""
Answer = Callable[[list[dict[str, Any]]], int]


class Recorder:
    """Answers POST /api/alarms with the status that `answer` says, and keeps every body."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.accepted: list[dict[str, Any]] = []
        self.answer: Answer = lambda items: 200
        self.url = ""

    def take(self, body: bytes) -> Response[Any]:
        items = msgspec.json.decode(body)["observations"]
        self.bodies.append(body)
        status = self.answer(items)
        if status != 200:
            problem = {"type": "x", "title": "x", "status": status, "detail": "no", "code": "", "request_id": ""}
            return Response(problem | {"code": {422: "invalid", 503: "unavailable"}[status]}, status_code=status)
        self.accepted += items
        outcomes = [
            {"index": i, "outcome": "quarantined" if "reject" in it else "opened"} for i, it in enumerate(items)
        ]
        return Response({"results": outcomes}, status_code=200)

    @property
    def keys(self) -> list[str]:
        return [item["key"] for item in self.accepted if "key" in item]

    @property
    def rejects(self) -> list[str]:
        return [item["reject"]["code"] for item in self.accepted if "reject" in item]


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    recorder = Recorder()

    @post("/api/alarms", status_code=200)
    async def alarms(request: Request[Any, Any, Any]) -> Response[Any]:
        return recorder.take(await request.body())

    listening = socket.create_server(("127.0.0.1", 0))
    recorder.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    app = Litestar([alarms], request_max_body_size=None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    yield recorder
    server.should_exit = True
    await serving


@pytest.fixture
def broker() -> Iterator[Mosquitto]:
    folder = Path(tempfile.mkdtemp(prefix="andon-test-"))
    folder.chmod(0o755)
    broker = Mosquitto.start(folder / "mq", 0, {"connectors": "c-secret", "plc": "p-secret"})
    yield broker
    broker.stop()
    shutil.rmtree(folder)


class Plc:
    """Publishes with QoS 1 and waits until the broker has it."""

    def __init__(self, broker: Mosquitto):
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.username_pw_set("plc", "p-secret")
        self._client.connect("127.0.0.1", broker.port)
        self._client.loop_start()

    def say(self, topic: str, *payloads: bytes | str) -> None:
        sent = [self._client.publish(topic, payload, qos=1) for payload in payloads]
        for info in sent:
            info.wait_for_publish(10)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def plc(broker: Mosquitto) -> Iterator[Plc]:
    plc = Plc(broker)
    yield plc
    plc.close()


class Process:
    """A connectors process; its log lines are kept."""

    def __init__(self, process: asyncio.subprocess.Process):
        self._process = process
        self.lines: list[dict[str, Any]] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.lines.append(msgspec.json.decode(line))

    def said(self, event: str) -> bool:
        return any(line["event"] == event for line in self.lines)

    async def end(self, number: signal.Signals) -> int:
        if self._process.returncode is None:
            self._process.send_signal(number)
        code = await asyncio.wait_for(self._process.wait(), 15)
        await self._reading
        return code


async def start(hub_url: str, token: str, **environ: str) -> Process:
    """A connectors process that listens to its broker."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        hub_url,
        token,
        cwd=ROOT,
        env={**os.environ, **environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
    )
    process = Process(running)
    await until(lambda: process.said("subscribed"))
    return process


@pytest.fixture
async def connectors(broker: Mosquitto, recorder: Recorder) -> AsyncIterator[Callable[[], Any]]:
    started: list[Process] = []

    async def start_one() -> Process:
        started.append(await start(recorder.url, "token", MQTT_URL=broker.url("connectors")))
        return started[-1]

    yield start_one
    for process in started:
        await process.end(signal.SIGKILL)


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is true, or fail."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what we wait for has no event of its own
            await asyncio.sleep(0.02)
