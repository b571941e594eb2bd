"""How long to wait before trying again."""

import random
from collections.abc import Callable, Iterator

STEPS = (1.0, 2.0, 4.0, 8.0, 16.0)
LONGEST = 30.0


def delays(uniform: Callable[[float, float], float] = random.uniform) -> Iterator[float]:
    """Seconds between tries, for ever: 1, 2, 4 … 30 with full jitter, so that a crowd does not come back at once."""
    for step in STEPS:
        yield uniform(0, step)
    while True:
        yield uniform(0, LONGEST)
