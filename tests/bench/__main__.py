"""`python -m tests.bench [NAME…]`: run the named benchmarks, or all, keep what they found, and make the page anew."""

import sys
from importlib import import_module

from tests.bench.report import save, write_page

ORDER = (
    "fanout",
    "endtoend",
    "writes",
    "alarms",
    "stalled",
    "beside",
    "idle",
    "reads",
    "search",
    "specification",
    "alarm_to_screen",
    "laws",
    "signin",
)


def main(names: list[str]) -> None:
    """Run them in the one order; each is kept as soon as it is done."""
    if unknown := set(names) - set(ORDER):
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(ORDER)}")
    for name in ORDER:
        if not names or name in names:
            print(f"== {name}", flush=True)
            save(import_module(f"tests.bench.{name}").run())
            write_page(ORDER)


if __name__ == "__main__":
    main(sys.argv[1:])
