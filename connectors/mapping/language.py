"""The mapping language as typed structs: YAML in, compiled mappings out, clear errors in between.

A file: `presets` (mappings to take over), `source`, `strict`, `tables`, `mappings`. Its own mappings are asked before
those of the presets, and its tables are laid over theirs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from connectors.mapping.alarm import Alarm, compile_alarm
from connectors.mapping.decode import Kind
from connectors.mapping.expressions import Expression, ExpressionError, compile_expression
from connectors.mapping.failures import MappingError
from connectors.mapping.functions import Tables
from connectors.mapping.topics import Topic
from connectors.mapping.words import name as key_name

PRESETS = Path(__file__).parent / "presets"
Compiled = TypeVar("Compiled")


class BitsSpec(msgspec.Struct, forbid_unknown_fields=True):
    """`bits` in YAML: the word's value, its table, the scope all its bits share; `word` picks a row of the table."""

    value: Any
    table: str
    scope: Any
    word: Any = None


class MappingSpec(msgspec.Struct, forbid_unknown_fields=True):
    """One mapping in YAML. `row` is looked up once for each item, and read by the other expressions."""

    id: str
    match: str | list[str]
    alarm: dict[str, Any]
    decode: Kind = "json"
    each: Any = None
    row: Any = None
    when: Any = None
    bits: BitsSpec | None = None
    final: bool = False


class FileSpec(msgspec.Struct, forbid_unknown_fields=True):
    """A mapping file."""

    presets: list[str] = []
    source: str | None = None
    strict: bool = False
    tables: dict[str, Any] = {}
    mappings: list[dict[str, Any]] = []


class Bits(msgspec.Struct, frozen=True):
    """A word whose bits are alarms."""

    value: Expression
    table: str
    rows: dict[str, Any] | list[Any]
    scope: Expression
    word: Expression | None


class Mapping(msgspec.Struct, frozen=True):
    """One compiled mapping. `name` is told in every observation it makes."""

    name: str
    source: str | None
    topics: tuple[Topic, ...]
    decode: Kind
    each: Expression | None
    row: Expression | None
    when: Expression | None
    bits: Bits | None
    alarm: Alarm
    final: bool


class MappingSet(msgspec.Struct, frozen=True):
    """A loaded file. `strict`: a topic that nothing matches is a reject."""

    name: str
    strict: bool
    mappings: tuple[Mapping, ...]


def preset_names() -> list[str]:
    """The presets that come with the product."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml"))


def load(where: str | Path) -> MappingSet:
    """Load a preset by its name, or a mapping file. Raises MappingError."""
    path = PRESETS / f"{where}.yaml" if str(where) in preset_names() else Path(where)
    own = _read(path)
    below = [(PRESETS / f"{preset}.yaml", _read_preset(path, preset)) for preset in own.presets]
    tables: dict[str, Any] = {}
    for _, spec in [*reversed(below), (path, own)]:
        _lay_over(tables, spec.tables)
    mappings = [
        _compile(file.stem, spec, own.source, tables)
        for file, owner in [(path, own), *below]
        for spec in _specs(file, owner)
    ]
    return MappingSet(path.stem, own.strict, tuple(mappings))


def _read_preset(path: Path, preset: str) -> FileSpec:
    if preset not in preset_names():
        raise MappingError(f"{path}: preset {preset!r} does not exist; there are {', '.join(preset_names())}")
    return _read(PRESETS / f"{preset}.yaml")


def _read(path: Path) -> FileSpec:
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")) or {}, FileSpec)
    except FileNotFoundError:
        raise MappingError(f"{path}: no such file, and no preset; presets: {', '.join(preset_names())}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise MappingError(f"{path}: {error}") from None


def _lay_over(tables: dict[str, Any], more: dict[str, Any]) -> None:
    for name, rows in more.items():
        rows = {key_name(key): row for key, row in rows.items()} if isinstance(rows, dict) else rows
        below = tables.get(name)
        tables[name] = below | rows if isinstance(below, dict) and isinstance(rows, dict) else rows


def _specs(path: Path, spec: FileSpec) -> list[MappingSpec]:
    return [_convert(path, number, raw) for number, raw in enumerate(spec.mappings, 1)]


def _convert(path: Path, number: int, raw: dict[str, Any]) -> MappingSpec:
    try:
        return msgspec.convert(raw, MappingSpec)
    except msgspec.ValidationError as error:
        raise MappingError(f"{path}: mapping {raw.get('id', f'number {number}')}: {error}") from None


def _compile(file: str, spec: MappingSpec, source: str | None, tables: Tables) -> Mapping:
    name = f"{file}/{spec.id}"

    def field(what: str, make: Callable[[], Compiled]) -> Compiled:
        try:
            return make()
        except (ExpressionError, MappingError) as error:
            raise MappingError(f"{file}.yaml: mapping {spec.id}: {what}: {error}") from None

    def expression(what: str, value: Any) -> Expression | None:
        return None if value is None else field(what, lambda: compile_expression(value, tables))

    patterns = [spec.match] if isinstance(spec.match, str) else spec.match
    return Mapping(
        name=name,
        source=source,
        topics=field("match", lambda: tuple(Topic(pattern) for pattern in patterns)),
        decode=spec.decode,
        each=expression("each", spec.each),
        row=field("row", lambda: _row(spec.row, tables)),
        when=expression("when", spec.when),
        bits=field("bits", lambda: _bits(spec.bits, tables)),
        alarm=field("alarm", lambda: compile_alarm(spec.alarm, tables)),
        final=spec.final,
    )


def _row(spec: Any, tables: Tables) -> Expression | None:
    """`{table, key}`, or any expression."""
    if isinstance(spec, dict) and set(spec) == {"table", "key"}:
        rows, key = tables.get(spec["table"]), compile_expression(spec["key"], tables)
        if not isinstance(rows, dict):
            raise MappingError(f"table {spec['table']!r} does not exist, or is a list")
        return lambda context: rows.get(key_name(key(context)))
    return None if spec is None else compile_expression(spec, tables)


def _bits(spec: BitsSpec | None, tables: Tables) -> Bits | None:
    if spec is None:
        return None
    rows = tables.get(spec.table)
    if not isinstance(rows, list if spec.word is None else dict):
        shape = "a list of bits" if spec.word is None else "lists of bits by word"
        raise MappingError(f"table {spec.table!r} must hold {shape}")
    for bit in rows if isinstance(rows, list) else [bit for word in rows.values() for bit in word]:
        if not isinstance(bit, dict) or not isinstance(bit.get("bit"), int) or not 0 <= bit["bit"] < 64:
            raise MappingError(f"table {spec.table!r}: {bit!r} needs a bit from 0 to 63")
    word = None if spec.word is None else compile_expression(spec.word, tables)
    value, scope = compile_expression(spec.value, tables), compile_expression(spec.scope, tables)
    return Bits(value, spec.table, rows, scope, word)
