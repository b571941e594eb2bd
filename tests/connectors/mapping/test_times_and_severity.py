"""The nine shapes of time, the ways to say "no clock", and the scales of severity."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.mapping.severity import Scale, read_severity
from connectors.mapping.times import Format, read_time

TAIPEI = ZoneInfo("Asia/Taipei")


@pytest.mark.parametrize(
    ("value", "form", "utc"),
    [
        (1586780606, "s", "2020-04-13T12:23:26.000Z"),
        (1586780606000, "ms", "2020-04-13T12:23:26.000Z"),
        (1581659603000000, "us", "2020-02-14T05:53:23.000Z"),
        (1581659603000123456, "ns", "2020-02-14T05:53:23.000123Z"),
        ("2022-07-21T13:01:50.1591234Z", "iso", "2022-07-21T13:01:50.159123Z"),
        ("2020-08-27T07:10:24.360316", "iso", "2020-08-26T23:10:24.360316Z"),
        ("2025-06-04 12:47:11", "iso", "2025-06-04T04:47:11.000Z"),
        ([2026, 3, 18, 14, 5, 9, 120], "packml", "2026-03-18T06:05:09.120Z"),
        (133161408000000000, "filetime", "2022-12-22T00:00:00.000Z"),
        ("2018-03-27T17:19:23.720+02:00", "iso", "2018-03-27T15:19:23.720Z"),
        ("2025/6/4 8:05", "iso", "2025-06-04T00:05:00.000Z"),
        ("1586780606000", "ms", "2020-04-13T12:23:26.000Z"),
        (1586780606.25, "s", "2020-04-13T12:23:26.250Z"),
    ],
)
def test_shapes(value: Any, form: Format, utc: str) -> None:
    assert read_time(value, form, TAIPEI) == utc


@pytest.mark.parametrize("value", [1586780606, 1586780606000, 1586780606000000, 1586780606000000000])
def test_auto_tells_the_unit_by_its_size(value: int) -> None:
    assert read_time(value, "auto", TAIPEI) == "2020-04-13T12:23:26.000Z"
    assert read_time("2020-04-13T12:23:26Z", "auto", TAIPEI) == "2020-04-13T12:23:26.000Z"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, "ms"),
        ("", "iso"),
        (0, "ms"),
        ("0", "auto"),
        (0, "iso"),
        (0, "filetime"),
        (-62135596800, "s"),
        ("1601-01-01T00:00:00Z", "iso"),
        ("0001-01-01T00:00:00", "iso"),
        ([0, 0, 0, 0, 0, 0, 0], "packml"),
    ],
)
def test_no_clock_is_no_time(value: Any, form: Format) -> None:
    assert read_time(value, form, TAIPEI) is None


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("yesterday", "iso"),
        ("2025-13-40T00:00:00", "iso"),
        ("12:47", "iso"),
        ([1, 2], "iso"),
        ("soon", "ms"),
        (1e300, "ms"),
        (10**30, "ns"),
        ([2026, 3], "packml"),
        (["a"] * 7, "packml"),
        ({"a": 1}, "auto"),
    ],
)
def test_what_is_no_time_says_so(value: Any, form: Format) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_time(value, form, TAIPEI)


@pytest.mark.parametrize(
    ("value", "scale", "severity"),
    [
        ("CRITICAL", "any", "critical"),
        ("Major", "words", "high"),
        ("警告", "any", "medium"),
        (700, "any", 700),
        ("1-1000", "words", None),
        (900, "opcua", "critical"),
        (700, "opcua", "high"),
        (401, "opcua", "medium"),
        (201, "opcua", "low"),
        (1, "opcua", "diagnostic"),
        ("850", "1-1000", 850),
        (0, "1-1000", None),
        (1001, "any", None),
        (True, "any", None),
        ("critcal", "any", None),
        ("critical", "1-1000", None),
        ([], "any", None),
    ],
)
def test_scales(value: Any, scale: Scale, severity: str | int | None) -> None:
    if severity is None:
        with pytest.raises(ValueError, match="not a severity"):
            read_severity(value, scale)
    else:
        assert read_severity(value, scale) == severity
