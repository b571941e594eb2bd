"""Rules of the alarm engine, with their sources. Pure."""

from datetime import timedelta
from typing import Final, get_args

from hub.wire import limits
from hub.wire.cards import Isa, Quality
from hub.wire.views import Category, Severity

OUTCOMES: Final = ("opened", "joined", "updated", "folded", "suppressed", "shelved", "logged", "late", "duplicate")
CATEGORIES: Final = frozenset(get_args(Category))
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
QUALITIES: Final = frozenset(get_args(Quality))

# Lower bound of each word on the 1-1000 scale of OPC UA (Part 9; bands of the alarm list presets).
BANDS: Final[tuple[tuple[int, Severity], ...]] = ((900, "critical"), (700, "high"), (400, "medium"), (100, "low"))
UNKNOWN_SEVERITY: Final[Severity] = "high"  # fail safe: a severity nobody can read still opens a room

# A re-raise within this time of the return is the same occurrence (the knee of real alarm logs: 15 min).
REOPEN_WINDOW: Final = timedelta(seconds=limits.REOPEN_WINDOW_SECONDS)
# An incident goes on while less than this passes between its alarms (20 packaging machines: p90 of gaps 25 min).
QUIET_GAP: Final = timedelta(seconds=limits.QUIET_GAP_SECONDS)
# A source clock further ahead than this orders and dates nothing (plants accept two minutes of skew).
CLOCK_SKEW: Final = timedelta(seconds=limits.CLOCK_SKEW_SECONDS)
# Low and diagnostic alarms never open a room alone; they join one that is there.
OPENS_ROOM: Final = frozenset({"critical", "high", "medium"})
# Safety and quality never share a room with other categories.
OWN_ROOMS: Final = frozenset({"safety", "quality"})


def severity_word(number: int) -> Severity:
    """Word for a severity of 1-1000."""
    return next((word for floor, word in BANDS if number >= floor), "diagnostic")


def isa_state(active: bool | None, acked: bool | None, latched: bool | None) -> Isa:
    """ISA-18.2 state from what the source says. A source that knows no acknowledge leaves nothing to acknowledge."""
    if latched:
        return "LTACK" if acked else "LTUNK"
    if active:
        return "ACKED" if acked else "UNACK"
    return "RTNUN" if acked is False else "NORM"


def grouping_key(source: str, site: str | None, line: str | None, machine: str | None, category: str) -> str:
    """Which alarms belong to one incident: those of one machine (or line, or source) and category class."""
    place = "/".join(part.replace("/", "∕") if part else "-" for part in (site, line, machine))
    if not (line or machine):
        place = f"source/{source}"
    return f"{place}/{category if category in OWN_ROOMS else 'general'}"
