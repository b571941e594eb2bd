"""Payloads as gateways document them, what they must give, and their hostile twins."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mapping.engine import Engine
from connectors.mapping.fields import Site
from connectors.mapping.language import load, preset_names
from hub.wire import limits
from hub.wire.alarms import Item, Observation, RejectItem, SnapshotItem

DATA = Path(__file__).parents[2] / "data"
PLANT = Engine([load(DATA / "plant.yaml")], Site("broker"))
FIXTURES = {row["id"]: row for row in map(json.loads, (DATA / "payloads/fixtures.jsonl").read_text().splitlines())}
KEPWARE = b'{"timestamp":1,"values":[{"id":"L.M.estop","v":true,"q":true,"t":1586780606000}]}'


def payload_of(row: dict[str, Any]) -> bytes:
    return row["text"].encode() if "text" in row else json.dumps(row["payload"]).encode()


def see(fixture: str) -> list[Item]:
    return PLANT.observe(FIXTURES[fixture]["topic"], payload_of(FIXTURES[fixture]))


def one(topic: str, payload: Any, engine: Engine = PLANT) -> Observation:
    found = engine.observe(topic, payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    assert len(found) == 1
    assert isinstance(found[0], Observation)
    return found[0]


def rejected(topic: str, payload: bytes) -> str:
    found = PLANT.observe(topic, payload)
    assert len(found) == 1
    assert isinstance(found[0], RejectItem)
    return found[0].reject.code


@pytest.mark.parametrize(
    ("fixture", "at"),
    [("neuron_values", "2022-04-15T07:06:28.943Z"), ("neuron_tags", "2022-03-17T06:09:49.075Z")],
)
def test_neuron_says_a_fault_code_in_two_formats(fixture: str, at: str) -> None:
    (seen,) = see(fixture)
    assert isinstance(seen, Observation)
    assert (seen.source, seen.key, seen.line, seen.machine) == ("plant", "line3/oven2/fault_code", "line3", "oven2")
    assert (seen.code, seen.text, seen.severity, seen.active) == ("F17", "Zone 3 over-temperature", 700, True)
    assert (seen.source_at, seen.quality, seen.event_id) == (at, "good", None)


def test_the_key_of_a_fault_register_outlives_its_code() -> None:
    keys = {one("/neuron/a/L/M", {"timestamp": 1, "values": {"fault_code": code}}).key for code in (17, 23, 0)}
    assert keys == {"L/M/fault_code"}
    assert one("/neuron/a/L/M", {"timestamp": 1, "values": {"fault_code": 0}}).active is False


def test_a_count_of_alarms_is_no_alarm() -> None:
    say = {"timestamp": 1, "values": {"alarm_count": 1, "error_rate": 0, "alarm_setpoint": 231.5}}
    assert PLANT.observe("/neuron/a/L/M", json.dumps(say).encode()) == []


def test_a_neuron_tag_in_error_is_bad_and_clears_nothing() -> None:
    seen = one("/neuron/a/L/M", {"timestamp": 1650006388943, "values": {}, "errors": {"estop": 2014}})
    assert (seen.key, seen.quality, seen.active) == ("L/M/estop", "bad", None)


def test_neuron_may_say_where_in_the_payload_or_in_the_topic() -> None:
    say = {"timestamp": 1, "node": "line3", "group": "printer", "values": {"estop": True}}
    assert one("/neuron/app", say).key == one("/neuron/app/line3/printer", say).key == "line3/printer/estop"
    assert one("/neuron/app", say).text == {"zh-TW": "緊急停止", "en": "Emergency stop"}


def test_a_kepware_word_is_a_snapshot_of_its_bits() -> None:
    (seen,) = see("kepware_standard")
    assert isinstance(seen, SnapshotItem)
    assert seen.snapshot.scope == "Line3.Oven2.AlarmWord1"
    told = [(it.key, it.code, it.text, it.severity, it.machine, it.line) for it in seen.snapshot.active]
    assert told == [
        ("Line3.Oven2.AlarmWord1.0", "A001", "Emergency stop", 1000, "Oven2", "Line3"),
        ("Line3.Oven2.AlarmWord1.2", "A003", "Zone 1 over-temperature", 800, "Oven2", "Line3"),
    ]
    assert {(it.active, it.source_at, it.quality) for it in seen.snapshot.active} == {
        (True, "2020-04-13T12:23:26.000Z", "good")
    }


def word(value: Any, quality: bool = True) -> list[Item]:
    tag = {"id": "Line3.Oven2.AlarmWord1", "v": value, "q": quality, "t": 1586780606000}
    return PLANT.observe("iotgateway", json.dumps({"values": [tag]}).encode())


def test_a_word_of_zero_is_an_empty_snapshot_and_a_bad_word_is_none() -> None:
    (clear,) = word(0)
    assert isinstance(clear, SnapshotItem)
    assert clear.snapshot.active == []
    unknown = word(0, quality=False)
    assert [(it.active, it.quality) for it in unknown if isinstance(it, Observation)] == [(None, "bad")] * 3


@pytest.mark.parametrize(("value", "bits"), [(7, [0, 1, 2]), (-2, [1, 2]), ("5", [0, 2]), (4.0, [2]), (8, [])])
def test_words_are_read_as_plcs_write_them(value: Any, bits: list[int]) -> None:
    (seen,) = word(value)
    assert isinstance(seen, SnapshotItem)
    assert [it.key[-1] for it in seen.snapshot.active] == [str(bit) for bit in bits]


@pytest.mark.parametrize("value", [1.5, "five", None, [5], {"a": 1}])
def test_a_word_that_is_no_word_is_rejected(value: Any) -> None:
    (seen,) = word(value)
    assert isinstance(seen, RejectItem)
    assert seen.reject.code == "value_invalid"


def test_umh_finds_the_place_at_any_depth() -> None:
    (seen,) = see("umh")
    assert isinstance(seen, Observation)
    assert (seen.key, seen.code) == (FIXTURES["umh"]["topic"], "high_temp")
    assert (seen.site, seen.line, seen.machine) == ("tw1", "line3", "oven2")
    assert (seen.active, seen.source_at) == (True, "2024-12-11T08:00:05.123Z")


def test_a_plain_one_has_neither_id_nor_time() -> None:
    (seen,) = see("aws_plain_value")
    assert isinstance(seen, Observation)
    assert (seen.key, seen.code, seen.text) == ("plant/tw1/line3/oven2/estop", "ESTOP", "緊急停止")
    assert (seen.active, seen.severity, seen.category) == (True, 1000, "safety")
    assert (seen.event_id, seen.source_at) == (None, None)


@pytest.mark.parametrize(
    ("said", "active"), [("ON", True), ("正常", False), ("復歸", False), ("0", False), ("?", None)]
)
def test_a_plain_word_in_the_plant_s_language(said: str, active: bool | None) -> None:
    seen = one("plant/a/b/c/jam", said.encode())
    assert seen.active is active
    assert seen.defects == (["field_invalid"] if active is None else None)


def test_generic_json_reads_the_usual_names() -> None:
    say = {"code": "E1", "message": "卡料", "status": "異常", "level": "Warning", "time": "2025-06-04 12:47:11"}
    seen = one("alarms/L1/M1", say)
    assert (seen.key, seen.text, seen.active, seen.severity) == ("L1/M1/E1", "卡料", True, "medium")
    assert seen.source_at == "2025-06-04T04:47:11.000Z"
    assert PLANT.observe("alarms/L1/M1", b'{"alarms":[]}') == []
    both = PLANT.observe("alarms/L1/M1", b'[{"id":1,"active":1},{"id":2,"active":0}]')
    assert [(it.key, it.active) for it in both if isinstance(it, Observation)] == [
        ("L1/M1/1", True),
        ("L1/M1/2", False),
    ]


@pytest.mark.parametrize(
    ("says", "active"),
    [
        ({}, True),
        ({"active": False}, False),
        ({"active": None}, True),
        ({"acked": True}, None),
        ({"state": "OK"}, False),
    ],
)
def test_an_alarm_named_without_a_state_is_there(says: dict[str, Any], active: bool | None) -> None:
    seen = one("alarms/L1/M1", {"id": "A"} | says)
    assert (seen.active, seen.defects) == (active, None)


@pytest.mark.parametrize(
    ("field", "value", "defect"),
    [
        ("severity", "critcal", "severity_invalid"),
        ("severity", 1001, "severity_invalid"),
        ("time", "yesterday", "time_invalid"),
        ("event_id", "x" * 300, "event_id_invalid"),
        ("value", {"a": 1}, "field_invalid"),
        ("unit", "x" * 100, "field_invalid"),
        ("active", "perhaps", "field_invalid"),
        ("quality", "so-so", "field_invalid"),
    ],
)
def test_a_wrong_field_is_a_defect_not_a_lost_alarm(field: str, value: Any, defect: str) -> None:
    seen = one("alarms/L1/M1", {"id": "A", "active": True, field: value})
    assert (seen.key, seen.defects) == ("L1/M1/A", [defect])


def test_what_is_no_alarm_is_nothing() -> None:
    others = [row for name, row in FIXTURES.items() if name not in HANDLED]
    assert len(others) >= 12
    for row in others:
        assert PLANT.observe(row["topic"], payload_of(row)) == []


HANDLED = {"neuron_values", "neuron_tags", "kepware_standard", "umh", "aws_plain_value"}

HOSTILE = {
    "empty": (b"", "payload_empty"),
    "blank": (b" \r\n", "payload_empty"),
    "not json": (b"hello", "decode"),
    "cut off": (KEPWARE[:-5], "decode"),
    "trailing comma": (b'{"values":[1,]}', "decode"),
    "300 kB": (b'{"values":["' + b"x" * 300_000 + b'"]}', "too_large"),
    "invalid utf-8": (b'{"values":["\xb2\xa7\xb1`"]}', "decode"),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "decode"),
    "nul": (KEPWARE + b"\0\0", "decode"),
    "escaped nul": (b'{"values":[{"id":"a\\u0000"}]}', "decode"),
    "half a surrogate": (b'{"values":[{"id":"\\ud800"}]}', "decode"),
    "nan": (b'{"values":[{"id":"L.M.estop","v":NaN}]}', "decode"),
    "1e309": (b'{"values":[{"id":"L.M.estop","v":1e309}]}', "decode"),
    "10,000 deep": (b"[" * 10_000 + b"]" * 10_000, "decode"),
    "40 deep": (b'{"values":' + b"[" * 40 + b"]" * 40 + b"}", "decode"),
    "a number for the list": (b'{"values":5}', "mapping"),
    "no list": (b'{"timestamp":1}', "mapping"),
    "a list of numbers": (b'{"values":[5]}', "key_missing"),
    "501 items": (json.dumps({"values": [{"id": "L.M.estop", "v": 1}] * 501}).encode(), "too_large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_payload_has_its_code_and_the_next_good_one_works(name: str) -> None:
    payload, code = HOSTILE[name]
    assert rejected("iotgateway", payload) == code
    assert one("iotgateway", KEPWARE).active is True


def test_the_reject_keeps_what_fits_and_every_database_takes() -> None:
    (seen,) = PLANT.observe("iotgateway", b"\xff\0" * 20_000)
    assert isinstance(seen, RejectItem)
    assert (seen.source, seen.reject.topic) == ("broker", "iotgateway")
    assert len(seen.reject.payload.encode()) <= limits.RAW_BYTES
    assert "\0" not in seen.reject.payload


@pytest.mark.parametrize("topic", ["iot+", "a/#", "x" * 2000, "", "a\0b"])
def test_no_publisher_may_use_such_a_topic(topic: str) -> None:
    assert rejected(topic, KEPWARE) == "topic_invalid"


def test_good_items_pass_beside_a_bad_one() -> None:
    say = {"alarms": [{"id": "A", "active": 1}, {"text": "who am I"}, {"id": "B", "active": 1}]}
    found = PLANT.observe("alarms/L1/M1", json.dumps(say).encode())
    assert [it.key for it in found if isinstance(it, Observation)] == ["L1/M1/A", "L1/M1/B"]
    assert [it.reject.code for it in found if isinstance(it, RejectItem)] == ["key_missing"]


def test_a_strict_set_rejects_what_it_does_not_know(tmp_path: Path) -> None:
    (tmp_path / "strict.yaml").write_text("strict: true\npresets: [scalar]")
    (seen,) = Engine([load(tmp_path / "strict.yaml")], Site("s")).observe("other/topic", b"1")
    assert isinstance(seen, RejectItem)
    assert seen.reject.code == "unmatched"


def test_the_site_fills_in_what_the_mapping_does_not_say() -> None:
    engine = Engine([load("json")], Site("s", site="Tainan", line="L9", zone=ZoneInfo("UTC")))
    seen = one("alarms/L1/M1", {"id": 1, "time": "2025-06-04 12:47:11"}, engine)
    assert (seen.source, seen.site, seen.line, seen.source_at) == ("s", "Tainan", "L1", "2025-06-04T12:47:11.000Z")


def test_a_retained_message_is_marked() -> None:
    (seen,) = PLANT.observe("plant/a/b/c/jam", b"1", retained=True)
    assert isinstance(seen, Observation)
    assert seen.retained is True


EVERY = Engine([load(name) for name in preset_names()], Site("any"))
TOPICS = st.sampled_from(["iotgateway", "/neuron/a/b/c", "alarms/a/b", "plant/a/b/c/d", "umh/v1/a/b/_c/alarms/d", "x"])
NAMES = st.sampled_from(
    ["values", "errors", "tags", "id", "v", "q", "t", "name", "value", "timestamp", "estop", "alarms"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES | st.text(), inner),
    max_leaves=12,
)


@given(TOPICS | st.text(), st.binary())
def test_no_bytes_ever_break_the_engine(topic: str, payload: bytes) -> None:
    assert isinstance(EVERY.observe(topic, payload), list)


@given(TOPICS, st.dictionaries(NAMES, JSON) | JSON)
def test_no_json_ever_breaks_the_engine(topic: str, value: Any) -> None:
    for item in EVERY.observe(topic, json.dumps(value).encode()):
        assert msgspec.json.decode(msgspec.json.encode(item))["source"] == "any"
