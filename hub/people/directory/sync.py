"""Looks at everybody of the directory every few minutes: who was disabled, moved or removed is out, on every hub.

One process at a time (an advisory lock of its own connection); a process that dies lets go of it.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec

from hub.audit.actions import record
from hub.base.clock import wall
from hub.base.db import Tx, translating
from hub.base.telemetry import directory_held, logger
from hub.people.directory import actions, queries
from hub.people.directory.accounts import DomainAccounts
from hub.people.directory.changes import Leaves, Plan, Stays, differences, planned
from hub.people.directory.mapping import Rule
from hub.wire.problems import Problem

ONE_LOOKER: Final = "SELECT pg_try_advisory_lock(4207850013)"
PAUSE_SECONDS: Final = 5  # how soon a rule that was changed is looked at
LOOK_SECONDS: Final = 120  # a large directory takes its time
log = logger("directory_sync")


class Look(msgspec.Struct, frozen=True):
    """What a look came to. `unknown` are groups of rules that the directory does not have."""

    plan: Plan
    unknown: list[str]


class Sync:
    """The looks of one hub process."""

    def __init__(self, accounts: DomainAccounts):
        self._accounts = accounts
        self._db = accounts.db

    async def run(self) -> None:
        """Look whenever it is time, for the life of the process."""
        while True:
            try:
                await self.look_if_due()
            except Problem as problem:
                log.warning("directory_look_failed", code=problem.code)
            await asyncio.sleep(min(PAUSE_SECONDS, self._accounts.sync_seconds))

    async def look_if_due(self) -> None:
        """Look, if nobody has lately and nobody is at it."""
        with translating():
            conn = await self._db.connect()
        try:
            with translating():
                mine = await conn.fetchval(ONE_LOOKER)
            if mine and await self._due():
                await self.look_and_change()
        finally:
            with suppress(Exception):  # the lock goes with the connection
                await conn.close(timeout=1)

    async def _due(self) -> bool:
        async with self._db.reading() as conn:
            looked_at = (await queries.state(conn)).looked_at
        return looked_at is None or wall() - looked_at >= timedelta(seconds=self._accounts.sync_seconds)

    async def look(self, force: bool = False) -> Look:
        """Ask the directory about everybody; changes nothing."""
        rules = await self._accounts.rules()
        async with self._db.reading() as conn:
            people = await queries.known(conn)
        ask, domain = self._accounts.ask, self._accounts.domain
        entries = await ask(domain.by_guid, [known.object_guid for known in people], seconds=LOOK_SECONDS)
        hits: dict[UUID, list[Rule]] = {}
        unknown: list[str] = []
        for group in sorted({rule.group for rule in rules}):
            members = await ask(domain.members, group, seconds=LOOK_SECONDS)
            if members is None:
                unknown.append(group)
            for guid in members or ():
                hits.setdefault(guid, []).extend(rule for rule in rules if rule.group == group)
        return Look(planned(people, entries, hits, self._accounts.default, time.time(), force), unknown)

    async def look_and_change(self, force: bool = False) -> Look:
        """Ask, then change everybody who is not as the directory has them; raises `directory_unavailable`."""
        at = wall()
        try:
            found = await self.look(force)
        except Problem as problem:
            await self._db.act(partial(actions.note_look, at=at, fault=problem.code))
            raise
        if found.unknown:
            log.warning("directory_groups_unknown", groups=found.unknown)
        for leaving in found.plan.leaves:
            if found.unknown and leaving.why == "no_group":  # perhaps it is the group that is gone, not the person
                continue
            await self._db.act(partial(_leave, leaving=leaving))
            log.info("directory_let_go", user=str(leaving.known.id), why=leaving.why)
        same: list[UUID] = []
        for staying in found.plan.stays:
            if differences(staying.known, staying.entry, staying.grant):
                await self._db.act(partial(_stay, staying=staying))
            else:
                same.append(staying.known.id)
        await actions.seen(self._db, same)
        await self._db.act(partial(self._note, at=at, held=found.plan.held))
        return found

    async def _note(self, tx: Tx, at: Any, held: list[Leaves]) -> None:
        before = (await queries.state(tx.conn)).held
        await actions.note_look(tx, at, len(held))
        if held and len(held) != before:
            await record(tx, None, "directory_sync_held", "directory", people=[str(one.known.id) for one in held])
            log.error("directory_sync_held", people=len(held))
        directory_held.set(len(held))


async def _leave(tx: Tx, leaving: Leaves) -> None:
    await actions.let_go(tx, leaving.known, leaving.why)


async def _stay(tx: Tx, staying: Stays) -> None:
    await actions.bring_up(tx, staying.known, staying.entry, staying.grant)


def _shown(changes: dict[str, tuple[Any, Any]]) -> Iterable[tuple[str, tuple[Any, Any]]]:
    """Changes as people read them: a picture is there or not."""
    for name, (before, after) in changes.items():
        yield name, (bool(before), bool(after)) if name == "photo" else (before, after)


def told(plan: Plan) -> Iterable[str]:
    """What a plan would change, a line for each person."""
    for leaving in plan.leaves:
        yield f"- {leaving.known.username}: signed out and disabled ({leaving.why})"
    for held in plan.held:
        yield f"! {held.known.username}: would be disabled ({held.why}), held back: too many at once"
    for staying in plan.stays:
        changes = differences(staying.known, staying.entry, staying.grant)
        if changes:
            words = ", ".join(f"{name}: {before!r} → {after!r}" for name, (before, after) in _shown(changes))
            yield f"~ {staying.known.username}: {words}"
