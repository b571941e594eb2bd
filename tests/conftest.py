"""What tests of every folder share. A test module has a database of its own; its two hubs stand on it."""

import os
import random
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.base.settings import Settings
from hub.base.supervise import Supervisor
from hub.log.log import RoomLog
from hub.messages.desk import Desk
from hub.messages.timeline import MessageTimeline
from hub.stack.mosquitto import Mosquitto
from tests.plant.databases import Databases
from tests.plant.people import People
from tests.plant.processes import SECRET, HubProcess, Hubs, environment
from tests.surfaces.door import Door, opened

SEED = "ANDON_TEST_SEED"
LONG_SECONDS = 1800


def pytest_configure() -> None:
    os.environ.setdefault(SEED, str(random.randrange(2**32)))  # workers inherit it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A long test may take its time."""
    for item in items:
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_SECONDS))


def pytest_report_header() -> str:
    return f"chance: {SEED}={os.environ[SEED]} repeats this run's choices"


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance of one test: the same for the same seed, whatever ran before."""
    return random.Random(f"{os.environ[SEED]}:{request.node.nodeid}")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that servers without root rights may enter."""
    path = Path(tempfile.mkdtemp(prefix="andon-plant-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def databases(server_folder: Path) -> Iterator[Databases]:
    """The run's PostgreSQL (one for each worker)."""
    databases = Databases(server_folder)
    yield databases
    databases.server.stop()


@pytest.fixture(scope="session")
def mosquitto(server_folder: Path) -> Iterator[Mosquitto]:
    """The run's broker; users `connectors` and `plc`. A test that kills it starts its own."""
    broker = Mosquitto.start(server_folder / "mq", 0, {"connectors": "c-secret", "plc": "p-secret"})
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def people(databases: Databases) -> People:
    return databases.people


@pytest.fixture(scope="module")
def database_url(databases: Databases) -> str:
    """The module's database: migrated, with the plant's people, else empty."""
    return databases.fresh()


@pytest.fixture(scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    """The module's database from within the test process: what the hubs wrote, seen from behind."""
    database = Database(database_url, pool=5)
    yield database
    await database.close()


@pytest.fixture(scope="module")
async def room_log(database: Database) -> AsyncIterator[RoomLog]:
    """A log in the test process, with its background tasks, as a hub process has it."""
    log = RoomLog(database, MessageTimeline(), PlantClock())
    await log.clock.refresh(database)
    supervisor = Supervisor()
    runs = (log.tails.run_reader, log.tails.run_poll, log.bell.run_sender, log.bell.run_listener)
    for number, run in enumerate(runs):
        supervisor.start(f"log_{number}", run)
    yield log
    await supervisor.stop()


@pytest.fixture(scope="module")
async def desk(room_log: RoomLog, database_url: str) -> AsyncIterator[Desk]:
    """Where messages are posted, in the test process."""
    settings = Settings(
        database_url=database_url,
        secret_key=SECRET,
        messages_per_second=1e5,
        messages_burst=100_000,
        same_texts=100_000,
    )
    desk = Desk(room_log, settings)
    supervisor = Supervisor()
    supervisor.start("flush", desk.flusher.run)
    supervisor.start("flush_waiting", desk.flusher.run_waiting)
    yield desk
    await supervisor.stop()


@pytest.fixture(scope="module")
def hub_settings() -> dict[str, str]:
    """Settings a module adds to its hubs; override it there."""
    return {}


@pytest.fixture(scope="module")
async def hub_pair(
    database_url: str, hub_settings: dict[str, str], server_folder: Path
) -> AsyncIterator[list[HubProcess]]:
    settings = environment(database_url, hub_settings)
    name = database_url.rpartition("/")[2]
    pair = [HubProcess(settings, server_folder / f"{name}-hub-{number}.log") for number in (1, 2)]
    for hub in pair:
        await hub.ready()
    yield pair
    for hub in pair:
        await hub.stop()


@pytest.fixture
async def hubs(hub_pair: list[HubProcess], chance: random.Random) -> AsyncIterator[Hubs]:
    """Two hub processes on the module's database. One that the test before killed is running again."""
    for hub in hub_pair:
        if not hub.alive:
            await hub.restart()
    hubs = Hubs(hub_pair, chance)
    yield hubs
    await hubs.close()


@pytest.fixture(scope="session")
async def door(databases: Databases, people: People, server_folder: Path) -> AsyncIterator[Door]:
    """Two hubs with the product's own limits, for all tests that come as clients do. None of them is ever killed."""
    async with opened(databases.fresh(), server_folder, people, random.Random(os.environ[SEED])) as door:
        yield door


@pytest.fixture(scope="session")
async def behind(door: Door) -> AsyncIterator[Database]:
    """The database behind `door`."""
    database = Database(door.database_url, pool=2)
    yield database
    await database.close()
