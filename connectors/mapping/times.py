"""Source times: the shapes gateways write, read into RFC 3339 UTC."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dateutil.parser import parse

Format = Literal["auto", "s", "ms", "us", "ns", "iso", "packml", "filetime"]
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
UP_TO = (("s", 1e11), ("ms", 1e14), ("us", 1e17))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?", re.I)
NO_CLOCK_YEARS = (1, 1601)


def read_time(value: Any, form: Format, zone: ZoneInfo) -> str | None:
    """RFC 3339 in UTC, or None where the source says that it has no clock (null, 0, year 1 or 1601).

    A time without an offset is local time of `zone`. Raises ValueError for what is no time.
    """
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        at = _read(value, form, zone)
        if at is None or at.year in NO_CLOCK_YEARS:
            return None
        at = at.astimezone(UTC)
    except (OverflowError, TypeError) as error:
        raise ValueError(f"{value!r:.60} is no time: {error}") from None
    if not 1970 <= at.year <= 2200:
        raise ValueError(f"the year {at.year} is out of range")
    precision = "microseconds" if at.microsecond % 1000 else "milliseconds"
    return at.isoformat(timespec=precision).replace("+00:00", "Z")


def _read(value: Any, form: Format, zone: ZoneInfo) -> datetime | None:
    if form == "packml":
        return _packml(value, zone)
    number = _number(value)
    if form == "iso" or (form == "auto" and number is None):
        return _iso(value, zone)
    if number is None:
        raise ValueError(f"{value!r:.60} is not a number of {form}")
    if number == 0:
        return None
    if form == "filetime":
        return FILETIME_EPOCH + timedelta(microseconds=int(number) // 10)
    unit = next((unit for unit, top in UP_TO if abs(number) < top), "ns") if form == "auto" else form
    scaled = number * 1_000_000
    per = PER_SECOND[unit]
    return EPOCH + timedelta(microseconds=scaled // per if isinstance(scaled, int) else round(scaled / per))


def _number(value: Any) -> int | float | None:
    if isinstance(value, int | float):
        return value
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return None


def _iso(value: Any, zone: ZoneInfo) -> datetime | None:
    if value in (0, "0"):
        return None
    if not isinstance(value, str) or not ISO.fullmatch(value.strip()):
        raise ValueError(f"{value!r:.60} is not a date with a time")
    at = parse(value.strip().replace(",", "."))
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _packml(value: Any, zone: ZoneInfo) -> datetime | None:
    """Seven numbers, local: year, month, day, hour, minute, second, millisecond."""
    if not isinstance(value, Sequence) or len(value) != 7:
        raise ValueError(f"{value!r:.60} is not seven numbers")
    if not any(value):
        return None
    year, month, day, hour, minute, second, millisecond = value
    return datetime(year, month, day, hour, minute, second, millisecond * 1000, tzinfo=zone)
