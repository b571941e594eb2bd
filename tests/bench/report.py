"""Measuring and writing down: CPU of a process tree, percentiles, the machine, JSON and one page of tables."""

import glob
import json
import os
import platform
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"


def cpu_seconds(pid: int) -> float:
    """CPU time of a process, all its threads."""
    stats = glob.glob(f"/proc/{pid}/task/*/schedstat")
    return sum(int(Path(stat).read_text().split()[0]) for stat in stats) / 1e9


def percentile(seconds: Sequence[float], share: float) -> float:
    """Percentile in milliseconds, rounded to 0.1."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, minimum and maximum of several rounds."""
    return {"median": round(statistics.median(values), 1), "min": round(min(values), 1), "max": round(max(values), 1)}


def machine() -> str:
    """One line that says where the numbers come from."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = int(_lines("/proc/meminfo")[0].split()[1]) // 2**20
    return (
        f"{os.cpu_count()} cores {model}, {memory} GiB, Linux {platform.release()}, Python {platform.python_version()}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def write(name: str, figures: dict[str, Any], table: str) -> None:
    """Keep a benchmark's figures as JSON and its table as Markdown."""
    BENCHMARKS.mkdir(exist_ok=True, parents=True)
    text = json.dumps({"machine": machine(), **figures}, indent=2, ensure_ascii=False)
    (BENCHMARKS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (BENCHMARKS / f"{name}.md").write_text(f"{table}\n\n{machine()}\n", encoding="utf-8")
    print(table)
