"""From the items of a request to observations, snapshots and refusals. Pure."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from hub.alarms.decide import Alarm, Decision
from hub.alarms.observation import SOURCE_CHARS, Seen, Unreadable, read
from hub.base.text import shortened
from hub.people.policy import Actor, may_report_for
from hub.wire import limits
from hub.wire.problems import CODES
from hub.wire.views import Outcome

DETAIL_CHARS: Final = 500
TOPIC_CHARS: Final = 512
QUARANTINED: Final = "quarantined"
SNAPSHOT: Final = "snapshot"


class Kept(msgspec.Struct, frozen=True):
    """A quarantine row."""

    source_id: str
    code: str
    detail: str
    topic: str | None
    payload: str


class Refused(msgspec.Struct, frozen=True):
    """An item for the quarantine, with its place in the request."""

    index: int
    kept: Kept

    @property
    def code(self) -> str:
        """Why."""
        return self.kept.code


class Scope(msgspec.Struct, frozen=True):
    """A snapshot: of this source's scope exactly `active` is active."""

    index: int
    source: str
    scope: str
    active: frozenset[str]


class Intake(msgspec.Struct):
    """A request sorted into observations (with the place of their item), snapshots and refusals."""

    size: int
    observations: list[tuple[int, Seen]] = msgspec.field(default_factory=list)
    snapshots: list[Scope] = msgspec.field(default_factory=list)
    refused: list[Refused] = msgspec.field(default_factory=list)

    @property
    def seen(self) -> list[Seen]:
        """All observations."""
        return [seen for _, seen in self.observations]

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """(source, scope) of all snapshots."""
        return [(snapshot.source, snapshot.scope) for snapshot in self.snapshots]

    @property
    def inbox_keys(self) -> list[tuple[str, str]]:
        """(source, inbox key) of observations that have one."""
        return [(seen.source, seen.inbox_key) for seen in self.seen if seen.inbox_key]

    def expanded(self, alarms: dict[str, Alarm]) -> list[tuple[int, Seen]]:
        """Observations in the order of the request, with a return for every active alarm a snapshot leaves out."""
        expanded = list(self.observations)
        for snapshot in self.snapshots:
            for alarm in alarms.values():
                if _missing(alarm, snapshot):
                    expanded.append((snapshot.index, _gone(alarm)))
        return sorted(expanded, key=lambda pair: pair[0])

    def answers(self, places: Sequence[int], decisions: Sequence[Decision]) -> list[Outcome]:
        """One outcome per item: of a snapshot the one of its first observation, `folded` when nothing changed."""
        answers = {snapshot.index: Outcome(snapshot.index, "folded") for snapshot in self.snapshots}
        answers |= {refused.index: Outcome(refused.index, QUARANTINED, code=refused.code) for refused in self.refused}
        told: set[int] = set()
        for place, decision in zip(places, decisions, strict=True):
            if place not in told or decision.outcome == "opened":
                answers[place] = Outcome(place, decision.outcome, decision.room_id, decision.code)
            told.add(place)
        return [answers[index] for index in range(self.size)]


def _missing(alarm: Alarm, snapshot: Scope) -> bool:
    active = alarm.occurrence is not None and alarm.occurrence.active
    mine = alarm.source == snapshot.source and alarm.scope == snapshot.scope
    return active and mine and alarm.alarm_key not in snapshot.active


def _gone(alarm: Alarm) -> Seen:
    """A return that a snapshot implies."""
    assert alarm.occurrence is not None
    card = alarm.occurrence.card
    given = {"source": card.source, "key": card.key, "active": False, "scope": alarm.scope, "reason": SNAPSHOT}
    place = {"site": card.site, "line": card.line, "machine": card.machine, "category": card.category}
    return read(given | place | {"severity": card.severity}, "en")


def take_in(actor: Actor, items: Sequence[dict[str, Any]], language: str) -> Intake:
    """Sort a request's items; a token may only speak for the sources it names."""
    intake = Intake(len(items))
    for index, item in enumerate(items):
        try:
            _sort(intake, actor, index, item, language)
        except Unreadable as error:
            intake.refused.append(_refusal(index, item, error.code, error.detail))
    return intake


def _sort(intake: Intake, actor: Actor, index: int, item: dict[str, Any], language: str) -> None:
    if not may_report_for(actor, item.get("source")):
        missing = not isinstance(item.get("source"), str)
        raise Unreadable("key_missing" if missing else "source_mismatch", "the token does not name this source")
    if "reject" in item:
        intake.refused.append(_given_refusal(index, item))
    elif SNAPSHOT in item:
        _sort_snapshot(intake, index, item, language)
    else:
        intake.observations.append((index, read(item, language)))


def _sort_snapshot(intake: Intake, index: int, item: dict[str, Any], language: str) -> None:
    given = item[SNAPSHOT]
    scope, active = (given.get("scope"), given.get("active")) if isinstance(given, dict) else (None, None)
    if not isinstance(scope, str) or not scope or shortened(scope, limits.ALARM_KEY_CHARS) != scope:
        raise Unreadable("key_missing", "a snapshot needs a scope")
    if not isinstance(active, list):
        raise Unreadable("key_missing", "a snapshot needs a list of what is active")
    listed = []
    for raw in active:
        if not isinstance(raw, dict):
            raise Unreadable("key_missing", "an active alarm of the snapshot is no object")
        listed.append(
            read({**raw, "source": item["source"], "scope": scope, "active": raw.get("active", True)}, language)
        )
    intake.observations.extend((index, seen) for seen in listed)
    keys = frozenset(seen.alarm_key for seen in listed)
    intake.snapshots.append(Scope(index, shortened(item["source"], SOURCE_CHARS), scope, keys))


def _given_refusal(index: int, item: dict[str, Any]) -> Refused:
    given = item["reject"] if isinstance(item["reject"], dict) else {}
    code = given.get("code")
    known = isinstance(code, str) and code in CODES
    topic = given.get("topic")
    kept = Kept(
        shortened(item["source"], SOURCE_CHARS),
        str(code) if known else "decode",
        shortened(str(given.get("detail", "")), DETAIL_CHARS),
        shortened(topic, TOPIC_CHARS) if isinstance(topic, str) else None,
        shortened(str(given.get("payload", "")), limits.RAW_BYTES),
    )
    return Refused(index, kept)


def _refusal(index: int, item: dict[str, Any], code: str, detail: str) -> Refused:
    payload = shortened(msgspec.json.encode(item).decode("utf-8", "replace"), limits.RAW_BYTES)
    source = item.get("source")
    name = shortened(source, SOURCE_CHARS) if isinstance(source, str) else ""
    return Refused(index, Kept(name, code, detail, None, payload))
