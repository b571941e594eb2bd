"""The table of rights: its words, and cases that the hub and the web app answer alike (tests/data/rights.json)."""

import itertools
import json
import os
from pathlib import Path
from typing import Any, get_args

import msgspec

from hub.wire import rights
from hub.wire.views import HubRole, RoomRole, Status, UserKind, Visibility

CASES = Path(__file__).resolve().parents[1] / "data" / "rights.json"
MACHINE = "machine"


def every_standing() -> list[rights.Standing]:
    """Everything there is; machines once."""
    roles: list[str | None] = [None, *get_args(RoomRole)]
    kinds = [kind for kind in get_args(UserKind) if kind != MACHINE]
    found = [
        rights.Standing(*who)
        for who in itertools.product(
            get_args(HubRole), kinds, roles, (True, False), get_args(Visibility), get_args(Status), (False, True)
        )
        if not who[6] or who[5] in rights.ENDED
    ]
    return [*found, rights.Standing("admin", MACHINE, "owner", True, "plant", "open")]


def cases() -> list[dict[str, Any]]:
    """Standings that have the same acts stand together."""
    sorted_out: dict[tuple[str, ...], list[list[Any]]] = {}
    for who in every_standing():
        sorted_out.setdefault(tuple(rights.acts(who)), []).append(list(msgspec.structs.astuple(who)))
    return [{"acts": list(acts), "standings": standings} for acts, standings in sorted_out.items()]


def test_the_cases_are_what_the_hub_answers() -> None:
    found = cases()
    if os.environ.get("ANDON_GOLDEN") == "write":
        lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in found)
        CASES.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    kept = json.loads(CASES.read_text(encoding="utf-8"))
    assert kept == found
    print(f"{sum(len(case['standings']) for case in found)} standings, {len(found)} different answers")


def test_the_table_speaks_the_words_of_the_wire() -> None:
    assert list(rights.RIGHTS) == list(get_args(rights.Act))
    for right in rights.RIGHTS.values():
        assert set(right.roles) <= set(get_args(RoomRole))
        assert set(right.when) <= set(get_args(Status))
        assert right.site in {None, *get_args(HubRole)}
    assert set(rights.TRANSITIONS) == set(get_args(Status))
    assert set(rights.RANK) == set(get_args(HubRole))


def test_whoever_may_less_may_not_more() -> None:
    """A higher hub role, and a higher room role but for joining, takes nothing away."""
    ranks = sorted(rights.RANK, key=lambda role: rights.RANK[role])
    for who in every_standing():
        if who.kind == MACHINE or who.hub_role == ranks[-1]:
            continue
        above = msgspec.structs.replace(who, hub_role=ranks[rights.RANK[who.hub_role] + 1])
        assert set(rights.acts(who)) <= set(rights.acts(above)), who


def test_an_archived_room_is_read_only() -> None:
    for who in every_standing():
        if who.archived:
            assert set(rights.acts(who)) <= {"leave", "unarchive"}


def test_viewers_and_guests_only_listen() -> None:
    for who in every_standing():
        if rights.role_of(who) in {"viewer", "guest"} and who.hub_role in {"viewer", "responder"}:
            assert set(rights.acts(who)) <= {"leave", "delete_own"}
