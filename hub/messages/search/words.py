"""A query as its reader means it: words that must all be there, each as written between its spaces or quotes. Pure."""

import re
from functools import lru_cache
from typing import Final

import msgspec

from hub.messages.search.fold import CJK, fold
from hub.messages.search.tokens import GRAM, IS_CJK, JOINT, PART, RUN, WORD, of_words
from hub.wire import limits
from hub.wire.problems import Problem

PHRASE: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')
CHUNK: Final = re.compile(rf"(?:{WORD}|[{CJK}])+(?:{JOINT}+(?:{WORD}|[{CJK}])+)*")
TOKENS: Final = 12  # more tell hardly more, and each is a list to walk through


class Words(msgspec.Struct, frozen=True):
    """What a query asks for: `terms` are folded pieces of text, all of which must be found."""

    terms: tuple[str, ...]
    tokens: tuple[str, ...]

    @property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """How each term is found in a folded text."""
        return _compiled(self.terms)


@lru_cache(maxsize=256)
def _compiled(terms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern(term)) for term in terms)


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


def pattern(term: str) -> str:
    """A term as a regular expression. At its edges, what is too short to be part of a word is a word of its own:
    `3號線` is not found in `13號線`, nor `ok` in `token`."""
    runs = list(RUN.finditer(term))
    before = rf"(?<!{WORD})" if _whole(runs[0].group()) else ""
    after = rf"(?!{WORD})" if _whole(runs[-1].group()) else ""
    return before + re.escape(term) + after


def _whole(run: str) -> bool:
    return len(run) < GRAM and PART.fullmatch(run) is not None
