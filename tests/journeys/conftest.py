"""Parts of a journey: a browser, a broker of its own, connectors, a machine."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, async_playwright

from hub.stack.mosquitto import Mosquitto
from tests.journeys.line import Connectors, Ledger, Machine
from tests.journeys.screen import CHROMIUM, FLAGS
from tests.plant.people import People
from tests.plant.processes import Hubs

WEB = Path(__file__).resolve().parents[2] / "web" / "dist"


@pytest.fixture(scope="module")
def hub_settings() -> dict[str, str]:
    assert (WEB / "index.html").is_file(), "build the web app first: make web/dist/index.html"
    return {"ANDON_WEB_DIR": str(WEB)}


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def broker(server_folder: Path, request: pytest.FixtureRequest) -> Iterator[Mosquitto]:
    """A broker that the journey may kill."""
    users = {"connectors": "c-secret", "plc": "p-secret"}
    broker = Mosquitto.start(server_folder / f"broker-{request.node.name}", 0, users)
    yield broker
    broker.stop()


@pytest.fixture
async def connectors(hubs: Hubs, broker: Mosquitto, people: People, server_folder: Path) -> AsyncIterator[Connectors]:
    log = server_folder / f"connectors-{broker.port}.log"
    connectors = Connectors(hubs.all[0], broker, people.token, log)
    await connectors.subscribed()
    yield connectors
    await connectors.stop()


@pytest.fixture
def machine(broker: Mosquitto, connectors: Connectors) -> Iterator[Machine]:
    machine = Machine(broker)
    yield machine
    machine.close()


@pytest.fixture
async def ledger(database_url: str) -> AsyncIterator[Ledger]:
    conn = await asyncpg.connect(database_url)
    yield Ledger(conn)
    await conn.close()
