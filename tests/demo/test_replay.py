"""A log replayed through the broker: what gateways say, when, and what the plant clock does meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from connectors.mapping.engine import Engine
from connectors.mapping.fields import Site
from connectors.mapping.language import load
from hub.demo.alarm_log import LogError, Shape, message, read_log
from hub.demo.replay import run_replay
from hub.stack.mosquitto import Mosquitto
from hub.wire.alarms import Observation


def engine() -> Engine:
    return Engine([load(name) for name in ("neuron", "kepware", "json")], Site("s"))


@pytest.mark.parametrize("shape", ["neuron", "kepware", "json"])
def test_every_shape_is_understood_by_its_preset(log_file: Path, shape: Shape) -> None:
    entries = read_log(log_file)
    seen = []
    for entry in entries:
        (item,) = engine().observe(*message(entry, shape, "TEP", timedelta(days=1)))
        assert isinstance(item, Observation)
        seen.append(item)
    assert [it.active for it in seen] == [True, False, True, True, False]
    assert seen[0].key == seen[1].key
    assert len({it.key for it in seen}) == 3
    assert [it.machine for it in seen] == ["U1", "U1", "U0", "U1", "U0"]
    assert seen[1].source_at == "2024-05-02T00:01:00.000Z"
    assert {it.line for it in seen} == {"TEP"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("timestamp,tag,type\n", "description is missing"),
        ("timestamp,tag,type,description\n", "no alarm"),
        ("timestamp,tag,type,description\nsoon,a,H,b\n", "line 2: 'soon' is no time"),
        ("timestamp,tag,type,description\n2024-05-01 00:00:00,,H,b\n", "line 2: tag"),
    ],
)
def test_what_is_no_log_says_so(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "log.csv").write_text(text)
    with pytest.raises(LogError, match=says):
        read_log(tmp_path / "log.csv")


async def _clock(url: str) -> tuple[datetime, float]:
    connection = await asyncpg.connect(url)
    try:
        row = await connection.fetchrow("SELECT hub_now() AS now, rate FROM hub_clock")
        assert row
        return row["now"], row["rate"]
    finally:
        await connection.close()


async def test_a_replay_keeps_plant_time_and_gives_the_clock_back(
    mosquitto: Mosquitto, clock_url: str, log_file: Path
) -> None:
    lines: list[str] = []
    replay = asyncio.create_task(
        run_replay(log_file, mosquitto.url("plc"), speed=120, shape="json", database_url=clock_url, say=lines.append)
    )
    await asyncio.sleep(1.0)
    plant, rate = await _clock(clock_url)
    behind = datetime.now(UTC) - plant
    assert rate == 120
    assert timedelta(seconds=60) < behind < timedelta(seconds=200), "about a second of four minutes is over"
    done = await replay
    assert (done.published, done.raises, done.returns, done.plant_seconds) == (5, 3, 2, 240)
    assert 1.9 < done.wall_seconds < 6
    now, rate = await _clock(clock_url)
    assert rate == 1
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=2)
    assert "5 (3 raises, 2 returns)" in lines[-1]


async def test_an_interrupted_replay_gives_the_clock_back(mosquitto: Mosquitto, clock_url: str, log_file: Path) -> None:
    replay = asyncio.create_task(run_replay(log_file, mosquitto.url("plc"), speed=10, database_url=clock_url))
    async with asyncio.timeout(10):
        while (await _clock(clock_url))[1] != 10:  # noqa: ASYNC110 - the clock tells nobody that it was set
            await asyncio.sleep(0.05)
    replay.cancel()
    with pytest.raises(asyncio.CancelledError):
        await replay
    now, rate = await _clock(clock_url)
    assert rate == 1
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=2)
