"""Who dies is started again, a little later each time, and named in one line."""

from pathlib import Path

import pytest

from hub.stack.process import StackError
from hub.stack.watch import Part, backoff, keep_short


class Plant:
    """A part and a clock that the test turns."""

    def __init__(self) -> None:
        self.now = 0.0
        self.alive = True
        self.exit_code: int | None = None
        self.broken = False
        self.part = Part("hub", self, Path("hub.log"), lambda: self.now)

    def die(self, code: int) -> None:
        self.alive, self.exit_code = False, code

    def restart(self) -> None:
        if self.broken:
            raise StackError("no room")
        self.alive = True

    def stop(self) -> None:
        self.alive = False

    def at(self, now: float) -> str | None:
        self.now = now
        return self.part.tick()


def test_a_dead_part_is_named_and_started_again() -> None:
    plant = Plant()
    assert plant.at(1) is None
    plant.die(-9)
    assert plant.at(2) == "hub was ended by signal 9; starting it again in 1 s (see hub.log)"
    assert plant.at(2.5) is None
    assert plant.at(3) == "hub runs again"
    plant.die(1)
    assert plant.at(4) == "hub ended with exit code 1; starting it again in 2 s (see hub.log)"


def test_a_start_that_fails_is_tried_again_later() -> None:
    plant = Plant()
    plant.broken = True
    plant.die(1)
    plant.at(0)
    assert plant.at(1) == "hub did not start: no room; starting it again in 2 s (see hub.log)"
    plant.broken = False
    assert plant.at(3) == "hub runs again"


def test_a_part_that_ran_long_is_started_again_soon() -> None:
    plant = Plant()
    for now in (0, 10, 20, 30):
        plant.die(1)
        plant.at(now)
        plant.at(now + 9)
    plant.die(1)
    assert "again in 1 s" in str(plant.at(1000))


@pytest.mark.parametrize(("tries", "seconds"), [(0, 1), (1, 2), (4, 16), (5, 30), (10_000, 30)])
def test_backoff_doubles_up_to_half_a_minute(tries: int, seconds: float) -> None:
    assert backoff(tries) == seconds


def test_a_long_log_is_moved_while_its_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "hub.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old\n")
        keep_short(log, limit=4)
        assert log.read_bytes() == b"old\n"
        keep_short(log, limit=3)
        writer.write(b"new\n")
    assert (log.read_bytes(), (tmp_path / "hub.log.1").read_bytes()) == (b"new\n", b"old\n")
