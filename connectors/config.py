"""`sources.yaml`: which brokers to listen to, and which mappings read what they bring."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
import yaml

from connectors.mapping.engine import Engine
from connectors.mapping.failures import MappingError
from connectors.mapping.fields import Site
from connectors.mapping.language import load, preset_names
from connectors.sources.mqtt.options import Tls, read_address
from hub.wire import limits

VARIABLE = re.compile(r"\$\{(\w+)\}")
NAME = re.compile(r"[\w.-]{1,64}")


class ConfigError(Exception):
    """The configuration is wrong; the message names the file, the source and the field."""


class SourceConfig(msgspec.Struct, forbid_unknown_fields=True):
    """One source. `address` may hold ${NAME} of the environment; `topics` default to what the mappings match.

    `batch` is how many observations go to the hub at once.
    """

    id: str
    type: Literal["mqtt"] = "mqtt"
    address: str = "${MQTT_URL}"
    client_id: str | None = None
    topics: list[str] = []
    mappings: list[str] = []
    site: str | None = None
    line: str | None = None
    time_zone: str = "Asia/Taipei"
    tls: Tls | None = None
    batch: Annotated[int, msgspec.Meta(ge=1, le=limits.ALARM_BATCH)] = limits.ALARM_BATCH


class Config(msgspec.Struct, forbid_unknown_fields=True):
    """All sources of one connectors process."""

    sources: list[SourceConfig]


def load_config(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read a sources file, or that of ANDON_SOURCES, or take MQTT_URL with every preset. Raises ConfigError."""
    path = path or (Path(environ["ANDON_SOURCES"]) if environ.get("ANDON_SOURCES") else None)
    if path is None:
        config = Config([SourceConfig("mqtt", mappings=preset_names(), time_zone=_zone(environ))])
    else:
        config = _read(path)
    for source in config.sources:
        _complete(source, path, environ)
    return config


def engine_of(source: SourceConfig) -> Engine:
    """The engine of a source's mappings; raises ConfigError."""
    try:
        sets = [load(name) for name in source.mappings]
    except MappingError as error:
        raise ConfigError(f"source {source.id}: {error}") from None
    return Engine(sets, Site(source.id, source.site, source.line, ZoneInfo(source.time_zone)))


def _read(path: Path) -> Config:
    try:
        config = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Config)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise ConfigError(f"{path}: {error}") from None
    names = [source.id for source in config.sources]
    for name in names:
        if not NAME.fullmatch(name) or names.count(name) > 1:
            raise ConfigError(f"{path}: source id {name!r} must be unique, of letters, digits and . _ -")
    return config


def _complete(source: SourceConfig, path: Path | None, environ: Mapping[str, str]) -> None:
    """Fill in the environment and the file's folder, and check everything that can be checked without a broker."""
    where = f"{path or 'environment'}: source {source.id}"
    missing = [name for name in VARIABLE.findall(source.address) if not environ.get(name)]
    if missing:
        raise ConfigError(f"{where}: address: {missing[0]} is not set")
    source.address = VARIABLE.sub(lambda found: environ[found[1]], source.address)
    try:
        read_address(source.address)
        ZoneInfo(source.time_zone)
    except (ValueError, KeyError, OSError) as error:
        raise ConfigError(f"{where}: {error}") from None
    folder = path.parent if path else Path()
    source.mappings = [name if name in preset_names() else str(folder / name) for name in source.mappings]
    if not source.mappings:
        raise ConfigError(f"{where}: mappings: name a preset ({', '.join(preset_names())}) or a file")


def _zone(environ: Mapping[str, str]) -> str:
    return environ.get("ANDON_TIME_ZONE") or "Asia/Taipei"
