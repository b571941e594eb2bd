"""`andon demo`: the plant's story, published as it happens."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from hub.demo.payloads import messages
from hub.demo.plant import MACHINES, PLANT, Machine
from hub.demo.publisher import Publisher, publisher
from hub.demo.scenario import Step, story

EVERYTHING_SECONDS = 30.0


async def run_demo(mqtt_url: str, seed: int | None = None, say: Callable[[str], None] | None = None) -> None:
    """Publish the demo line until cancelled; the first fault comes within three seconds.

    The same seed tells the same story. `say` gets a line for each fault that comes or goes. Raises OSError when no
    broker answers.
    """
    random = Random(seed)
    async with publisher(mqtt_url) as out:
        await Line(random, out, say or (lambda line: None)).run()


class Line:
    """The machines as they are now."""

    def __init__(self, random: Random, out: Publisher, say: Callable[[str], None]):
        self._random = random
        self._out = out
        self._say = say
        self._active: dict[str, set[str]] = {machine.name: set() for machine in PLANT}

    async def run(self) -> None:
        """Tell the story in real time; every half minute all machines say everything, as gateways do."""
        loop = asyncio.get_running_loop()
        start = next_all = loop.time()
        for step in story(self._random):
            while next_all < start + step.at:
                await asyncio.sleep(next_all - loop.time())
                for machine in PLANT:
                    self._tell(machine, None)
                next_all += EVERYTHING_SECONDS
            await asyncio.sleep(start + step.at - loop.time())
            self._take(step)

    def _take(self, step: Step) -> None:
        active = self._active[step.machine]
        (active.add if step.active else active.discard)(step.fault)
        self._tell(MACHINES[step.machine], {step.fault})
        self._say(f"{step.machine} {step.fault} {'comes' if step.active else 'goes'}")

    def _tell(self, machine: Machine, changed: set[str] | None) -> None:
        readings = {tag: round(self._random.gauss(usual, spread / 2), 2) for tag, usual, spread in machine.readings}
        now = datetime.now(UTC)
        for topic, payload in messages(machine, self._active[machine.name], readings, now, changed):
            self._out.publish(topic, payload)
