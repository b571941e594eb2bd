"""Tokens of a text and of a query: one function makes both, so what is asked for is what is stored. Pure.

A folded text is a row of runs. Of Chinese (and other scripts without spaces) the characters and the pairs of
neighbours are stored. Of Latin words and codes, with the joints inside them (`alm-1042`, `foo.png`, `qwen3.6`), every
three neighbours are stored, and each part that is shorter than three. So everything is found by any three characters
of it, and `ok`, `5` or `z5` as whole words.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from hub.base.fold import CJK, fold

WORD: Final = rf"[^\W_{CJK}]"
JOINT: Final = r"[-_./+#@%&']"
RUN: Final = re.compile(rf"[{CJK}]+|{WORD}+(?:{JOINT}+{WORD}+)*")
PART: Final = re.compile(rf"{WORD}+")
IS_CJK: Final = re.compile(rf"[{CJK}]")
IS_CODE: Final = re.compile(rf"(?=.*\d)(?=.*[^\W\d_]){WORD}+(?:[-_./]{WORD}+)*")
GRAM: Final = 3
CODE_CHARS: Final = 64
FACET_CHARS: Final = 300


def of_text(text: str) -> set[str]:
    """Everything a text can be found by."""
    found: set[str] = set()
    for run in RUN.findall(fold(text)):
        if IS_CJK.match(run):
            found.update(run)
            found.update(grams(run, 2))
        else:
            found.update(grams(run, GRAM))
            found.update(part for part in PART.findall(run) if len(part) < GRAM)
    return found


def of_words(folded: str) -> Iterator[str]:
    """What a text that holds these words must have been stored with: the most telling tokens, in their order."""
    for run in RUN.findall(folded):
        if IS_CJK.match(run):
            yield from grams(run, 2) if len(run) > 1 else [run]
        elif len(run) < GRAM:
            yield run
        else:
            yield from grams(run, GRAM)


def grams(run: str, size: int) -> list[str]:
    """Neighbours, `size` at a time."""
    return [run[place : place + size] for place in range(len(run) - size + 1)]


def codes(text: str) -> set[str]:
    """Words that read like codes: letters and digits in one, as in `ALM-1042` or `RO-03`."""
    runs = (run for run in RUN.findall(fold(text)) if len(run) <= CODE_CHARS)
    return {run for run in runs if IS_CODE.fullmatch(run)}


def facet(name: str, value: object = "") -> str:
    """A token that tells what a message is: `room:…`, `user:…`, `machine:ro-03`. No word holds a colon."""
    return f"{name}:{fold(str(value)).strip()[:FACET_CHARS]}"


def facets(name: str, values: Iterable[object]) -> set[str]:
    """Facets of one name; what is empty has none."""
    return {facet(name, value) for value in values if value not in (None, "")}
