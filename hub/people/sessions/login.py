"""Signing in: the limit of wrong guesses comes before the directory is asked."""

from datetime import timedelta

from hub.audit.actions import record
from hub.base.clock import wall
from hub.base.db import Database, Tx
from hub.base.telemetry import rate_limited
from hub.base.text import checked
from hub.people.directory.door import Directory, SignInRefused
from hub.people.secrets import TokenKeys
from hub.people.sessions import queries
from hub.people.sessions.actions import Device, Session, open_session, refused
from hub.people.sessions.tables import login_failures
from hub.wire import limits
from hub.wire.problems import Problem


async def login(
    db: Database, directory: Directory, keys: TokenKeys, username: str, password: str, device: Device
) -> Session:
    """Sign in. After 5 failures in 15 minutes the account waits, and the directory is not asked (`rate_limited`)."""
    account = checked(username).strip().lower()
    checked(password)
    if not account or not password:
        raise refused("invalid_credentials")
    async with db.reading() as conn:
        window = timedelta(seconds=limits.LOGIN_WINDOW_SECONDS)
        failures = await queries.recent_failures(conn, account, wall() - window)
    if failures >= limits.LOGIN_FAILURES:
        rate_limited.labels("login").inc()
        raise Problem("rate_limited", retry_after=limits.LOGIN_WINDOW_SECONDS)
    try:
        user_id = await directory.authenticate(account, password)
    except Problem as problem:
        if problem.status != 401:  # the directory is away, or has heard enough: no guess was made
            raise
        await _note_failure(db, account, problem, device)
        raise refused(problem.code) from None
    return await open_session(db, keys, user_id, account, device)


async def _note_failure(db: Database, account: str, problem: Problem, device: Device) -> None:
    facts = {"reason": problem.reason} if isinstance(problem, SignInRefused) else {}

    async def change(tx: Tx) -> None:
        await tx.execute(login_failures.insert().values(username=account, at=wall()))
        await record(tx, None, "login_refused", account, ip=device.ip, code=problem.code, **facts)

    await db.act(change)
