"""From the expressions of an `alarm:` to one observation.

The key must be there; every other field that fails is left out and named in `defects`: no reason to lose the alarm.
"""

import math
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from connectors.mapping.alarm import QUALITIES, SCALARS, TRUTHS, Alarm, Languages, TimeField, WordField
from connectors.mapping.expressions import Context, Expression, ExpressionError
from connectors.mapping.failures import Failure
from connectors.mapping.severity import read_severity
from connectors.mapping.times import read_time
from connectors.mapping.words import name, truth
from hub.wire import limits
from hub.wire.alarms import Observation

CHARS = {"event_id": limits.EVENT_ID_CHARS, "scope": limits.ALARM_KEY_CHARS, "tag": limits.ALARM_KEY_CHARS}


class Site(msgspec.Struct, frozen=True):
    """What a source's configuration adds where the mapping says nothing."""

    source: str
    site: str | None = None
    line: str | None = None
    zone: ZoneInfo = ZoneInfo("Asia/Taipei")


def observation(alarm: Alarm, context: Context, site: Site) -> Observation:
    """Evaluate the fields. Raises Failure `key_missing` or `mapping` when there is no key."""
    seen = Observation(source=site.source, key=_key(alarm.key, context))
    defects: list[str] = []
    _plain(alarm, context, seen, defects)
    seen.text = _text(alarm.text, context, defects)
    seen.source_at = _at(alarm.at, context, site, defects)
    _severity(alarm.severity, context, seen, defects)
    seen.quality = _word(alarm.quality, context, _quality, defects)
    seen.active = None if seen.quality in ("bad", "stale") else _word(alarm.active, context, truth, defects)
    seen.site, seen.line = seen.site or site.site, seen.line or site.line
    seen.defects = list(dict.fromkeys(defects)) or None
    return seen


def _key(expr: Expression, context: Context) -> str:
    try:
        value = expr(context)
    except ExpressionError as error:
        raise Failure("mapping", f"key: {error}") from None
    if value is None or isinstance(value, dict | list) or not name(value).strip():
        raise Failure("key_missing", f"the key is {value!r:.60}")
    if len(name(value)) > limits.ALARM_KEY_CHARS:
        raise Failure("key_missing", f"the key has {len(name(value))} characters, at most {limits.ALARM_KEY_CHARS}")
    return name(value)


def _value(expr: Expression, context: Context, defects: list[str]) -> Any:
    try:
        return expr(context)
    except ExpressionError:
        defects.append("mapping")
        return None


def _plain(alarm: Alarm, context: Context, seen: Observation, defects: list[str]) -> None:
    for field, expr in alarm.plain.items():
        value = _value(expr, context, defects)
        if value is None:
            continue
        fit = _fit(field, value)
        if fit is None:
            defects.append("event_id_invalid" if field == "event_id" else "field_invalid")
        else:
            setattr(seen, field, fit)


def _fit(field: str, value: Any) -> Any:
    """The value as the field takes it, or None."""
    if field in TRUTHS:
        return truth(value)
    if isinstance(value, dict | list) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if field in SCALARS:
        return value if len(str(value)) <= limits.ALARM_TEXT_CHARS else None
    return name(value) if 0 < len(name(value)) <= CHARS.get(field, limits.PLACE_CHARS) else None


def _text(spec: Expression | Languages | None, context: Context, defects: list[str]) -> str | dict[str, str] | None:
    if spec is None:
        return None
    if isinstance(spec, dict):
        value: Any = {language: _value(expr, context, defects) for language, expr in spec.items()}
    else:
        value = _value(spec, context, defects)
    if isinstance(value, dict):
        words = {str(language): name(text)[: limits.ALARM_TEXT_CHARS] for language, text in value.items() if text}
        return words or None
    return None if value is None or value == "" else name(value)[: limits.ALARM_TEXT_CHARS]


def _at(spec: TimeField | None, context: Context, site: Site, defects: list[str]) -> str | None:
    if spec is None:
        return None
    try:
        return read_time(_value(spec.expr, context, defects), spec.form, spec.zone or site.zone)
    except ValueError:
        defects.append("time_invalid")
        return None


def _severity(spec: WordField | None, context: Context, seen: Observation, defects: list[str]) -> None:
    if spec is None:
        return
    value = _value(spec.expr, context, defects)
    if value is None:
        seen.severity = spec.default
        return
    if seen.native_severity is None:
        seen.native_severity = _fit("native_severity", value)
    try:
        seen.severity = spec.map[name(value)] if name(value) in spec.map else read_severity(value, spec.scale)
    except ValueError:
        seen.severity = spec.default
        if spec.default is None:
            defects.append("severity_invalid")


def _quality(value: Any) -> str | None:
    if isinstance(value, bool):
        return "good" if value else "bad"
    return value if isinstance(value, str) and value in QUALITIES else None


def _word(spec: WordField | None, context: Context, read: Any, defects: list[str]) -> Any:
    if spec is None:
        return None
    value = _value(spec.expr, context, defects)
    if value is None:
        return spec.default
    found = spec.map[name(value)] if name(value) in spec.map else read(value)
    if found is None and spec.default is None:
        defects.append("field_invalid")
    return spec.default if found is None else found
