"""What makes a shift pattern sound, and the classic ones. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import available_timezones

from hub.base.text import blank, checked
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.shifts import NamedShift, NewPattern, Preset

DAY_MINUTES: Final = 24 * 60
Spans = Sequence[tuple[int, int]]


def check_pattern(pattern: NewPattern) -> None:
    """Refuse an unknown zone, crews and shifts that do not fit, a crew in two places, a time without a crew."""
    if pattern.zone not in available_timezones():
        raise Problem("zone_unknown", field="zone")
    check_day(pattern.anchor, "anchor")
    for word in _words(pattern):
        if blank(checked(word)):
            raise Problem("invalid", "A name or key is blank", field="name")
    keys = [shift.key for shift in pattern.shifts]
    if len(set(keys)) < len(keys):
        raise Problem("invalid", "Two shifts have the same key", field="shifts")
    if len({len(days) for days in pattern.cycle.values()}) > 1:
        raise Problem("invalid", "All crews' cycles have the same number of days", field="cycle")
    if strange := {key for days in pattern.cycle.values() for key in days} - {"", *keys}:
        raise Problem("invalid", f"The cycle names a shift that is not there: {min(strange)}", field="cycle")
    for crew in pattern.cycle:
        _check_crew(pattern, crew)
    if pattern.round_the_clock and (gap := first_gap(pattern)) is not None:
        day, minute = divmod(gap, DAY_MINUTES)
        told = f"Nobody is on shift on day {day + 1} of the cycle from {minute // 60:02}:{minute % 60:02}"
        raise Problem("pattern_gap", told, field="cycle")


def check_day(day: date, field: str) -> None:
    """Refuse a date of another century: it was mistyped."""
    if not limits.FIRST_YEAR <= day.year <= limits.LAST_YEAR:
        raise Problem("invalid", f"Dates run from {limits.FIRST_YEAR} to {limits.LAST_YEAR}", field=field)


def check_instant(at: datetime, field: str) -> None:
    """Refuse a time without its offset from UTC, and one of another century."""
    if at.tzinfo is None:
        raise Problem("invalid", "Give the time with its offset, as in 2026-03-29T03:10:00+02:00", field=field)
    check_day(at.date(), field)


def _words(pattern: NewPattern) -> Iterator[str]:
    for names in (pattern.name, *(shift.name for shift in pattern.shifts)):
        yield from names.keys()
        yield from names.values()
    yield from (shift.key for shift in pattern.shifts)
    yield from pattern.cycle


def _check_crew(pattern: NewPattern, crew: str) -> None:
    spans = sorted(_spans(pattern, crew))
    total = len(pattern.cycle[crew]) * DAY_MINUTES
    following = [*spans[1:], *((start + total, end + total) for start, end in spans[:1])]
    for (_, end), (start, _) in zip(spans, following, strict=True):
        if end > start:
            day = start % total // DAY_MINUTES + 1
            raise Problem("shift_overlap", f"Crew {crew} is still on its shift when day {day} begins", field="cycle")


def _spans(pattern: NewPattern, crew: str) -> Spans:
    """A crew's shifts in minutes of the cycle's wall clock."""
    named = {shift.key: shift for shift in pattern.shifts}
    found = []
    for day, key in enumerate(pattern.cycle[crew]):
        if key:
            hours, minutes = map(int, named[key].start.split(":"))
            start = day * DAY_MINUTES + hours * 60 + minutes
            found.append((start, start + named[key].minutes))
    return found


def first_gap(pattern: NewPattern) -> int | None:
    """The first minute of the cycle at which no crew works, None when there is none."""
    spans = [span for crew in pattern.cycle for span in _spans(pattern, crew)]
    total = max(len(days) for days in pattern.cycle.values()) * DAY_MINUTES
    reached = 0
    for start, end in sorted([*spans, *((start - total, end - total) for start, end in spans)]):
        if start > reached:
            break
        reached = max(reached, end)
    return reached if reached < total else None


def _cycle(**crews: str) -> dict[str, list[str]]:
    """Rows as plants write them: a letter for each day, `-` = off."""
    return {crew: ["" if letter == "-" else letter for letter in row.replace(" ", "")] for crew, row in crews.items()}


DAYTIME: Final = NamedShift("D", {"zh-TW": "日班", "en": "Day"}, "08:00", 12 * 60)
NIGHTTIME: Final = NamedShift("N", {"zh-TW": "夜班", "en": "Night"}, "20:00", 12 * 60)
THIRDS: Final = [
    NamedShift("E", {"zh-TW": "早班", "en": "Early"}, "07:00", 8 * 60),
    NamedShift("L", {"zh-TW": "中班", "en": "Late"}, "15:00", 8 * 60),
    NamedShift("N", {"zh-TW": "夜班", "en": "Night"}, "23:00", 8 * 60),
]
MONDAY: Final = date(2026, 1, 5)


def presets(zone: str) -> list[Preset]:
    """The classic patterns in the plant's zone; their cycles begin on a Monday."""
    two_by_two = _cycle(A="DD--", B="--DD", C="NN--", D="--NN")
    panama = _cycle(A="DD--DDD --DD---", B="--DD--- DD--DDD", C="NN--NNN --NN---", D="--NN--- NN--NNN")
    continental = _cycle(A="EELLNN--", B="--EELLNN", C="NN--EELL", D="LLNN--EE")
    office = NamedShift("D", {"zh-TW": "日班", "en": "Day"}, "08:00", 9 * 60)
    return [
        Preset("3x8", NewPattern({"zh-TW": "三班制 3×8", "en": "3×8 rotating"}, zone, THIRDS, continental, MONDAY)),
        Preset(
            "2x12",
            NewPattern({"zh-TW": "兩班制 2×12", "en": "2×12 (2-2-3)"}, zone, [DAYTIME, NIGHTTIME], panama, MONDAY),
        ),
        Preset(
            "2on2off",
            NewPattern({"zh-TW": "做二休二", "en": "2 on, 2 off"}, zone, [DAYTIME, NIGHTTIME], two_by_two, MONDAY),
        ),
        Preset(
            "5day",
            NewPattern(
                {"zh-TW": "常日班（週一至週五）", "en": "Day shift, Monday to Friday"},
                zone,
                [office],
                _cycle(A="DDDDD--"),
                MONDAY,
                round_the_clock=False,
                observes_holidays=True,
            ),
        ),
    ]
