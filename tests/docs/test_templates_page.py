"""docs/templates.md: its example is a file of templates, and every field is explained."""

import re

import msgspec
import pytest

from hub.rooms.templates import exchange
from hub.rooms.templates.checks import check
from hub.rooms.templates.naming import FIELDS
from hub.rooms.templates.policy import CONDITIONS
from hub.wire.templates import RoomTemplate
from tests.docs.pages import blocks, first_cells, page

PAGE = "docs/templates.md"


@pytest.mark.parametrize("content", [*blocks(PAGE, "yaml"), exchange.PRESETS.read_text("utf-8")])
def test_the_files_are_templates(content: str) -> None:
    found = exchange.read(content).templates
    assert found
    for template in found:
        check(template)
        assert {"zh-TW", "en"} <= template.welcome.keys()
    assert exchange.read(exchange.written(found, "yaml")).templates == found


def test_every_field_is_explained() -> None:
    told = re.findall(r"`(\w+)", " ".join(first_cells(PAGE, "## What it brings")))
    assert sorted(told) == sorted(field.name for field in msgspec.structs.fields(RoomTemplate))
    conditions = re.findall(r"`(\w+)", " ".join(first_cells(PAGE, "## Which template")))
    assert sorted(conditions) == sorted(field for field, _ in CONDITIONS)
    assert [name for name in FIELDS if f"`{{{name}}}`" not in page(PAGE)] == []
