"""From a source to the hub: one batch in flight, the next collects meanwhile, and nothing is forgotten.

A message is done (its source may be told so) when the hub has answered for everything in it. A batch that nobody
answered is sent again, byte for byte, for ever. A batch the hub refuses is halved until the bad item stands alone; that
one goes to the quarantine.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import httpx
import msgspec
import stamina
import structlog

from hub.wire import limits
from hub.wire.alarms import Item, RejectBody, RejectItem
from hub.wire.cards import Outcome
from hub.wire.problems import Problem

REFUSED = frozenset((400, 413, 415, 422))
ENVELOPE_BYTES = 64
FIRST_WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 2.0
JITTER_SECONDS = 0.5
REPORT_SECONDS = 10.0
WAITING_MOST = 20_000  # only QoS 0 ever gets there: everything else waits unacknowledged at the broker
Post = Callable[[Sequence[msgspec.Raw]], Awaitable[list[Outcome]]]


class Unanswered(Exception):
    """The hub answered, but not for every item."""


@dataclass
class Counters:
    """What went through, for the log line."""

    accepted: int = 0
    rejected: int = 0
    batches: int = 0
    retries: int = 0
    dropped: int = 0


@dataclass
class Delivery:
    """One message of the source; `done` tells the source that the hub has all of it."""

    done: Callable[[], None] | None
    open: int

    def one_done(self) -> None:
        """One item is answered for."""
        self.open -= 1
        if self.open <= 0 and self.done is not None:
            self.done()


@dataclass
class Entry:
    """One item, encoded once; None for a message that says nothing but keeps its place in the order."""

    raw: bytes | None
    source: str
    delivery: Delivery


@dataclass
class Bridge:
    """One source's way to the hub, at most `batch` items at once."""

    name: str
    post: Post
    batch: int = limits.ALARM_BATCH
    counters: Counters = field(default_factory=Counters)
    _queue: deque[Entry] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, items: Sequence[Item], done: Callable[[], None] | None) -> None:
        """Take a message's items, in order. Never blocks."""
        if done is None and len(self._queue) >= WAITING_MOST:
            self.counters.dropped += len(items)
            return
        delivery = Delivery(done, len(items) or 1)
        entries = [Entry(msgspec.json.encode(item), item.source, delivery) for item in items]
        self._queue += entries or [Entry(None, self.name, delivery)]
        self._wake.set()

    async def run(self) -> None:
        """Carry batches until cancelled; what was not answered by then stays with the source."""
        log = structlog.get_logger().bind(part="bridge", source=self.name)
        report = asyncio.create_task(self._report(log))
        try:
            while True:
                await self._wake.wait()
                batch = self._take()
                if not batch:
                    self._wake.clear()
                    continue
                await self._carry([entry for entry in batch if entry.raw is not None], log)
                for entry in batch:
                    entry.delivery.one_done()
        finally:
            report.cancel()

    def _take(self) -> list[Entry]:
        batch: list[Entry] = []
        size = ENVELOPE_BYTES
        while self._queue and len(batch) < self.batch:
            size += len(self._queue[0].raw or b"") + 1
            if batch and size > limits.ALARM_BODY_BYTES:
                break
            batch.append(self._queue.popleft())
        return batch

    async def _carry(self, batch: list[Entry], log: structlog.typing.FilteringBoundLogger) -> None:
        """Bring a batch to the hub, in order, whatever it takes."""
        if not batch:
            return
        try:
            outcomes = await self._answered([msgspec.Raw(entry.raw or b"") for entry in batch], log)
            self.counters.accepted += sum(outcome.outcome != "quarantined" for outcome in outcomes)
            self.counters.rejected += sum(outcome.outcome == "quarantined" for outcome in outcomes)
        except Problem as refused:
            if len(batch) > 1:
                half = len(batch) // 2
                await self._carry(batch[:half], log)
                await self._carry(batch[half:], log)
            else:
                await self._quarantine(batch[0], refused, log)

    async def _quarantine(self, entry: Entry, why: Problem, log: structlog.typing.FilteringBoundLogger) -> None:
        self.counters.rejected += 1
        payload = (entry.raw or b"")[: limits.RAW_BYTES].decode(errors="ignore")
        item = RejectItem(entry.source, RejectBody(why.code, why.detail[: limits.ALARM_TEXT_CHARS], None, payload))
        try:
            await self._answered([msgspec.Raw(msgspec.json.encode(item))], log)
        except Problem as refused:
            log.error("item_lost", code=refused.code, first_code=why.code)

    async def _answered(
        self, items: Sequence[msgspec.Raw], log: structlog.typing.FilteringBoundLogger
    ) -> list[Outcome]:
        """The hub's outcomes; only a refusal of the batch as such (Problem) ends the tries."""
        async for attempt in stamina.retry_context(
            on=_try_again,
            attempts=None,
            timeout=None,
            wait_initial=FIRST_WAIT_SECONDS,
            wait_max=LONGEST_WAIT_SECONDS,
            wait_jitter=JITTER_SECONDS,
        ):
            with attempt:
                if attempt.num > 1:
                    self.counters.retries += 1
                outcomes = await self.post(items)
                if len(outcomes) != len(items):
                    raise Unanswered(f"{len(outcomes)} outcomes for {len(items)} items")
        self.counters.batches += 1
        return outcomes

    async def _report(self, log: structlog.typing.FilteringBoundLogger) -> None:
        told = Counters()
        while True:
            await asyncio.sleep(REPORT_SECONDS)
            if self.counters != told:
                told = Counters(**vars(self.counters))
                log.info("bridge", waiting=len(self._queue), **vars(told))


def _try_again(error: Exception) -> bool | float:
    """Whether the same batch may be taken later: yes unless the hub refused what is in it."""
    if isinstance(error, Problem):
        return error.status not in REFUSED and (error.retry_after or True)
    return isinstance(error, httpx.TransportError | Unanswered)
