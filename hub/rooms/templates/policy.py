"""Which template a room gets, and what it brings. Pure: templates and facts in, decisions with their reasons out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from hub.people.policy import Actor, at_least
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.shifts import OnShift
from hub.wire.templates import (
    AlarmFacts,
    ItemCondition,
    MemberRule,
    Reason,
    RoomTemplate,
    TemplateMatch,
    TemplateRole,
)
from hub.wire.views import HubRole, Person

# What a condition is called, in the template and in the facts. The order is that of the explanations.
CONDITIONS: Final[tuple[tuple[str, str], ...]] = (
    ("machines", "machine"),
    ("lines", "line"),
    ("areas", "area"),
    ("sites", "site"),
    ("codes", "code"),
    ("conditions", "condition"),
    ("categories", "category"),
    ("severities", "severity"),
    ("shifts", "shift"),
)
PLACES: Final = ("sites", "areas", "lines", "machines")
SUBJECTS: Final = ("categories", "conditions", "codes")
REST: Final = ("severities", "shifts")
ROLE_RANK: Final[dict[TemplateRole, int]] = {"viewer": 0, "responder": 1, "lead": 2}


class Kept(msgspec.Struct, frozen=True):
    """A template in its present version."""

    id: UUID
    version: int
    template: RoomTemplate


class Opening(msgspec.Struct, frozen=True):
    """What a template is judged by: the facts, and the shifts that work for the room's line now."""

    facts: AlarmFacts
    shifts: frozenset[str] = frozenset()


class Candidate(msgspec.Struct, frozen=True):
    """Somebody whom a rule may mean. `teams`: key → whether they lead it; `lines` None = the whole site."""

    person: Person
    role: HubRole
    lines: frozenset[str] | None
    teams: Mapping[str, bool]


class Chosen(msgspec.Struct, frozen=True):
    """Somebody who is put into the room, and by which rules."""

    person: Person
    role: TemplateRole
    why: tuple[Reason, ...]


def judged(match: TemplateMatch | ItemCondition, opening: Opening) -> Iterator[tuple[bool, Reason]]:
    """Every condition that is given: whether it holds, and why (not)."""
    for field, name in CONDITIONS:
        wanted = getattr(match, field, [])
        if not wanted:
            continue
        found = _found(name, opening)
        held = [it for it in found if any(_like(it, word, name) for word in wanted)]
        told = held[0] if held else ", ".join(found)
        yield bool(held), Reason(name, {"value": told, "wanted": ", ".join(wanted)})


def _found(name: str, opening: Opening) -> list[str]:
    """What there is to compare a condition with."""
    found = sorted(opening.shifts) if name == "shift" else [getattr(opening.facts, name)]
    return [it for it in found if it is not None]


def _like(found: str, wanted: str, name: str) -> bool:
    if name == "code" and wanted.endswith("*"):
        return found.startswith(wanted[:-1])
    return found == wanted


def matches(match: TemplateMatch | ItemCondition, opening: Opening) -> bool:
    """Whether all conditions hold; none = always. As `judged` says, without its words: alarms wait for it."""
    for field, name in CONDITIONS:
        wanted = getattr(match, field, None)
        if wanted and not any(_like(it, word, name) for it in _found(name, opening) for word in wanted):
            return False
    return True


def rank(template: RoomTemplate) -> tuple[int, int, int, int]:
    """How specific a template is, and its priority: the greatest wins.

    A machine says more than a line, an area, a site; a code more than a condition, a category; then severity and
    shift. The explicit priority decides among those that are equally specific.
    """
    match = template.match
    place = max((number for number, name in enumerate(PLACES, 1) if getattr(match, name)), default=0)
    subject = max((number for number, name in enumerate(SUBJECTS, 1) if getattr(match, name)), default=0)
    return place, subject, sum(bool(getattr(match, name)) for name in REST), template.priority


def considered(book: Iterable[Kept]) -> list[Kept]:
    """Templates in the order in which they are tried: whatever order they come in, it is the same."""
    return sorted(book, key=lambda kept: ([-part for part in rank(kept.template)], kept.template.name, kept.id))


def winner(book: Iterable[Kept], opening: Opening) -> Kept | None:
    """The one template for a room, None when no enabled one matches."""
    fitting = (kept for kept in book if kept.template.enabled and matches(kept.template.match, opening))
    return next(iter(considered(fitting)), None)


def asks_shifts(template: RoomTemplate) -> bool:
    """Whether a template needs to know who is on shift."""
    in_items = any(rule.when is not None and rule.when.shifts for rule in template.checklist)
    return bool(template.match.shifts) or in_items or any(rule.by == "on_shift" for rule in template.members)


def chosen(
    template: RoomTemplate,
    line: str | None,
    candidates: Sequence[Candidate],
    on_shift: Sequence[OnShift],
    keys: Mapping[UUID, str],
) -> list[Chosen]:
    """Who is put into a room of a line, each once with the highest of their roles, in the order of the rules.

    `keys` are the keys of the teams that `on_shift` names by id. Nobody given here is disabled.
    """
    found: dict[UUID, Chosen] = {}
    for rule in template.members:
        meant = _on_shift(rule, on_shift, keys) if rule.by == "on_shift" else _meant(rule, line, candidates)
        for person, reason in meant:
            found[person.id] = _with(found.get(person.id), person, rule.room_role, reason)
    return list(found.values())[: limits.TEMPLATE_MEMBERS]


def _with(before: Chosen | None, person: Person, role: TemplateRole, reason: Reason) -> Chosen:
    if before is None:
        return Chosen(person, role, (reason,))
    higher = max(before.role, role, key=lambda it: ROLE_RANK[it])
    return Chosen(person, higher, before.why if reason in before.why else (*before.why, reason))


def _on_shift(
    rule: MemberRule, on_shift: Sequence[OnShift], keys: Mapping[UUID, str]
) -> Iterator[tuple[Person, Reason]]:
    for it in on_shift:
        key = keys.get(it.team_id, "")
        if (rule.team is None or rule.team == key) and (it.lead or not rule.only_leads):
            yield it.person, Reason("on_shift", {"shift": it.shift, "team": key})


def _meant(rule: MemberRule, line: str | None, candidates: Sequence[Candidate]) -> Iterator[tuple[Person, Reason]]:
    for it in candidates:
        if rule.by == "team":
            if rule.team is not None and rule.team in it.teams and (it.teams[rule.team] or not rule.only_leads):
                yield it.person, Reason("team", {"team": rule.team})
        elif it.role == rule.role and (line is None or it.lines is None or line in it.lines):
            yield it.person, Reason("role", {"role": it.role})


def may_change(actor: Actor, *templates: RoomTemplate) -> bool:
    """Admins change all; a lead those that are for lines of theirs alone, as they were and as they become."""
    if actor.kind == "machine" or not at_least(actor, "lead"):
        return False
    if at_least(actor, "admin") or actor.lines is None:
        return True
    mine = set(actor.lines)
    return all(it.match.lines and set(it.match.lines) <= mine for it in templates)


def check_may_change(actor: Actor, *templates: RoomTemplate) -> None:
    """Refuse (`forbidden`) whose templates these are not."""
    if not may_change(actor, *templates):
        raise Problem("forbidden")


def check_may_read(actor: Actor) -> None:
    """Templates are for people who open rooms, and their bots."""
    if actor.kind == "machine" or not at_least(actor, "responder"):
        raise Problem("forbidden")
