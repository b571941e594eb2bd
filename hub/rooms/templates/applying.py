"""What templates bring to rooms that are about to open: decided here, with few questions for many rooms.

One question for the templates' revision; where a template wants people, one for all of them, and the shift plan once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.base.ids import new_id
from hub.people.shifts import queries as shifts
from hub.people.shifts.policy import on_shift
from hub.rooms.templates import book, policy
from hub.rooms.templates.policy import Candidate, Chosen, Kept, Opening
from hub.wire.problems import Problem
from hub.wire.shifts import OnShift
from hub.wire.templates import AlarmFacts, ItemRule, RoomTemplate
from hub.wire.views import Person, Text

CANDIDATES: Final = text(
    "SELECT u.id, u.name, u.kind, u.role, lower(u.username) AS username, lines_of(u.id) AS lines, "
    "jsonb_object_agg(t.key, t.lead) FILTER (WHERE t.key IS NOT NULL) AS teams "
    "FROM users u LEFT JOIN (SELECT m.user_id, s.key, bool_or(m.lead) AS lead FROM team_members m "
    "JOIN teams s ON s.id = m.team_id WHERE s.archived_at IS NULL AND s.key = ANY(:teams) GROUP BY 1, 2) t "
    "ON t.user_id = u.id "
    "WHERE u.disabled_at IS NULL AND u.kind <> 'machine' "
    "AND (u.role = ANY(:roles) OR t.key IS NOT NULL OR lower(u.username) = ANY(:names)) "
    "GROUP BY u.id ORDER BY u.name, u.id"
)
TEAM_KEYS: Final = text("SELECT id, key FROM teams WHERE archived_at IS NULL")


class Item(msgspec.Struct, frozen=True):
    """An item that goes on the checklist."""

    item_id: UUID
    text: Text
    assignee_id: UUID | None
    team: str | None
    due_at: datetime | None


class Applied(msgspec.Struct, frozen=True):
    """What a room gets from its template."""

    kept: Kept
    members: Sequence[Chosen]
    items: Sequence[Item]


class People(msgspec.Struct):
    """Whom the rules of several templates may mean."""

    candidates: Sequence[Candidate] = ()
    names: Mapping[str, UUID] = {}
    team_keys: Mapping[UUID, str] = {}


class Duty(msgspec.Struct):
    """Who is on shift, by line."""

    on_shift: Mapping[str | None, Sequence[OnShift]] = {}

    def opening(self, facts: AlarmFacts) -> Opening:
        """What a room of these facts is judged by."""
        return Opening(facts, frozenset(it.shift for it in self.on_shift.get(facts.line, ())))


async def applied(
    conn: AsyncConnection, facts: Sequence[AlarmFacts], template_id: UUID | None = None
) -> list[Applied | None]:
    """What each room gets: by the template that wins, or all by a given one (`invalid` when it is not live)."""
    page = await book.present(conn)
    given = page.get(template_id)
    if template_id is not None and given is None:
        raise Problem("invalid", "There is no such template", field="template_id")
    templates = [given] if given else [it for it in page.templates if it.template.enabled]
    if not templates:
        return [None] * len(facts)
    duty = await on_duty(conn, [it.template for it in templates], facts, page.now)
    openings = [duty.opening(it) for it in facts]
    winners = [given or policy.winner(templates, it) for it in openings]
    people = await people_of(conn, [it.template for it in winners if it is not None])
    return [
        None if kept is None else applied_to(kept, opening, duty, people, page.now)
        for kept, opening in zip(winners, openings, strict=True)
    ]


async def on_duty(
    conn: AsyncConnection, templates: Iterable[RoomTemplate], facts: Iterable[AlarmFacts], now: datetime
) -> Duty:
    """Who works now for the lines of the facts; nothing is asked when no template needs it.

    A room without a line is for those teams that look after the whole site.
    """
    if not any(policy.asks_shifts(it) for it in templates):
        return Duty()
    today = now.astimezone(UTC).date()
    plan = await shifts.plan(conn, today, today)
    of_site = msgspec.structs.replace(plan, teams=[team for team in plan.teams if not team.lines])
    lines = {it.line for it in facts}
    return Duty({line: on_shift(of_site if line is None else plan, line, now) for line in lines})


async def people_of(conn: AsyncConnection, templates: Sequence[RoomTemplate]) -> People:
    """Everybody whom the templates' rules may mean, with one question."""
    rules = [rule for it in templates for rule in it.members]
    items = [item for it in templates for item in it.checklist]
    wanted = {
        "teams": sorted({it.team for it in rules if it.by == "team" and it.team}),
        "roles": sorted({it.role for it in rules if it.by == "role" and it.role}),
        "names": sorted({it.assignee.strip().lower() for it in items if it.assignee}),
    }
    rows = list(await conn.execute(CANDIDATES, wanted)) if any(wanted.values()) else []
    by_shift = any(it.by == "on_shift" for it in rules)
    keys = {row.id: row.key for row in await conn.execute(TEAM_KEYS)} if by_shift else {}
    candidates = [
        Candidate(
            Person(row.id, row.name, row.kind),
            row.role,
            None if row.lines is None else frozenset(row.lines),
            row.teams or {},
        )
        for row in rows
    ]
    return People(candidates, {row.username: row.id for row in rows}, keys)


def applied_to(kept: Kept, opening: Opening, duty: Duty, people: People, now: datetime) -> Applied:
    """What one room gets from a template. Pure but for the ids of items."""
    line = opening.facts.line
    working = duty.on_shift.get(line, ())
    members = policy.chosen(kept.template, line, people.candidates, working, people.team_keys)
    wanted = [it for it in kept.template.checklist if it.when is None or policy.matches(it.when, opening)]
    return Applied(kept, members, [_item(rule, people, now) for rule in wanted])


def _item(rule: ItemRule, people: People, now: datetime) -> Item:
    assignee = people.names.get(rule.assignee.strip().lower()) if rule.assignee else None
    return Item(new_id(), dict(rule.text), assignee, rule.team, due(rule, now))


def due(rule: ItemRule, now: datetime) -> datetime | None:
    """When an item of a room that opens now is due."""
    return None if rule.due_minutes is None else now + timedelta(minutes=rule.due_minutes)
