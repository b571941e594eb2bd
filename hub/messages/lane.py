"""The fast lane's writer: check postings under the rooms' locks, insert them in bulk, tell the readers.

A refused row takes no seq; a key seen before returns the first message; duplicates inside a batch are folded here,
before SQL sees them.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.base.telemetry import message_duplicates, messages_posted
from hub.log.bell import Bell
from hub.log.tail import Encoded, Tails, encoded
from hub.messages import mentions
from hub.people.policy import Actor
from hub.rooms.policy import ENDED
from hub.wire.events import MessagePosted
from hub.wire.problems import Problem
from hub.wire.rights import EVERYONE, RIGHTS
from hub.wire.views import Event, EventMessage, Mentions, MessageType, Posted

SILENT = frozenset(EVERYONE) - frozenset(RIGHTS["post"].roles)
RULES = ", ".join("'{" + ",".join(sorted(words)) + "}'" for words in (ENDED, SILENT))  # as arrays, in the statement
ANSWER = "SELECT place, status, role, message_id, seq, at, fingerprint, fresh FROM"
POST = f"{ANSWER} post_messages($1, {RULES}, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
POST_ONE = f"{ANSWER} post_message($1, {RULES}, $2, $3, $4, $5, $6, $7, $8, $9, $10)"


class Posting(msgspec.Struct, frozen=True):
    """A message on its way. `fingerprint` tells whether two posts with one key are the same post.

    `called`: whom its text calls, as readers get it; `metadata` holds their ids.
    """

    room_id: UUID
    actor: Actor
    message_id: UUID
    key: str
    type: MessageType
    content: str
    metadata: dict[str, Any]
    fingerprint: bytes
    called: Mentions | None = None


class NotMember(Problem):
    """The sender is no member (yet): the caller may join and post again."""

    def __init__(self) -> None:
        super().__init__("not_found")


Judged = Posted | Problem


def judge(item: Posting, row: Any, first: Posting) -> Judged | None:
    """What became of a posting, from what `post_messages` says of it or of its first twin in the batch. Pure.

    None = ask again: its twin was refused for reasons of its own, perhaps in another room.
    """
    if row["seq"] is not None:
        if (first.fingerprint if row["fresh"] else row["fingerprint"]) != item.fingerprint:
            return Problem("key_reused")
        return Posted(row["message_id"], row["seq"], row["at"], duplicate=not row["fresh"] or item is not first)
    if item.fingerprint != first.fingerprint:
        return None
    if row["status"] is None or row["role"] is None:
        return NotMember()
    return Problem("room_closed" if row["status"] in ENDED else "forbidden")


def fold(items: Sequence[Posting]) -> list[int]:
    """For each posting, the place of the first one in the batch with the same sender and key. Pure."""
    first: dict[tuple[UUID, str], int] = {}
    return [first.setdefault((item.actor.id, item.key), place) for place, item in enumerate(items)]


class MessageWriter:
    """Writes batches of postings for the flusher."""

    def __init__(self, bell: Bell, tails: Tails):
        self._bell = bell
        self._tails = tails

    def room(self, item: Posting) -> UUID:
        """Room of a posting."""
        return item.room_id

    async def write(self, driver: Any, items: Sequence[Posting], *, wait: bool) -> list[Judged | None]:
        """Lock, check and insert in one statement and one round trip; None = somebody holds the item's room."""
        first = fold(items)
        given = [place for place in range(len(items)) if first[place] == place]
        if len(given) == 1:
            found = await driver.fetch(POST_ONE, wait, *_row(items[given[0]]))
        else:
            found = await driver.fetch(POST, wait, *zip(*(_row(items[place]) for place in given), strict=True))
        rows = {given[row["place"] - 1]: row for row in found}
        return [
            judge(item, rows[first[place]], items[first[place]]) if first[place] in rows else None
            for place, item in enumerate(items)
        ]

    def written(self, items: Sequence[Posting], results: Sequence[Posted | Problem]) -> None:
        """After COMMIT: offer the events to the tails of this process and ring for the others."""
        fresh = [(item, result) for item, result in zip(items, results, strict=True) if isinstance(result, Posted)]
        message_duplicates.inc(sum(posted.duplicate for _, posted in fresh))
        fresh = [(item, posted) for item, posted in fresh if not posted.duplicate]
        for type_, number in Counter(item.type for item, _ in fresh).items():
            messages_posted.labels(type_).inc(number)
        offers: dict[UUID, list[Encoded]] = {}
        for item, posted in fresh:
            if self._tails.follows(item.room_id):
                offers.setdefault(item.room_id, []).append(encoded(_event(item, posted)))
        for room, events in offers.items():
            self._tails.offer(room, events)
        for room, seq in {item.room_id: posted.seq for item, posted in fresh}.items():
            self._bell.ring(room, seq)


def _row(item: Posting) -> tuple[Any, ...]:
    """A posting as `post_message` takes it; `post_messages` takes an array for each of these."""
    return (
        item.room_id,
        item.actor.id,
        item.key,
        item.message_id,
        item.type,
        item.content,
        msgspec.json.encode(item.metadata).decode(),
        item.fingerprint,
        msgspec.json.encode(MessagePosted(item.message_id, item.type)).decode(),
    )


def _event(item: Posting, posted: Posted) -> Event:
    """The event as `MessageTimeline.hydrate` would read it back; a test compares the two."""
    metadata = item.metadata if item.called is None else {**item.metadata, mentions.KEY: item.called}
    message = EventMessage(item.content, metadata, item.key)
    body = {"message_id": posted.message_id, "kind": item.type, "message": message}
    return Event(item.room_id, posted.seq, "MessagePosted", item.actor.person, posted.created_at, body)
