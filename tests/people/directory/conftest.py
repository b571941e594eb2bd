"""The plant's domain, for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.people.directory.domain import Authority, Controller


@pytest.fixture(scope="session")
def authority(server_folder: Path) -> Authority:
    return Authority(server_folder / "authority", "Fab CA")


@pytest.fixture(scope="session")
def domain(server_folder: Path, authority: Authority) -> Iterator[Controller]:
    """One controller for the whole run. A test that stops one starts its own."""
    controller = Controller(server_folder / "dc1", authority)
    yield controller
    controller.stop()
