"""From the items of a request to observations, snapshots and refusals. Pure."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from hub.alarms.observation import SOURCE_CHARS, Seen, Unreadable, read
from hub.alarms.snapshots import REASON as SNAPSHOT
from hub.alarms.snapshots import Scope
from hub.alarms.world import Decision
from hub.base.text import shortened
from hub.people.policy import Actor, may_report_for
from hub.wire import limits
from hub.wire.cards import Outcome
from hub.wire.problems import CODES

DETAIL_CHARS: Final = 500
TOPIC_CHARS: Final = 512
QUARANTINED: Final = "quarantined"


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


class Intake(msgspec.Struct):
    """A request sorted into steps for the engine, each with the place of its item, and refusals."""

    size: int
    steps: list[tuple[int, Seen | Scope]] = msgspec.field(default_factory=list)
    refused: list[Refused] = msgspec.field(default_factory=list)

    @property
    def seen(self) -> list[Seen]:
        """All observations."""
        return [step for _, step in self.steps if isinstance(step, Seen)]

    @property
    def scopes(self) -> list[tuple[str, str]]:
        """(source, scope) of all snapshots."""
        return [(step.source, step.scope) for _, step in self.steps if isinstance(step, Scope)]

    @property
    def inbox_keys(self) -> list[tuple[str, str]]:
        """(source, inbox key) of observations that have one."""
        return [(seen.source, seen.inbox_key) for seen in self.seen if seen.inbox_key]

    def answers(self, decisions: Sequence[Decision]) -> list[Outcome]:
        """One outcome per item: of a snapshot the one of its first observation, `folded` when nothing changed."""
        answers = {index: Outcome(index, "folded") for index, _ in self.steps}
        for refused in self.refused:
            answers.setdefault(refused.index, Outcome(refused.index, QUARANTINED, code=refused.code))
        told: set[int] = set()
        for decision in decisions:
            place = decision.index
            if place not in told or decision.outcome == "opened":
                answers[place] = Outcome(place, decision.outcome, decision.room_id, decision.code)
            told.add(place)
        return [answers[index] for index in range(self.size)]


def take_in(actor: Actor, items: Sequence[dict[str, Any]], language: str) -> Intake:
    """Sort a request's items; a token may only speak for the sources it names."""
    intake = Intake(len(items))
    for index, item in enumerate(items):
        try:
            _sort(intake, actor, index, item, language)
        except Unreadable as error:
            intake.refused.append(_refusal(index, item, error.code, error.detail))
    _tell_twins_apart(intake)
    return intake


def _tell_twins_apart(intake: Intake) -> None:
    """Let raise, return, raise within one tick of a source's clock be three observations; again, they are the same."""
    seen_before: Counter[tuple[str, str]] = Counter()
    for place, (index, step) in enumerate(intake.steps):
        if isinstance(step, Seen) and step.inbox_key is not None and not step.identified:
            seen_before[step.source, step.inbox_key] += 1
            turn = seen_before[step.source, step.inbox_key]
            if turn > 1:
                intake.steps[place] = (index, msgspec.structs.replace(step, inbox_key=f"{step.inbox_key}#{turn}"))


def _sort(intake: Intake, actor: Actor, index: int, item: dict[str, Any], language: str) -> None:
    if not may_report_for(actor, item.get("source")):
        missing = not isinstance(item.get("source"), str)
        raise Unreadable("key_missing" if missing else "source_mismatch", "the token does not name this source")
    if "reject" in item:
        intake.refused.append(_given_refusal(index, item))
    elif SNAPSHOT in item:
        _sort_snapshot(intake, index, item, language)
    else:
        intake.steps.append((index, read(item, language)))


def _sort_snapshot(intake: Intake, index: int, item: dict[str, Any], language: str) -> None:
    given = item[SNAPSHOT]
    scope, active = (given.get("scope"), given.get("active")) if isinstance(given, dict) else (None, None)
    if not isinstance(scope, str) or not scope or shortened(scope, limits.ALARM_KEY_CHARS) != scope:
        raise Unreadable("key_missing", "a snapshot needs a scope")
    if not isinstance(active, list):
        raise Unreadable("key_missing", "a snapshot needs a list of what is active")
    kept = len(intake.refused)
    listed = []
    for raw in active:
        try:
            listed.append(_listed(raw, item["source"], scope, language))
        except Unreadable as error:
            intake.refused.append(_refusal(index, {"source": item["source"], "active": raw}, error.code, error.detail))
    intake.steps.extend((index, seen) for seen in listed)
    if len(intake.refused) == kept:  # what could not be read may still be active: then nothing has returned
        keys = frozenset(seen.alarm_key for seen in listed)
        intake.steps.append((index, Scope(shortened(item["source"], SOURCE_CHARS), scope, keys)))


def _listed(raw: Any, source: str, scope: str, language: str) -> Seen:
    if not isinstance(raw, dict):
        raise Unreadable("key_missing", "an active alarm of the snapshot is no object")
    return read({**raw, "source": source, "scope": scope, "active": raw.get("active", True)}, language)


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
