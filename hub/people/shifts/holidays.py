"""The plant calendar from an iCalendar file. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from hub.base.text import blank, checked, shortened
from hub.people.shifts.patterns import check_day
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.shifts import Holiday

LONGEST = 366
NAMELESS = "Holiday"
UNREADABLE = (ValueError, ArithmeticError, TypeError, LookupError, AttributeError, RecursionError)


def holidays_of(ics: str) -> list[Holiday]:
    """Every day of the file's all-day events, closed; events with a time of day are left out.

    `calendar_invalid` for what is no iCalendar file, for one without all-day events, and for events that repeat: which
    days those mean is for the calendar they come from to say.
    """
    checked(ics)
    try:
        events = [it for it in Calendar.from_ical(ics).walk("VEVENT") if isinstance(it, Event)]
        found = [holiday for event in events for holiday in _days(event)]
    except UNREADABLE:  # the parser's words about foreign bytes
        raise Problem("calendar_invalid", field="ics") from None
    if not found or len(found) > limits.HOLIDAYS:
        told = f"The file has {len(found)} days of all-day events, not 1 to {limits.HOLIDAYS}"
        raise Problem("calendar_invalid", told, field="ics")
    return sorted({it.day: it for it in found}.values(), key=lambda it: it.day)


def _days(event: Event) -> Iterator[Holiday]:
    first = event.start
    if isinstance(first, datetime):
        return
    if "RRULE" in event or "RDATE" in event:
        raise Problem("calendar_invalid", "Export repeating events as single days", field="ics")
    days = max((event.end - first).days, 1)
    if days > LONGEST:
        raise Problem("calendar_invalid", "An event lasts longer than a year", field="ics")
    name = shortened(" ".join(str(event.get("SUMMARY", "")).split()), limits.SHIFT_NAME_CHARS)
    for number in range(days):
        yield Holiday(_sound(first + timedelta(days=number)), NAMELESS if blank(name) else name)


def _sound(day: date) -> date:
    check_day(day, "ics")
    return day
