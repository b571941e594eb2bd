"""docs/alarms.md says what the rules say."""

import re

from hub.alarms.policy import BANDS, OUTCOMES
from hub.rooms.policy import TRANSITIONS
from hub.wire import limits
from hub.wire.reference import readable
from tests.docs.pages import first_cells, page

PAGE = "docs/alarms.md"


def words(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_every_outcome_is_explained() -> None:
    told = [word for cell in first_cells(PAGE, "## Outcomes") for word in words(cell)]
    assert sorted(told) == sorted([*OUTCOMES, "quarantined"])


def test_the_life_of_an_incident_is_the_policys() -> None:
    drawn = {
        words(start)[0]: set(words(ends))
        for start, ends in re.findall(r"^\| (`\w+`) \| ((?:`\w+`(?:, )?)+|nothing) \|$", page(PAGE), re.MULTILINE)
        if words(start)[0] in TRANSITIONS
    }
    assert drawn == {start: set(ends) for start, ends in TRANSITIONS.items()}


def test_severity_bands_are_the_policys() -> None:
    assert [int(cell) for cell in first_cells(PAGE, "## Severity bands")] == [floor for floor, _ in BANDS] + [1]


def test_windows_are_those_of_the_limits() -> None:
    for name in ("REOPEN_WINDOW_SECONDS", "QUIET_GAP_SECONDS"):
        assert f"| {readable(name, getattr(limits, name))} |" in page(PAGE)
