"""Severity scales clash between vendors: each mapping says which one its source speaks."""

from typing import Any, Literal, get_args

from connectors.mapping.words import name
from hub.wire.views import Severity

Scale = Literal["any", "words", "opcua", "1-1000"]
WORDS: frozenset[str] = frozenset(get_args(Severity))
SPOKEN = {
    "critical": "critical emergency fatal urgent 緊急 致命 嚴重",
    "high": "high major error fault severe alarm 高 重大",
    "medium": "medium mid moderate warning warn minor 中 警告 一般",
    "low": "low notice advisory 低 輕微 提示",
    "diagnostic": "diagnostic info information informational debug indeterminate 診斷 資訊",
}
SYNONYMS = {word: severity for severity, words in SPOKEN.items() for word in words.split()}
OPCUA_BANDS = ((801, "critical"), (601, "high"), (401, "medium"), (201, "low"), (1, "diagnostic"))


def read_severity(value: Any, scale: Scale) -> str | int:
    """A word of ours or 1-1000. Raises ValueError for what the scale does not know."""
    number = _whole(value)
    if scale == "opcua" and number is not None:
        return next(word for bottom, word in OPCUA_BANDS if number >= bottom)
    if scale in ("1-1000", "any") and number is not None:
        return number
    word = SYNONYMS.get(name(value).strip().lower()) if scale in ("words", "any") else None
    if word is None:
        raise ValueError(f"{value!r:.60} is not a severity of the scale {scale}")
    return word


def is_severity(value: Any) -> bool:
    """Whether a mapping's own `map` or `default` gives a severity of ours."""
    return (isinstance(value, str) and value in WORDS) or _whole(value) is not None


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return int(number) if number.is_integer() and 1 <= number <= 1000 else None
