"""What several commands need: the group they belong to, the settings, the database, a password."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from hub.base.settings import Settings, SettingsError, from_environment

T = TypeVar("T")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Andon Hub: incident rooms for production lines."""


def settings() -> Settings:
    """Settings from the environment, or those of a running `andon up` of this checkout."""
    from hub.stack.plan import running_environment

    environment = dict(os.environ)
    if not {"DATABASE_URL", "DATABASE_URL_FILE"} & environment.keys():
        environment = running_environment(environment) | environment
    try:
        return from_environment(environment)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def with_database(work: Callable[[Any], Awaitable[T]]) -> T:
    """Do something with the database of the settings; a refusal is told in its own words."""
    from hub.base.db import Database
    from hub.base.origin import ORIGIN, Origin
    from hub.wire.problems import Problem

    async def run() -> T:
        ORIGIN.set(Origin(ip="cli"))
        db = Database(settings().database_url, pool=2)
        try:
            return await work(db)
        finally:
            await db.close()

    try:
        return asyncio.run(run())
    except Problem as problem:
        raise click.ClickException(problem.detail) from None


def password_from(path: str | None) -> str | None:
    """A password from a file, from standard input (`-`), or asked for; None when nothing was said."""
    if path is None:
        return click.prompt("Password", hide_input=True, confirmation_prompt=True, default="") or None
    text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    return text.strip() or None
