"""Fresh databases: one server for the run, one migrated template, a copy for whoever asks."""

import asyncio
import itertools
from pathlib import Path

from hub.base.migrate import upgrade
from hub.stack.postgres import Postgres
from tests.plant.people import People, seed

TEMPLATE = "plant_template"


class Databases:
    """Makes databases on one real server. Copies hold the schema and the plant's people."""

    def __init__(self, folder: Path):
        self.server = Postgres.start(folder / "pg", fast=True)
        self._numbers = itertools.count(1)
        self.server.sql(f"CREATE DATABASE {TEMPLATE}")
        upgrade(self.server.dsn(TEMPLATE))
        self.people: People = asyncio.run(seed(self.server.dsn(TEMPLATE)))

    def empty(self) -> str:
        """URL of a new database without anything in it."""
        name = f"test_{next(self._numbers)}"
        self.server.sql(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.server.dsn(name)

    def fresh(self) -> str:
        """URL of a new database with the newest schema and the plant's people."""
        name = f"test_{next(self._numbers)}"
        self.server.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.server.dsn(name)
