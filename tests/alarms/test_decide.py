"""What becomes of an observation: every cell of the table in `hub.alarms.decide`."""

from datetime import timedelta
from typing import Any

import pytest

from hub.alarms.policy import QUIET_GAP, REOPEN_WINDOW
from hub.wire.cards import Isa
from tests.alarms.plant import START, Line

A_MOMENT = timedelta(seconds=1)


def never_seen(line: Line) -> None:
    pass


def active(line: Line) -> None:
    line.see()


def returned(line: Line) -> None:
    line.see()
    line.see(active=False)


def returned_long_ago(line: Line) -> None:
    returned(line)
    line.world.now += REOPEN_WINDOW + A_MOMENT


def returned_and_closed(line: Line) -> None:
    returned(line)
    [room] = line.world.rooms.values()
    room.status, room.accepting = "closed", False
    line.world.accepting.clear()


SAYS: dict[str, dict[str, Any]] = {
    "raise": {"value": 2},
    "the_same_raise": {},
    "return": {"active": False},
    "nothing": {"active": None, "value": 2},
    "nothing_new": {"active": None},
}
TABLE = [
    (never_seen, "raise", "opened", None),
    (never_seen, "return", "logged", "orphan_clear"),
    (never_seen, "nothing", "logged", None),
    (active, "raise", "updated", None),
    (active, "the_same_raise", "folded", None),
    (active, "return", "updated", None),
    (active, "nothing", "updated", None),
    (active, "nothing_new", "folded", None),
    (returned, "raise", "updated", None),
    (returned, "return", "folded", None),
    (returned, "nothing", "folded", None),
    (returned_long_ago, "raise", "joined", None),
    (returned_long_ago, "return", "folded", None),
    (returned_long_ago, "nothing", "folded", None),
    (returned_and_closed, "raise", "opened", None),
    (returned_and_closed, "return", "folded", None),
]


@pytest.mark.parametrize(
    ("before", "says", "outcome", "code"), TABLE, ids=[f"{row[0].__name__}-{row[1]}" for row in TABLE]
)
def test_every_cell_of_the_table(before: Any, says: str, outcome: str, code: str | None) -> None:
    line = Line()
    before(line)
    decision = line.see(**SAYS[says])
    assert (decision.outcome, decision.code) == (outcome, code)


def test_a_raise_opens_a_room_with_one_message() -> None:
    line = Line()
    decision = line.see()
    [post] = line.world.posts
    [room] = line.world.rooms.values()
    assert (post.first, post.active_alarms, post.room_id) == (True, 1, decision.room_id)
    assert (room.severity, room.accepting, room.active_alarms) == ("high", True, 1)


def test_the_same_again_changes_the_card_in_place_and_posts_nothing_new() -> None:
    line = Line()
    first = line.see()
    again = line.see(value=81.5)
    [post] = line.world.posts
    assert (post.first, post.card.value, post.active_alarms) == (False, 81.5, 1)
    assert again.occurrence_id == first.occurrence_id


@pytest.mark.parametrize(("late", "same"), [(-A_MOMENT, True), (timedelta(), True), (A_MOMENT, False)])
def test_a_raise_soon_after_the_return_is_the_same_occurrence(late: timedelta, same: bool) -> None:
    line = Line()
    first = line.see()
    line.see(active=False)
    line.world.now += REOPEN_WINDOW + late
    again = line.see()
    assert (again.occurrence_id == first.occurrence_id) is same
    assert line.world.posts[0].card.count == (2 if same else 1)
    assert line.world.posts[0].active_alarms == 1


def test_the_room_of_a_return_counts_one_less() -> None:
    line = Line()
    line.see()
    line.see(key="K2")
    line.see(active=False)
    assert line.world.posts[0].active_alarms == 1
    assert line.world.posts[0].card.times.returned_at == START


@pytest.mark.parametrize(("early", "outcome"), [(A_MOMENT, "joined"), (timedelta(), "opened")])
def test_an_incident_ends_with_its_quiet_gap(early: timedelta, outcome: str) -> None:
    line = Line()
    line.see()
    line.world.now += QUIET_GAP - early
    assert line.outcome(key="K2") == outcome
    assert len(line.world.ended_groups) == (outcome == "opened")
    assert len([room for room in line.world.rooms.values() if room.accepting]) == 1


@pytest.mark.parametrize("severity", ["low", "diagnostic"])
def test_low_never_opens_a_room_alone_but_joins_one(severity: str) -> None:
    line = Line()
    assert line.outcome(severity=severity) == "logged"
    assert line.world.rooms == {}
    assert line.outcome(key="K2", severity="medium") == "opened"
    assert line.outcome(key="K3", severity=severity) == "joined"


@pytest.mark.parametrize("category", ["safety", "quality"])
def test_safety_and_quality_have_rooms_of_their_own(category: str) -> None:
    line = Line()
    line.see()
    assert line.outcome(key="K2", category="process") == "joined"
    assert line.outcome(key="K3", category=category) == "opened"
    assert line.outcome(key="K4", category=category) == "joined"


@pytest.mark.parametrize("elsewhere", [{"machine": "M2"}, {"line": "L2"}, {"site": "S2"}])
def test_another_machine_has_another_room(elsewhere: dict[str, str]) -> None:
    line = Line()
    line.see()
    assert line.outcome(key="K2", **elsewhere) == "opened"


