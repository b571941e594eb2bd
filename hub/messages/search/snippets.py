"""The words around a hit, as they were written, with the hit marked. Pure."""

from collections.abc import Sequence
from typing import Final

from hub.base.fold import aligned, fold
from hub.messages.search.words import Words
from hub.wire.search import SearchPart

BEFORE: Final = 30  # characters in front of the first hit
LENGTH: Final = 120
MORE: Final = "…"


def holds(texts: Sequence[str], words: Words) -> bool:
    """Whether every term stands in one of the texts: tokens alone do not prove that they stand together."""
    folded = [fold(text) for text in texts]
    return all(any(term.stands_in(text) for text in folded) for term in words.found)


def snippet(texts: Sequence[str], words: Words) -> list[SearchPart]:
    """A piece of the text with the most terms, around its first hit."""
    best = max(texts, key=lambda text: _terms_in(text, words), default="") if len(texts) > 1 else "".join(texts)
    found = _places(best, words)
    if not found:
        return [SearchPart(best[:LENGTH])] if best else []
    start = max(0, found[0][0] - BEFORE)
    end = max(start + LENGTH, found[0][1])
    parts, place = [SearchPart(MORE)] if start else [], start
    for left, right in found:
        if left >= end:
            break
        parts += [SearchPart(best[place:left]), SearchPart(best[left:right], hit=True)]
        place = right
    parts += [SearchPart(best[place:end]), SearchPart(MORE if end < len(best) else "")]
    return [part for part in parts if part.text]


def _terms_in(text: str, words: Words) -> int:
    folded = fold(text)
    return sum(term.stands_in(folded) for term in words.found)


def _places(text: str, words: Words) -> list[tuple[int, int]]:
    """Where the terms stand in the original, in order; what overlaps or touches is one hit."""
    folded = aligned(text)
    spans = sorted(folded.original(*place) for term in words.found for place in term.places(folded.text))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
