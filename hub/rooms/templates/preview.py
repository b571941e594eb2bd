"""Trying a template: what it would do with a past room, or with made-up facts. Nothing is changed."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor, require
from hub.rooms import queries as rooms
from hub.rooms.templates import applying, book, policy, queries, welcome
from hub.rooms.templates.applying import Applied
from hub.rooms.templates.checks import check
from hub.rooms.templates.naming import named
from hub.rooms.templates.policy import Kept, Opening
from hub.wire.problems import Problem
from hub.wire.templates import (
    AlarmFacts,
    ItemRule,
    PreviewItem,
    PreviewMember,
    PreviewTemplate,
    Reason,
    RoomTemplate,
    TemplatePreview,
)

NEW: Final = UUID(int=0)  # a template that has no id yet
NO_NUMBER: Final = rooms.room_code(0)


class Case(msgspec.Struct, frozen=True):
    """What it is tried on."""

    facts: AlarmFacts
    number: str
    title: str


async def preview(
    conn: AsyncConnection, actor: Actor, wanted: PreviewTemplate, language: str, zone: ZoneInfo
) -> TemplatePreview:
    """What the template would bring, who and why, and which template would win. For leads and admins."""
    policy.check_may_read(actor)
    require(actor, "lead")
    case = await _case(conn, actor, wanted, language)
    page = await book.present(conn)
    draft = await _draft(conn, wanted)
    candidates = [*(it for it in page.templates if draft is None or it.id != draft.id), *([draft] if draft else [])]
    duty = await applying.on_duty(conn, [it.template for it in candidates], [case.facts], page.now)
    opening = duty.opening(case.facts)
    winner = policy.winner(candidates, opening)
    tried = draft or winner or Kept(NEW, 0, RoomTemplate(" "))
    people = await applying.people_of(conn, [tried.template])
    brought = applying.applied_to(tried, opening, duty, people, page.now)
    known = await queries.names(conn, [tried.template])
    return TemplatePreview(
        facts=case.facts,
        shifts=sorted(opening.shifts),
        matches=tried.template.enabled and policy.matches(tried.template.match, opening),
        why=why(tried.template, opening, held=True),
        why_not=why(tried.template, opening, held=False),
        name=named(tried.template.name_pattern, case.number, case.title, case.facts),
        members=[PreviewMember(it.person, it.role, list(it.why)) for it in brought.members],
        checklist=[_item(rule, opening, page.now) for rule in tried.template.checklist],
        welcome=_welcome(tried.template, case, brought, zone),
        winner=winner.id if winner is not None and winner.id != NEW else None,
        winner_name=winner.template.name if winner is not None else None,
        winner_why=why(winner.template, opening, held=True) if winner is not None else [],
        warnings=known.warnings(tried.template),
    )


async def _case(conn: AsyncConnection, actor: Actor, wanted: PreviewTemplate, language: str) -> Case:
    if wanted.room_id is None:
        facts = wanted.facts or AlarmFacts()
        return Case(facts, NO_NUMBER, welcome.said(facts.text, language))
    room = await rooms.room_for(conn, actor, wanted.room_id)
    facts = _facts(room, language)
    return Case(facts, rooms.room_code(room.number), welcome.said(facts.text, language))


async def _draft(conn: AsyncConnection, wanted: PreviewTemplate) -> Kept | None:
    """The template to try: as it is written, under the id it has; or one that is kept, also when it is archived."""
    if wanted.template is not None:
        check(wanted.template)
        return Kept(wanted.template_id or NEW, 0, wanted.template)
    if wanted.template_id is None:
        return None
    row = await queries.row_of(conn, wanted.template_id)
    return Kept(row.id, row.version, queries.body(row))


def _facts(room: Row[Any], language: str) -> AlarmFacts:
    names = ("site", "area", "line", "machine", "category", "severity", "code", "condition")
    facts = AlarmFacts(text=room.fault or {language: room.title})
    return msgspec.structs.replace(facts, **{name: getattr(room, name) or None for name in names})


def why(template: RoomTemplate, opening: Opening, *, held: bool) -> list[Reason]:
    """The conditions that hold, or those that do not. Pure."""
    found = [reason for holds, reason in policy.judged(template.match, opening) if holds is held]
    if held:
        return found or ([] if any(policy.judged(template.match, opening)) else [Reason("always")])
    return [*found, *([] if template.enabled else [Reason("disabled")])]


def _item(rule: ItemRule, opening: Opening, now: Any) -> PreviewItem:
    judged = list(policy.judged(rule.when, opening)) if rule.when is not None else []
    wanted = all(holds for holds, _ in judged)
    return PreviewItem(rule, wanted, [reason for holds, reason in judged if holds is wanted], applying.due(rule, now))


def _welcome(template: RoomTemplate, case: Case, brought: Applied, zone: ZoneInfo) -> dict[str, str]:
    people = [(it.person.name, it.role) for it in brought.members]
    items = [(it.text, it.due_at) for it in brought.items]
    try:
        return {
            language: welcome.rendered(
                source,
                welcome.context(case.facts, case.number, case.title, language, people, items, template.runbooks, zone),
            )
            for language, source in template.welcome.items()
        }
    except Problem as problem:
        raise Problem("invalid", problem.detail, field="template.welcome") from None
