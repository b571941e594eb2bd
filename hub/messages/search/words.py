"""A query as its reader means it: words that must all be there, each as written between its spaces or quotes. Pure."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from hub.base.fold import CJK, fold
from hub.messages.search.tokens import GRAM, IS_CJK, JOINT, PART, RUN, WORD, of_words
from hub.wire import limits
from hub.wire.problems import Problem

PHRASE: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
CHUNK: Final = re.compile(rf"(?:{WORD}|[{CJK}])+(?:{JOINT}+(?:{WORD}|[{CJK}])+)*")
IS_WORD: Final = re.compile(WORD)
TERMS: Final = 16  # each is looked for in every candidate
TOKENS: Final = 12  # more tell hardly more, and each is a list to walk through


class Words(msgspec.Struct, frozen=True):
    """What a query asks for: `terms` are folded pieces of text, all of which must be found."""

    terms: tuple[str, ...]
    tokens: tuple[str, ...]

    @property
    def found(self) -> "tuple[Term, ...]":
        """How each term is found in a folded text."""
        return tuple(map(term_of, self.terms))


class Term(msgspec.Struct, frozen=True):
    """A piece of text to find. At its edges, what is too short to be part of a word is a word of its own: `3號線` is
    not found in `13號線`, nor `ok` in `token`."""

    text: str
    begins_word: bool
    ends_word: bool

    def places(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a folded text, from left to right."""
        start = folded.find(self.text)
        while start >= 0:
            end = start + len(self.text)
            if self._fits(folded, start, end):
                yield start, end
            start = folded.find(self.text, start + 1)

    def _fits(self, folded: str, start: int, end: int) -> bool:
        if self.begins_word and start and IS_WORD.match(folded, start - 1):
            return False
        return not (self.ends_word and IS_WORD.match(folded, end))

    def stands_in(self, folded: str) -> bool:
        """Whether it stands in a folded text."""
        return next(self.places(folded), None) is not None


def read(query: str) -> Words:
    """Read what a person typed; `query_short` or `query_long` when nothing can be looked for.

    Quoted words must stand together; others anywhere. A word in which punctuation stands is looked for in pieces.
    """
    if len(query.encode()) > limits.QUERY_BYTES:
        raise Problem("query_long")
    terms: list[str] = []
    for quoted, plain in PHRASE.findall(_quotes(query)):
        terms += [_phrase(quoted)] if quoted else CHUNK.findall(fold(plain))
    kept = tuple(dict.fromkeys(term for term in terms if RUN.search(term)))
    if len(kept) > TERMS:
        raise Problem("query_long", f"More than {TERMS} words")
    found = "".join("".join(RUN.findall(term)) for term in kept)
    if len(found) < 2 and not IS_CJK.match(found):
        raise Problem("query_short")
    return Words(kept, tuple(_chosen([token for term in kept for token in of_words(term)])))


def _quotes(query: str) -> str:
    """Quotation marks of every kind as the one of a keyboard."""
    return re.sub("[\u201c\u201d\u201e\u300c\u300d\u300e\u300f\uff02]", '"', query)


def _phrase(quoted: str) -> str:
    """A phrase without the punctuation around it."""
    folded = fold(quoted)
    runs = list(RUN.finditer(folded))
    return folded[runs[0].start() : runs[-1].end()] if runs else ""


def _chosen(tokens: list[str]) -> list[str]:
    """At most `TOKENS` of them, spread over the whole query."""
    distinct = list(dict.fromkeys(tokens))
    if len(distinct) <= TOKENS:
        return distinct
    return [distinct[place * (len(distinct) - 1) // (TOKENS - 1)] for place in range(TOKENS)]


def term_of(text: str) -> Term:
    """A folded piece of a query as it is looked for."""
    runs = RUN.findall(text)
    return Term(text, _whole(runs[0]), _whole(runs[-1]))


def _whole(run: str) -> bool:
    return len(run) < GRAM and PART.fullmatch(run) is not None
