"""docs/connectors.md knows every part of the mapping language and no other."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
import yaml
from jmespath.functions import Functions as Plain

from connectors.config import SourceConfig, load_config
from connectors.mapping.alarm import PLAIN
from connectors.mapping.decode import Kind
from connectors.mapping.functions import KNOWN
from connectors.mapping.language import FileSpec, MappingSpec, load, preset_names
from connectors.mapping.severity import Scale
from connectors.mapping.times import Format
from tests.docs.pages import blocks, first_cells, page

PAGE = "docs/connectors.md"


def names(heading: str) -> list[str]:
    return re.findall(r"`(\w+)", " ".join(first_cells(PAGE, heading)))


def fields(struct: type[msgspec.Struct]) -> list[str]:
    return sorted(field.name for field in msgspec.structs.fields(struct))


def test_every_field_of_a_source_is_explained() -> None:
    assert sorted(names("## sources.yaml")) == fields(SourceConfig)


def test_every_preset_is_listed() -> None:
    assert sorted(names("## Presets")) == preset_names()


def test_every_part_of_a_mapping_and_every_function_is_explained() -> None:
    told = set(names("## Mapping language"))
    ours = KNOWN - Plain.FUNCTION_TABLE.keys()
    assert set(fields(MappingSpec)) - told == set()
    section = page(PAGE).split("## Mapping language")[1]
    assert [name for name in ours if f"`{name}(" not in section] == []
    assert [name for name in fields(FileSpec) if f"`{name}`" not in section] == []


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("### Fields of `alarm`", [*PLAIN, "key", "active", "text", "at", "severity", "quality"]),
        ("### Severity", get_args(Scale)),
        ("### Times", get_args(Format)),
        ("## Mapping language", get_args(Kind)),
    ],
)
def test_every_word_is_named(heading: str, words: list[str]) -> None:
    section = page(PAGE).split(heading, 1)[1].split("\n## ")[0]
    assert [word for word in words if f"`{word}`" not in section] == []


def test_the_yaml_shown_loads(tmp_path: Path) -> None:
    sources, mapping = blocks(PAGE, "yaml")
    (tmp_path / "sources.yaml").write_text(sources, encoding="utf-8")
    (tmp_path / "line1.yaml").write_text(mapping, encoding="utf-8")
    config = load_config(tmp_path / "sources.yaml", {"BROKER_PASSWORD": "secret"})
    assert [source.id for source in config.sources] == [yaml.safe_load(sources)["sources"][0]["id"]]
    assert load(tmp_path / "line1.yaml").mappings[0].name == "line1/press"
