"""Mapping files: topics, expressions, and errors their authors can act on."""

from pathlib import Path
from typing import Any

import pytest

from connectors.mapping.engine import Engine
from connectors.mapping.failures import Failure, MappingError
from connectors.mapping.fields import Site
from connectors.mapping.language import load, preset_names
from connectors.mapping.topics import Topic
from connectors.mapping.try_it import test_mapping as show
from hub.wire.alarms import Observation


@pytest.mark.parametrize(
    ("pattern", "topic", "captured"),
    [
        ("a/{x}/c", "a/b/c", {"x": "b"}),
        ("a/{x}/c", "a/b/d", None),
        ("a/{x}/c", "a//c", None),
        ("/neuron/{app}/{line?}/{cell?}", "/neuron/m/l3", {"app": "m", "line": "l3", "cell": None}),
        ("/neuron/{app}/{line?}/{cell?}", "/neuron/m/l3/o2/x", None),
        ("umh/{loc+}/_{contract}/{tag+}", "umh/a/b/_h/x/_y", {"loc": "a/b", "contract": "h", "tag": "x/_y"}),
        ("a/m-{id}.{n}", "a/m-7.3", {"id": "7", "n": "3"}),
        ("a.b/{x}", "a+b/c", None),
    ],
)
def test_topics(pattern: str, topic: str, captured: dict[str, str | None] | None) -> None:
    assert Topic(pattern).match(topic) == captured


@pytest.mark.parametrize(
    ("pattern", "narrowest"),
    [("a/{x}/c", "a/+/c"), ("a/{x?}", "a/#"), ("umh/v1/{loc+}/_{c}", "umh/v1/#"), ("a/m-{id}", "a/+"), ("a", "a")],
)
def test_the_subscription_follows_from_the_pattern(pattern: str, narrowest: str) -> None:
    assert Topic(pattern).filter == narrowest


def write(folder: Path, text: str) -> Path:
    path = folder / "site.yaml"
    path.write_text(text)
    return path


def field(folder: Path, expr: str, payload: str = '{"a":5,"b":"x-Y "}') -> Any:
    text = f"tables: {{t: {{5: five}}}}\nmappings: [{{id: m, match: 'x/{{l}}', alarm: {{key: t.l, value: {expr}}}}}]"
    engine = Engine([load(write(folder, text))], Site("s"))
    (seen,) = engine.observe("x/L", payload.encode())
    assert isinstance(seen, Observation)
    assert seen.defects is None, seen.defects
    return seen.value


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("'bit(msg.a, `0`)'", True),
        ("'bit(msg.a, `1`)'", False),
        ("'mod(msg.a, `2`)'", 1),
        ("'scale(msg.a, `0.1`, `2`)'", 2.5),
        ("\"lookup('t', msg.a)\"", "five"),
        ("\"lookup('t', msg.none)\"", None),
        ("\"split(msg.b, '-')[0]\"", "x"),
        ("'lower(trim(msg.b))'", "x-y"),
        ("\"re(msg.b, '-(.)')\"", "Y"),
        ("\"re(msg.b, '[a-z]')\"", "x"),
        ("'entries(msg)[0].name'", "a"),
        ("'length(merge_values(msg, `null`, `null`))'", 2),
        ("{const: msg.a}", "msg.a"),
        ('{tmpl: "{t.l}:{msg.a}"}', "L:5"),
        ('{tmpl: "{t.l}:{msg.none}"}', None),
        ("7", 7),
    ],
)
def test_expressions(tmp_path: Path, expr: str, value: Any) -> None:
    assert field(tmp_path, expr) == value


M = "mappings: [{id: m, match: x, alarm: {key: topic%s}%s}]"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (M % (", code: TEMP_HI", ""), ["mapping m", "code", "TEMP_HI", "{const: TEMP_HI}"]),
        (M % (", code: 'frob(msg.a)'", ""), ["mapping m", "code", "frob()"]),
        (M % (", code: 'msg.['", ""), ["mapping m", "code", "not JMESPath"]),
        (M % (", colour: msg.a", ""), ["mapping m", "colour"]),
        (M % (", severity: {expr: msg.a, map: {1: awful}}", ""), ["mapping m", "severity", "awful"]),
        (M % (", at: {expr: msg.a, format: julian}", ""), ["mapping m", "at", "iso"]),
        (M % (", at: {expr: msg.a, naive: Mars/Olympus}", ""), ["mapping m", "Mars/Olympus"]),
        (M % ("", ", wen: msg.a"), ["mapping m", "wen"]),
        (M % ("", ", decode: xml"), ["mapping m", "decode", "xml"]),
        (M % ("", ", bits: {value: msg.a, table: none, scope: topic}"), ["mapping m", "bits", "'none'"]),
        (M % ("", ", row: {table: none, key: topic}"), ["mapping m", "row", "'none'"]),
        ("mappings: [{id: m, match: a/+, alarm: {key: topic}}]", ["mapping m", "match", "wildcard"]),
        ("mappings: [{id: m, match: x, alarm: {code: topic}}]", ["mapping m", "key is missing"]),
        ("mappings: [{match: x, alarm: {key: topic}}]", ["mapping number 1", "id"]),
        ("presets: [nothing]", ["nothing", "kepware"]),
        ("mappings: [", ["site.yaml", "line"]),
        ("rules: []", ["site.yaml", "rules"]),
    ],
)
def test_a_wrong_file_says_where_and_what(tmp_path: Path, text: str, says: list[str]) -> None:
    with pytest.raises(MappingError) as error:
        load(write(tmp_path, text))
    for word in ["site.yaml", *says]:
        assert word in str(error.value)


