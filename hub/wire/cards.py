"""The card of an occurrence (`incident_data/1`), and what became of observations."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from hub.wire.views import Category, Severity, Text

Isa = Literal["NORM", "UNACK", "ACKED", "RTNUN", "LTUNK", "LTACK", "SHLVD", "DSUPR", "OOSRV"]
Quality = Literal["good", "uncertain", "bad", "stale"]


class Times(msgspec.Struct):
    """The clocks of one occurrence (industrial record `incident_data/1`)."""

    received_at: datetime
    raised_at: datetime
    source_at: datetime | None = None
    returned_at: datetime | None = None
    acked_at: datetime | None = None


class OccurrenceState(msgspec.Struct):
    """What the machine says; null = the source does not say."""

    active: bool | None
    acked: bool | None
    latched: bool | None = None
    stale: bool = False


class IncidentData(msgspec.Struct):
    """The card of one occurrence (raise → return), `incident_data/1`. Stands in the message's `metadata`."""

    occurrence_id: UUID
    alarm_key: str
    source: str
    key: str
    text: Text
    severity: Severity
    state: OccurrenceState
    isa: Isa
    times: Times
    count: int
    schema: str = "incident_data/1"
    native_severity: str | int | float | None = None
    category: Category = "machine"
    site: str | None = None
    line: str | None = None
    machine: str | None = None
    station: str | None = None
    code: str | None = None
    condition: str | None = None
    value: float | int | str | bool | None = None
    limit: float | int | str | bool | None = None
    unit: str | None = None
    quality: Quality = "good"
    reason: str | None = None
    defects: list[str] = []
    raw: Any = None


class Outcome(msgspec.Struct, omit_defaults=True):
    """What became of one observation; `code` tells why it was quarantined, or its first defect."""

    index: int
    outcome: str
    room_id: UUID | None = None
    code: str | None = None


class AlarmAnswer(msgspec.Struct):
    """One outcome for each observation, in order."""

    results: list[Outcome]


class QuarantineRow(msgspec.Struct):
    """A payload that could not be understood, kept as it came."""

    id: int
    source: str
    at: datetime
    code: str
    detail: str
    topic: str | None
    payload: str


class QuarantinePage(msgspec.Struct):
    """Newest first; `next` goes on."""

    items: list[QuarantineRow]
    next: int | None
