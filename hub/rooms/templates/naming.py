"""Names of rooms by a pattern: known fields in braces and nothing else. Pure."""

import string
from typing import Final

from hub.base.text import shortened
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.templates import AlarmFacts

FIELDS: Final = ("number", "site", "area", "line", "machine", "category", "severity", "code", "condition", "text")
FIELD: Final = "name_pattern"


def parts(pattern: str) -> list[tuple[str, str | None]]:
    """A pattern as text and the field after it; `{{` and `}}` are braces.

    Refuses (`invalid`) unknown fields, and whatever else Python would format: `{a.b}`, `{a[0]}`, `{a!r}`, `{a:9}`.
    """
    try:
        found = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise Problem("invalid", f"The pattern cannot be read: {error}", field=FIELD) from None
    for _, field, spec, conversion in found:
        if field is not None and (field not in FIELDS or spec or conversion):
            raise Problem("invalid", f"The pattern knows {', '.join(FIELDS)}, each alone in braces", field=FIELD)
    return [(text, field) for text, field, _, _ in found]


def named(pattern: str, number: str, title: str, facts: AlarmFacts) -> str:
    """The name of a room; what is not known leaves no gap. Falls back on the title, cut to what a title may have."""
    known = {name: getattr(facts, name, None) for name in FIELDS} | {"number": number, "text": title}
    made = "".join(text + (known[field] or "" if field else "") for text, field in parts(pattern))
    return shortened(" ".join(made.split()) or title, limits.TITLE_CHARS)
