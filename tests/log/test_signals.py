"""Signals between processes: the others hear the newest, and nothing is said to nobody."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from hub.base.db import Database
from hub.base.supervise import Supervisor
from hub.log.bell import Bell
from hub.log.signals import PAYLOAD_BYTES, Signals, parts
from tests.plant.waiting import until


class Note(msgspec.Struct, frozen=True):
    number: int
    text: str = ""


class Process:
    """A hub process, as far as signals go; `heard` are the notes of the others and its own."""

    def __init__(self, database: Database):
        self.bell = Bell(database)
        self.signals = Signals(self.bell)
        self.heard: list[tuple[str, int]] = []
        self.signals.hear("note", Note, lambda sender, note: self.heard.append((sender, note.number)))


@pytest.fixture
async def pair(database: Database) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes that know of each other."""
    near, far, tasks = Process(database), Process(database), Supervisor()
    for number, process in enumerate((near, far)):
        tasks.start(f"sender_{number}", process.bell.run_sender)
        tasks.start(f"listener_{number}", process.bell.run_listener)
    await until(lambda: not near.bell.alone and not far.bell.alone)
    yield near, far
    assert tasks.healthy
    await tasks.stop()


async def test_told_here_at_once_and_there_soon_sent_only_there(pair: tuple[Process, Process]) -> None:
    near, far = pair
    near.signals.tell("note", "a", Note(1))
    assert near.heard == [(near.signals.name, 1)]
    near.signals.send("note", "b", Note(2))
    await until(lambda: len(far.heard) == 2, 1)
    assert far.heard == [(near.signals.name, 1), (near.signals.name, 2)]
    assert len(near.heard) == 1


async def test_of_one_key_the_newest_is_heard(pair: tuple[Process, Process]) -> None:
    near, far = pair
    for number in range(100):
        near.signals.send("note", "same", Note(number))
    await until(lambda: bool(far.heard), 1)
    assert far.heard == [(near.signals.name, 99)]


async def test_more_than_one_notify_holds_goes_in_several(pair: tuple[Process, Process]) -> None:
    near, far = pair
    for number in range(50):
        near.signals.send("note", str(number), Note(number, "超溫" * 300))
    await until(lambda: len(far.heard) == 50, 5)
    assert [number for _, number in far.heard] == list(range(50))


async def test_hints_and_signals_do_not_mix(pair: tuple[Process, Process], database: Database) -> None:
    near, far = pair
    rings: list[Any] = []
    far.bell.listen(lambda room, seq: rings.append(seq))
    near.signals.send("note", "a", Note(1))
    near.signals.send("unheard of", "a", Note(1))
    await until(lambda: bool(far.heard), 1)
    await asyncio.sleep(0.1)
    assert rings == []


async def test_what_a_process_of_another_release_says_is_passed_over(pair: tuple[Process, Process]) -> None:
    near, far = pair
    for payload in ("", "{", '[["note"]]', '[["note",{"number":"x"}]]', "[[1,{}]]"):
        far.signals.heard("x", payload)
    near.signals.send("note", "a", {"number": "seven"})
    near.signals.send("note", "b", {"number": 2, "new": True})
    await until(lambda: bool(far.heard), 1)
    assert far.heard == [(near.signals.name, 2)]


def test_who_is_alone_keeps_nothing_to_send(database: Database) -> None:
    alone = Process(database)
    alone.signals.tell("note", "a", Note(1))
    assert (len(alone.heard), alone.signals.pending()) == (1, [])


async def test_what_no_notify_can_hold_is_lost_and_stops_nothing(pair: tuple[Process, Process]) -> None:
    near, far = pair
    near.signals.send("note", "a", Note(1, "x" * PAYLOAD_BYTES))
    near.signals.send("note", "b", Note(2, "x" * (PAYLOAD_BYTES - 100)))
    await until(lambda: bool(far.heard), 1)
    assert far.heard == [(near.signals.name, 2)]


def test_parts_fit_and_lose_nothing() -> None:
    items = ["字" * size for size in range(1, 1500, 100)]
    found = parts(items)
    assert [item for part in found for item in part] == items
    assert all(len(",".join(part).encode()) <= PAYLOAD_BYTES for part in found)
    assert parts([]) == []
