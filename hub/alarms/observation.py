"""Reading what connectors send: lenient, so that a wrong field becomes a defect and never a lost alarm. Pure."""

import hashlib
import math
import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from hub.alarms.policy import CATEGORIES, QUALITIES, SEVERITIES, UNKNOWN_SEVERITY, severity_word
from hub.base.text import shortened
from hub.base.tree import depth
from hub.wire import limits
from hub.wire.views import Severity, Text

SOURCE_CHARS: Final = 64
UNIT_CHARS: Final = 16
LANGUAGE_CHARS: Final = 16
CODE_CHARS: Final = 40
DEFECTS: Final = 10
EMPTY_EVENT_ID: Final = re.compile(r"^[0A=\-{}]*$")  # 16 zero bytes in hex or base64: real servers send it for all
DECIMAL_COMMA: Final = re.compile(r"^\s*-?\d+,\d+\s*$")
Scalar = float | int | str | bool | None


class Seen(msgspec.Struct, frozen=True):
    """An observation with every field in its place; what could not be read is in `defects`.

    `inbox_key` is its identity for ever, if it has one; `identified` tells that the source made an event id for it.
    """

    source: str
    key: str
    active: bool | None
    acked: bool | None
    source_at: datetime | None
    inbox_key: str | None
    identified: bool
    scope: str | None
    site: str | None
    area: str | None
    line: str | None
    machine: str | None
    station: str | None
    code: str | None
    text: Text
    category: str
    condition: str | None
    severity: Severity
    native_severity: Scalar
    value: Scalar
    limit: Scalar
    unit: str | None
    quality: str
    latched: bool | None
    reason: str | None
    defects: tuple[str, ...]
    raw: Any

    @property
    def alarm_key(self) -> str:
        """The condition, unique in the hub."""
        return f"{self.source}:{self.key}"


class Unreadable(Exception):
    """The observation has no source or no key; `code` says which."""

    def __init__(self, code: str, detail: str):
        super().__init__(detail)
        self.code = code
        self.detail = detail


class _Fields:
    """Takes fields out of a raw observation and notes the defects."""

    def __init__(self, given: dict[str, Any]):
        self.given = given
        told = given.get("defects")
        codes = told[:DEFECTS] if isinstance(told, list) else []
        self.defects: list[str] = [shortened(code, CODE_CHARS) for code in codes if isinstance(code, str)]

    def defect(self, code: str = "field_invalid") -> None:
        if code not in self.defects:
            self.defects.append(code)

    def text(self, name: str, chars: int) -> str | None:
        value = self.given.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self.defect()
            return None
        clean = shortened(str(value), chars)
        if clean != value:
            self.defect()
        return clean

    def flag(self, name: str, unreadable: bool | None = None) -> bool | None:
        value = self.given.get(name)
        if value is None or isinstance(value, bool):
            return value
        if value in (0, 1):
            return bool(value)
        self.defect()
        return unreadable

    def scalar(self, name: str) -> Scalar:
        value = self.given.get(name)
        if isinstance(value, float) and not math.isfinite(value):
            self.defect("value_invalid")
            return None
        if isinstance(value, str):
            if DECIMAL_COMMA.match(value):
                self.defect("value_invalid")
            return shortened(value, limits.PLACE_CHARS)
        if value is None or isinstance(value, (bool, int, float)):
            return value
        self.defect("value_invalid")
        return None

    def word(self, name: str, words: frozenset[str], default: str) -> str:
        value = self.given.get(name)
        if value is None:
            return default
        if isinstance(value, str) and value.lower() in words:
            return value.lower()
        self.defect()
        return default

    def time(self, name: str) -> datetime | None:
        value = self.given.get(name)
        if value is None:
            return None
        try:
            when = datetime.fromisoformat(value)
            if when.tzinfo is None or not 1990 <= when.year <= 2200:
                raise ValueError("no offset, or a sentinel")
        except (ValueError, TypeError, OverflowError):
            self.defect("time_invalid")
            return None
        return when.astimezone(UTC)

    def severity(self) -> Severity:
        value = self.given.get("severity")
        if isinstance(value, str) and value.lower() in SEVERITIES:
            return value.lower()  # type: ignore[return-value]
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000:
            return severity_word(value)
        if value is not None:
            self.defect("severity_invalid")
        return UNKNOWN_SEVERITY


