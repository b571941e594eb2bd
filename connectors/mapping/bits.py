"""Alarm words: every bit of the table is an alarm, and the word says all of them at once."""

from typing import Any

from connectors.mapping.alarm import Alarm
from connectors.mapping.expressions import Context, ExpressionError
from connectors.mapping.failures import Failure
from connectors.mapping.fields import Site, observation
from connectors.mapping.language import Bits
from connectors.mapping.words import name
from hub.wire import limits
from hub.wire.alarms import Observation, SnapshotBody, SnapshotItem


def word_items(bits: Bits, alarm: Alarm, context: Context, site: Site) -> list[Observation | SnapshotItem]:
    """One snapshot of the word's scope, so that bits which are off return.

    A word of bad quality clears nothing: then there is no snapshot, only what the source no longer knows.
    A word that does not stand in the table is no alarm word: nothing.
    """
    rows = _rows(bits, context)
    if not rows:
        return []
    seen = [(row, observation(alarm, {**context, "bit": {**row, "n": row["bit"]}}, site)) for row in rows]
    if any(alarm.quality in ("bad", "stale") for _, alarm in seen):
        return [alarm for _, alarm in seen]
    word, scope = _word(bits, context), _scope(bits, context)
    active = [alarm for row, alarm in seen if word >> row["bit"] & 1]
    for alarm_on in active:
        alarm_on.active = True
        alarm_on.scope = scope
    return [SnapshotItem(site.source, SnapshotBody(scope, active))]


def _rows(bits: Bits, context: Context) -> list[dict[str, Any]]:
    if isinstance(bits.rows, list):
        return bits.rows
    word = _evaluate("word", bits.word, context)
    if word is None:
        raise Failure("key_missing", "bits: the word has no name")
    rows: list[dict[str, Any]] = bits.rows.get(name(word), [])
    return rows


def _word(bits: Bits, context: Context) -> int:
    value = _evaluate("value", bits.value, context)
    try:
        number = float(value)
        if number.is_integer():
            return int(number)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Failure("value_invalid", f"bits: {value!r:.60} is not a word")


def _scope(bits: Bits, context: Context) -> str:
    value = _evaluate("scope", bits.scope, context)
    if not isinstance(value, str) or not 0 < len(value) <= limits.ALARM_KEY_CHARS:
        raise Failure("mapping", f"bits: the scope is {value!r:.60}")
    return value


def _evaluate(what: str, expr: Any, context: Context) -> Any:
    try:
        return expr(context)
    except ExpressionError as error:
        raise Failure("mapping", f"bits: {what}: {error}") from None
