"""Commands for people, tokens and the directory."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hub.base.settings import SettingsError
from hub.cli.common import main, password_from, settings, with_database

T = TypeVar("T")
HUB_ROLES = ["admin", "lead", "responder", "viewer"]
KINDS = ["person", "bot", "machine"]


@main.group()
def user() -> None:
    """Look after local accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", help="Display name; the account name if absent.")
@click.option("--role", type=click.Choice(HUB_ROLES), default="responder", show_default=True)
@click.option("--kind", type=click.Choice(KINDS), default="person", show_default=True)
@click.option("--password-file", help="File with the password, - for standard input; asked for if absent.")
@click.option("--break-glass", is_flag=True, help="An admin for the day the directory is down; every use is told.")
def user_add(
    username: str, name: str | None, role: Any, kind: Any, password_file: str | None, break_glass: bool
) -> None:
    """Add an account, or bring the one of that name up to date."""
    from hub.people.actions import NewUser, put_user

    if break_glass:
        role, kind = "admin", "person"
    new = NewUser(username, name or username, kind, role, password_from(password_file), break_glass)
    with_database(lambda db: put_user(db, new))
    click.echo(f"{kind} {username} ({role}) is ready")


@user.command("reset")
@click.argument("username")
def user_reset(username: str) -> None:
    """Give a local account a temporary password and enable it; its sessions end."""
    from hub.people.actions import reset_from_outside

    click.echo(with_database(lambda db: reset_from_outside(db, username)))


@main.group()
def token() -> None:
    """Look after API tokens."""


@token.command("add")
@click.argument("username")
@click.option("--kind", type=click.Choice(["machine", "bot"]), default="machine", show_default=True)
@click.option("--sources", default="", help="Sources it may report for, with commas; * is any.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the token to this file (0600) and not to the screen."
)
def token_add(username: str, kind: Any, sources: str, out: Path | None) -> None:
    """Make a token for a machine or bot; its account is added if absent."""
    from hub.people.actions import add_token, bearer

    async def work(db: Any) -> str:
        return await add_token(db, await bearer(db, username, kind), [name for name in sources.split(",") if name])

    secret = with_database(work)
    if out is None:
        click.echo(secret)
        return
    out.touch(mode=0o600)
    out.chmod(0o600)
    out.write_text(secret, encoding="utf-8")


@main.group()
def directory() -> None:
    """Look after the plant's directory (LDAP_*)."""


def _with_directory(work: Callable[[Any], Awaitable[T]]) -> T:
    """Run with the accounts of the domain."""
    from hub.people.directory.accounts import DomainAccounts

    known = settings()
    if not known.ldap_urls:
        raise click.ClickException("LDAP_URL is not set: ldaps://dc1.plant.example")
    try:
        return with_database(lambda db: work(DomainAccounts(db, known)))
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@directory.command("test-login")
@click.argument("username")
@click.option("--password-file", help="File with the password, - for standard input; asked for if absent.")
def directory_test_login(username: str, password_file: str | None) -> None:
    """Do what a sign-in does, step by step, and say which step fails. Nobody is signed in, nothing is changed."""
    from hub.people.directory.queries import team_keys
    from hub.people.directory.trial import Failed, tried

    async def known(accounts: Any) -> Any:
        async with accounts.db.reading() as conn:
            return await accounts.rules(), await team_keys(conn)

    rules, teams = _with_directory(known)
    if password_file is None:
        password = click.prompt("Password (empty: not tried)", hide_input=True, default="", show_default=False)
    else:
        password = password_from(password_file) or ""
    try:
        for line in tried(settings(), username, password, rules, teams):
            click.echo(line)
    except Failed as failed:
        raise click.ClickException(str(failed)) from None


@directory.command("sync")
@click.option("--dry-run", is_flag=True, help="Print what would change, change nothing.")
@click.option("--force", is_flag=True, help="Let people go even when suspiciously many are missing at once.")
def directory_sync(dry_run: bool, force: bool) -> None:
    """Bring everybody to what the directory says, now."""
    from hub.people.directory.sync import Sync, told

    async def work(accounts: Any) -> Any:
        sync = Sync(accounts)
        return await (sync.look(force) if dry_run else sync.look_and_change(force))

    look = _with_directory(work)
    for line in told(look.plan):
        click.echo(line)
    for group in look.unknown:
        click.echo(f"? there is no group {group} in the directory")
    click.echo(f"{len(look.plan.stays)} stay, {len(look.plan.leaves)} leave, {len(look.plan.held)} held back")
    if look.plan.held:
        raise click.ClickException("too many are missing at once: look at the directory, or say --force")