def read(given: dict[str, Any], language: str) -> Seen:
    """Read one observation; Unreadable only when source or key is missing. `language` is that of plain texts."""
    fields = _Fields(given)
    source = fields.text("source", SOURCE_CHARS)
    key = fields.text("key", limits.ALARM_KEY_CHARS)
    if source is None or key is None:
        raise Unreadable("key_missing", "source and key are needed")
    quality = fields.word("quality", QUALITIES, "good")
    active = _active(fields, quality)
    acked, source_at, severity = fields.flag("acked"), fields.time("source_at"), fields.severity()
    code, event_id = fields.text("code", limits.PLACE_CHARS), _event_id(fields)
    return Seen(
        source=source,
        key=key,
        active=active,
        acked=acked,
        source_at=source_at,
        inbox_key=_inbox_key(event_id, source_at, (key, active, acked, severity)),
        identified=event_id is not None,
        scope=fields.text("scope", limits.ALARM_KEY_CHARS),
        site=fields.text("site", limits.PLACE_CHARS),
        area=fields.text("area", limits.PLACE_CHARS),
        line=fields.text("line", limits.PLACE_CHARS),
        machine=fields.text("machine", limits.PLACE_CHARS),
        station=fields.text("station", limits.PLACE_CHARS),
        code=code,
        text=_texts(fields, language) or {language: code or key},
        category=fields.word("category", CATEGORIES, "machine"),
        condition=fields.text("condition", limits.PLACE_CHARS),
        severity=severity,
        native_severity=fields.scalar("native_severity"),
        value=fields.scalar("value"),
        limit=fields.scalar("limit"),
        unit=fields.text("unit", UNIT_CHARS),
        quality=quality,
        latched=fields.flag("latched"),
        reason=fields.text("reason", limits.PLACE_CHARS),
        raw=_raw(given.get("raw")),
        defects=tuple(fields.defects),
    )


def _active(fields: _Fields, quality: str) -> bool | None:
    """Whether it is raised; bad quality never clears."""
    active = fields.flag("active", unreadable=True)
    return None if quality in {"bad", "stale"} and active is False else active


def _event_id(fields: _Fields) -> str | None:
    """The id the source made for this event, unless it is the same for all."""
    event_id = fields.given.get("event_id")
    if event_id is not None and not _is_event_id(event_id):
        fields.defect("event_id_invalid")
        return None
    return None if event_id is None or EMPTY_EVENT_ID.match(event_id) else event_id


def _inbox_key(event_id: str | None, source_at: datetime | None, state: tuple[object, ...]) -> str | None:
    """Identity for ever, of an id or a time the *source* gave; a payload with neither has none.

    The alarm and its state are part of it: some servers send one event id for everything.
    """
    if event_id is None and source_at is None:
        return None
    return hashlib.sha256(msgspec.json.encode([event_id, source_at, state])).hexdigest()[:40]


def _is_event_id(given: Any) -> bool:
    return isinstance(given, str) and len(given) <= limits.EVENT_ID_CHARS and "\x00" not in given


def _texts(fields: _Fields, language: str) -> Text:
    given = fields.given.get("text")
    if given is None:
        return {}
    found = given if isinstance(given, dict) else {language: given}
    texts = {
        shortened(str(tongue), LANGUAGE_CHARS): shortened(words, limits.ALARM_TEXT_CHARS)
        for tongue, words in list(found.items())[:8]
        if isinstance(words, str) and words.strip()
    }
    if len(texts) != len(found):
        fields.defect()
    return texts


def _raw(raw: Any) -> Any:
    """Evidence for the card, as text cut at 16 KB when it is large, deep or holds NUL."""
    if raw is None:
        return None
    encoded = msgspec.json.encode(raw)
    if len(encoded) <= limits.RAW_BYTES and b"\\u0000" not in encoded and depth(raw) <= limits.JSON_DEPTH:
        return raw
    return shortened(encoded[: limits.RAW_BYTES].decode("utf-8", "replace").replace("\\u0000", ""), limits.RAW_BYTES)
