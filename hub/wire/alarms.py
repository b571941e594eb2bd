"""What connectors tell the hub. Connectors keep no truth: they say what they saw, the hub decides what it means.

An item of `POST /api/alarms` is one of three, told apart by its members:

* an **observation** of one alarm: `source`, `key`, `active` and whatever else the source knows;
* a **snapshot**: `source` and `snapshot {scope, active: [observation…]}`: of this scope exactly these are active;
* a **reject**: `source` and `reject {code, detail, topic, payload}`: a payload nobody could read, for the quarantine.

The hub reads observations leniently: a wrong field becomes a defect, never a lost alarm. These structs are the
well-formed shapes a connector writes.
"""

from typing import Any

import msgspec

from hub.wire.cards import Quality
from hub.wire.views import Text


class Observation(msgspec.Struct, omit_defaults=True):
    """One alarm as the source sees it now.

    `key` is stable for the condition and unique in its source. `active` null = the source does not say.
    `source_at` is RFC 3339 with an offset. `event_id` only if the source made it, never a hash of the payload.
    `severity` is a word (critical, high, medium, low, diagnostic) or 1-1000; `native_severity` stays as it came.
    """

    source: str
    key: str
    active: bool | None = None
    acked: bool | None = None
    event_id: str | None = None
    source_at: str | None = None
    scope: str | None = None
    site: str | None = None
    area: str | None = None
    line: str | None = None
    machine: str | None = None
    station: str | None = None
    code: str | None = None
    text: str | Text | None = None
    category: str | None = None
    condition: str | None = None
    severity: str | int | None = None
    native_severity: str | int | float | None = None
    value: float | int | str | bool | None = None
    limit: float | int | str | bool | None = None
    unit: str | None = None
    tag: str | None = None
    quality: Quality | None = None
    latched: bool | None = None
    retained: bool | None = None
    mapping: str | None = None
    defects: list[str] | None = None
    raw: Any = None


class SnapshotBody(msgspec.Struct):
    """All active alarms of a scope; what is not listed has returned. An empty list clears the scope."""

    scope: str
    active: list[Observation]


class SnapshotItem(msgspec.Struct):
    """A snapshot of one source's scope (code registers, bit words, alarm arrays)."""

    source: str
    snapshot: SnapshotBody


class RejectBody(msgspec.Struct, omit_defaults=True):
    """Why a payload could not be used, and the payload (UTF-8 with replacement, cut at 16 KiB)."""

    code: str
    detail: str
    topic: str | None = None
    payload: str = ""


class RejectItem(msgspec.Struct):
    """A payload for the quarantine."""

    source: str
    reject: RejectBody


Item = Observation | SnapshotItem | RejectItem
