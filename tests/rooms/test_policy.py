"""How an incident lives, and who may do what in its room."""

from types import SimpleNamespace
from typing import Any, cast, get_args
from uuid import uuid4

import pytest

from hub.people.policy import Actor
from hub.rooms import policy
from hub.wire.problems import Problem
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


def actor(role: HubRole = "responder", kind: UserKind = "person") -> Actor:
    return Actor(uuid4(), "somebody", kind, role)


@pytest.mark.parametrize("visibility", ["members", "line", "plant"])
@pytest.mark.parametrize("member", [True, False])
def test_who_may_read(visibility: str, member: bool) -> None:
    shown = member or visibility != "members"
    assert policy.may_read(actor("viewer"), visibility, member) is shown
    assert policy.may_read(actor("lead"), visibility, member) is shown
    assert policy.may_read(actor("admin"), visibility, member)
    assert not policy.may_read(actor("admin", "machine"), visibility, member)


@pytest.mark.parametrize(
    ("role", "member", "room_role", "visibility", "may"),
    [
        ("responder", True, "responder", "members", True),
        ("responder", True, "viewer", "members", False),
        ("responder", False, None, "members", False),
        ("responder", False, None, "line", True),
        ("responder", False, None, "plant", True),
        ("viewer", True, "responder", "members", False),
        ("viewer", False, None, "plant", False),
        ("admin", False, None, "members", False),
    ],
)
def test_who_may_write(role: HubRole, member: bool, room_role: str | None, visibility: str, may: bool) -> None:
    assert policy.may_write(actor(role), member, room_role, visibility) is may


def test_a_machine_joins_nothing() -> None:
    assert not policy.may_join(actor("responder", "machine"), "plant")
    assert policy.may_join(actor("responder", "bot"), "plant")


def test_who_may_manage_members() -> None:
    me, other = actor(), uuid4()
    assert policy.may_manage_members(me, me.id, None)
    assert not policy.may_manage_members(me, other, "responder")
    assert policy.may_manage_members(me, other, "lead")
    assert policy.may_manage_members(actor("lead"), other, None)


@pytest.mark.parametrize("status", get_args(Status))
def test_a_room_that_has_ended_takes_nothing(status: str) -> None:
    room = cast(Any, SimpleNamespace(status=status))
    if status in {"closed", "merged", "false_alarm"}:
        with pytest.raises(Problem, match="room_closed"):
            policy.check_open(room)
    else:
        policy.check_open(room)
