"""Which template a room gets: the most specific, and always one and the same."""

from random import Random
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.people.policy import Actor
from hub.rooms.templates import policy
from hub.rooms.templates.policy import Candidate, Kept, Opening
from hub.wire.shifts import OnShift
from hub.wire.templates import AlarmFacts, ItemCondition, MemberRule, RoomTemplate, TemplateMatch
from hub.wire.views import HubRole, Person

FACTS = AlarmFacts("F1", "SMT", "SMT-2", "RO-03", "safety", "critical", "F17", "high", {"en": "Too hot"})
NIGHT = Opening(FACTS, frozenset({"night"}))


def kept(name: str, priority: int = 0, **match: list[str]) -> Kept:
    return Kept(uuid4(), 1, RoomTemplate(name, priority=priority, match=TemplateMatch(**match)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (kept("z", machines=["RO-03"]), kept("a", lines=["SMT-2"], codes=["F17"], priority=9)),
        (kept("z", lines=["SMT-2"]), kept("a", areas=["SMT"], priority=9)),
        (kept("z", areas=["SMT"]), kept("a", sites=["F1"], priority=9)),
        (kept("z", sites=["F1"]), kept("a", codes=["F17"], priority=9)),
        (kept("z", codes=["F17"]), kept("a", conditions=["high"], priority=9)),
        (kept("z", codes=["F*"]), kept("a", categories=["safety"], priority=9)),
        (kept("z", conditions=["high"]), kept("a", categories=["safety"], priority=9)),
        (kept("z", categories=["safety"]), kept("a", severities=["critical"], priority=9)),
        (kept("z", severities=["critical"], shifts=["night"]), kept("a", severities=["critical"], priority=9)),
        (kept("z", severities=["critical"]), kept("a", priority=9)),
        (kept("z", lines=["SMT-2"], priority=1), kept("a", lines=["SMT-2", "SMT-1"])),
        (kept("a", lines=["SMT-2"]), kept("z", lines=["SMT-2"])),
        (kept("a"), kept("b", machines=["RO-04"])),
        (kept("a"), kept("b", codes=["G*", "F1"])),
        (kept("a"), kept("b", shifts=["day"])),
        (kept("a"), kept("b", lines=["SMT-2"], categories=["quality"])),
    ],
)
def test_the_more_specific_one_wins(one: Kept, other: Kept) -> None:
    assert policy.winner([one, other], NIGHT) == policy.winner([other, one], NIGHT) == one


def test_one_that_is_off_never_wins_and_none_may_match() -> None:
    off = Kept(uuid4(), 1, RoomTemplate("off", enabled=False))
    assert policy.winner([off, kept("b", lines=["SMT-9"])], NIGHT) is None
    unknown = Opening(AlarmFacts(), frozenset())
    assert policy.winner([kept("b", codes=["*"]), kept("c", lines=["SMT-2"])], unknown) is None


def test_it_says_why() -> None:
    match = TemplateMatch(lines=["SMT-1", "SMT-2"], categories=["safety"], shifts=["day"])
    told = [(holds, reason.code, reason.params) for holds, reason in policy.judged(match, NIGHT)]
    assert told == [
        (True, "line", {"value": "SMT-2", "wanted": "SMT-1, SMT-2"}),
        (True, "category", {"value": "safety", "wanted": "safety"}),
        (False, "shift", {"value": "night", "wanted": "day"}),
    ]


def some(words: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), max_size=2, unique=True)


MATCHES = st.builds(
    TemplateMatch,
    sites=some(["F1", "F2"]),
    lines=some(["SMT-1", "SMT-2"]),
    machines=some(["RO-03", "RO-04"]),
    codes=some(["F17", "F*", "G1"]),
    categories=some(["safety", "quality"]),
    severities=some(["critical", "low"]),
    shifts=some(["day", "night"]),
)
KEPT = st.builds(
    Kept,
    st.uuids(),
    st.just(1),
    st.builds(
        RoomTemplate,
        st.sampled_from("abc"),
        enabled=st.booleans(),
        priority=st.integers(-1, 1),
        match=MATCHES,
    ),
)
BOOKS = st.lists(KEPT, max_size=12, unique_by=lambda it: it.id)


