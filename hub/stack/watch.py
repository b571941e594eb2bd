"""Keeps the parts of the stack running: who dies is started again, a little later each time."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from hub.stack.process import StackError

BACKOFF_MAX_SECONDS = 30.0
STEADY_SECONDS = 60.0
LOG_BYTES = 50 * 1024 * 1024


class Running(Protocol):
    """What can be watched: a server or a child process."""

    @property
    def alive(self) -> bool:
        """Whether it runs."""

    @property
    def exit_code(self) -> int | None:
        """Exit code once it ended, negative for a signal."""

    def restart(self) -> None:
        """Start it again."""

    def stop(self) -> None:
        """End it."""


def backoff(tries: int) -> float:
    """Seconds to wait before the next start, after so many that did not last."""
    return min(BACKOFF_MAX_SECONDS, 2.0 ** min(tries, 10))


class Part:
    """One watched part: its name for people, its log, and how often it died lately."""

    def __init__(self, name: str, running: Running, log: Path, clock: Callable[[], float] = time.monotonic):
        self.name = name
        self.running = running
        self.log = log
        self._clock = clock
        self._tries = 0
        self._since = clock()
        self._due: float | None = None

    def tick(self) -> str | None:
        """Look once: note a death, or start again when its time has come. Returns a line for people."""
        now = self._clock()
        if self._due is not None:
            return self._revive() if now >= self._due else None
        if self.running.alive:
            return None
        if now - self._since > STEADY_SECONDS:
            self._tries = 0
        return self._wait(_how(self.running.exit_code))

    def _wait(self, reason: str) -> str:
        pause = backoff(self._tries)
        self._tries += 1
        self._due = self._clock() + pause
        return f"{self.name} {reason}; starting it again in {pause:.0f} s (see {self.log})"

    def _revive(self) -> str:
        try:
            self.running.restart()
        except (StackError, OSError) as error:
            return self._wait(f"did not start: {error}")
        self._since, self._due = self._clock(), None
        return f"{self.name} runs again"


def _how(code: int | None) -> str:
    return f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with exit code {code}"


def keep_short(log: Path, limit: int = LOG_BYTES) -> None:
    """Move a long log's text to `NAME.1`. The writers go on: they append to the same file, now empty."""
    if log.exists() and log.stat().st_size > limit:
        shutil.copy2(log, log.with_name(log.name + ".1"))
        log.open("r+b").truncate(0)
