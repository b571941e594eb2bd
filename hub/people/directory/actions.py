"""Changing people as the directory says: a first sign-in, what has changed, and letting go. Each with its audit row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text, update

from hub.audit.actions import record
from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.ids import new_id
from hub.people import queries as people
from hub.people.directory import queries
from hub.people.directory.changes import differences, facts
from hub.people.directory.entries import Entry
from hub.people.directory.mapping import Grant
from hub.people.directory.queries import Known
from hub.people.directory.tables import directory_guesses, user_photos
from hub.people.sessions.actions import end_sessions
from hub.people.tables import users
from hub.people.teams.tables import team_members
from hub.wire.problems import Problem

ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 4207850013))")
PUT_PHOTO = text(
    "INSERT INTO user_photos (user_id, photo) VALUES (:id, :photo) ON CONFLICT (user_id) DO UPDATE SET "
    "photo = excluded.photo WHERE user_photos.photo <> excluded.photo"
)
STATE = text(
    "UPDATE directory_sync SET looked_at = :at, held = :held, fault = :fault, "
    "succeeded_at = CASE WHEN CAST(:fault AS text) IS NULL THEN :at ELSE succeeded_at END"
)
KEPT = timedelta(days=7)
LOOK_SOON = text("UPDATE directory_sync SET looked_at = NULL")


async def take_in(db: Database, entry: Entry, grant: Grant) -> UUID:
    """Somebody has signed in: their user, made at the first time. `account_disabled` when the hub itself says no."""

    async def change(tx: Tx) -> UUID:
        await tx.execute(ONE_BY_ONE, {"key": str(entry.guid)})
        known = await queries.known_as(tx.conn, entry.guid)
        if known is None:
            return await _provision(tx, entry, grant)
        if not known.enabled and not known.let_go:
            raise Problem("account_disabled")
        await bring_up(tx, known, entry, grant)
        return known.id

    return await db.act(change)


async def _provision(tx: Tx, entry: Entry, grant: Grant) -> UUID:
    user_id, username = new_id(), await _free_name(tx, entry)
    row = facts(entry, grant) | {"object_guid": entry.guid, "checked_at": wall()}
    await tx.execute(users.insert().values(id=user_id, username=username, kind="person", **row))
    await _put_photo(tx, user_id, entry)
    teams = await _put_teams(tx, user_id, {}, grant.teams)
    await record(
        tx,
        None,
        "user_provisioned",
        str(user_id),
        username=username,
        guid=str(entry.guid),
        role=grant.role,
        teams=teams,
    )
    return user_id


async def _free_name(tx: Tx, entry: Entry) -> str:
    """The account's name here. A name that is somebody else's is theirs: a local account is never taken over."""
    wishes = [entry.sam.lower(), (entry.upn or entry.sam).lower(), f"{entry.sam.lower()}-{entry.guid.hex[:8]}"]
    for wish in wishes:
        if await people.account(tx.conn, wish) is None:
            return wish
    raise Problem("conflict")


async def bring_up(tx: Tx, known: Known, entry: Entry, grant: Grant) -> dict[str, tuple[Any, Any]]:
    """Make a user what the directory says; returns column → (before, after) of what has changed."""
    found = differences(known, entry, grant)
    if "username" in found and await people.account(tx.conn, entry.sam) is not None:
        del found["username"]
    columns = {name: after for name, (_, after) in found.items() if name not in {"teams", "enabled", "photo"}}
    if "enabled" in found:
        columns |= {"disabled_at": None, "let_go_by_directory": False}
    await tx.execute(update(users).where(users.c.id == known.id).values(checked_at=wall(), **columns))
    if "photo" in found:
        await _put_photo(tx, known.id, entry)
        found["photo"] = (known.photo is not None, entry.photo is not None)
    if "teams" in found:
        given = await _put_teams(tx, known.id, known.teams, grant.teams)
        found["teams"] = (known.teams, given)
        if given == known.teams:
            del found["teams"]
    if found:
        before = {name: old for name, (old, _) in found.items()}
        after = {name: new for name, (_, new) in found.items()}
        await record(tx, None, "user_changed_by_directory", str(known.id), before=before, after=after)
    return found


async def seen(db: Database, ids: Sequence[UUID]) -> None:
    """Nothing has changed about these people: only that somebody looked."""

    async def change(tx: Tx) -> None:
        await tx.execute(update(users).where(users.c.id.in_(ids)).values(checked_at=wall()))

    await db.act(change)


async def _put_photo(tx: Tx, user_id: UUID, entry: Entry) -> None:
    if entry.photo is None:
        await tx.execute(delete(user_photos).where(user_photos.c.user_id == user_id))
    else:
        await tx.execute(PUT_PHOTO, {"id": user_id, "photo": entry.photo})


async def _put_teams(tx: Tx, user_id: UUID, before: dict[str, bool], after: dict[str, bool]) -> dict[str, bool]:
    """Put somebody into these teams, and out of all others their groups once led to. Unknown teams are left out."""
    ids = await queries.team_ids(tx.conn, {*before, *after})
    given = {key: lead for key, lead in after.items() if key in ids}
    mine = (team_members.c.user_id == user_id, team_members.c.source == "directory")
    for key in before:
        if given.get(key) != before[key] and key in ids:
            await tx.execute(delete(team_members).where(*mine, team_members.c.team_id == ids[key]))
    for key, lead in given.items():
        if before.get(key) != lead:
            row = {"team_id": ids[key], "user_id": user_id, "source": "directory", "lead": lead}
            await tx.execute(team_members.insert().values(row))
    return given


async def let_go(tx: Tx, known: Known, why: str) -> int:
    """Take the sign-in from somebody: no session, no socket, no directory team is left. Returns ended sessions."""
    gone = {"disabled_at": text("hub_now()"), "let_go_by_directory": True, "checked_at": wall()}
    await tx.execute(update(users).where(users.c.id == known.id, users.c.disabled_at.is_(None)).values(gone))
    mine = (team_members.c.user_id == known.id, team_members.c.source == "directory")
    await tx.execute(delete(team_members).where(*mine))
    before = {"role": known.role, "teams": known.teams}
    await record(tx, None, "user_let_go_by_directory", str(known.id), why=why, before=before)
    return await end_sessions(tx, known.id, "sessions_ended_by_directory")


async def reserve(db: Database, person: str, most: int, seconds: float) -> int:
    """Count a password as wrong before the directory is asked; `rate_limited` when too many were wrong lately.

    It is counted by who it is, whatever name was typed and through whichever hub: that keeps us below the number at
    which the directory locks the account.
    """
    since = wall() - timedelta(seconds=seconds)

    async def change(tx: Tx) -> int:
        await tx.execute(ONE_BY_ONE, {"key": person})
        await tx.execute(delete(directory_guesses).where(directory_guesses.c.at < wall() - KEPT))
        if await queries.guesses(tx.conn, person, since) >= most:
            raise Problem("rate_limited", retry_after=seconds)
        noted = directory_guesses.insert().values(person=person, at=wall()).returning(directory_guesses.c.id)
        return int((await tx.execute(noted)).scalar_one())

    return await db.act(change)


async def forget(db: Database, person: str, one: int | None = None) -> None:
    """The password was right: what was counted counts no more; with `one` only that, as nobody could tell."""
    which = directory_guesses.c.person == person if one is None else directory_guesses.c.id == one

    async def change(tx: Tx) -> None:
        await tx.execute(delete(directory_guesses).where(which))

    await db.act(change)


async def note_look(tx: Tx, at: datetime, held: int = 0, fault: str | None = None) -> None:
    """Keep how a look at the directory went."""
    await tx.execute(STATE, {"at": at, "held": held, "fault": fault})


async def look_soon(tx: Tx) -> None:
    """Have the directory looked at within seconds: rules have changed."""
    await tx.execute(LOOK_SOON)
