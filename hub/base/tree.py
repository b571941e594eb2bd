"""Looking through decoded JSON, without recursion: how deep it is, and what no column could hold."""

import math
from collections.abc import Iterator
from typing import Any

from hub.base.text import checked
from hub.wire import limits
from hub.wire.problems import Problem


def walk(value: Any) -> Iterator[tuple[Any, int]]:
    """Every key and value with its depth; a bare text or number has depth 0, a flat object 1."""
    waiting = [(value, 0)]
    while waiting:
        item, above = waiting.pop()
        inside = isinstance(item, (dict, list))
        yield item, above + inside
        if isinstance(item, dict):
            waiting.extend((key, above + 1) for key in item)
            waiting.extend((child, above + 1) for child in item.values())
        elif isinstance(item, list):
            waiting.extend((child, above + 1) for child in item)


def depth(value: Any) -> int:
    """How deep JSON is nested."""
    return max(level for _, level in walk(value))


def check_tree(value: Any) -> None:
    """Refuse nesting deeper than `JSON_DEPTH`, NUL, lone surrogates, and numbers that are not finite."""
    for item, level in walk(value):
        if level > limits.JSON_DEPTH:
            raise Problem("json_too_deep")
        if isinstance(item, str):
            checked(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise Problem("invalid", "A number is out of range")


def mended(value: Any) -> Any:
    """The same JSON with lone surrogates replaced, for readers that must not lose an alarm over them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [mended(child) for child in value]
    if isinstance(value, dict):
        return {mended(key): mended(child) for key, child in value.items()}
    return value
