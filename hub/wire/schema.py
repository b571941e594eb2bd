"""The wire as one JSON Schema document, from which other languages generate their types.

`python -m hub.wire.schema` prints it: every view, request, frame and event body under `$defs`, in sorted order,
so that two runs print the same bytes.
"""

import inspect
import json
import sys
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Final

import msgspec

import hub.wire
from hub.wire import events, frames

DRAFT = "https://json-schema.org/draft/2020-12/schema"
REF = "#/$defs/{name}"
APART: Final = {"alarms", "schema", "reference", "asyncapi"}  # what machines send, and the generators themselves


def modules() -> list[ModuleType]:
    """Every module of the wire that readers of rooms and pages need."""
    return [import_module(f"hub.wire.{it.name}") for it in iter_modules(hub.wire.__path__) if it.name not in APART]


def structs(module: ModuleType) -> list[type[msgspec.Struct]]:
    """The structs a module defines itself, by name; imported ones belong to their own module."""
    found = inspect.getmembers(module, lambda it: inspect.isclass(it) and issubclass(it, msgspec.Struct))
    return [it for _, it in found if it.__module__ == module.__name__]


def document() -> dict[str, Any]:
    """One JSON Schema document. `ServerFrame` and `ClientFrame` are unions told apart by `op`."""
    named = [it for module in modules() for it in structs(module)]
    bases = (frames.FromClient, frames.FromServer, events.Body, events.Shown)
    wanted: list[Any] = [it for it in named if it not in bases]
    unions = {"ClientFrame": frames.ClientFrame, "ServerFrame": frames.ServerFrame}
    schemas, defs = msgspec.json.schema_components([*wanted, *unions.values()], ref_template=REF)
    defs = {**defs, **dict(zip(unions, schemas[len(wanted) :], strict=True))}
    return {"$schema": DRAFT, "title": "Wire", "$defs": dict(sorted(defs.items()))}


def main() -> None:
    """Print the document to standard output."""
    json.dump(document(), sys.stdout, indent=1, sort_keys=True, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
