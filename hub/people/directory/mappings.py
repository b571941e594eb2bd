"""Which groups of the directory lead where, as administrators make it. Every change is looked at within seconds."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.audit.actions import record
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people.directory import queries
from hub.people.directory.actions import look_soon
from hub.people.directory.mapping import Rule
from hub.people.policy import Actor
from hub.people.teams.tables import group_mappings, teams
from hub.wire.problems import Problem
from hub.wire.teams import GroupMapping, NewGroupMapping

ALL = text(
    "SELECT m.id, m.group_name, m.role, m.team_id, t.key FROM group_mappings m LEFT JOIN teams t ON t.id = m.team_id "
    "ORDER BY lower(m.group_name), m.created_at, m.id"
)


async def listed(conn: AsyncConnection, fixed: Sequence[Rule]) -> list[GroupMapping]:
    """Those of the settings, then those made here."""
    ids = await queries.team_ids(conn, [rule.team for rule in fixed if rule.team])
    of_settings = [
        GroupMapping(None, rule.group, rule.role, ids.get(rule.team or ""), rule.team, "settings", False)
        for rule in fixed
    ]
    rows = await conn.execute(ALL)
    made = [GroupMapping(row.id, row.group_name, row.role, row.team_id, row.key, "hand", True) for row in rows]
    return of_settings + made


async def add(db: Database, actor: Actor, wanted: NewGroupMapping) -> GroupMapping:
    """Lead a group somewhere; `conflict` when it leads there already."""
    group = wanted.group.strip()
    if not group or (wanted.role is None and wanted.team_id is None):
        raise Problem("invalid", "Name a group, and a role or a team", field="role" if group else "group")
    mapping_id = new_id()

    async def change(tx: Tx) -> GroupMapping:
        key = await tx.scalar(select(teams.c.key).where(teams.c.id == wanted.team_id)) if wanted.team_id else None
        if wanted.team_id is not None and key is None:
            raise Problem("not_found", field="team_id")
        row = {"id": mapping_id, "group_name": group, "role": wanted.role, "team_id": wanted.team_id}
        if not (await tx.execute(insert(group_mappings).values(row).on_conflict_do_nothing())).rowcount:
            raise Problem("conflict", "The group leads there already", field="group")
        await look_soon(tx)
        await record(tx, actor.id, "group_mapping_added", str(mapping_id), group=group, role=wanted.role, team=key)
        return GroupMapping(mapping_id, group, wanted.role, wanted.team_id, key, "hand", True)

    return await db.act(change)


async def remove(db: Database, actor: Actor, mapping_id: UUID) -> None:
    """A group leads there no more."""

    async def change(tx: Tx) -> None:
        gone = delete(group_mappings).where(group_mappings.c.id == mapping_id).returning(group_mappings)
        row = (await tx.execute(gone)).one_or_none()
        if row is None:
            raise Problem("not_found")
        await look_soon(tx)
        facts = {"group": row.group_name, "role": row.role, "team": str(row.team_id) if row.team_id else None}
        await record(tx, actor.id, "group_mapping_removed", str(mapping_id), **facts)

    await db.act(change)
