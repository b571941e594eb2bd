"""What of a message is searched: the words people read in it, and the facets it can be narrowed by. Pure.

The index and the recheck of a hit read the same texts, so a hit always stands in words its reader can see.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from hub.messages.mentions import TOKEN
from hub.messages.search.tokens import codes_among, facet, facets, of_runs, runs_of
from hub.wire.views import Person

CARD: Final = ("code", "machine", "key", "station")
FILES: Final = frozenset({"image_ref", "file_ref"})
EXTENSION_CHARS: Final = 12


def mentioned(message: Any) -> set[UUID]:
    """People whom a message names by a token."""
    return {UUID(found) for found in TOKEN.findall(message.content)}


def texts(message: Any, names: Mapping[UUID, Person]) -> list[str]:
    """The texts of a message (a row of `messages`), each by itself: no phrase reaches from one into the next."""
    given = [_with_names(message.content, names), *_of_metadata(message)]
    return list(dict.fromkeys(text for text in given if text.strip()))


def _of_metadata(message: Any) -> list[str]:
    facts = message.metadata
    match message.message_type:
        case "incident_data":
            known = facts.get("text")
            spoken = list(known.values()) if isinstance(known, dict) else []
            return [str(text) for text in [*spoken, *(facts.get(name) for name in CARD)] if text]
        case "image_ref" | "file_ref":
            return [str(facts["name"])] if facts.get("name") else []
        case "system" if message.sender_id is not None:  # titles that people gave; those of alarms stand in the card
            title = facts.get("params", {}).get("title")
            return [title] if isinstance(title, str) else []
    return []


def _with_names(content: str, names: Mapping[UUID, Person]) -> str:
    def name(found: re.Match[str]) -> str:
        person = names.get(UUID(found[1]))
        return f"@{person.name}" if person else ""

    return TOKEN.sub(name, content)


def tokens(message: Any, names: Mapping[UUID, Person], machine: str | None, line: str | None) -> list[str]:
    """All tokens of a message in a room of this machine and line."""
    said = [runs_of(text) for text in texts(message, names)]
    found = set().union(*map(of_runs, said))
    if not found:
        return []  # nothing to read, so nothing to find
    return sorted(found | _facets(message, said, machine, line))


def _facets(message: Any, said: list[list[str]], machine: str | None, line: str | None) -> set[str]:
    facts = message.metadata if message.message_type == "incident_data" else {}
    day = message.created_at.astimezone(UTC).date()
    found = {facet("room", message.room_id), facet("kind", message.message_type), facet("day", day)}
    found |= facets("user", [message.sender_id])
    found |= facets("machine", [machine, facts.get("machine")])
    found |= facets("line", [line, facts.get("line")])
    found |= facets("code", [facts.get("code"), *(code for runs in said for code in codes_among(runs))])
    if message.message_type in FILES:
        extension = str(message.metadata.get("name") or "").rpartition(".")[2]
        found |= {facet("file")} | facets("file", [extension[:EXTENSION_CHARS]])
    return found
