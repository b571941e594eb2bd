"""What must change so that the hub has a person as the directory has them. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from hub.people.directory.entries import Entry
from hub.people.directory.mapping import Grant, Rule, combined
from hub.people.directory.queries import Known
from hub.wire import limits
from hub.wire.views import HubRole

FACTS: Final = ("name", "role", "mail", "department", "employee_number", "phone")
SURE: Final = frozenset({"disabled", "expired"})  # the directory said so; «absent» may be a fault of its own


class Stays(msgspec.Struct, frozen=True):
    """Somebody who may sign in, and as what."""

    known: Known
    entry: Entry
    grant: Grant


class Leaves(msgspec.Struct, frozen=True):
    """Somebody who may not, and why: `disabled`, `expired`, `absent` or `no_group`."""

    known: Known
    why: str


class Plan(msgspec.Struct, frozen=True):
    """What a look at the whole directory comes to. `held` would leave, but they are too many at once."""

    stays: list[Stays]
    leaves: list[Leaves]
    held: list[Leaves]


def facts(entry: Entry, grant: Grant) -> dict[str, Any]:
    """A person's columns."""
    return {
        "name": entry.name,
        "role": grant.role,
        "mail": entry.mail,
        "department": entry.department,
        "employee_number": entry.employee_number,
        "phone": entry.phone,
    }


def differences(known: Known, entry: Entry, grant: Grant) -> dict[str, tuple[Any, Any]]:
    """Column → (before, after) of what differs; also `username`, `teams`, `enabled` and `photo` (its digest)."""
    photo = hashlib.sha256(entry.photo).digest() if entry.photo else None
    after = facts(entry, grant) | {"username": entry.sam.lower(), "teams": grant.teams, "photo": photo}
    found = {name: (getattr(known, name), value) for name, value in after.items() if getattr(known, name) != value}
    if known.let_go:
        found["enabled"] = (known.enabled, True)
    return found


def planned(
    people: list[Known],
    entries: Mapping[UUID, Entry],
    hits: Mapping[UUID, list[Rule]],
    default: HubRole | None,
    now: float,
    force: bool = False,
) -> Plan:
    """Who stays and who leaves. `hits` are the rules whose groups hold a person, `now` is Unix time."""
    stays: list[Stays] = []
    leaves: list[Leaves] = []
    for known in people:
        entry = entries.get(known.object_guid)
        grant = combined(hits.get(known.object_guid, []), default)
        why = "absent" if entry is None else entry.gone(now) or ("no_group" if grant is None else None)
        if why is not None:
            leaves.append(Leaves(known, why))
        elif entry is not None and grant is not None:
            stays.append(Stays(known, entry, grant))
    present = [known for known in people if known.enabled]
    leaving = [leave for leave in leaves if leave.known.enabled]
    doubtful = [leave for leave in leaving if leave.why not in SURE]
    if force or not suspicious(len(doubtful), len(present)):
        return Plan(stays, leaving, [])
    return Plan(stays, [leave for leave in leaving if leave.why in SURE], doubtful)


def suspicious(missing: int, present: int) -> bool:
    """Whether so many missing at once look like a fault of the directory: a moved base DN, rights taken from the
    service account, an empty copy. A few may always be missing, but not everybody."""
    if missing <= limits.DIRECTORY_ABSENT_FEW:
        return missing == present > 1
    return missing * 100 > present * limits.DIRECTORY_ABSENT_PERCENT
