"""Snapshots: of a source's scope exactly the listed alarms are active. Pure."""

from collections.abc import Iterable

import msgspec

from hub.alarms.observation import Seen, read
from hub.alarms.world import Alarm

REASON = "snapshot"


class Scope(msgspec.Struct, frozen=True):
    """What a snapshot says of its scope, after its own observations: only `active` (alarm keys) is active."""

    source: str
    scope: str
    active: frozenset[str]


def gone(alarms: Iterable[Alarm], said: Scope) -> list[Seen]:
    """A return for every alarm of the scope that is active now and not listed."""
    return [_return_of(alarm) for alarm in list(alarms) if _missing(alarm, said)]


def _missing(alarm: Alarm, said: Scope) -> bool:
    active = alarm.occurrence is not None and alarm.occurrence.active
    mine = alarm.source == said.source and alarm.scope == said.scope
    return active and mine and alarm.alarm_key not in said.active


def _return_of(alarm: Alarm) -> Seen:
    assert alarm.occurrence is not None
    card = alarm.occurrence.card
    given = {"source": card.source, "key": card.key, "active": False, "scope": alarm.scope, "reason": REASON}
    place = {"site": card.site, "line": card.line, "machine": card.machine, "category": card.category}
    return read(given | place | {"severity": card.severity}, "en")
