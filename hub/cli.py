"""`andon`: every command of the product. Imports are lazy: a command pays only for what it uses."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hub.base.settings import Settings, SettingsError, from_environment

T = TypeVar("T")
HUB_ROLES = ["admin", "lead", "responder", "viewer"]
KINDS = ["person", "bot", "machine"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Andon Hub: incident rooms for production lines."""


def _settings() -> Settings:
    """Settings from the environment, or those of a running `andon up` of this checkout."""
    from hub.stack.plan import running_environment

    environment = dict(os.environ)
    if not {"DATABASE_URL", "DATABASE_URL_FILE"} & environment.keys():
        environment = running_environment(environment) | environment
    try:
        return from_environment(environment)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _with_database(work: Callable[[Any], Awaitable[T]]) -> T:
    from hub.base.db import Database
    from hub.base.origin import ORIGIN, Origin
    from hub.wire.problems import Problem

    async def run() -> T:
        ORIGIN.set(Origin(ip="cli"))
        db = Database(_settings().database_url, pool=2)
        try:
            return await work(db)
        finally:
            await db.close()

    try:
        return asyncio.run(run())
    except Problem as problem:
        raise click.ClickException(problem.detail) from None


@main.command()
@click.option("--demo", is_flag=True, help="Also run a demo line.")
@click.option("--lan", is_flag=True, help="Be reachable from the local network.")
def up(demo: bool, lan: bool) -> None:
    """Run everything in one process tree: database, broker, hub, connectors."""
    from hub.stack.up import run

    sys.exit(run(demo=demo, lan=lan))


@main.command()
def hub() -> None:
    """Run one hub process."""
    from hub.app import serve

    try:
        serve(_settings())
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@main.group()
def db() -> None:
    """Look after the schema."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema to the newest revision."""
    from hub.base.migrate import upgrade

    upgrade(_settings().database_url)


@main.group()
def user() -> None:
    """Look after local accounts."""


def _password(path: str | None) -> str | None:
    if path is None:
        return click.prompt("Password", hide_input=True, confirmation_prompt=True, default="") or None
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    return text.strip() or None


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
    new = NewUser(username, name or username, kind, role, _password(password_file), break_glass)
    _with_database(lambda db: put_user(db, new))
    click.echo(f"{kind} {username} ({role}) is ready")


@user.command("reset")
@click.argument("username")
def user_reset(username: str) -> None:
    """Give a local account a temporary password and enable it; its sessions end."""
    from hub.people.actions import reset_from_outside

    click.echo(_with_database(lambda db: reset_from_outside(db, username)))


@main.group()
def directory() -> None:
    """Look after the plant's directory (LDAP_*)."""


def _with_directory(work: Callable[[Any], Awaitable[T]]) -> T:
    """Run with the accounts of the domain."""
    from hub.people.directory.accounts import DomainAccounts

    settings = _settings()
    if not settings.ldap_urls:
        raise click.ClickException("LDAP_URL is not set: ldaps://dc1.plant.example")
    try:
        return _with_database(lambda db: work(DomainAccounts(db, settings)))
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
        password = _password(password_file) or ""
    try:
        for line in tried(_settings(), username, password, rules, teams):
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

    secret = _with_database(work)
    if out is None:
        click.echo(secret)
        return
    out.touch(mode=0o600)
    out.chmod(0o600)
    out.write_text(secret, encoding="utf-8")


@main.group()
def audit() -> None:
    """Prove and export who did what."""


@audit.command("verify")
@click.option("--head", help="A head that was kept elsewhere, NUMBER:HASH; the chain must hold it.")
def audit_verify(head: str | None) -> None:
    """Prove the hash chain and the rooms' logs in it; exit code 1 names the first place that does not fit."""
    from hub.audit.seal import Link
    from hub.audit.verify import Broken, verify

    async def work(db: Any) -> Any:
        async with db.snapshot() as conn:
            return await verify(conn, saved)

    try:
        saved = Link.read(head) if head else None
        proved = _with_database(work)
    except ValueError:
        raise click.BadParameter("NUMBER:HASH, as `andon audit verify` prints it", param_hint="--head") from None
    except Broken as broken:
        raise click.ClickException(str(broken)) from None
    click.echo(f"{proved.link.number} rows and {proved.events} events fit; head {proved.link}")


@audit.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--from", "since", type=click.DateTime(), help="From this time on, UTC.")
@click.option("--to", "until", type=click.DateTime(), help="Before this time, UTC.")
@click.option("--action", help="Only this action.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write (0600).")
def audit_export(form: Any, since: Any, until: Any, action: str | None, out: Path) -> None:
    """Write audit rows and rooms' events to a file; the export itself is audited."""
    from datetime import UTC

    from hub.people.audit.export import begin
    from hub.people.audit.queries import Wanted

    spans = [time.replace(tzinfo=UTC) if time else None for time in (since, until)]
    wanted = Wanted(action=action, since=spans[0], until=spans[1])

    async def work(db: Any) -> int:
        return sum([file.write(line) > 0 async for line in await begin(db, None, wanted, form)])

    out.touch(mode=0o600)
    with out.open("wb") as file:
        click.echo(f"{_with_database(work)} lines written to {out}")


