"""`alarm:` of a mapping, compiled: which expression gives which field of the observation, and how it is read."""

from collections.abc import Callable
from typing import Any, get_args
from zoneinfo import ZoneInfo

import msgspec

from connectors.mapping.expressions import Expression, ExpressionError, compile_expression
from connectors.mapping.failures import MappingError
from connectors.mapping.functions import Tables
from connectors.mapping.severity import Scale, is_severity
from connectors.mapping.times import Format
from connectors.mapping.words import name
from hub.wire.cards import Quality

TEXTS = frozenset(
    ("site", "area", "line", "machine", "station", "code", "condition", "unit", "category", "scope", "tag", "event_id")
)
SCALARS = frozenset(("value", "limit", "native_severity"))
TRUTHS = frozenset(("acked", "latched"))
PLAIN = TEXTS | SCALARS | TRUTHS
QUALITIES = frozenset(get_args(Quality))
FITS: dict[str, Callable[[Any], bool]] = {
    "severity": is_severity,
    "quality": lambda value: isinstance(value, str) and value in QUALITIES,
    "active": lambda value: isinstance(value, bool),
}
Languages = dict[str, Expression]


class TimeField(msgspec.Struct, frozen=True):
    """When the source says it happened. `zone` null = the site's."""

    expr: Expression
    form: Format
    zone: ZoneInfo | None


class WordField(msgspec.Struct, frozen=True):
    """A value looked up in `map` first; what is not there is read by its own rules, or is `default`."""

    expr: Expression
    map: dict[str, Any]
    default: Any
    scale: Scale


class Alarm(msgspec.Struct, frozen=True):
    """The compiled fields of an alarm."""

    key: Expression
    active: WordField | None
    text: Expression | Languages | None
    at: TimeField | None
    severity: WordField | None
    quality: WordField | None
    plain: dict[str, Expression]


def compile_alarm(spec: dict[str, Any], tables: Tables) -> Alarm:
    """Compile `alarm:`; raises MappingError or ExpressionError naming the field."""
    unknown = set(spec) - PLAIN - {"key", "active", "text", "at", "severity", "quality"}
    if unknown:
        raise MappingError(f"unknown fields {', '.join(sorted(unknown))}")
    if "key" not in spec:
        raise MappingError("key is missing")

    def word(field: str) -> WordField | None:
        return _word_field(field, spec[field], tables) if field in spec else None

    return Alarm(
        key=_compile("key", spec["key"], tables),
        active=word("active"),
        text=_text_field(spec.get("text"), tables),
        at=_time_field(spec["at"], tables) if "at" in spec else None,
        severity=word("severity"),
        quality=word("quality"),
        plain={field: _compile(field, value, tables) for field, value in spec.items() if field in PLAIN},
    )


def _compile(field: str, spec: Any, tables: Tables) -> Expression:
    try:
        return compile_expression(spec, tables)
    except ExpressionError as error:
        raise MappingError(f"{field}: {error}") from None


def _text_field(spec: Any, tables: Tables) -> Expression | Languages | None:
    if isinstance(spec, dict) and not spec.keys() & {"const", "tmpl"}:
        return {language: _compile(f"text.{language}", value, tables) for language, value in spec.items()}
    return None if spec is None else _compile("text", spec, tables)


def _time_field(spec: Any, tables: Tables) -> TimeField:
    options = spec if isinstance(spec, dict) and "expr" in spec else {"expr": spec}
    form, zone = options.get("format", "auto"), options.get("naive")
    if form not in get_args(Format) or set(options) - {"expr", "format", "naive"}:
        raise MappingError(f"at: format must be one of {', '.join(get_args(Format))}; beside it only expr and naive")
    try:
        return TimeField(_compile("at", options["expr"], tables), form, ZoneInfo(zone) if zone else None)
    except (KeyError, ValueError):
        raise MappingError(f"at: naive: {zone!r} is not a time zone") from None


def _word_field(field: str, spec: Any, tables: Tables) -> WordField:
    options = spec if isinstance(spec, dict) and "expr" in spec else {"expr": spec}
    scale, words = options.get("scale", "any"), options.get("map", {})
    if set(options) - {"expr", "map", "default", "scale"} or not isinstance(words, dict):
        raise MappingError(f"{field}: write expr, and if needed map, default and scale")
    if scale not in get_args(Scale):
        raise MappingError(f"{field}: scale must be one of {', '.join(get_args(Scale))}")
    given = [*words.values(), *([options["default"]] if "default" in options else [])]
    for value in given:
        if not FITS[field](value):
            raise MappingError(f"{field}: {value!r} is not one of its values")
    compiled = _compile(field, options["expr"], tables)
    return WordField(compiled, {name(key): value for key, value in words.items()}, options.get("default"), scale)
