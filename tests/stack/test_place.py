"""A checkout that servers without root rights cannot enter is left as it is; they move elsewhere."""

import os
from pathlib import Path

import pytest

from hub.stack import place
from hub.stack.postgres import Postgres


@pytest.fixture
def private(folder: Path) -> Path:
    """A folder as /root is: closed to everybody else."""
    path = folder / "private"
    path.mkdir(mode=0o700)
    return path


def test_an_open_checkout_keeps_its_data(folder: Path) -> None:
    assert place.data_home(folder) == folder / ".data"


def test_a_private_checkout_has_a_data_folder_of_its_own_elsewhere(private: Path) -> None:
    other = private / "other"
    other.mkdir()
    if os.geteuid() == 0:
        assert place.data_home(private).parent == place.SHELTER
        assert place.data_home(private) == place.data_home(private) != place.data_home(other)
    else:  # nobody to hide from: the servers run as we do
        assert place.data_home(private) == private / ".data"


def test_a_server_copied_out_of_a_private_checkout_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "SHELTER", folder / "shelter")
    copied = place._sheltered(place._site_packages()) / place.PROGRAMS
    monkeypatch.setattr("hub.stack.postgres.postgres_programs", lambda: copied)
    server = Postgres.start(folder / "pg", fast=True)
    try:
        assert copied.is_relative_to(folder / "shelter")
        assert Path(f"/proc/{server.pid}/exe").resolve() == copied / "postgres"
        assert server.sql("SELECT 1") == "1"
    finally:
        server.stop()