@main.group()
def templates() -> None:
    """Look after room templates."""


@templates.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", default="admin", show_default=True, help="Who changes them, for the audit.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
def templates_import(file: Path, username: str, dry_run: bool) -> None:
    """Add or replace templates by name from a file (YAML or JSON), or from the two that come along: `presets`."""
    from hub.people.queries import actor_of_account
    from hub.rooms.templates import actions, exchange

    path = exchange.PRESETS if str(file) == "presets" else file

    async def work(db: Any) -> list[Any]:
        async with db.reading() as conn:
            actor = await actor_of_account(conn, username)
        if actor is None:
            raise click.ClickException(f"nobody has the account {username}")
        return await actions.put_all(db, actor, exchange.read(path.read_text("utf-8")), dry_run=dry_run)

    try:
        for it in _with_database(work):
            click.echo(" ".join([it.outcome, it.name, *it.fields]))
    except OSError as error:
        raise click.ClickException(str(error)) from None


def _secret(name: str) -> str:
    path, value = os.environ.get(f"{name}_FILE"), os.environ.get(name)
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    if value:
        return value
    raise click.ClickException(
        f"{name}_FILE is not set: `andon token add connectors --sources '*' --out FILE` makes one"
    )


@main.command()
@click.option("--sources", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="sources.yaml")
def connectors(sources: Path | None) -> None:
    """Run the connectors: from brokers and gateways to the hub."""
    from connectors.config import ConfigError, load_config
    from connectors.run import run

    try:
        config = load_config(sources)
    except ConfigError as error:
        raise click.ClickException(str(error)) from None
    url = os.environ.get("ANDON_HUB_URL", "http://127.0.0.1:8080")
    asyncio.run(run(config, url, _secret("ANDON_CONNECTOR_TOKEN")))


def _broker() -> str:
    from hub.stack.plan import running_environment

    url = os.environ.get("MQTT_URL") or running_environment(os.environ).get("MQTT_URL")
    if not url:
        raise click.ClickException("MQTT_URL is not set: mqtt://user:password@host:1883")
    return url


@main.command()
@click.option("--seed", type=int, help="The same seed tells the same story.")
def demo(seed: int | None) -> None:
    """Publish a believable line of eight machines through the broker."""
    from hub.demo.line import run_demo

    try:
        asyncio.run(run_demo(_broker(), seed, click.echo))
    except OSError as error:
        raise click.ClickException(f"the broker does not answer: {error}") from None


@main.command("demo-staff")
@click.option("--password-file", help="File with everybody's password, - for standard input; asked for if absent.")
def demo_staff(password_file: str | None) -> None:
    """Add the demo line's people, their teams and a 3×8 roster."""
    from hub.demo.roster import staff_demo

    password, zone = _password(password_file), _settings().time_zone
    if password is None:
        raise click.ClickException("the demo's people need a password")
    _with_database(lambda db: staff_demo(db, zone, password))
    click.echo("the demo line is staffed")


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--speed", type=float, default=600, show_default=True, help="Plant seconds in one second.")
@click.option("--as", "shape", type=click.Choice(["neuron", "kepware", "json"]), default="neuron", show_default=True)
@click.option("--line", default="REPLAY", show_default=True, help="Line whose machines send the alarms.")
def replay(file: Path, speed: float, shape: Any, line: str) -> None:
    """Replay an alarm log (timestamp, tag, type, description) through the broker, in plant time."""
    from hub.demo.alarm_log import LogError
    from hub.demo.replay import run_replay

    url = _settings().database_url
    try:
        work = run_replay(file, _broker(), speed=speed, shape=shape, line=line, database_url=url, say=click.echo)
        asyncio.run(work)
    except (LogError, ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None


@main.group()
def mapping() -> None:
    """Look after mappings."""


@mapping.command("test")
@click.argument("file")
@click.option("--topic", required=True, help="Topic the payload came on.")
@click.option("--payload", required=True, help="The payload, or @FILE.")
def mapping_test(file: str, topic: str, payload: str) -> None:
    """Print what a mapping file (or the preset of that name) makes of a payload, or the reason why not."""
    from connectors.mapping.failures import Failure, MappingError
    from connectors.mapping.try_it import test_mapping

    content = Path(payload[1:]).read_bytes() if payload.startswith("@") else payload.encode()
    try:
        click.echo(test_mapping(Path(file), topic, content))
    except (Failure, MappingError, OSError) as error:
        raise click.ClickException(str(error)) from None


if __name__ == "__main__":
    main()
