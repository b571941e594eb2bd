"""Tries to sign in, counted in PostgreSQL before the directory is asked.

A try takes its place first and is counted as a failure until it is known to be none, so guesses at once cannot slip
through; who comes while the outcome of others decides waits for it. Only failures count: a shift that signs in behind
one address is never told to wait.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from time import monotonic

from sqlalchemy import delete, text, update

from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.telemetry import rate_limited
from hub.people.sessions.policy import Count, Rules, counted_account, counted_address, wait_seconds
from hub.people.sessions.tables import login_attempts
from hub.wire import limits
from hub.wire.problems import Problem

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(4207850014)")
NEWEST = (
    "SELECT count(*) AS tries, min(at) AS oldest, coalesce(bool_or(open AND at > :open_since), false) AS undecided "
    "FROM (SELECT at, open FROM login_attempts WHERE {whose} AND at > :since ORDER BY at DESC LIMIT :most) newest"
)
OF_ACCOUNT = text(NEWEST.format(whose="account = :whose"))
OF_ADDRESS = text(NEWEST.format(whose="address = :whose"))
IN_ALL = text(NEWEST.format(whose="true"))
PAUSE_SECONDS = 0.2


@asynccontextmanager
async def attempt(db: Database, rules: Rules, username: str, ip: str) -> AsyncIterator[None]:
    """Try a password inside; `rate_limited` when there were too many failures.

    A refusal (401) raised inside is a failure; that the directory does not answer, or was not asked, is none. What is
    cut off before its outcome is known counts as a failure after `LOGIN_OPEN_SECONDS`.
    """
    account, address = counted_account(username), counted_address(ip)
    number = await _place(db, rules, account, address)
    try:
        yield
    except Problem as problem:
        await _settle(db, number, failed=problem.status == HTTPStatus.UNAUTHORIZED)
        raise
    await _succeed(db, number, account)


async def _place(db: Database, rules: Rules, account: str, address: str) -> int:
    """Take a place among the tries, and return its number."""
    until = monotonic() + limits.LOGIN_PATIENCE_SECONDS

    async def change(tx: Tx) -> tuple[float | None, int]:
        await tx.execute(ONE_AT_A_TIME)
        now = wall()
        wait = wait_seconds(await _counts(tx, rules, account, address), now)
        if wait != 0:
            return wait, 0
        row = login_attempts.insert().values(account=account, address=address, at=now, open=True)
        return 0, int(await tx.scalar(row.returning(login_attempts.c.id)) or 0)

    while True:
        wait, number = await db.act(change)
        if number:
            return number
        if wait is not None or monotonic() > until:
            rate_limited.labels("login").inc()
            raise Problem("rate_limited", retry_after=wait or 1)
        await asyncio.sleep(PAUSE_SECONDS * random.uniform(0.5, 1.5))


async def _counts(tx: Tx, rules: Rules, account: str, address: str) -> list[tuple[Count, int]]:
    now = wall()
    since = {
        "since": now - timedelta(seconds=limits.LOGIN_WINDOW_SECONDS),
        "open_since": now - timedelta(seconds=limits.LOGIN_OPEN_SECONDS),
    }
    found = []
    for query, whose, most in (
        (OF_ACCOUNT, {"whose": account}, rules.failures),
        (OF_ADDRESS, {"whose": address}, rules.failures_per_address),
        (IN_ALL, {}, rules.failures_in_all),
    ):
        row = (await tx.execute(query, {**since, **whose, "most": most})).one()
        found.append((Count(row.tries, row.oldest, row.undecided), most))
    return found


async def _settle(db: Database, number: int, *, failed: bool) -> None:
    mine = login_attempts.c.id == number
    settled = update(login_attempts).where(mine).values(open=False) if failed else delete(login_attempts).where(mine)

    async def change(tx: Tx) -> None:
        await tx.execute(settled)

    await db.act(change)


async def _succeed(db: Database, number: int, account: str) -> None:
    """Forget the account's failures, and what is too old to count; others' tries that are going on stay."""
    settled = (login_attempts.c.account == account) & ~login_attempts.c.open
    old = login_attempts.c.at < wall() - timedelta(seconds=limits.LOGIN_WINDOW_SECONDS)

    async def change(tx: Tx) -> None:
        await tx.execute(ONE_AT_A_TIME)
        await tx.execute(delete(login_attempts).where((login_attempts.c.id == number) | settled | old))

    await db.act(change)
