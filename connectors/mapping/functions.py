"""The functions mappings may call beside JMESPath's own. They know the tables of their mapping file."""

import re
from collections.abc import Mapping
from typing import Any

import jmespath
from jmespath import functions

from connectors.mapping.words import name

MATCHED_CHARS = 2000  # a site's pattern may be slow; what it is matched against stays short
ANY: Any = {"types": []}
STRING: Any = {"types": ["string"]}
MAYBE_STRING: Any = {"types": ["string", "null"]}
NUMBER: Any = {"types": ["number"]}
MAYBE_NUMBER: Any = {"types": ["number", "null"]}
MAYBE_OBJECT: Any = {"types": ["object", "null"]}
MAYBE_ARRAY: Any = {"types": ["array", "null"]}
Tables = Mapping[str, Any]


class Functions(functions.Functions):
    """JMESPath's functions and ours, bound to tables. What has no answer is null."""

    def __init__(self, tables: Tables):
        self._tables = tables

    @functions.signature(NUMBER, NUMBER)
    def _func_bit(self, word: float, position: float) -> bool:
        """Whether a bit of a word is set, counted from 0; negative words are two's complement."""
        return bool(int(word) >> int(position) & 1)

    @functions.signature(NUMBER, NUMBER)
    def _func_mod(self, number: float, by: float) -> float | None:
        return number % by if by else None

    @functions.signature(STRING, ANY)
    def _func_lookup(self, table: str, key: Any) -> Any:
        rows = self._tables.get(table)
        return rows.get(name(key)) if isinstance(rows, dict) and key is not None else None

    @functions.signature(MAYBE_STRING, STRING)
    def _func_split(self, text: str | None, by: str) -> list[str] | None:
        return text.split(by) if text is not None and by else None

    @functions.signature(MAYBE_OBJECT)
    def _func_entries(self, value: dict[str, Any] | None) -> list[dict[str, Any]]:
        """An object as a list of {name, value}."""
        return [{"name": key, "value": item} for key, item in (value or {}).items()]

    @functions.signature(MAYBE_STRING, STRING)
    def _func_re(self, text: str | None, pattern: str) -> str | None:
        """The first group (or all) of the first place where the pattern matches."""
        found = re.search(pattern, text[:MATCHED_CHARS]) if text is not None else None
        return found[found.re.groups and 1] if found else None

    @functions.signature(MAYBE_NUMBER, NUMBER, NUMBER)
    def _func_scale(self, number: float | None, factor: float, offset: float) -> float | None:
        return None if number is None else number * factor + offset

    @functions.signature(MAYBE_STRING)
    def _func_lower(self, text: str | None) -> str | None:
        return text.lower() if text is not None else None

    @functions.signature(MAYBE_STRING)
    def _func_trim(self, text: str | None) -> str | None:
        return text.strip() if text is not None else None

    @functions.signature(MAYBE_OBJECT, MAYBE_OBJECT, MAYBE_ARRAY)
    def _func_merge_values(self, values: Any, errors: Any, tags: Any) -> list[dict[str, Any]]:
        """One list of {name, value} or {name, error}, from Neuron's values + errors or from its tags."""
        good = [{"name": key, "value": item} for key, item in (values or {}).items()]
        bad = [{"name": key, "error": item} for key, item in (errors or {}).items()]
        return good + bad + [tag for tag in tags or [] if isinstance(tag, dict)]


def options(tables: Tables) -> jmespath.Options:
    """What a search needs to know our functions."""
    return jmespath.Options(custom_functions=Functions(tables))


KNOWN: frozenset[str] = frozenset(Functions.FUNCTION_TABLE)
