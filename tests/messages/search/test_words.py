"""Folding, tokens and queries: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.base.fold import VARIANTS, aligned, fold
from hub.messages.search import tokens, words
from hub.messages.search.snippets import holds, snippet
from hub.wire import limits
from hub.wire.problems import Problem

MIXED = st.text(
    st.one_of(
        st.sampled_from("溫度主軸臺台3號線 A-_.１ＡａＢㄅモﾓﾞ　\n\t，。㎏ﬁßİ가각\u1100\u1161é\u0301\u200b"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("臺灣", "台灣"),
        ("ＡＬＭ－１０４２", "alm-1042"),
        ("第 5 溫區", "第5溫區"),
        ("第\u30005\n溫區", "第5溫區"),
        ("ﾓｰﾀ", "モータ"),
        ("5 ℃", "5 °c"),
        ("Straße", "STRASSE"),
        ("a\u200bb", "ab"),
        ("a  \n b", "A B"),
        ("週期", "周期"),
    ],
)
def test_two_habits_of_writing_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_a_variant_is_folded_once() -> None:
    assert all(fold(fold(char)) == fold(char) == fold(other) for char, other in VARIANTS.items())


@given(MIXED)
def test_the_way_back_leads_to_the_same_text(text: str) -> None:
    folded = aligned(text)
    assert folded.text == fold(text)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(MIXED, st.integers(0, 40), st.integers(1, 12))
def test_whatever_stands_in_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    """What the recheck would accept, the tokens must have led to; and a hit can be shown."""
    piece = fold(text)[start : start + length]
    try:
        wanted = words.read(f'"{piece.replace(chr(34), " ")}"')
    except Problem:
        return
    if holds([text], wanted):  # else a short word was cut off a longer one
        assert set(wanted.tokens) <= tokens.of_text(text)
        assert any(part.hit for part in snippet([text], wanted))


@given(st.lists(MIXED, max_size=3).map(" ".join))
def test_any_query_is_read_or_refused(query: str) -> None:
    try:
        found = words.read(query)
    except Problem as problem:
        code = problem.code
    else:
        code = "read" if found.terms and 0 < len(found.tokens) <= words.TOKENS else "empty"
    assert code in {"read", "query_short", "query_long"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "query_short"),
        (" ", "query_short"),
        ("a", "query_short"),
        ("5", "query_short"),
        ("ａ", "query_short"),
        (":*&|!", "query_short"),
        ('"', "query_short"),
        ("👍", "query_short"),
        ("x" * (limits.QUERY_BYTES + 1), "query_long"),
        ("溫" * (limits.QUERY_BYTES // 3 + 1), "query_long"),
    ],
)
def test_what_cannot_be_looked_for(query: str, code: str) -> None:
    with pytest.raises(Problem, match=code):
        words.read(query)


@pytest.mark.parametrize("query", ["溫", "台", "ok", "5V", "a b", "第5", '"a b', "x" * limits.QUERY_BYTES])
def test_what_can(query: str) -> None:
    assert words.read(query).tokens


def test_what_a_text_is_stored_with() -> None:
    assert tokens.of_text("主軸 E-5012") == {"主", "軸", "主軸", "e", "e-5", "-50", "501", "012"}
    assert tokens.codes("主軸 E-5012 於 RO_03，OK 第5溫區 1042") == {"e-5012", "ro_03"}


def test_a_query_of_many_words_asks_for_some_from_all_over_it() -> None:
    wanted = words.read("每一個主軸過熱的警報都要先停機再請設備工程師到現場確認冷卻液壓力與刀具狀態")
    assert len(wanted.tokens) == words.TOKENS
    assert (wanted.tokens[0], wanted.tokens[-1]) == ("每一", "狀態")


def test_a_long_text_is_cut_around_its_first_hit() -> None:
    [before, left, hit, right, after] = snippet(["料" * 200 + "ALM-7" + "件" * 200], words.read("alm-7"))
    assert (before.text, len(left.text), hit.text, hit.hit, len(right.text), after.text) == (
        "…",
        30,
        "ALM-7",
        True,
        85,
        "…",
    )
