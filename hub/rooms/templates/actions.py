"""Changing templates. Every change is a new version with its editor, and an audit row, in one transaction.

The book's row is locked first: changes come one after the other, so a name is free when it is found free.
"""

from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, select, text, update

from hub.audit import actions as audit
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people.policy import Actor
from hub.rooms.templates import queries
from hub.rooms.templates.checks import check
from hub.rooms.templates.policy import check_may_change
from hub.rooms.templates.tables import room_template_versions, room_templates
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.templates import ImportedTemplate, ImportOutcome, RoomTemplate, TemplateFile, VersionChange

TURN_THE_PAGE: Final = text("UPDATE template_book SET revision = gen_random_uuid()")


async def add(db: Database, actor: Actor, template: RoomTemplate) -> UUID:
    """Add a template; returns its id. Names are unique in whatever case (`invalid`)."""
    check_may_change(actor, template)
    check(template)

    async def change(tx: Tx) -> UUID:
        await tx.execute(TURN_THE_PAGE)
        await _check_name(tx, template.name, None)
        return await _insert(tx, actor, template, "added")

    return await db.act(change)


async def replace(
    db: Database, actor: Actor, template_id: UUID, template: RoomTemplate, version: int | None = None
) -> None:
    """Make a new version. `version` is the one that was changed: `edit_conflict` when it is no longer the present one.

    The same template again changes nothing.
    """
    check_may_change(actor)  # before the book is locked

    async def change(tx: Tx) -> None:
        await tx.execute(TURN_THE_PAGE)
        row = await queries.row_of(tx.conn, template_id)
        check_may_change(actor, template, queries.body(row))
        check(template)
        _check_live(row)
        if version is not None and version != row.version:
            raise Problem("edit_conflict", "The template is no longer the version you changed")
        if template != queries.body(row):
            await _check_name(tx, template.name, template_id)
            await _write(tx, actor, row, template, "changed")

    await db.act(change)


async def archive(db: Database, actor: Actor, template_id: UUID) -> None:
    """No more rooms are opened by it; those that were keep what they have. Archiving it again changes nothing."""
    check_may_change(actor)  # before the book is locked

    async def change(tx: Tx) -> None:
        await tx.execute(TURN_THE_PAGE)
        row = await queries.row_of(tx.conn, template_id)
        check_may_change(actor, queries.body(row))
        if row.archived_at is None:
            await _write(tx, actor, row, queries.body(row), "archived")

    await db.act(change)


async def restore(db: Database, actor: Actor, template_id: UUID, version: int) -> None:
    """Make a former version the newest again; an archived template comes back."""
    check_may_change(actor)  # before the book is locked

    async def change(tx: Tx) -> None:
        await tx.execute(TURN_THE_PAGE)
        row = await queries.row_of(tx.conn, template_id)
        former = await queries.version(tx.conn, template_id, version)
        check_may_change(actor, former, queries.body(row))
        check(former)  # what was taken once may be refused by now
        await _check_name(tx, former.name, template_id)
        if former != queries.body(row) or row.archived_at is not None:
            await _write(tx, actor, row, former, "restored", of_version=version)

    await db.act(change)


async def put_all(db: Database, actor: Actor, file: TemplateFile, *, dry_run: bool) -> list[ImportedTemplate]:
    """Add or replace templates by their names, all or none; with `dry_run` only tell what would be done."""
    named: set[str] = set()
    for template in file.templates:
        check(template)
        if template.name.lower() in named:
            raise Problem("invalid", f"{template.name} stands there twice", field="name")
        named.add(template.name.lower())

    async def change(tx: Tx) -> list[ImportedTemplate]:
        if not dry_run:
            await tx.execute(TURN_THE_PAGE)
        known = await queries.names(tx.conn, file.templates)
        found = [await _put(tx, actor, template, dry_run) for template in file.templates]
        for it, template in zip(found, file.templates, strict=True):
            it.warnings = known.warnings(template)
        return found

    return await db.act(change)


async def _put(tx: Tx, actor: Actor, template: RoomTemplate, dry_run: bool) -> ImportedTemplate:
    row = await queries.of_name(tx.conn, template.name)
    if row is None:
        check_may_change(actor, template)
        if not dry_run:
            await _insert(tx, actor, template, "imported")
        return ImportedTemplate(template.name, "added", [])
    before = queries.body(row)
    check_may_change(actor, template, before)
    fields = differing(before, template) + (["archived"] if row.archived_at else [])
    if fields and not dry_run:
        await _write(tx, actor, row, template, "imported")
    outcome: ImportOutcome = "changed" if fields else "unchanged"
    return ImportedTemplate(template.name, outcome, fields)


def differing(one: RoomTemplate, other: RoomTemplate) -> list[str]:
    """Fields in which two templates differ. Pure."""
    return [name for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)]


async def _insert(tx: Tx, actor: Actor, template: RoomTemplate, change: VersionChange) -> UUID:
    count = await tx.scalar(select(func.count()).select_from(room_templates)) or 0
    if count >= limits.TEMPLATES:
        raise Problem("invalid", f"There are {limits.TEMPLATES} templates already")
    template_id = new_id()
    await tx.execute(insert(room_templates).values(id=template_id, name=template.name, version=1))
    await _version(tx, actor, template_id, 1, template, change)
    return template_id


async def _write(tx: Tx, actor: Actor, row: Any, template: RoomTemplate, change: VersionChange, **facts: Any) -> None:
    """A new version of a template that is there; the version is written first, rooms point at it."""
    archived = func.hub_now() if change == "archived" else None
    values = {"version": row.version + 1, "name": template.name, "archived_at": archived}
    await _version(tx, actor, row.id, row.version + 1, template, change, before=queries.body(row), **facts)
    await tx.execute(update(room_templates).where(room_templates.c.id == row.id).values(values))


async def _version(
    tx: Tx,
    actor: Actor,
    template_id: UUID,
    version: int,
    template: RoomTemplate,
    change: VersionChange,
    before: RoomTemplate | None = None,
    **facts: Any,
) -> None:
    row = {"template_id": template_id, "version": version, "change": change, "edited_by": actor.id}
    await tx.execute(insert(room_template_versions).values(body=msgspec.to_builtins(template), **row))
    fields = differing(before, template) if before is not None else []
    noted = {"name": template.name, "version": version, **facts} | ({"fields": fields} if fields else {})
    was, now = (_part(it, fields) if fields and it else None for it in (before, template))
    await audit.record(tx, actor.id, f"template_{change}", str(template_id), before=was, after=now, **noted)


def _part(template: RoomTemplate, fields: list[str]) -> dict[str, Any]:
    whole: dict[str, Any] = msgspec.to_builtins(template)
    return {name: whole[name] for name in fields}


async def _check_name(tx: Tx, name: str, template_id: UUID | None) -> None:
    found = await queries.of_name(tx.conn, name)
    if found is not None and found.id != template_id:
        archived = ", it is archived: restore it" if found.archived_at else ""
        raise Problem("invalid", f"There is a template of this name{archived}", field="name")


def _check_live(row: Any) -> None:
    if row.archived_at is not None:
        raise Problem("conflict", "The template is archived; restore it first")