@given(BOOKS, st.randoms(use_true_random=False))
def test_there_is_one_winner_whatever_the_order(book: list[Kept], chance: Random) -> None:
    found = policy.winner(book, NIGHT)
    fitting = [it for it in book if it.template.enabled and policy.matches(it.template.match, NIGHT)]
    assert (found is None) == (not fitting)
    assert all(policy.rank(it.template) <= policy.rank(found.template) for it in fitting if found is not None)
    shuffled = chance.sample(book, len(book))
    assert policy.winner(shuffled, NIGHT) == found
    assert policy.considered(shuffled) == policy.considered(book)


@given(MATCHES)
def test_what_is_decided_is_what_is_explained(match: TemplateMatch) -> None:
    assert policy.matches(match, NIGHT) == all(holds for holds, _ in policy.judged(match, NIGHT))


@pytest.mark.parametrize(
    ("when", "wanted"),
    [
        (ItemCondition(), True),
        (ItemCondition(severities=["critical", "high"]), True),
        (ItemCondition(severities=["low"]), False),
        (ItemCondition(categories=["safety"], codes=["F1*"]), True),
        (ItemCondition(categories=["safety"], codes=["F2*"]), False),
        (ItemCondition(shifts=["night"]), True),
        (ItemCondition(shifts=["day"]), False),
    ],
)
def test_an_item_is_wanted_when_all_its_conditions_hold(when: ItemCondition, wanted: bool) -> None:
    assert policy.matches(when, NIGHT) is wanted


def person(name: str) -> Person:
    return Person(UUID(int=sum(map(ord, name))), name, "person")


LIN = Candidate(person("lin"), "lead", frozenset({"SMT-2"}), {"maint": True})
WANG = Candidate(person("wang"), "responder", None, {"maint": False, "qa": False})
CHEN = Candidate(person("chen"), "responder", frozenset({"SMT-9"}), {})
MAINT = uuid4()


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([MemberRule("team", team="maint")], {"lin": "responder", "wang": "responder"}),
        ([MemberRule("team", team="maint", only_leads=True, room_role="lead")], {"lin": "lead"}),
        ([MemberRule("role", role="responder")], {"wang": "responder"}),  # chen looks after another line
        ([MemberRule("on_shift")], {"chen": "responder", "wang": "responder"}),
        ([MemberRule("on_shift", team="maint", room_role="viewer")], {"wang": "viewer"}),
        ([MemberRule("on_shift", only_leads=True)], {"chen": "responder"}),
        ([MemberRule("team", team="nobody")], {}),
        (
            [MemberRule("team", team="qa", room_role="viewer"), MemberRule("role", role="responder", room_role="lead")],
            {"wang": "lead"},
        ),
    ],
)
def test_who_is_put_in(rules: list[MemberRule], expected: dict[str, str]) -> None:
    working = [
        OnShift(CHEN.person, uuid4(), True, "night", "QA", {}, None),  # type: ignore[arg-type]
        OnShift(WANG.person, MAINT, False, "night", "Maintenance", {}, None),  # type: ignore[arg-type]
    ]
    template = RoomTemplate("t", members=rules)
    found = policy.chosen(template, "SMT-2", [LIN, WANG, CHEN], working, {MAINT: "maint"})
    assert {it.person.name: it.role for it in found} == expected
    assert all(it.why for it in found)


@pytest.mark.parametrize(
    ("role", "lines", "match", "may"),
    [
        ("admin", None, [], True),
        ("lead", None, [], True),
        ("lead", ("SMT-1",), ["SMT-1"], True),
        ("lead", ("SMT-1",), ["SMT-1", "SMT-2"], False),
        ("lead", ("SMT-1",), [], False),
        ("responder", None, ["SMT-1"], False),
    ],
)
def test_leads_change_templates_of_their_lines(
    role: HubRole, lines: tuple[str, ...] | None, match: list[str], may: bool
) -> None:
    actor = Actor(uuid4(), "x", "person", role, lines=lines)
    template = RoomTemplate("t", match=TemplateMatch(lines=match))
    assert policy.may_change(actor, template) is may
    of_theirs = RoomTemplate("t", match=TemplateMatch(lines=list(lines or ())))
    assert policy.may_change(actor, of_theirs, template) is may  # neither before nor after
