"""One form of writing for text and query: what looks different and means the same becomes the same. Pure.

Folded are width and compatibility forms (NFKC: `ＡＬＭ` is `alm`, `℃` is `°c`), case, the variants of Chinese
characters below, dashes and quotation marks. A space beside a Chinese character is dropped: `第 5 溫區` and `第5溫區`
are the same words in two habits of writing.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import msgspec

# Variants that people in Taiwan use for each other. Not a conversion between traditional and simplified Chinese.
VARIANTS: Final = {
    "臺": "台",
    "檯": "台",
    "颱": "台",
    "裏": "裡",
    "着": "著",
    "綫": "線",
    "溫": "温",
    "污": "汙",
    "爲": "為",
    "啓": "啟",
    "衆": "眾",
    "峯": "峰",
    "羣": "群",
    "鈎": "鉤",
    "牀": "床",
    "週": "周",
    "迴": "回",
    "佈": "布",
}
MARKS: Final = dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("‘’‛′", "'") | dict.fromkeys("“”„″「」『』", '"')
INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"))
TABLE: Final = str.maketrans(VARIANTS | MARKS) | INVISIBLE

# Han, kana, bopomofo and Hangul: scripts that are written without spaces between words, or searched by the syllable.
CJK: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u309a\u309d-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
SPACE_BESIDE_CJK: Final = re.compile(rf"(?<=[{CJK}])\s+|\s+(?=[{CJK}])")
SPACES: Final = re.compile(r"\s+")


def fold(text: str) -> str:
    """The one form of a text, for looking for one text in another."""
    if text.isascii():
        return SPACES.sub(" ", text.lower())
    return SPACES.sub(" ", SPACE_BESIDE_CJK.sub("", _characters(text)))


def _characters(text: str) -> str:
    """Fold each character; spaces stay."""
    if text.isascii():
        return text.lower()
    cased = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", cased).translate(TABLE)


@lru_cache(maxsize=10_000)
def _cluster(text: str) -> str:
    return _characters(text)


class Folded(msgspec.Struct, frozen=True):
    """A folded text that knows where each of its characters came from: `starts[i]` to `ends[i]` in the original."""

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Place in the original of a piece of the folded text that is not empty."""
        return self.starts[start], self.ends[end - 1]


def aligned(text: str) -> Folded:
    """`fold(text)` with the way back, for showing a hit in the words as they were written."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in _cluster(text[start:end]):
            chars.append(char)
            starts.append(start)
            ends.append(end)
    kept = _without_spaces("".join(chars))
    return Folded(
        "".join(" " if chars[place].isspace() else chars[place] for place in kept),
        [starts[place] for place in kept],
        [ends[place] for place in kept],
    )


def _without_spaces(folded: str) -> list[int]:
    """Places that stay when spaces beside Chinese go and others become one."""
    beside = {place for found in SPACE_BESIDE_CJK.finditer(folded) for place in range(*found.span())}
    more = {place for found in SPACES.finditer(folded) for place in range(found.start() + 1, found.end())}
    return [place for place in range(len(folded)) if place not in beside and place not in more]


def _clusters(text: str) -> list[tuple[int, int]]:
    """Characters with the marks that belong to them: what normalisation may join."""
    found: list[tuple[int, int]] = []
    for place, char in enumerate(text):
        if found and _joins(char):
            found[-1] = (found[-1][0], place + 1)
        else:
            found.append((place, place + 1))
    return found


def _joins(char: str) -> bool:
    """Combining marks, the voicing marks of narrow kana, and the later letters of a Hangul syllable."""
    return unicodedata.combining(char) != 0 or char in "\uff9e\uff9f" or "\u1160" <= char <= "\u11ff"
