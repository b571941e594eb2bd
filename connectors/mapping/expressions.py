"""Expressions of a mapping: JMESPath text, `{const: X}`, `{tmpl: "{t.line}-{m.Id}"}`, or a plain number or boolean.

Variables: `t` what the topic captured, `m` the item of `each`, `msg` the whole message, `topic`, `row` what the
mapping's own `row` found, and `bit` the row of a bit table. A bare word that is none of them is an error when the
mapping is loaded, not a silent null.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.visitor import TreeInterpreter

from connectors.mapping.functions import KNOWN, Tables, options
from connectors.mapping.words import name

VARIABLES = frozenset(("t", "m", "msg", "topic", "row", "bit"))
PLACE = re.compile(r"\{([^{}]+)\}")
LEFT_ONLY = frozenset(("subexpression", "index_expression", "projection", "value_projection", "filter_projection"))
LEFT_ONLY |= {"flatten", "pipe"}
Context = Mapping[str, Any]


class ExpressionError(Exception):
    """An expression is wrong, or failed on this message."""


class Expression(Protocol):
    """Evaluates to a JSON value; raises ExpressionError."""

    def __call__(self, context: Context) -> Any:
        """Evaluate."""


def holds(value: Any) -> bool:
    """Truth as JMESPath has it: null, false and what is empty do not hold, 0 does."""
    return value is not None and value is not False and value not in ("", [], {})


def compile_expression(spec: Any, tables: Tables) -> Expression:
    """Compile what stands in the YAML; raises ExpressionError."""
    if isinstance(spec, str):
        return _search(spec, tables)
    if isinstance(spec, dict) and set(spec) == {"const"}:
        return _constant(spec["const"])
    if isinstance(spec, dict) and set(spec) == {"tmpl"} and isinstance(spec["tmpl"], str):
        return _template(spec["tmpl"], tables)
    if isinstance(spec, bool | int | float):
        return _constant(spec)
    raise ExpressionError(f"{spec!r} is not an expression; write JMESPath, {{const: …}} or {{tmpl: …}}")


def _constant(value: Any) -> Expression:
    return lambda context: value


def _template(text: str, tables: Tables) -> Expression:
    """Text with expressions in braces; null as soon as one of them is null, so that no key says "None"."""
    parts = PLACE.split(text)
    literals, places = parts[::2], [_search(place, tables) for place in parts[1::2]]

    def evaluate(context: Context) -> str | None:
        values = [place(context) for place in places]
        if any(value is None for value in values):
            return None
        return "".join(literal + value for literal, value in zip(literals, [*map(name, values), ""], strict=True))

    return evaluate


def _search(text: str, tables: Tables) -> Expression:
    try:
        compiled = jmespath.compile(text)
    except JMESPathError as error:
        raise ExpressionError(f"{text!r} is not JMESPath: {str(error).splitlines()[0]}") from None
    _check(text, dict(compiled.parsed))
    visitor, parsed = TreeInterpreter(options(tables)), compiled.parsed  # one visitor: it learns its methods only once

    def evaluate(context: Context) -> Any:
        try:
            return visitor.visit(parsed, context)
        except Exception as error:  # whatever a site's expression meets, the connector goes on
            raise ExpressionError(f"{text!r}: {error or type(error).__name__}") from None

    return evaluate


def _check(text: str, parsed: dict[str, Any]) -> None:
    for called in _functions(parsed):
        if called not in KNOWN:
            raise ExpressionError(f"{text!r} calls {called}(), which does not exist")
    for root in _roots(parsed):
        if root not in VARIABLES:
            raise ExpressionError(
                f"{text!r} reads {root!r}, which is no variable; for the text write {{const: {root}}}"
            )


def _functions(node: dict[str, Any]) -> Iterator[str]:
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _functions(child)


def _roots(node: dict[str, Any]) -> Iterator[str]:
    """Names looked up in the outermost context."""
    if node["type"] == "field":
        yield node["value"]
    elif node["type"] != "expref":
        children = node["children"][:1] if node["type"] in LEFT_ONLY else node["children"]
        for child in children:
            if isinstance(child, dict):
                yield from _roots(child)
