"""Lenient reading: what cannot be read is a defect, and the alarm goes on."""

from typing import Any

import pytest

from hub.alarms.observation import Seen, Unreadable, read
from hub.wire import limits


def seen(**facts: Any) -> Seen:
    return read({"source": "plc", "key": "K1", "active": True} | facts, "en")


@pytest.mark.parametrize(
    ("facts", "defect"),
    [
        ({"event_id": 5}, "event_id_invalid"),
        ({"event_id": "e" * (limits.EVENT_ID_CHARS + 1)}, "event_id_invalid"),
        ({"severity": "urgent"}, "severity_invalid"),
        ({"severity": 0}, "severity_invalid"),
        ({"severity": 1001}, "severity_invalid"),
        ({"severity": True}, "severity_invalid"),
        ({"value": float("nan")}, "value_invalid"),
        ({"value": "1,5"}, "value_invalid"),
        ({"limit": []}, "value_invalid"),
        ({"native_severity": {}}, "value_invalid"),
        ({"source_at": "yesterday"}, "time_invalid"),
        ({"source_at": "2026-01-01T00:00:00"}, "time_invalid"),
        ({"source_at": "1970-01-01T00:00:00Z"}, "time_invalid"),
        ({"source_at": 1767225600}, "time_invalid"),
        ({"acked": "yes"}, "field_invalid"),
        ({"latched": 2}, "field_invalid"),
        ({"active": "on"}, "field_invalid"),
        ({"line": ["L1"]}, "field_invalid"),
        ({"machine": True}, "field_invalid"),
        ({"unit": "u" * 17}, "field_invalid"),
        ({"quality": "rotten"}, "field_invalid"),
        ({"category": "zombies"}, "field_invalid"),
        ({"text": {"en": 5}}, "field_invalid"),
        ({"text": ""}, "field_invalid"),
    ],
)
def test_a_wrong_field_is_one_defect(facts: dict[str, Any], defect: str) -> None:
    assert seen(**facts).defects == (defect,)


def test_a_good_observation_has_none() -> None:
    found = seen(
        event_id="e1",
        severity=712,
        value=3.5,
        source_at="2026-01-01T08:00:00+08:00",
        acked=False,
        line="L1",
        quality="Good",
        category="Safety",
        text={"en": "Guard open", "zh-TW": "護罩打開"},
    )
    assert found.defects == ()
    assert (found.severity, found.quality, found.category) == ("high", "good", "safety")
    assert found.source_at is not None
    assert found.source_at.isoformat() == "2026-01-01T00:00:00+00:00"


def test_defects_of_the_connector_are_kept_and_come_first() -> None:
    assert seen(defects=["mapping", 5, "mapping2"], severity="urgent").defects == (
        "mapping",
        "mapping2",
        "severity_invalid",
    )


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "diagnostic"),
        (99, "diagnostic"),
        (100, "low"),
        (399, "low"),
        (400, "medium"),
        (699, "medium"),
        (700, "high"),
        (899, "high"),
        (900, "critical"),
        (1000, "critical"),
    ],
)
def test_severity_numbers_are_those_of_opc_ua(number: int, word: str) -> None:
    assert seen(severity=number).severity == word


def test_a_severity_nobody_can_read_still_opens_a_room() -> None:
    assert seen(severity="urgent").severity == seen().severity == "high"


@pytest.mark.parametrize("facts", [{"source": None}, {"key": None}, {"key": ""}, {"source": []}, {"key": True}])
def test_only_without_source_or_key_it_is_unreadable(facts: dict[str, Any]) -> None:
    with pytest.raises(Unreadable) as found:
        seen(**facts)
    assert found.value.code == "key_missing"


def test_without_words_the_code_or_the_key_is_the_text() -> None:
    assert seen(code="E512").text == {"en": "E512"}
    assert seen().text == {"en": "K1"}


class TestIdentity:
    """An inbox key comes from what the source gave, or there is none."""

    def test_a_plain_value_has_no_identity(self) -> None:
        assert seen(raw="1").inbox_key is None

    @pytest.mark.parametrize("empty", ["", "00000000", "AAAAAAAAAAAAAAAAAAAAAA==", "{0000-0000}"])
    def test_an_empty_event_id_is_none(self, empty: str) -> None:
        assert seen(event_id=empty).inbox_key is None

    def test_the_same_event_is_the_same(self) -> None:
        assert seen(event_id="e1").inbox_key == seen(event_id="e1", value=5).inbox_key is not None

    @pytest.mark.parametrize("other", [{"key": "K2"}, {"active": False}, {"acked": True}, {"severity": "low"}])
    def test_one_id_for_everything_tells_states_apart_anyway(self, other: dict[str, Any]) -> None:
        assert seen(event_id="e1").inbox_key != seen(event_id="e1", **other).inbox_key

    def test_a_source_time_is_an_identity(self) -> None:
        one, other = "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z"
        assert seen(source_at=one).inbox_key == seen(source_at="2026-01-01T08:00:00+08:00").inbox_key
        assert seen(source_at=one).inbox_key != seen(source_at=other).inbox_key
