"""Who is writing, in which rooms. Pure: time is given, what to tell is returned.

One person may write on several devices and processes at once. Each of those is a source, which counts for 6 s unless
it says so again; a person writes while any source of theirs does. Sources of this process are sockets, those of
others are the processes' names, each for all of its sockets.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import msgspec

from hub.wire import limits
from hub.wire.views import Person

PAUSE_SECONDS: Final = 1.0  # of a room, between two signals; of a person, between two words to the other processes
REPEAT_SECONDS: Final = 2.0  # the other processes hear it again when they know this much less than we do
WRITES_PER_SECOND: Final = 500  # a room with many followers is told the more rarely
Source = object


class Shown(msgspec.Struct, frozen=True):
    """What followers of a room see: the first few, and how many there are."""

    room: UUID
    people: tuple[Person, ...] = ()
    count: int = 0


class Word(msgspec.Struct, frozen=True):
    """What the other processes hear of a person: writing here for so many seconds more, 0 = not any more."""

    room: UUID
    person: Person
    seconds: float


class _Writer:
    __slots__ = ("lent", "lent_at", "person", "until")

    def __init__(self, person: Person):
        self.person = person
        self.until: dict[Source, float] = {}
        self.lent = 0.0  # until when the other processes take it for granted
        self.lent_at = -PAUSE_SECONDS

    def here(self) -> float:
        """Until when a socket of this process says so."""
        return max((until for source, until in self.until.items() if not isinstance(source, str)), default=0.0)

    def word(self, now: float) -> float | None:
        """The seconds to tell the others, None while they know."""
        here = self.here()
        known = here - self.lent < REPEAT_SECONDS and self.lent > now if here > now else self.lent <= now
        return None if known else max(0.0, here - now)

    def idle(self, now: float) -> bool:
        """Whether it may be forgotten."""
        return not self.until and self.lent <= now and now - self.lent_at >= PAUSE_SECONDS


class _Room:
    __slots__ = ("told", "told_at", "writers")

    def __init__(self, room: UUID):
        self.writers: dict[UUID, _Writer] = {}
        self.told = Shown(room)
        self.told_at = -PAUSE_SECONDS


class Writers:
    """All who are writing, as this process knows it."""

    def __init__(self) -> None:
        self._rooms: dict[UUID, _Room] = {}

    def __bool__(self) -> bool:
        return bool(self._rooms)

    def say(self, room: UUID, person: Person, source: Source, now: float, seconds: float = 0) -> None:
        """Somebody is writing there, for so many seconds unless it is said again."""
        found = self._rooms.setdefault(room, _Room(room))
        writer = found.writers.setdefault(person.id, _Writer(person))
        writer.until[source] = now + (seconds or limits.TYPING_SECONDS)

    def stop(self, room: UUID, user_id: UUID, source: Source | None = None) -> bool:
        """They write there no more; with a source, it alone. Returns whether anything was known of them."""
        found = self._rooms.get(room)
        writer = found.writers.get(user_id) if found else None
        if writer is None:
            return False
        if source is None:
            writer.until.clear()
        else:
            writer.until.pop(source, None)
        return True

    def gone(self, source: Source) -> None:
        """A source has ended: it says nothing any more, in whatever room."""
        for found in self._rooms.values():
            for writer in found.writers.values():
                writer.until.pop(source, None)

    def anybody(self, room: UUID) -> bool:
        """Whether somebody may be writing there."""
        return room in self._rooms

    def here(self, room: UUID, now: float) -> list[Person]:
        """Who is writing there, who began first first."""
        found = self._rooms.get(room)
        writers = found.writers.values() if found else ()
        return [writer.person for writer in writers if max(writer.until.values(), default=0) > now]

    def turn(self, now: float, followers: Callable[[UUID], int]) -> tuple[list[Shown], list[Word]]:
        """What to tell followers of what has changed, and what to tell the other processes."""
        shown, words = [], []
        for room, found in list(self._rooms.items()):
            words += _words(room, found, now)
            people = self.here(room, now)
            showing = Shown(room, tuple(people[: limits.TYPING_NAMES]), len(people))
            if now - found.told_at < max(PAUSE_SECONDS, followers(room) / WRITES_PER_SECOND):
                continue
            if showing != found.told:
                found.told, found.told_at = showing, now
                shown.append(showing)
            elif not found.writers:
                del self._rooms[room]
        return shown, words


def _words(room: UUID, found: _Room, now: float) -> list[Word]:
    """What the others have to hear of a room's writers. Those nobody counts on any more are forgotten."""
    words = []
    for user_id, writer in list(found.writers.items()):
        writer.until = {source: until for source, until in writer.until.items() if until > now}
        seconds = writer.word(now)
        if seconds is not None and now - writer.lent_at >= PAUSE_SECONDS:
            writer.lent, writer.lent_at = now + seconds if seconds else 0.0, now
            words.append(Word(room, writer.person, seconds))
        if writer.idle(now):
            del found.writers[user_id]
    return words
