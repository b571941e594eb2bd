"""Whom a text calls. Pure, and linear in the text's length.

A mention is the token `<@user id>` that a picker writes, or `@` and a member's name as it is typed. `@` may be glued to
Chinese text; after a Latin letter or a digit it belongs to an address. Of several names that fit the longest counts.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

import msgspec

from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import MentionGroup, Mentions, Person

AT: Final = "@＠"
TOKEN: Final = re.compile(r"<@([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})>")
GROUPS: Final[dict[str, MentionGroup]] = {
    "room": "room",
    "all": "room",
    "所有人": "room",
    "全員": "room",
    "oncall": "oncall",
    "當班": "oncall",
    "值班": "oncall",
    "lead": "lead",
    "組長": "lead",
}
KEY: Final = "mentions"
NAMED: Final = ("people", "absent", "on_shift")


class Called(msgspec.Struct):
    """What a text calls: users by token, users by name, groups; in the order of the text."""

    tokens: list[UUID] = []
    names: list[UUID] = []
    groups: list[MentionGroup] = []


def may_call(content: str) -> bool:
    """Whether it is worth asking who the members are."""
    return "@" in content or "＠" in content


def called(content: str, names: Mapping[str, UUID]) -> Called:
    """Find the mentions of a text. `names` are members' names and account names, folded by `folded`."""
    found = Called()
    found.tokens = [UUID(token) for token in TOKEN.findall(content)]
    text = _keeping_length(content)
    words: dict[str, UUID | MentionGroup] = {**GROUPS, **names}
    lengths = sorted({len(word) for word in words}, reverse=True)
    begins = {word[0] for word in words}
    for place, sign in enumerate(content):
        if (
            sign in AT
            and text[place + 1 : place + 2] in begins
            and not (place and _is_latin(content[place - 1]))
            and text[place - 1 : place] != "<"
        ):
            word = _longest(text, place + 1, words, lengths)
            if isinstance(word, UUID):
                found.names.append(word)
            elif word is not None:
                found.groups.append(word)
    return found


def _longest(
    text: str, start: int, words: Mapping[str, UUID | MentionGroup], lengths: Sequence[int]
) -> UUID | MentionGroup | None:
    for length in lengths:
        word = text[start : start + length]
        follows = text[start + length : start + length + 1]
        if word in words and not (_is_latin(word[-1]) and follows and _is_latin(follows)):
            return words[word]
    return None


def folded(name: str) -> str:
    """A name as it is compared: full width as half width, upper case as lower."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _keeping_length(content: str) -> str:
    """The text folded character by character, so that places stay what they are."""
    return "".join(it if len(it) == 1 else sign for sign in content for it in [folded(sign) or sign])


def _is_latin(sign: str) -> bool:
    if sign.isascii():
        return sign.isalnum() or sign == "_"
    return unicodedata.name(sign, "").startswith(("LATIN", "FULLWIDTH LATIN"))


def sorted_out(found: Called, members: Iterable[Person], known: Mapping[UUID, Person]) -> Mentions:
    """Who of those called is in the room, who is not, and who is nobody; refuses more than 20."""
    present = {person.id: person for person in members}
    wanted = list(dict.fromkeys([*found.tokens, *found.names]))
    groups = list(dict.fromkeys(found.groups))
    if len(wanted) + len(groups) > limits.MENTIONS:
        raise Problem("too_many_mentions")
    absent = [known[it] for it in wanted if it not in present and it in known]
    unknown = [str(it) for it in wanted if it not in present and it not in known]
    return Mentions([present[it] for it in wanted if it in present], absent, groups, unknown)


def stored(mentions: Mentions | None) -> dict[str, Any]:
    """What stands in a message's metadata: ids, for names change."""
    if mentions is None or mentions == Mentions():
        return {}
    facts = {
        "people": [str(it.id) for it in mentions.people],
        "absent": [str(it.id) for it in mentions.absent],
        "groups": mentions.groups,
        "unknown": mentions.unknown,
        "on_shift": [str(it.id) for it in mentions.on_shift],
    }
    return {KEY: {name: value for name, value in facts.items() if value}}


def ids_in(metadata: Mapping[str, Any]) -> list[UUID]:
    """Everybody a stored message names."""
    facts = metadata.get(KEY) or {}
    return [UUID(it) for name in NAMED for it in facts.get(name, ())]


def shown(metadata: dict[str, Any], names: Mapping[UUID, Person]) -> dict[str, Any]:
    """Metadata as readers get it: people with their names as they are now."""
    if KEY not in metadata:
        return metadata
    facts = metadata[KEY]
    people = {name: [names[it] for it in map(UUID, facts.get(name, ())) if it in names] for name in NAMED}
    groups = cast("list[MentionGroup]", facts.get("groups", []))
    return {**metadata, KEY: Mentions(groups=groups, unknown=facts.get("unknown", []), **people)}


def newly(before: Mapping[str, Any], now: Mentions | None) -> tuple[list[UUID], list[MentionGroup]]:
    """The people and the groups that a new wording calls and the former one did not."""
    former, now = before.get(KEY) or {}, now or Mentions()
    people = [person.id for person in now.people if str(person.id) not in former.get("people", ())]
    return people, [group for group in now.groups if group not in former.get("groups", ())]


def plain(content: str, names: Mapping[UUID, str]) -> str:
    """The text as a sentence: tokens become `@` and the name."""
    return TOKEN.sub(lambda token: "@" + names.get(UUID(token[1]), "?"), content) if "<@" in content else content
