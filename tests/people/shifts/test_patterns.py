"""What a pattern, an override or a calendar file may not be."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from hub.people.shifts.actions import check_override
from hub.people.shifts.holidays import holidays_of
from hub.people.shifts.patterns import check_pattern, presets
from hub.wire.problems import Problem
from hub.wire.shifts import Holiday, NamedShift, NewOverride

PRESETS = {it.key: it.pattern for it in presets("Asia/Taipei")}
THREE, OFFICE = PRESETS["3x8"], PRESETS["5day"]
NOBODY = {**THREE.cycle, "B": [""] * 8}
SHORT_NIGHT = [*THREE.shifts[:2], replace(THREE.shifts[2], minutes=8 * 60 - 1)]
DOUBLE = {**THREE.cycle, "A": ["N", "E", *THREE.cycle["A"][2:]]}


def test_the_classic_patterns_are_sound() -> None:
    assert set(PRESETS) == {"3x8", "2x12", "2on2off", "5day"}
    for pattern in PRESETS.values():
        check_pattern(pattern)
        assert set(pattern.name) == {"zh-TW", "en"}


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"zone": "Asia/Atlantis"}, "zone_unknown", ""),
        ({"zone": "../etc/passwd"}, "zone_unknown", ""),
        ({"cycle": NOBODY}, "pattern_gap", "day 1 of the cycle from 00:00"),
        ({"shifts": SHORT_NIGHT}, "pattern_gap", "day 1 of the cycle from 06:59"),
        ({"cycle": DOUBLE, "shifts": [replace(it, minutes=9 * 60) for it in THREE.shifts]}, "shift_overlap", "day 2"),
        ({"cycle": {"A": ["N"], "B": ["X"]}}, "invalid", "X"),
        ({"cycle": {"A": ["E"], "B": ["L", "N"]}}, "invalid", "number of days"),
        ({"shifts": [*THREE.shifts, THREE.shifts[0]]}, "invalid", "same key"),
        ({"anchor": date(1, 1, 1)}, "invalid", ""),
        ({"name": {"en": " "}}, "invalid", "blank"),
        ({"name": {"en": "a\0"}}, "text_invalid", ""),
    ],
)
def test_a_pattern_that_is_not_sound(changes: dict[str, Any], code: str, told: str) -> None:
    with pytest.raises(Problem) as problem:
        check_pattern(replace(THREE, **changes))
    assert problem.value.code == code
    assert told in problem.value.detail


def test_a_pattern_with_pauses_says_so() -> None:
    check_pattern(OFFICE)
    with pytest.raises(Problem) as problem:
        check_pattern(replace(OFFICE, round_the_clock=True))
    assert (problem.value.code, problem.value.detail[-5:]) == ("pattern_gap", "00:00")
    around = NamedShift("D", {"en": "Day"}, "18:00", 24 * 60)
    check_pattern(replace(OFFICE, shifts=[around], cycle={"A": ["D"]}, round_the_clock=True))


A, B = UUID(int=1), UUID(int=2)
NOON = datetime.fromisoformat("2026-03-01T12:00:00+08:00")


@pytest.mark.parametrize(
    "wanted",
    [
        NewOverride(NOON, NOON, away=A),
        NewOverride(NOON, NOON + timedelta(days=367), away=A),
        NewOverride(NOON, NOON + timedelta(days=1)),
        NewOverride(NOON, NOON + timedelta(days=1), away=A, instead=A),
        NewOverride(NOON, NOON + timedelta(days=1), instead=B),
        NewOverride(NOON.replace(tzinfo=None), NOON, away=A),
        NewOverride(NOON.replace(year=1), NOON, away=A),
    ],
)
def test_an_override_that_says_nothing(wanted: NewOverride) -> None:
    with pytest.raises(Problem) as problem:
        check_override(wanted)
    assert problem.value.code == "invalid"


def ics(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""])


def test_all_day_events_become_closed_days() -> None:
    """The end of an event is the day after its last one; events at an hour are no holidays."""
    text = ics("DTSTART;VALUE=DATE:20260216", "DTEND;VALUE=DATE:20260219", "SUMMARY:春節", "END:VEVENT", "BEGIN:VEVENT",
               "DTSTART;TZID=Asia/Taipei:20260301T090000", "SUMMARY:Meeting", "END:VEVENT", "BEGIN:VEVENT",
               "DTSTART;VALUE=DATE:20260101")  # fmt: skip
    assert holidays_of(text) == [
        Holiday(date(2026, 1, 1), "Holiday"),
        *(Holiday(date(2026, 2, day), "春節") for day in (16, 17, 18)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "not a calendar",
        "BEGIN:VCALENDAR",
        "END:VEVENT",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        ics("SUMMARY:no day"),
        ics("DTSTART;VALUE=DATE:2026"),
        ics("DTSTART;VALUE=DATE:20260101", "DURATION:P99999999D"),
        ics("DTSTART;VALUE=DATE:20260101", "DTEND;VALUE=DATE:20290101"),
        ics("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=SECONDLY"),
    ],
)
def test_a_file_that_is_no_plant_calendar(text: str) -> None:
    with pytest.raises(Problem) as problem:
        holidays_of(text)
    assert problem.value.code == "calendar_invalid"
