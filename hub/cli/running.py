"""Commands that run something."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import click

from hub.base.settings import SettingsError
from hub.cli.common import main, password_from, settings, with_database


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
        serve(settings())
    except SettingsError as error:
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

    password, zone = password_from(password_file), settings().time_zone
    if password is None:
        raise click.ClickException("the demo's people need a password")
    with_database(lambda db: staff_demo(db, zone, password))
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

    url = settings().database_url
    try:
        work = run_replay(file, _broker(), speed=speed, shape=shape, line=line, database_url=url, say=click.echo)
        asyncio.run(work)
    except (LogError, ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None
