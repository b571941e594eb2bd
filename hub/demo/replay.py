"""`andon replay`: an alarm log through the broker at many times its speed, in plant time.

The log is shifted so that it ends when the replay ends: the plant clock (`hub_now()`) goes back to the log's first
alarm, runs `speed` times as fast as the wall clock, and is the wall clock again afterwards. So windows of minutes keep
their meaning, and what comes after the replay is no longer shifted.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec

from hub.demo.alarm_log import Entry, Shape, message, read_log
from hub.demo.publisher import IN_FLIGHT, Publisher, publisher

PROGRESS_SECONDS = 5.0
SET_CLOCK = """
INSERT INTO hub_clock (singleton, anchor_plant, anchor_wall, rate) VALUES (true, $1, $2, $3)
ON CONFLICT (singleton) DO UPDATE SET anchor_plant = $1, anchor_wall = $2, rate = $3
"""
LINE = "REPLAY"


class Summary(msgspec.Struct):
    """What a replay published. `plant_seconds` is the length of the log."""

    published: int = 0
    raises: int = 0
    returns: int = 0
    plant_seconds: float = 0.0
    wall_seconds: float = 0.0


async def run_replay(
    file: Path,
    mqtt_url: str,
    *,
    speed: float = 600.0,
    shape: Shape = "neuron",
    line: str = LINE,
    database_url: str | None = None,
    say: Callable[[str], None] | None = None,
) -> Summary:
    """Replay a log; without `database_url` the hub's clock is left alone. `say` gets lines of progress.

    A second replay of the same log needs another `line`: its times are older than what the first one left behind.
    Raises LogError, ValueError (speed, URL), OSError (no broker), asyncpg's errors (no database).
    """
    if not 0 < speed <= 100_000:
        raise ValueError("the speed must be above 0 and at most 100000")
    entries = read_log(file)
    async with publisher(mqtt_url) as out:
        wall = datetime.now(UTC)
        length = entries[-1].at - entries[0].at
        plant = wall + length / speed - length
        async with plant_clock(database_url, plant, wall, speed):
            return await _publish(entries, plant - entries[0].at, Pace(speed, shape, line), out, say or _nothing)


class Pace(msgspec.Struct, frozen=True):
    """How the log is told."""

    speed: float
    shape: Shape
    line: str


@contextlib.asynccontextmanager
async def plant_clock(database_url: str | None, plant: datetime, wall: datetime, speed: float) -> AsyncIterator[None]:
    """Let `hub_now()` start at `plant` and run at `speed`; afterwards it is the wall clock again, whatever happens."""
    if database_url is None:
        yield
        return
    await _set_clock(database_url, plant, wall, speed)
    try:
        yield
    finally:
        now = datetime.now(UTC)
        await _set_clock(database_url, now, now, 1.0)


async def _set_clock(database_url: str, plant: datetime, wall: datetime, rate: float) -> None:
    connection = await asyncpg.connect(database_url.replace("postgresql+asyncpg://", "postgresql://", 1))
    try:
        await connection.execute(SET_CLOCK, plant, wall, rate)
    finally:
        await connection.close()


async def _publish(
    entries: Sequence[Entry], shift: timedelta, pace: Pace, out: Publisher, say: Callable[[str], None]
) -> Summary:
    loop = asyncio.get_running_loop()
    start = next_word = loop.time()
    done = Summary()
    for entry in entries:
        done.plant_seconds = (entry.at - entries[0].at).total_seconds()
        await asyncio.sleep(start + done.plant_seconds / pace.speed - loop.time())
        out.publish(*message(entry, pace.shape, pace.line, shift))
        await out.settled(most=IN_FLIGHT)
        done.published += 1
        done.raises += entry.active
        done.returns += not entry.active
        if loop.time() >= next_word:
            next_word = loop.time() + PROGRESS_SECONDS
            say(f"{100 * done.published // len(entries):3} %  plant time {entry.at + shift:%Y-%m-%d %H:%M:%S}")
    await out.settled()
    done.wall_seconds = loop.time() - start
    say(_summary(done))
    return done


def _summary(done: Summary) -> str:
    return (
        f"published {done.published} ({done.raises} raises, {done.returns} returns): "
        f"{timedelta(seconds=round(done.plant_seconds))} of plant time in {done.wall_seconds:.1f} s"
    )


def _nothing(line: str) -> None:
    """Nobody listens."""
