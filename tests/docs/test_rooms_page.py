"""docs/rooms.md draws its tables from the code: `python -m hub.wire.rights_page`."""

from hub.wire.rights_page import life_table, rights_table
from tests.docs.pages import page


def test_the_tables_are_the_codes() -> None:
    text = page("docs/rooms.md")
    assert rights_table() in text
    assert life_table() in text
