"""docs/operations.md lists the settings, metrics and commands there are."""

import re

import click
import msgspec
from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

from hub.base import telemetry
from hub.base.settings import Settings, variable
from hub.cli import main
from tests.docs.pages import first_cells

PAGE = "docs/operations.md"


def names(heading: str) -> list[str]:
    return [cell.strip("`") for cell in first_cells(PAGE, heading)]


def test_every_setting_is_listed() -> None:
    fields = [field.name for field in msgspec.structs.fields(Settings)]
    assert sorted(names("## Settings of the hub")) == sorted(variable(name) for name in fields)


def test_every_metric_is_listed() -> None:
    ours = [it for it in vars(telemetry).values() if isinstance(it, MetricWrapperBase)]
    told = [next(iter(metric.describe())).name + ("_total" if isinstance(metric, Counter) else "") for metric in ours]
    assert sorted(names("## Metrics")) == sorted(told)


def test_every_command_is_listed() -> None:
    listed = [re.match(r"andon ([a-z]+(?:[ -][a-z]+)*)", name) for name in names("## Commands")]
    assert sorted(found[1] for found in listed if found) == sorted(commands(main))


def commands(group: click.Group, above: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        path = f"{above} {name}".strip()
        found += commands(command, path) if isinstance(command, click.Group) else [path]
    return found
