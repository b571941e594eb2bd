"""The reference pages are what the wire says today."""

from pathlib import Path

import pytest

from hub.wire import limits, reference
from hub.wire.events import BODIES
from hub.wire.problems import CODES, Close
from tests.docs.pages import page


@pytest.mark.parametrize("name", reference.pages())
def test_a_page_is_fresh(name: str) -> None:
    assert page(f"docs/reference/{name}") == reference.pages()[name], "run `python -m hub.wire.reference`"


def test_nothing_of_the_wire_is_left_out() -> None:
    pages = reference.pages()
    constants = {name for name in vars(limits) if name.isupper()}
    assert all(f"`{name}`" in pages["limits.md"] for name in constants)
    assert all(f"| `{code}` |" in pages["codes.md"] for code in CODES)
    assert all(f"| {int(close)} |" in pages["codes.md"] for close in Close)
    assert all(f"## {name}\n" in pages["events.md"] for name in BODIES)


def test_the_command_writes_them(tmp_path: Path) -> None:
    reference.main(tmp_path / "reference")
    assert {path.name: path.read_text() for path in (tmp_path / "reference").iterdir()} == reference.pages()
