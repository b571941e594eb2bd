"""Templates as a file: YAML for people, JSON for programs. Pure.

YAML is read without anchors (a few lines of them can stand for gigabytes), without tags, and with no key twice.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import yaml

from hub.base.http import invalid
from hub.base.tree import check_tree
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.templates import RoomTemplate, TemplateFile

Format = Literal["yaml", "json"]
FIELD: Final = "content"
PRESETS: Final = Path(__file__).with_name("presets.yaml")


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C: twenty times as fast


class _Loader(_Safe):  # type: ignore[misc]
    """The safe loader, that refuses a key given twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for number, key in enumerate(keys) if key in keys[:number]]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]!r} stands there twice", node.start_mark)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def read(content: str) -> TemplateFile:
    """Read a file, YAML or JSON; `invalid` with the line, or with the field that is wrong."""
    if len(content.encode()) > limits.IMPORT_BYTES:
        raise Problem("body_too_large", f"A file of templates has at most {limits.IMPORT_BYTES} bytes")
    try:
        _check_events(content)
        tree = yaml.load(content, _Loader)  # a SafeLoader  # noqa: S506
    except yaml.YAMLError as error:
        raise Problem("invalid", _told(error), field=FIELD) from None
    except (RecursionError, ValueError, TypeError, OverflowError):
        raise Problem("invalid", "The file is neither YAML nor JSON", field=FIELD) from None
    check_tree(tree)
    try:
        return msgspec.convert(tree, TemplateFile)
    except msgspec.ValidationError as error:
        raise invalid(str(error), FIELD) from None


def _check_events(content: str) -> None:
    depth = 0
    for event in yaml.parse(content, _Safe):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise Problem("invalid", f"Line {line}: anchors, aliases and tags are not taken", field=FIELD)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > limits.JSON_DEPTH:
            raise Problem("json_too_deep")


def _told(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "This is neither YAML nor JSON"
    return f"Line {mark.line + 1}: {what}"[:300] if mark else str(what)[:300]


def written(templates: Sequence[RoomTemplate], format_: Format) -> str:
    """The file of these templates; what has its default is left out."""
    tree = {"format": "andon-templates/1", "templates": [_short(template) for template in templates]}
    if format_ == "json":
        return msgspec.json.format(msgspec.json.encode(tree), indent=2).decode() + "\n"
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=100)


def _short(value: Any) -> Any:
    """Builtins of a struct without fields that have their default."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        given = {field.name: (getattr(value, field.name), field) for field in fields}
        return {name: _short(it) for name, (it, field) in given.items() if field.required or it != _default(field)}
    if isinstance(value, list):
        return [_short(it) for it in value]
    return value


def _default(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
