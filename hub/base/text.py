"""Rules for text that people and machines send."""

import unicodedata

from hub.wire import limits
from hub.wire.problems import Problem

INVISIBLE = {"Cf", "Zs", "Zl", "Zp", "Cc"}
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe0e\ufe0f\uffa0")  # letters and marks nobody sees


def checked(content: str) -> str:
    """Refuse what no column can hold: NUL and lone surrogates (`text_invalid`)."""
    if "\x00" in content:
        raise Problem("text_invalid")
    try:
        content.encode()
    except UnicodeEncodeError:
        raise Problem("text_invalid") from None
    return content


def message_text(content: str) -> str:
    """Check a text message: not blank, at most 10 KB of UTF-8. The text itself stays as written."""
    checked(content)
    if len(content) * 4 > limits.TEXT_BYTES and len(content.encode()) > limits.TEXT_BYTES:
        raise Problem("content_too_long")
    if blank(content):
        raise Problem("content_empty")
    return content


def blank(content: str) -> bool:
    """Whether there is nothing to see."""
    first = content[:1]
    if first.isalnum() and first not in FILLERS:
        return False
    return all(char in FILLERS or unicodedata.category(char) in INVISIBLE for char in content)


def shortened(content: str, chars: int) -> str:
    """Cut to so many characters, without NUL and lone surrogates."""
    clean = content.replace("\x00", "").encode("utf-8", "replace").decode()
    return clean if len(clean) <= chars else clean[: chars - 1] + "…"
