"""Changing teams and who is in them by hand."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from hub.audit.actions import record
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people.directory.actions import look_soon
from hub.people.policy import Actor
from hub.people.tables import users
from hub.people.teams import queries
from hub.people.teams.policy import may_edit, may_manage_members
from hub.people.teams.tables import team_members, teams
from hub.wire.problems import Problem
from hub.wire.teams import ChangeTeam, NewTeam

NOW = text("hub_now()")


async def add(db: Database, actor: Actor, wanted: NewTeam) -> UUID:
    """Make a team; `conflict` when the key is another's."""
    _require(may_edit(actor))
    team_id = new_id()

    async def change(tx: Tx) -> UUID:
        row = {"id": team_id, "key": wanted.key, "name": wanted.name, "lines": _once(wanted.lines)}
        made = insert(teams).values(row).on_conflict_do_nothing(index_elements=[teams.c.key])
        if not (await tx.execute(made)).rowcount:
            raise Problem("conflict", "There is a team with this key", field="key")
        await look_soon(tx)  # a rule of the settings may have waited for it
        await record(tx, actor.id, "team_added", str(team_id), key=wanted.key, name=wanted.name, lines=row["lines"])
        return team_id

    return await db.act(change)


async def change_team(db: Database, actor: Actor, team_id: UUID, wanted: ChangeTeam) -> None:
    """Change name, lines or archive; what is the same already leaves no trace."""
    _require(may_edit(actor))

    async def change(tx: Tx) -> None:
        row = (await tx.execute(select(teams).where(teams.c.id == team_id).with_for_update())).one_or_none()
        if row is None:
            raise Problem("not_found")
        after: dict[str, Any] = {}
        if wanted.name not in (None, row.name):
            after["name"] = wanted.name
        if wanted.lines is not None and _once(wanted.lines) != list(row.lines):
            after["lines"] = _once(wanted.lines)
        if wanted.archived is not None and wanted.archived != (row.archived_at is not None):
            after["archived"] = wanted.archived
        if not after:
            return
        before = {name: row.archived_at is not None if name == "archived" else getattr(row, name) for name in after}
        columns = {name: value for name, value in after.items() if name != "archived"}
        if "archived" in after:
            columns["archived_at"] = NOW if after["archived"] else None
        await tx.execute(update(teams).where(teams.c.id == team_id).values(columns))
        await look_soon(tx)
        await record(tx, actor.id, "team_changed", str(team_id), before=before, after=after)

    await db.act(change)


async def put_member(db: Database, actor: Actor, team_id: UUID, user_id: UUID, lead: bool) -> None:
    """Put a person into a team by hand, or make them lead of it or not."""

    async def change(tx: Tx) -> None:
        await _managed(tx, actor, team_id)
        person = users.c.id == user_id, users.c.kind == "person", users.c.disabled_at.is_(None)
        if await tx.scalar(select(users.c.id).where(*person)) is None:
            raise Problem("not_found", field="user_id")
        before = await tx.scalar(select(team_members.c.lead).where(*_by_hand(team_id, user_id)))
        if before == lead:
            return
        row = {"team_id": team_id, "user_id": user_id, "source": "hand", "lead": lead}
        key = [team_members.c.team_id, team_members.c.user_id, team_members.c.source]
        await tx.execute(
            insert(team_members).values(row).on_conflict_do_update(index_elements=key, set_={"lead": lead})
        )
        action = "team_member_added" if before is None else "team_member_changed"
        was, now = (None, None) if before is None else ({"lead": before}, {"lead": lead})
        await record(tx, actor.id, action, str(team_id), before=was, after=now, user=str(user_id), lead=lead)

    await db.act(change)


async def remove_member(db: Database, actor: Actor, team_id: UUID, user_id: UUID) -> None:
    """Take a person out who was put in by hand; `conflict` for who is in by a group alone, `not_found` for others."""

    async def change(tx: Tx) -> None:
        await _managed(tx, actor, team_id)
        gone = await tx.execute(delete(team_members).where(*_by_hand(team_id, user_id)))
        if not gone.rowcount:
            mine = team_members.c.team_id == team_id, team_members.c.user_id == user_id
            if await tx.scalar(select(team_members.c.user_id).where(*mine)) is None:
                raise Problem("not_found")
            raise Problem("conflict", "They are in the team by a group of the directory: change it there")
        await record(tx, actor.id, "team_member_removed", str(team_id), user=str(user_id))

    await db.act(change)


async def _managed(tx: Tx, actor: Actor, team_id: UUID) -> None:
    row = await queries.row_of(tx.conn, team_id)
    _require(may_manage_members(actor, row.lines))
    if row.archived_at is not None:
        raise Problem("conflict", "The team is archived")


def _by_hand(team_id: UUID, user_id: UUID) -> tuple[Any, ...]:
    return team_members.c.team_id == team_id, team_members.c.user_id == user_id, team_members.c.source == "hand"


def _require(allowed: bool) -> None:
    if not allowed:
        raise Problem("forbidden")


def _once(lines: list[str]) -> list[str]:
    return list(dict.fromkeys(lines))