def test_a_missing_file_names_the_presets() -> None:
    with pytest.raises(MappingError, match="json, kepware, neuron, scalar, umh"):
        load("nowhere.yaml")
    assert preset_names() == ["json", "kepware", "neuron", "scalar", "umh"]


def test_a_final_mapping_ends_the_search_and_others_do_not(tmp_path: Path) -> None:
    text = """
mappings:
  - {id: first, match: x, when: "msg.a == `1`", final: %s, alarm: {key: {const: one}}}
  - {id: second, match: "{any}", alarm: {key: {const: two}}}
"""

    def keys(final: str, payload: bytes) -> list[str]:
        found = Engine([load(write(tmp_path, text % final))], Site("s")).observe("x", payload)
        return [item.key for item in found if isinstance(item, Observation)]

    assert keys("true", b'{"a":1}') == ["one"]
    assert keys("true", b'{"a":2}') == ["two"]
    assert keys("false", b'{"a":1}') == ["one", "two"]


def test_what_one_mapping_cannot_read_another_may(tmp_path: Path) -> None:
    text = """
mappings:
  - {id: a, match: x, alarm: {key: {const: json}}}
  - {id: b, match: x, decode: text, alarm: {key: {const: text}}}
"""
    found = Engine([load(write(tmp_path, text))], Site("s")).observe("x", b"hello")
    assert [item.key for item in found if isinstance(item, Observation)] == ["text"]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("kind", "payload", "value"),
    [
        ("number", b" 12.5\n", 12.5),
        ("number", b"7", 7),
        ("bool", b"ON", True),
        ("json_string", b'"{\\"a\\":1}"', '{"a":1}'),
        ("text", "\ufeff緊急".encode(), "緊急"),
        ("number", b"1,5", "decode"),
        ("number", b"nan", "decode"),
        ("number", b"1e999", "decode"),
        ("bool", b"perhaps", "decode"),
        ("json_string", b'"{"', "decode"),
    ],
)
def test_decoders(tmp_path: Path, kind: str, payload: bytes, value: Any) -> None:
    text = f"mappings: [{{id: m, match: x, decode: {kind}, alarm: {{key: topic, value: to_string(msg)}}}}]"
    engine = Engine([load(write(tmp_path, text))], Site("s"))
    (seen,) = engine.observe("x", payload)
    if isinstance(seen, Observation):
        assert seen.value == (value if isinstance(value, str) else str(value).lower())
    else:
        assert getattr(seen, "reject").code == value  # noqa: B009


def test_trying_a_mapping_prints_the_observation() -> None:
    printed = show(Path("umh"), "umh/v1/e/s/l/m/_h/alarms/hot", b'{"value":true,"timestamp_ms":1733904005123}')
    assert '"key": "umh/v1/e/s/l/m/_h/alarms/hot"' in printed
    assert '"source_at": "2024-12-11T08:00:05.123Z"' in printed


@pytest.mark.parametrize(
    ("topic", "payload", "code", "reason"),
    [
        ("iotgateway", b"", "payload_empty", "empty"),
        ("iotgateway", b'{"values":', "decode", "truncated"),
        ("iotgateway", b'{"values":[{"v":true}]}', "key_missing", "no name"),
        ("iotgateway", b'{"values":[{"id":"a.b.temp","v":21.5}]}', "unmatched", "no `when` was true"),
        ("elsewhere", b"{}", "unmatched", "they match iotgateway"),
    ],
)
def test_trying_a_mapping_tells_why_there_is_none(topic: str, payload: bytes, code: str, reason: str) -> None:
    with pytest.raises(Failure) as error:
        show(Path("kepware"), topic, payload)
    assert error.value.code == code
    assert reason in error.value.detail