def test_a_worse_alarm_makes_the_room_worse_and_a_milder_one_nothing() -> None:
    line = Line()
    line.see(severity="medium")
    line.see(key="K2", severity="critical")
    line.see(key="K3", severity="low")
    assert [room.severity for room in line.world.rooms.values()] == ["critical"]


def test_the_same_event_twice_is_a_duplicate_and_changes_nothing() -> None:
    line = Line()
    first = line.see(event_id="e-1", active=True)
    line.see(active=False, event_id="e-2")
    again = line.see(event_id="e-1", active=True)
    assert (again.outcome, again.room_id) == ("duplicate", first.room_id)
    assert line.world.posts == []


def test_an_older_time_is_late_and_changes_nothing() -> None:
    line = Line()
    line.see(source_at="2026-03-02T08:00:10Z")
    assert line.outcome(source_at="2026-03-02T08:00:09Z", active=False) == "late"
    assert line.world.posts == []
    assert line.world.alarms["plc:K1"].occurrence is not None
    assert line.world.alarms["plc:K1"].occurrence.active


def test_bad_quality_never_clears() -> None:
    line = Line()
    line.see()
    assert line.outcome(active=False, quality="bad") == "updated"
    assert line.world.posts[0].card.state.active
    assert line.world.posts[0].active_alarms == 1


@pytest.mark.parametrize(
    ("states", "isa"),
    [
        ([{"acked": False}], "UNACK"),
        ([{"acked": True}], "ACKED"),
        ([{"acked": False}, {"active": False}], "RTNUN"),
        ([{"acked": True}, {"active": False}], "NORM"),
        ([{}, {"active": False}], "NORM"),
        ([{"acked": False}, {"active": False, "latched": True}], "LTUNK"),
    ],
)
def test_the_card_tells_the_state_as_isa_182_names_it(states: list[dict[str, Any]], isa: Isa) -> None:
    line = Line()
    for state in states:
        line.see(**state)
    assert line.world.posts[-1].card.isa == isa


def test_a_return_without_words_leaves_the_card_as_it_was() -> None:
    line = Line()
    line.see(text="Zone 5 over-temperature", value=251, limit=240, unit="°C", code="E512")
    line.see(active=False, severity=None)
    card = line.world.posts[0].card
    assert (card.text, card.value, card.unit, card.code) == ({"en": "Zone 5 over-temperature"}, 251, "°C", "E512")
    assert card.severity == "high"


def _end_rooms(line: Line) -> None:
    for room in line.world.rooms.values():
        room.status, room.accepting = "closed", False
    line.world.accepting.clear()


def test_a_new_event_of_an_alarm_whose_room_was_closed_opens_another() -> None:
    """Also from sources that never report a return; the old occurrence ends with its room."""
    line = Line()
    first = line.see(event_id="e1")
    _end_rooms(line)
    second = line.see(event_id="e2")
    assert second.outcome == "opened"
    assert second.room_id != first.room_id
    old = line.world.occurrences[first.occurrence_id] if first.occurrence_id else None
    assert old is not None
    assert (old.active, old.card.reason) == (False, "room_ended")
    assert list(line.world.occurrences)[-2:] == [first.occurrence_id, second.occurrence_id]


def test_a_level_reported_in_cycles_does_not_reopen_what_a_person_closed() -> None:
    line = Line()
    line.see()
    _end_rooms(line)
    for _ in range(5):
        line.wait(minutes=1)
        assert line.outcome() == "folded"
    line.wait(minutes=16)
    assert line.outcome() == "opened"


def test_a_return_and_a_raise_in_one_request_after_the_room_ended() -> None:
    """Both occurrences are written, the old one first."""
    line = Line()
    line.see()
    _end_rooms(line)
    line.world.occurrences.clear()
    assert [line.outcome(active=False), line.outcome()] == ["updated", "opened"]
    assert [occurrence.active for occurrence in line.world.occurrences.values()] == [False, True]


def test_a_logged_alarm_that_gets_worse_opens_a_room() -> None:
    line = Line()
    assert line.outcome(severity="low") == "logged"
    worse = line.see(severity="critical")
    assert worse.outcome == "opened"
    assert [post.first for post in line.world.posts] == [True]
    assert line.world.rooms[worse.room_id].active_alarms == 1 if worse.room_id else False


def test_a_logged_alarm_joins_the_room_that_has_opened_meanwhile() -> None:
    line = Line()
    assert line.outcome(severity="low") == "logged"
    assert line.outcome(key="K2") == "opened"
    assert line.outcome(severity="low") == "joined"


def test_a_clock_that_runs_ahead_silences_nothing() -> None:
    line = Line()
    decision = line.see(source_at="2099-01-01T00:00:00Z")
    assert (decision.outcome, decision.code) == ("opened", "clock_skewed")
    card = line.world.posts[0].card
    assert card.times.raised_at == START
    assert line.outcome(active=False) == "updated"
    assert line.outcome(active=False, source_at="2026-03-02T08:00:30Z") == "folded"


def test_a_state_nobody_can_read_still_opens_a_room() -> None:
    decision = Line().see(active="weird")
    assert (decision.outcome, decision.code) == ("opened", "field_invalid")
