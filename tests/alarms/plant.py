"""A small plant for the engine: no database, a clock the test moves, ids that count."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from hub.alarms.decide import decide
from hub.alarms.observation import read
from hub.alarms.world import Decision, World

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Line:
    """Observations go in one after the other; `world` is what the hub would have loaded and written."""

    def __init__(self) -> None:
        ids = count(1)
        self.world = World(START, lambda: UUID(int=next(ids)), {}, {}, {})

    def wait(self, **span: float) -> None:
        self.world.now += timedelta(**span)

    def see(self, **facts: Any) -> Decision:
        """One observation of alarm K1 on machine M1, raised and high unless said otherwise."""
        given = {"source": "plc", "key": "K1", "machine": "M1", "active": True, "severity": "high"} | facts
        self.world.posts.clear()
        decide(self.world, [(0, read(given, "en"))])
        return self.world.decisions[-1]

    def outcome(self, **facts: Any) -> str:
        return self.see(**facts).outcome
