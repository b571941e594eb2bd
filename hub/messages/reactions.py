"""Reactions: what one emoji is, and all of a message's in one question."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import emoji
from msgspec import UNSET
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.views import Person, Reaction

VARIATION: Final = "\ufe0f"  # «show me in colour»; keyboards send it or do not
QUALIFIED: Final = {
    sign.replace(VARIATION, ""): sign
    for sign, facts in emoji.EMOJI_DATA.items()
    if facts["status"] == emoji.STATUS["fully_qualified"]
}
OF_MESSAGES = text(
    "SELECT message_id, emoji, count(*) AS number, min(reaction_id) AS since, "
    f"(array_agg(user_id ORDER BY reaction_id))[1:{limits.REACTION_NAMES}] AS users, "
    "bool_or(user_id = CAST(:me AS uuid)) AS mine "
    "FROM message_reactions WHERE message_id = ANY(:ids) GROUP BY 1, 2 ORDER BY 1, 4"
)
Found = dict[UUID, list[Row[Any]]]


def normalised(given: str) -> str:
    """One emoji in its one spelling (Unicode's «fully qualified»); `emoji_invalid` for anything else."""
    found = QUALIFIED.get(given.replace(VARIATION, ""))
    if found is None:
        raise Problem("emoji_invalid", field="emoji")
    return found


async def of_messages(conn: AsyncConnection, ids: Sequence[UUID], me: UUID | None) -> Found:
    """Rows of the reactions under these messages, in the order of first use; for all readers where `me` is None."""
    found: Found = {}
    for row in await conn.execute(OF_MESSAGES, {"ids": list(ids), "me": me}) if ids else ():
        found.setdefault(row.message_id, []).append(row)
    return found


def users_of(found: Found) -> set[UUID | None]:
    """Everybody these reactions name."""
    return {user for rows in found.values() for row in rows for user in row.users}


def shown(rows: Sequence[Row[Any]], names: Mapping[UUID, Person]) -> list[Reaction]:
    """Reactions as readers get them."""
    return [_reaction(row, [names[user] for user in row.users if user in names]) for row in rows]


def _reaction(row: Row[Any], users: list[Person]) -> Reaction:
    return Reaction(row.emoji, row.number, users, UNSET if row.mine is None else row.mine)
