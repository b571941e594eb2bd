"""Folders for real servers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder that servers without root rights may enter (pytest's own folders are private to us)."""
    path = Path(tempfile.mkdtemp(prefix="andon-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
