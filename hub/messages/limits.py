"""How much one may say. Time is given. Alarm sources never come here."""

import hashlib
import math
from collections.abc import Callable
from time import monotonic
from uuid import UUID

import msgspec

from hub.base.telemetry import rate_limited
from hub.wire import limits
from hub.wire.problems import Problem

REMEMBERED = 256  # texts of one person


class Left(msgspec.Struct, frozen=True):
    """What this process's bucket still holds of how many, and the seconds until it is full again."""

    limit: int
    remaining: int
    reset: int


class Buckets:
    """A token bucket per user: `rate` a second, `burst` at once, so that an offline outbox of 40 passes.

    Each of the live `hubs` gives an equal part of both and asks nobody: together they give all of it, one alone gives
    all of it. When their number changes, a bucket keeps its share. `name` is what refusals are counted under. A bucket
    that is full again is forgotten.
    """

    def __init__(self, name: str, rate: float, burst: int, hubs: Callable[[], int] = lambda: 1):
        self._name = name
        self._all_rate = rate
        self._burst = burst
        self._hubs = hubs
        self._level: dict[UUID, tuple[float, float, float]] = {}  # what it held, of how many, when
        self._swept = 0.0

    @property
    def _rate(self) -> float:
        return self._all_rate / self._hubs()

    @property
    def _size(self) -> float:
        return max(1.0, self._burst / self._hubs())  # one fits, however many hubs there are

    def _now(self, user_id: UUID, now: float) -> float:
        size = self._size
        level, of, since = self._level.get(user_id, (size, size, now))
        return min(size, level * (size / of) + (now - since) * self._rate)

    def take(self, user_id: UUID, now: float | None = None) -> None:
        """Take one token, or refuse with `rate_limited` and the seconds to wait."""
        now = monotonic() if now is None else now
        level = self._now(user_id, now)
        self._level[user_id] = (level if level < 1 else level - 1, self._size, now)
        self._sweep(now)
        if level < 1:
            rate_limited.labels(self._name).inc()
            wait = math.ceil((1 - level) / self._rate * 1000) / 1000
            raise Problem("rate_limited", retry_after=wait, limit=int(self._size))

    def _sweep(self, now: float) -> None:
        if now - self._swept > limits.SPAM_SECONDS:
            self._swept = now
            self._level = {user: it for user, it in self._level.items() if self._now(user, now) < self._size}

    def left(self, user_id: UUID, now: float | None = None) -> Left:
        """What is left for a user."""
        level = self._now(user_id, monotonic() if now is None else now)
        return Left(int(self._size), int(level), math.ceil((self._size - level) / self._rate))


class _Said:
    """How often one text was said since when; `keys` tell a retry from saying it again."""

    __slots__ = ("count", "keys", "since")

    def __init__(self, since: float):
        self.since = since
        self.count = 0
        self.keys: set[str | None] = set()


class Repetition:
    """Tells who says the same in one room again and again, or calls people without end (`spam`).

    The same message asked again (same key) is a retry and counts once; a picture without words says nothing. What is
    older than a minute is forgotten.
    """

    def __init__(self, same_texts: int = limits.SAME_TEXTS, mentions: int = limits.MENTIONS_SPAM):
        self._same_texts = same_texts
        self._mentions = mentions
        self._said: dict[UUID, dict[bytes, _Said]] = {}
        self._called: dict[UUID, tuple[float, int]] = {}
        self._swept = 0.0

    def note(self, user_id: UUID, room_id: UUID, content: str, key: str | None, now: float | None = None) -> None:
        """Remember what is said, or refuse it with the seconds to wait."""
        now = monotonic() if now is None else now
        self._sweep(now)
        if not content:
            return
        texts = self._said.setdefault(user_id, {})
        what = hashlib.blake2b(room_id.bytes + content.strip().encode(), digest_size=8).digest()
        said = texts.get(what)
        if said is None or now - said.since > limits.SPAM_SECONDS:
            said = texts[what] = _Said(now)
        if key is not None and key in said.keys:
            return
        if said.count >= self._same_texts:
            raise _spam(said.since, now)
        said.count += 1
        if said.count <= limits.SAME_TEXTS:
            said.keys.add(key)
        if len(texts) > REMEMBERED:
            for old in list(texts)[: REMEMBERED // 2]:
                del texts[old]

    def call(self, user_id: UUID, called: int, now: float | None = None) -> None:
        """Remember that so many people and groups are called, or refuse it."""
        now = monotonic() if now is None else now
        since, count = self._called.get(user_id, (now, 0))
        if now - since > limits.SPAM_SECONDS:
            since, count = now, 0
        if called and count + called > self._mentions:
            raise _spam(since, now, "Too many people are called; wait a minute")
        self._called[user_id] = (since, count + called)

    def _sweep(self, now: float) -> None:
        if now - self._swept <= limits.SPAM_SECONDS:
            return
        self._swept = now
        old = now - limits.SPAM_SECONDS
        fresh = {user: {what: it for what, it in texts.items() if it.since > old} for user, texts in self._said.items()}
        self._said = {user: texts for user, texts in fresh.items() if texts}
        self._called = {user: it for user, it in self._called.items() if it[0] > old}


def _spam(since: float, now: float, detail: str | None = None) -> Problem:
    rate_limited.labels("spam").inc()
    return Problem("spam", detail, retry_after=math.ceil(since + limits.SPAM_SECONDS - now))
