"""From a request to observations, snapshots and the quarantine."""

from typing import Any
from uuid import UUID, uuid4

from hub.alarms.decide import decide
from hub.alarms.intake import Intake, take_in
from hub.alarms.world import Decision
from hub.people.policy import Actor
from tests.alarms.plant import Line

GATEWAY = Actor(uuid4(), "gateway", "machine", "responder", None, ("plc", "furnace"))


def take(*items: dict[str, Any]) -> Intake:
    return take_in(GATEWAY, items, "en")


def alarm(key: str, **facts: Any) -> dict[str, Any]:
    return {"source": "plc", "key": key, "active": True, "machine": "M1"} | facts


def snapshot(*keys: str, scope: str = "DB10") -> dict[str, Any]:
    active = [{"key": key, "machine": "M1"} for key in keys]
    return {"source": "plc", "snapshot": {"scope": scope, "active": active}}


class Hub:
    """Takes requests in one after the other, as the action does."""

    def __init__(self) -> None:
        self.world = Line().world

    def report(self, *items: dict[str, Any]) -> list[tuple[str, str | None]]:
        intake, before = take(*items), len(self.world.decisions)
        decide(self.world, intake.steps)
        decisions: list[Decision] = self.world.decisions[before:]
        answers = intake.answers(decisions)
        assert [answer.index for answer in answers] == list(range(len(items)))
        return [(answer.outcome, answer.code) for answer in answers]

    @property
    def active(self) -> set[str]:
        return {key for key, alarm in self.world.alarms.items() if alarm.occurrence and alarm.occurrence.active}


def test_what_a_snapshot_leaves_out_has_returned() -> None:
    hub = Hub()
    hub.report(snapshot("E1", "E2"))
    assert hub.active == {"plc:E1", "plc:E2"}
    assert hub.report(snapshot("E2")) == [("folded", None)]
    assert hub.active == {"plc:E2"}
    assert hub.report(snapshot()) == [("updated", None)]
    assert hub.active == set()
    card = hub.world.alarms["plc:E1"].occurrence
    assert card is not None
    assert card.card.reason == "snapshot"


def test_a_snapshot_speaks_of_its_scope_alone() -> None:
    hub = Hub()
    hub.report(snapshot("E1"), snapshot("E2", scope="DB11"), alarm("K1"), alarm("F1", source="furnace", scope="DB10"))
    hub.report(snapshot())
    assert hub.active == {"plc:E2", "plc:K1", "furnace:F1"}


def test_a_snapshot_that_opens_a_room_says_so() -> None:
    assert Hub().report(snapshot("E1", "E2")) == [("opened", None)]


def test_a_snapshot_with_one_unreadable_alarm_clears_nothing() -> None:
    hub = Hub()
    hub.report(snapshot("E1"))
    bad = {"source": "plc", "snapshot": {"scope": "DB10", "active": [{"text": "no key"}]}}
    assert hub.report(bad) == [("quarantined", "key_missing")]
    assert hub.active == {"plc:E1"}


def test_one_unreadable_alarm_of_a_snapshot_loses_no_other() -> None:
    """It goes to the quarantine; and as it may still be active, nothing counts as returned."""
    hub = Hub()
    hub.report(snapshot("E1"))
    half = {
        "source": "plc",
        "snapshot": {"scope": "DB10", "active": [{"text": "no key"}, {"key": "E2", "machine": "M1"}]},
    }
    assert hub.report(half) == [("joined", None)]
    assert hub.active == {"plc:E1", "plc:E2"}
    assert [row.code for row in take(half).refused] == ["key_missing"]


def test_two_snapshots_of_one_scope_in_a_request_are_applied_in_order() -> None:
    hub = Hub()
    assert hub.report(snapshot("E1"), snapshot()) == [("opened", None), ("updated", None)]
    assert hub.active == set()


def test_raise_return_raise_within_a_tick_of_the_source_clock() -> None:
    """Told apart by their turn in the request; the same request again changes nothing."""
    tick = {"source_at": "2026-03-02T07:59:00Z"}
    hub, storm = Hub(), (alarm("K1", **tick), alarm("K1", **tick, active=False), alarm("K1", **tick))
    assert [outcome for outcome, _ in hub.report(*storm)] == ["opened", "updated", "updated"]
    assert hub.active == {"plc:K1"}
    assert {outcome for outcome, _ in hub.report(*storm)} == {"duplicate"}
    assert hub.active == {"plc:K1"}


def test_a_token_speaks_only_for_its_sources() -> None:
    intake = take(alarm("K1"), alarm("K2", source="press"), {"source": "press", "reject": {"code": "decode"}})
    assert [seen.alarm_key for seen in intake.seen] == ["plc:K1"]
    assert [(row.index, row.code) for row in intake.refused] == [(1, "source_mismatch"), (2, "source_mismatch")]


def test_a_token_for_every_source_speaks_for_all() -> None:
    anyone = Actor(UUID(int=1), "gateway", "machine", "responder", None, ("*",))
    assert len(take_in(anyone, [alarm("K1", source="press")], "en").seen) == 1


def test_rejects_are_kept_as_they_came() -> None:
    reject = {"code": "mapping", "detail": "no field", "topic": "a/b", "payload": "{}"}
    [refused] = take({"source": "plc", "reject": reject}).refused
    kept = refused.kept
    assert (kept.source_id, kept.code, kept.detail, kept.topic, kept.payload) == (
        "plc",
        "mapping",
        "no field",
        "a/b",
        "{}",
    )


def test_a_bad_item_stays_alone() -> None:
    hub = Hub()
    answers = hub.report(alarm("K1"), {"source": "plc"}, {"reject": {}}, alarm("K2"))
    assert answers == [
        ("opened", None),
        ("quarantined", "key_missing"),
        ("quarantined", "key_missing"),
        ("joined", None),
    ]


def test_the_first_defect_is_told() -> None:
    assert Hub().report(alarm("K1", severity="urgent", value=float("nan"))) == [("opened", "severity_invalid")]
