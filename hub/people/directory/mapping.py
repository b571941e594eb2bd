"""Which groups lead where: to a hub role, into a team, or both. Pure."""

from collections.abc import Iterable
from typing import Final, get_args

import msgspec

from hub.people.directory.entries import Group
from hub.people.policy import RANK
from hub.wire.views import HubRole

SEPARATORS: Final = "\n;"


class Rule(msgspec.Struct, frozen=True):
    """Members of a group get a hub role, come into a team (by its key), or both."""

    group: str
    role: HubRole | None = None
    team: str | None = None


class Grant(msgspec.Struct, frozen=True):
    """What somebody's groups give: the highest role named, and teams with whether they lead them."""

    role: HubRole
    teams: dict[str, bool]


def plain(name: str) -> str:
    """The name of a group as it is compared: `CN=Line3-Maint` is `line3-maint`; a distinguished name stays whole."""
    name = name.strip().casefold()
    return name.removeprefix("cn=") if "," not in name else ",".join(part.strip() for part in name.split(","))


def matches(rule: Rule, group: Group) -> bool:
    """Whether a rule means this group.

    A plain name is the sAMAccountName, which is once in a domain. The CN is not: whoever may make groups in some
    corner of the directory could make a second «Andon-Admins» there.
    """
    return plain(rule.group) in {plain(group.dn), group.sam.casefold()}


def granted(rules: Iterable[Rule], groups: Iterable[Group], default: HubRole | None = None) -> Grant | None:
    """What these groups give; None when no rule means any of them and there is no role for everybody."""
    present = list(groups)
    return combined([rule for rule in rules if any(matches(rule, group) for group in present)], default)


def combined(hits: Iterable[Rule], default: HubRole | None = None) -> Grant | None:
    """What these rules give together. A rule with a team alone makes a viewer of whom no other rule gives a role."""
    hits = list(hits)
    if not hits and default is None:
        return None
    roles: list[HubRole] = [rule.role for rule in hits if rule.role is not None]
    role = max([*roles, default or "viewer"], key=RANK.__getitem__)
    teams: dict[str, bool] = {}
    for rule in hits:
        if rule.team is not None:
            teams[rule.team] = teams.get(rule.team, False) or rule.role == "lead"
    return Grant(role, teams)


def read_rules(text: str) -> list[Rule]:
    """Read `GROUP=role`, `GROUP=role:team` or `GROUP=:team`, one a line or with `;` between.

    ValueError names a bad one. The last `=` counts, so a distinguished name may stand in front.
    """
    rules = []
    for line in text.replace(";", "\n").splitlines():
        if not line.strip():
            continue
        group, found, target = line.strip().rpartition("=")
        role, _, team = target.strip().partition(":")
        known = role in get_args(HubRole) or (not role and team)
        if not found or not group.strip() or not known:
            raise ValueError(line.strip())
        rules.append(Rule(group.strip(), role or None, team.strip() or None))  # type: ignore[arg-type]
    return rules
