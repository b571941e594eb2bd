"""Commands for what the hub keeps and goes by: schema, audit, templates, mappings."""

from pathlib import Path
from typing import Any

import click

from hub.cli.common import main, settings, with_database


@main.group()
def db() -> None:
    """Look after the schema."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema to the newest revision."""
    from hub.base.migrate import upgrade

    upgrade(settings().database_url)


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
        proved = with_database(work)
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
        click.echo(f"{with_database(work)} lines written to {out}")


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
        for it in with_database(work):
            click.echo(" ".join([it.outcome, it.name, *it.fields]))
    except OSError as error:
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
