"""What goes wrong when: an endless story told by a seeded random generator. Pure."""

import heapq
import itertools
from collections.abc import Iterator
from random import Random

import msgspec

from hub.demo.plant import CASCADE, FIRST, PLANT

FIRST_AFTER_SECONDS = 2.0
PAUSE_SECONDS = (60.0, 170.0)
OPEN_AT_MOST = 4
CASCADE_AT = 3  # the incident with this number, and then every CASCADE_EVERY
CASCADE_EVERY = 14


class Step(msgspec.Struct, frozen=True, order=True):
    """At so many seconds from the start, a fault of a machine comes (`active`) or goes."""

    at: float
    machine: str
    fault: str
    active: bool


class Story:
    """Starts incidents one by one, and remembers until when each fault lasts."""

    def __init__(self, random: Random):
        self._random = random
        self._until: dict[tuple[str, str], float] = {}
        self._ends: list[float] = []
        self._choices = [(m.name, f.name) for m in PLANT for f in m.faults if f.alone]
        self._faults = {(m.name, f.name): f for m in PLANT for f in m.faults}

    def incident(self, number: int, at: float) -> list[Step]:
        """The steps of one incident; none while enough is open."""
        self._ends = [end for end in self._ends if end > at]
        if len(self._ends) >= OPEN_AT_MOST:
            return []
        if number % CASCADE_EVERY == CASCADE_AT:
            steps = self._cascade(at)
        else:
            free = [it for it in self._choices if self._until.get(it, 0.0) <= at]
            steps = self._fault(FIRST if number == 0 else self._random.choice(free), at)
        for step in steps:
            self._until[step.machine, step.fault] = step.at
        self._ends += [steps[-1].at] if steps else []
        return steps

    def _fault(self, which: tuple[str, str], at: float) -> list[Step]:
        fault = self._faults[which]
        times = [at]
        if fault.chatters:
            for _ in range(self._random.randint(3, 6)):
                times += [times[-1] + self._random.uniform(2, 6)]
                times += [times[-1] + self._random.uniform(3, 10)]
        last = self._random.uniform(*fault.minutes) * 60 * (0.3 if fault.chatters else 1.0)
        times.append(times[-1] + last)
        return [Step(time, *which, active=index % 2 == 0) for index, time in enumerate(times)]

    def _cascade(self, at: float) -> list[Step]:
        """Everything that stands still because of one emergency stop; faults that are busy anyway are left out."""
        length = self._random.uniform(120, 200)
        steps = []
        for machine, fault, after, share in CASCADE:
            if self._until.get((machine, fault), 0.0) <= at:
                steps += [Step(at + after, machine, fault, True), Step(at + length * share, machine, fault, False)]
        return sorted(steps)


def story(random: Random) -> Iterator[Step]:
    """All steps in order of time, for ever. The first fault comes after two seconds."""
    teller = Story(random)
    ahead: list[Step] = []
    at = FIRST_AFTER_SECONDS
    for number in itertools.count():
        for step in teller.incident(number, at):
            heapq.heappush(ahead, step)
        at += random.uniform(*PAUSE_SECONDS)
        while ahead and ahead[0].at < at:
            yield heapq.heappop(ahead)
