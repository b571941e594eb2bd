"""How an incident lives, and who may do what in its room."""

from types import SimpleNamespace
from typing import Any, cast, get_args
from uuid import uuid4

import pytest

from hub.people.policy import Actor
from hub.rooms import policy
from hub.wire import rights
from hub.wire.problems import Problem
from hub.wire.rights import Act
from hub.wire.views import HubRole, Severity, Status, UserKind

ALLOWED = {
    "open": "acknowledged on_site restored false_alarm",
    "acknowledged": "open on_site restored false_alarm",
    "on_site": "open acknowledged restored false_alarm",
    "restored": "open monitoring closed false_alarm",
    "monitoring": "open restored closed",
    "closed": "open",
    "merged": "",
    "false_alarm": "open",
}


@pytest.mark.parametrize("from_status", get_args(Status))
def test_where_an_incident_may_go(from_status: str) -> None:
    allowed = set(ALLOWED[from_status].split())
    for to_status in allowed:
        policy.check_transition(from_status, to_status)
    for to_status in set(get_args(Status)) - allowed:
        with pytest.raises(Problem, match="transition"):
            policy.check_transition(from_status, to_status)


@pytest.mark.parametrize(
    ("status", "active", "to"),
    [
        ("open", 0, "restored"),
        ("open", 1, None),
        ("restored", 1, "open"),
        ("monitoring", 2, "open"),
        ("restored", 0, None),
        ("acknowledged", 0, None),
        ("on_site", 0, None),
        ("acknowledged", 3, None),
        ("closed", 1, None),
        ("false_alarm", 1, None),
        ("merged", 0, None),
    ],
)
def test_machines_move_only_what_nobody_works_on(status: str, active: int, to: str | None) -> None:
    assert policy.source_transition(status, active) == to


def test_going_back_forgets_the_later_clocks() -> None:
    assert policy.clocks_cleared("open") == [
        "acknowledged_at",
        "closed_at",
        "monitoring_at",
        "on_site_at",
        "restored_at",
    ]
    assert policy.clocks_cleared("on_site") == ["closed_at", "monitoring_at", "restored_at"]
    assert policy.clocks_cleared("closed") == policy.clocks_cleared("merged") == []


def test_severities_are_ordered() -> None:
    worst_first = get_args(Severity)
    for place, one in enumerate(worst_first):
        assert [other for other in worst_first if policy.worse(one, other)] == list(worst_first[place + 1 :])


def actor(role: HubRole = "responder", kind: UserKind = "person", lines: tuple[str, ...] | None = None) -> Actor:
    return Actor(uuid4(), "somebody", kind, role, lines=lines)


@pytest.mark.parametrize("visibility", ["members", "line", "plant"])
@pytest.mark.parametrize("member", [True, False])
@pytest.mark.parametrize("mine", [True, False])
def test_who_may_read(visibility: str, member: bool, mine: bool) -> None:
    shown = member or visibility == "plant" or (visibility == "line" and mine)
    lines = ("SMT-3",) if mine else ("CNC-1",)
    assert policy.may_read(actor("viewer", lines=lines), visibility, member, "SMT-3") is shown
    leads = member or visibility != "members"
    assert policy.may_read(actor("lead", lines=lines), visibility, member, "SMT-3") is leads
    assert policy.may_read(actor("admin", lines=lines), visibility, member, "SMT-3")
    assert not policy.may_read(actor("admin", "machine"), visibility, member, "SMT-3")
    assert policy.may_read(actor("viewer"), "line", False, "SMT-3"), "who is in no team looks after the whole site"
    assert policy.may_read(actor("viewer", lines=lines), "line", False, None)


def row(**facts: Any) -> Any:
    given = {"my_role": None, "line": "SMT-3", "visibility": "line", "status": "open", "archived_at": None}
    return cast(Any, SimpleNamespace(**given | facts))


@pytest.mark.parametrize(
    ("who", "facts", "act", "code"),
    [
        (actor("viewer"), {"my_role": "responder"}, "post", "forbidden"),
        (actor(), {"my_role": "viewer"}, "post", "forbidden"),
        (actor(), {"my_role": "responder", "status": "closed"}, "post", "room_closed"),
        (actor(), {"my_role": "responder", "status": "closed", "archived_at": 1}, "fill_closing", "room_closed"),
        (actor(), {"my_role": "owner", "status": "open"}, "archive", "transition"),
        (actor(), {"my_role": "responder"}, "lower_severity", "forbidden"),
        (actor(kind="bot"), {"my_role": "lead"}, "lower_severity", "forbidden"),
        (actor("responder", "machine"), {"visibility": "plant"}, "join", "forbidden"),
        (actor(lines=("CNC-1",)), {}, "join", "forbidden"),
    ],
)
def test_what_is_refused_and_how(who: Actor, facts: dict[str, Any], act: Act, code: str) -> None:
    with pytest.raises(Problem) as refused:
        policy.check(who, row(**facts), act)
    assert refused.value.code == code
    assert act not in policy.can(who, row(**facts))


@pytest.mark.parametrize("status", get_args(Status))
def test_a_move_is_allowed_when_the_table_of_moves_allows_it(status: str) -> None:
    """`can` offers exactly the moves of the picture: no dead button, no missing one."""
    mine = policy.can(actor(), row(my_role="responder", status=status))
    for to in set(get_args(Status)) - {"merged", status}:
        assert (rights.move(status, to) in mine) is (to in policy.TRANSITIONS[status]), (status, to)
