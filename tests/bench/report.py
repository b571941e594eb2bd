"""What a benchmark found and how it is written down: one JSON file each, and one page of tables made from them all."""

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

BENCHMARKS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"
PAGE = BENCHMARKS / "index.md"
ABOUT = """\
# Benchmarks

Made by `make bench`, which measures everything again and writes this page and the JSON files beside it;
`make bench ONLY="fanout writes"` measures those two. Every ratio is between parts that ran in the same run, in turns
(«rounds»), on the same machine. A cell is the median of the rounds, and in brackets the smallest and the largest.
CPU is that of the server process (all its threads, from `/proc/PID/task/*/schedstat`), so waiting for a core counts
for nothing. Server, database and load share the machine: compare within a table, never between machines.
"""


class Target(msgspec.Struct):
    """A goal and what was reached. `at_least` is false where less is better."""

    goal: str
    wanted: float
    reached: float
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether the goal was reached."""
        return self.reached >= self.wanted if self.at_least else self.reached <= self.wanted


class Table(msgspec.Struct):
    """Rows of cells under a head; `about` says what they are."""

    title: str
    head: list[str]
    rows: list[list[str]]
    about: str = ""


class Report(msgspec.Struct):
    """What one benchmark found. `figures` are the raw numbers of every round, for whoever wants to check."""

    name: str
    title: str
    about: str
    tables: list[Table]
    targets: list[Target]
    figures: dict[str, Any]
    machine: str = ""


def spread(values: Sequence[float], digits: int = 1) -> str:
    """A cell: median (smallest-largest)."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}-{high:,.{digits}f})"


def ratio(mine: Sequence[float], theirs: Sequence[float]) -> float:
    """Median of mine by median of theirs."""
    return round(statistics.median(mine) / max(statistics.median(theirs), 1e-9), 3)


def percentile(seconds: Sequence[float], share: float) -> float:
    """Percentile of durations in seconds, as milliseconds."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3)


def save(report: Report) -> None:
    """Keep a benchmark's findings, and make the page anew from all that are kept."""
    report.machine = machine()
    BENCHMARKS.mkdir(exist_ok=True, parents=True)
    text = json.dumps(msgspec.to_builtins(report), indent=1, ensure_ascii=False)
    (BENCHMARKS / f"{report.name}.json").write_text(text + "\n", encoding="utf-8")
    print("\n".join(_section(report)), flush=True)


def write_page(order: Sequence[str]) -> None:
    """Make the page from the JSON files, in this order."""
    reports = [_kept(name) for name in order if (BENCHMARKS / f"{name}.json").exists()]
    lines = [ABOUT, *_targets(reports)]
    for report in reports:
        lines += _section(report)
    PAGE.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _kept(name: str) -> Report:
    return msgspec.json.decode((BENCHMARKS / f"{name}.json").read_bytes(), type=Report)


def _targets(reports: Sequence[Report]) -> list[str]:
    rows = [
        [
            goal.goal,
            f"{'≥' if goal.at_least else '≤'} {goal.wanted:g}",
            f"{goal.reached:g}",
            "yes" if goal.met else "**no**",
        ]
        for report in reports
        for goal in report.targets
    ]
    return ["## Targets", "", *_table(["target", "wanted", "reached", "met"], rows), ""]


def _section(report: Report) -> list[str]:
    lines = [f"## {report.title}", "", report.about, ""]
    for table in report.tables:
        lines += [f"### {table.title}", ""] + ([table.about, ""] if table.about else [])
        lines += [*_table(table.head, table.rows), ""]
    return [*lines, f"*{report.machine}*", ""]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [_row(head), "|" + "---|" * len(head), *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def machine() -> str:
    """One line that says where the numbers come from."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = int(_lines("/proc/meminfo")[0].split()[1]) // 2**20
    kernel = platform.release().partition("-")[0]
    return f"{os.cpu_count()} cores {model}, {memory} GiB, Linux {kernel}, Python {platform.python_version()}"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def by_name(rounds: Mapping[str, Sequence[Mapping[str, float]]], figure: str) -> dict[str, list[float]]:
    """One figure of every part, over its rounds."""
    return {name: [one[figure] for one in found] for name, found in rounds.items()}
