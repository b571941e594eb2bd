"""What a room is found by: code, title, fault in every language, place. Folded as messages are; pieces for the index.

A piece is two characters that stand together. A query is looked up by its pieces and then compared as a whole, so
`E-21` finds `E-2105`, and 溫區 finds 第5溫區超溫. Pure.
"""

from itertools import pairwise
from typing import Any

from hub.base.fold import fold


def of_room(room: Any) -> str:
    """The folded words of a room: its view, or the event that opens it."""
    said = [room.code, room.title, *room.fault.values(), room.site, room.area, room.line, room.machine]
    return "\n".join(dict.fromkeys(fold(word) for word in said if word))


def tokens(words: str) -> list[str]:
    """The pieces of folded words, and single characters, for whoever looks for one."""
    lines = words.split("\n")
    return sorted({one + other for line in lines for one, other in pairwise(line)} | set("".join(lines)))


def wanted(query: str) -> tuple[str, list[str]]:
    """A query as it is looked up: folded, and its pieces."""
    folded = fold(query).strip()
    return folded, sorted({one + other for one, other in pairwise(folded)} or set(folded))
