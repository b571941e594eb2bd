"""Topic patterns: `plant/{line}/_{contract}/{rest+}`.

`{x}` is one level or a part of one, `{x+}` one or more levels (as few as fit), `{x?}` a level that may be missing.
"""

import re

from connectors.mapping.failures import Failure, MappingError
from hub.wire import limits

CAPTURE = re.compile(r"\{(\w+)([+?]?)\}")
LEVEL = "[^/]+"
Captures = dict[str, str | None]


class Topic:
    """A compiled pattern. `filter` is the narrowest MQTT topic filter that lets every match through."""

    def __init__(self, pattern: str):
        self.pattern = pattern
        levels = pattern.split("/")
        if any(mark in CAPTURE.sub("", pattern) for mark in "+#{}\0"):
            raise MappingError(f"{pattern!r} holds a wildcard or a lone brace; write {{name}}, {{name+}} or {{name?}}")
        try:
            self._regex = re.compile("".join(_level(level, index > 0) for index, level in enumerate(levels)))
        except re.error as error:
            raise MappingError(f"{pattern!r} is not a topic pattern: {error}") from None
        self.filter = _filter(levels)

    def match(self, topic: str) -> Captures | None:
        """What the pattern captures from a topic, or None."""
        found = self._regex.fullmatch(topic)
        return found.groupdict() if found else None


def check_topic(topic: str) -> None:
    """Raise Failure `topic_invalid` for a topic no publisher may use."""
    if not topic or len(topic) > limits.TOPIC_CHARS or any(mark in topic for mark in "+#\0"):
        raise Failure("topic_invalid", f"the topic is empty, over {limits.TOPIC_CHARS} characters or holds + # NUL")


def _level(level: str, slash: bool) -> str:
    lead = "/" if slash else ""
    whole = CAPTURE.fullmatch(level)
    if whole and whole[2] == "+":
        return f"{lead}(?P<{whole[1]}>{LEVEL}(?:/{LEVEL})*?)"
    if whole and whole[2] == "?":
        if not slash:
            raise MappingError("the first level cannot be optional")
        return f"(?:/(?P<{whole[1]}>{LEVEL}))?"
    if any(kind for _, kind in CAPTURE.findall(level)):
        raise MappingError(f"{level!r}: {{name+}} and {{name?}} stand alone in their level")
    parts = CAPTURE.split(level)  # literal, name, kind, literal, name, kind, …, literal
    named = [f"(?P<{name}>{LEVEL})" for name in parts[1::3]] + [""]
    return lead + "".join(re.escape(text) + name for text, name in zip(parts[::3], named, strict=True))


def _filter(levels: list[str]) -> str:
    taken: list[str] = []
    for level in levels:
        kinds = [kind for _, kind in CAPTURE.findall(level)]
        if any(kinds):
            return "/".join([*taken, "#"])
        taken.append("+" if kinds else level)
    return "/".join(taken)
