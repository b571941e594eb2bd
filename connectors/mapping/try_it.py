"""Try a mapping on one message, as `andon mapping test` does: what the hub would be told, or why it is told nothing."""

from pathlib import Path

import msgspec

from connectors.mapping.engine import Engine
from connectors.mapping.failures import Failure
from connectors.mapping.fields import Site
from connectors.mapping.language import load
from hub.wire.alarms import RejectItem


def test_mapping(file: Path, topic: str, payload: bytes) -> str:
    """Indented JSON of the items that a message gives. `file` is a mapping file or the name of a preset.

    Raises MappingError when the file is wrong, Failure (`code`, `detail`) when the message gives nothing.
    """
    mapping = load(file)
    items = Engine([mapping], Site(mapping.name)).observe(topic, payload)
    for item in items:
        if isinstance(item, RejectItem):
            raise Failure(item.reject.code, item.reject.detail)
    if not items:
        raise Failure(
            "unmatched", _why_nothing([topic.pattern for it in mapping.mappings for topic in it.topics], topic)
        )
    return "\n".join(msgspec.json.format(msgspec.json.encode(item), indent=2).decode() for item in items)


def _why_nothing(patterns: list[str], topic: str) -> str:
    known = ", ".join(dict.fromkeys(patterns)) or "nothing"
    return f"{topic} gives no alarm: no `when` was true, or no mapping matches (they match {known})"
