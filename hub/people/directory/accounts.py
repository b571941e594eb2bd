"""Whom a sign-in is asked of: our own accounts first, then the plant's Active Directory.

An account of our own is never the directory's business: it works while every domain controller is down, and nobody in
the directory can take it over by its name.
"""

import time
from datetime import timedelta
from time import monotonic
from typing import Any, Final, cast
from uuid import UUID

from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.settings import Settings, SettingsError
from hub.people.directory import actions, queries
from hub.people.directory.codes import problem_code
from hub.people.directory.door import Directory, DirectoryAway, SignInRefused
from hub.people.directory.entries import Entry, Group
from hub.people.directory.ldap import ActiveDirectory, Place
from hub.people.directory.local import LocalAccounts
from hub.people.directory.mapping import Grant, Rule, granted, read_rules
from hub.people.directory.names import dns_domain, parsed
from hub.people.directory.queries import Known
from hub.people.directory.threads import Threads
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import HubRole

LOCK_OUT_SECONDS: Final = 3600  # how long the domain's lock-out rule is believed


def place_of(settings: Settings) -> Place:
    """Where the settings say the directory is."""
    return Place(
        settings.ldap_urls,
        settings.ldap_base_dn,
        settings.ldap_bind_dn,
        settings.ldap_bind_password,
        settings.ldap_ca_file or None,
        settings.ldap_start_tls,
        settings.ldap_domain,
    )


def default_role(settings: Settings) -> HubRole | None:
    """The role of people whom no rule gives one; None = they may not sign in."""
    return cast(HubRole | None, settings.ldap_default_role or None)


class DomainAccounts:
    """Accounts of Active Directory, beside our own. No password of theirs is ever kept, in whatever form."""

    def __init__(self, db: Database, settings: Settings):
        try:
            self.fixed_rules = read_rules(settings.ldap_groups)
        except ValueError as error:
            raise SettingsError(
                f"LDAP_GROUPS has «{error}»; write GROUP=role, GROUP=role:team or GROUP=:team"
            ) from None
        self.db = db
        self.place = place_of(settings)
        self.domain = ActiveDirectory(self.place)
        self.default = default_role(settings)
        self.sync_seconds = settings.ldap_sync_seconds
        self._threads = Threads()
        self._local = LocalAccounts(db)
        self._allowed = (limits.LOGIN_FAILURES, float(limits.LOGIN_WINDOW_SECONDS))
        self._asked_again_at = 0.0

    async def ask(self, work: Any, *given: Any, seconds: float = limits.DIRECTORY_LOGIN_SECONDS) -> Any:
        """Ask the directory in a thread; `directory_unavailable` when it does not answer."""
        return await self._threads.run(seconds, work, *given)

    async def rules(self) -> list[Rule]:
        """Rules of the settings, then those made by administrators."""
        async with self.db.reading() as conn:
            return [*self.fixed_rules, *await queries.rules(conn)]

    async def authenticate(self, username: str, password: str) -> UUID:
        """Check the password where the account is."""
        async with self.db.reading() as conn:
            local = await queries.is_local(conn, username)
        if local:
            return await self._local.authenticate(username, password)
        if not username.strip() or not password:  # a bind without a password would succeed, as nobody
            raise Problem("invalid_credentials")
        name = parsed(username, self.place.domain, dns_domain(self.place.base_dn))
        if name is None:
            raise SignInRefused("invalid_credentials", "other_domain")
        who = await self.ask(self.domain.find, name)
        await self._prove(who, f"name:{username.lower()}" if who is None else f"guid:{who.guid}", password)
        return await actions.take_in(self.db, who, await self._welcomed(who))

    async def _prove(self, who: Entry | None, key: str, password: str) -> None:
        """Ask for the password. Known and unknown people take the same way, the same number of questions long."""
        reserved = await actions.reserve(self.db, key, *await self._guesses())
        try:
            reason = await self.ask(self.domain.check, who, password)
        except DirectoryAway as away:
            if away.step in {"connect", "tls"}:  # later the password may have got there: it counts
                await actions.forget(self.db, key, reserved)
            raise
        if reason is not None or who is None:
            raise SignInRefused(problem_code(reason or "525"), reason or "525")
        await actions.forget(self.db, key)

    async def _guesses(self) -> tuple[int, float]:
        """How many wrong passwords of one person we pass on within how many seconds: fewer than locks the account."""
        if monotonic() > self._asked_again_at:
            threshold, seconds = await self.ask(self.domain.lock_out)
            most = min(limits.LOGIN_FAILURES, max(threshold - 1, 1)) if threshold else limits.LOGIN_FAILURES
            self._allowed = most, max(float(limits.LOGIN_WINDOW_SECONDS), seconds)
            self._asked_again_at = monotonic() + LOCK_OUT_SECONDS
        return self._allowed

    async def _welcomed(self, who: Entry) -> Grant:
        gone = who.gone(time.time())
        if gone is not None:
            raise SignInRefused("account_disabled", gone)
        grant = granted(await self.rules(), await self.ask(self.domain.groups, who), self.default)
        if grant is None:
            raise SignInRefused("group_missing", "no_group")
        return grant

    async def recheck(self, session_id: UUID | None) -> None:
        """Look at one person again when nobody has lately. While the directory is away, sessions live on."""
        if session_id is None:
            return
        late = wall() - timedelta(seconds=limits.DIRECTORY_SYNC_SECONDS)
        async with self.db.reading() as conn:
            known = await queries.due(conn, session_id, late)
        if known is None:
            return
        try:
            found = await self.ask(self.domain.by_guid, [known.object_guid])
            entry: Entry | None = found.get(known.object_guid)
            groups = await self.ask(self.domain.groups, entry) if entry else []
        except Problem:
            return
        if entry is not None:
            await self._apply(known, entry, groups)

    async def _apply(self, known: Known, entry: Entry, groups: list[Group]) -> None:
        """Who cannot be found, or seems to be in no group at all, is left to the look at everybody: it knows how many
        others are missing too."""
        grant = granted(await self.rules(), groups, self.default)
        why = entry.gone(time.time()) or ("no_group" if grant is None and groups else None)

        async def change(tx: Tx) -> None:
            if why is not None:
                await actions.let_go(tx, known, why)
            elif grant is not None:
                await actions.bring_up(tx, known, entry, grant)

        await self.db.act(change)


def accounts(db: Database, settings: Settings) -> Directory:
    """Who checks passwords, by the settings; raises SettingsError."""
    return DomainAccounts(db, settings) if settings.ldap_urls else LocalAccounts(db)
