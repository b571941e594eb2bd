"""Which fields of the closing form a room asks for. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from hub.wire import limits
from hub.wire.room_admin import ClosingForm
from hub.wire.views import Severity

# The rule of the house; templates may ask for more.
REQUIRED: Final[dict[Severity, tuple[str, ...]]] = {
    "critical": ("cause", "countermeasures"),
    "high": ("cause", "countermeasures"),
}


def required(room: Row[Any], of_template: Sequence[str] = ()) -> list[str]:
    """Fields that must be filled in before it is closed: none after a short stop, unless it was critical.

    The template of the room may ask for more than the rule of the house.
    """
    if room.severity != "critical" and short_stop(room.first_raised_at or room.opened_at, room.restored_at):
        return []
    return list(dict.fromkeys([*REQUIRED.get(room.severity, ()), *of_template]))


def short_stop(raised: datetime, restored: datetime | None) -> bool:
    """Whether it was over within minutes: a short stop, in the terms of OEE."""
    return restored is not None and (restored - raised).total_seconds() <= limits.SHORT_STOP_SECONDS


def missing(form: ClosingForm, wanted: list[str]) -> list[str]:
    """Required fields that say nothing."""
    return [name for name in wanted if not str(getattr(form, name) or "").strip() and getattr(form, name) != 0]


def proposed_minutes(raised: datetime, restored: datetime | None) -> int | None:
    """Minutes between the first raise and the repair, begun ones counted; None before it."""
    if restored is None:
        return None
    return max(0, min(limits.LOST_MINUTES, -int(-(restored - raised).total_seconds() // 60)))


def filled(form: ClosingForm) -> list[str]:
    """Fields that say something."""
    names = list(form.__struct_fields__)
    return [name for name in names if name not in missing(form, names)]
