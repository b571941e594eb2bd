"""What the demo's tests share: a clock of their own in a real database, and a short alarm log."""

from pathlib import Path

import pytest

from tests.plant.databases import Databases


@pytest.fixture
def clock_url(databases: Databases) -> str:
    """URL of a database whose plant clock nobody else reads."""
    return databases.fresh()


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """Three alarms of a process plant that come and two that go, a minute apart."""
    path = tmp_path / "log.csv"
    path.write_text(
        """,timestamp,tag,type,description
0,2024-05-01 00:00:00.000000000,FIR123,L,FLW COND CW LOW ALM
1,2024-05-01 00:01:00.000000000,FIR123,L NR,FLW COND CW LOW ALM RECOVERED
2,2024-05-01 00:02:00.000000001,AIR001_4,H,COMP D HIGH ALM
3,2024-05-01 00:03:00.000000000,LIR106,HH,LVL REACT HIGH HIGH ALM
4,2024-05-01 00:04:00.000000000,AIR001_4,H NR,COMP D HIGH ALM RECOVERED
""",
        encoding="utf-8",
    )
    return path
