"""Reading templates, their versions, and what of them a room remembers."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.people.policy import Actor
from hub.rooms.templates.policy import check_may_read, may_change, rank
from hub.wire.problems import Problem
from hub.wire.templates import AppliedTemplate, Reason, RoomTemplate, TemplateList, TemplateVersion, TemplateView
from hub.wire.views import Person

TEMPLATE: Final = """
SELECT t.id, t.version, t.archived_at, v.body, v.edited_at, u.id AS by_id, u.name AS by_name, u.kind AS by_kind
FROM room_templates t JOIN room_template_versions v ON v.template_id = t.id AND v.version = t.version
LEFT JOIN users u ON u.id = v.edited_by
"""
ALL: Final = text(f"{TEMPLATE} WHERE :archived OR t.archived_at IS NULL")
ONE: Final = text(f"{TEMPLATE} WHERE t.id = :id")
OF_NAME: Final = text(f"{TEMPLATE} WHERE lower(t.name) = lower(:name)")
VERSIONS: Final = text(
    "SELECT v.*, u.id AS by_id, u.name AS by_name, u.kind AS by_kind FROM room_template_versions v "
    "LEFT JOIN users u ON u.id = v.edited_by WHERE v.template_id = :id ORDER BY v.version DESC"
)
VERSION: Final = text("SELECT body FROM room_template_versions WHERE template_id = :id AND version = :version")
KNOWN: Final = text(
    "SELECT 'team' AS what, key AS name FROM teams WHERE archived_at IS NULL "
    "UNION ALL SELECT 'person', lower(username) FROM users "
    "WHERE lower(username) = ANY(:people) AND disabled_at IS NULL AND kind <> 'machine' "
    "UNION ALL SELECT 'shift', s ->> 'key' FROM shift_patterns, jsonb_array_elements(pattern -> 'shifts') s"
)


class Names(msgspec.Struct, frozen=True):
    """What the plant has that templates speak of, as (what, name)."""

    known: frozenset[tuple[str, str]]

    def warnings(self, template: RoomTemplate) -> list[Reason]:
        """What the template names and nobody knows: it is kept all the same, and does nothing until there is one."""
        return [
            Reason(f"{what}_unknown", {"field": field, "name": name})
            for field, what, name in named(template)
            if (what, name.strip().lower() if what == "person" else name) not in self.known
        ]


def named(template: RoomTemplate) -> list[tuple[str, str, str]]:
    """All teams, people and shifts that a template names: field, what, name. Pure."""
    found = [("match.shifts", "shift", name) for name in template.match.shifts]
    for number, rule in enumerate(template.members):
        if rule.team is not None:
            found.append((f"members[{number}].team", "team", rule.team))
    for number, item in enumerate(template.checklist):
        field = f"checklist[{number}]"
        found += [(f"{field}.when.shifts", "shift", name) for name in (item.when.shifts if item.when else ())]
        found += [(f"{field}.team", "team", item.team)] if item.team else []
        found += [(f"{field}.assignee", "person", item.assignee)] if item.assignee else []
    return found


async def names(conn: AsyncConnection, templates: Sequence[RoomTemplate]) -> Names:
    """What is known of what the templates name."""
    people = {name.strip().lower() for it in templates for _, what, name in named(it) if what == "person"}
    rows = await conn.execute(KNOWN, {"people": sorted(people)})
    return Names(frozenset((row.what, row.name) for row in rows))


def body(row: Row[Any]) -> RoomTemplate:
    """The template of a row that has its `body`."""
    return msgspec.convert(row.body, RoomTemplate)


def _by(row: Row[Any]) -> Person | None:
    return Person(row.by_id, row.by_name, row.by_kind) if row.by_id else None


def _view(row: Row[Any], actor: Actor, known: Names) -> TemplateView:
    template = body(row)
    return TemplateView(
        id=row.id,
        version=row.version,
        template=template,
        edited_at=row.edited_at,
        edited_by=_by(row),
        archived_at=row.archived_at,
        can_change=may_change(actor, template),
        warnings=known.warnings(template),
    )


async def all_of(conn: AsyncConnection, actor: Actor, *, archived: bool = False) -> TemplateList:
    """Templates in the order in which they are considered; archived ones only when asked for."""
    check_may_read(actor)
    rows = list(await conn.execute(ALL, {"archived": archived}))
    known = await names(conn, [body(row) for row in rows])
    views = sorted(
        (_view(row, actor, known) for row in rows),
        key=lambda it: ([-part for part in rank(it.template)], it.template.name, it.id),
    )
    return TemplateList(views, may_change(actor))


async def row_of(conn: AsyncConnection, template_id: UUID) -> Row[Any]:
    """A template's row in its present version, else `not_found`."""
    row = (await conn.execute(ONE, {"id": template_id})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


async def of_name(conn: AsyncConnection, name: str) -> Row[Any] | None:
    """The template of a name, in whatever case, live or archived."""
    return (await conn.execute(OF_NAME, {"name": name})).one_or_none()


async def one(conn: AsyncConnection, actor: Actor, template_id: UUID) -> TemplateView:
    """One template, else `not_found`."""
    check_may_read(actor)
    row = await row_of(conn, template_id)
    return _view(row, actor, await names(conn, [body(row)]))


async def versions(conn: AsyncConnection, actor: Actor, template_id: UUID) -> list[TemplateVersion]:
    """All versions, the newest first."""
    check_may_read(actor)
    await row_of(conn, template_id)
    rows = await conn.execute(VERSIONS, {"id": template_id})
    return [TemplateVersion(row.version, row.change, body(row), row.edited_at, _by(row)) for row in rows]


async def version(conn: AsyncConnection, template_id: UUID, number: int) -> RoomTemplate:
    """A template as it was in a version, else `not_found`."""
    row = (await conn.execute(VERSION, {"id": template_id, "version": number})).one_or_none()
    if row is None:
        raise Problem("not_found")
    return body(row)


async def of_room(conn: AsyncConnection, room: Row[Any]) -> AppliedTemplate | None:
    """The template a room was opened by, as it was then."""
    if room.template_id is None:
        return None
    it = await version(conn, room.template_id, room.template_version)
    return AppliedTemplate(
        room.template_id,
        room.template_version,
        it.name,
        it.runbooks,
        it.closing_fields,
        it.escalation_policy,
        it.retention_days,
    )
