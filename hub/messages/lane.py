"""The fast lane's writer: check postings under the rooms' locks, insert them in bulk, tell the readers.

A refused row takes no seq; a key seen before returns the first message; duplicates inside a batch are folded here,
before SQL sees them.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from hub.base.telemetry import message_duplicates, messages_posted
from hub.log.append import New, Row, number
from hub.log.bell import Bell
from hub.log.tail import Tails, encoded
from hub.messages.timeline import event_view
from hub.people.policy import Actor
from hub.rooms.policy import ENDED
from hub.wire.events import MessagePosted
from hub.wire.problems import Problem
from hub.wire.views import Message, MessageType, Posted

CHECK = """
SELECT r.status, p.role, d.message_id, d.sequence_number, d.created_at, d.body_sha256
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) WITH ORDINALITY AS i(room_id, sender_id, key, place)
LEFT JOIN incident_rooms r ON r.room_id = i.room_id
LEFT JOIN room_members p ON p.room_id = i.room_id AND p.user_id = i.sender_id AND p.to_seq IS NULL
LEFT JOIN messages d ON d.sender_id = i.sender_id AND d.client_msg_id = i.key
ORDER BY i.place
"""
INSERT = """
INSERT INTO messages (message_id, room_id, sequence_number, sender_id, message_type, content, metadata,
                      client_msg_id, body_sha256, created_at)
SELECT id, room, seq, sender, type, content, metadata::jsonb, key, body, at
FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::bytea[], $10::timestamptz[])
     AS given(id, room, seq, sender, type, content, metadata, key, body, at)
"""
SILENT = frozenset({"viewer", "guest"})


class Posting(msgspec.Struct, frozen=True):
    """A message on its way. `fingerprint` tells whether two posts with one key are the same post."""

    room_id: UUID
    actor: Actor
    message_id: UUID
    key: str
    type: MessageType
    content: str
    metadata: dict[str, Any]
    fingerprint: bytes


class NotMember(Problem):
    """The sender is no member (yet): the caller may join and post again."""

    def __init__(self) -> None:
        super().__init__("not_found")


Checked = Posted | Problem | None


def judge(items: Sequence[Posting], rows: Sequence[Any]) -> list[Checked]:
    """Decide on each posting: a first message, a refusal, or None = insert it. Pure."""
    return [_judge_one(item, row) for item, row in zip(items, rows, strict=True)]


def _judge_one(item: Posting, row: Any) -> Checked:
    if row["message_id"] is not None:
        if row["body_sha256"] != item.fingerprint:
            return Problem("key_reused")
        return Posted(row["message_id"], row["sequence_number"], row["created_at"], duplicate=True)
    if row["status"] is None or row["role"] is None:
        return NotMember()
    if row["status"] in ENDED:
        return Problem("room_closed")
    if row["role"] in SILENT:
        return Problem("forbidden")
    return None


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

    async def write(self, driver: Any, items: Sequence[Posting]) -> list[Posted | Problem]:
        """Check and insert, in four statements whatever the batch."""
        rows = await driver.fetch(
            CHECK, [item.room_id for item in items], [item.actor.id for item in items], [item.key for item in items]
        )
        verdicts, first = judge(items, rows), fold(items)
        fresh = [place for place, verdict in enumerate(verdicts) if verdict is None and first[place] == place]
        posted = await self._insert(driver, [items[place] for place in fresh]) if fresh else []
        done = dict(zip(fresh, posted, strict=True))
        return [
            verdict
            if verdict is not None
            else _same(items[place], items[first[place]], done[first[place]])
            if first[place] in done
            else _refusal(verdicts[first[place]])
            for place, verdict in enumerate(verdicts)
        ]

    async def _insert(self, driver: Any, items: Sequence[Posting]) -> list[Posted]:
        events = [New(item.room_id, item.actor.id, MessagePosted(item.message_id, item.type)) for item in items]
        rows: list[Row] = await number(driver, events)
        await driver.execute(
            INSERT,
            [item.message_id for item in items],
            [item.room_id for item in items],
            [row.seq for row in rows],
            [item.actor.id for item in items],
            [item.type for item in items],
            [item.content for item in items],
            [msgspec.json.encode(item.metadata).decode() for item in items],
            [item.key for item in items],
            [item.fingerprint for item in items],
            [row.at for row in rows],
        )
        return [Posted(item.message_id, row.seq, row.at) for item, row in zip(items, rows, strict=True)]

    def written(self, items: Sequence[Posting], results: Sequence[Posted | Problem]) -> None:
        """After COMMIT: offer the events to the tails of this process and ring for the others."""
        offers: dict[UUID, list[Any]] = {}
        heads: dict[UUID, int] = {}
        for item, result in zip(items, results, strict=True):
            if isinstance(result, Problem):
                continue
            if result.duplicate:
                message_duplicates.inc()
                continue
            messages_posted.labels(item.type).inc()
            heads[item.room_id] = result.seq
            if self._tails.follows(item.room_id):
                offers.setdefault(item.room_id, []).append(encoded(_event(item, result)))
        for room, events in offers.items():
            self._tails.offer(room, events)
        for room, seq in heads.items():
            self._bell.ring(room, seq)


def _same(item: Posting, first: Posting, posted: Posted) -> Posted | Problem:
    if item is first:
        return posted
    if item.fingerprint != first.fingerprint:
        return Problem("key_reused")
    return Posted(posted.message_id, posted.seq, posted.created_at, duplicate=True)


def _refusal(verdict: Checked) -> Posted | Problem:
    return verdict if verdict is not None else Problem("conflict")


def _event(item: Posting, posted: Posted) -> Any:
    person = item.actor.person
    message = Message(
        posted.message_id,
        item.room_id,
        posted.seq,
        item.type,
        person,
        item.content,
        item.metadata,
        posted.created_at,
        item.key,
    )
    facts = msgspec.to_builtins(MessagePosted(posted.message_id, item.type))
    row = Row(item.room_id, posted.seq, "MessagePosted", item.actor.id, facts, posted.created_at)
    return event_view(row, {item.actor.id: person}, {posted.message_id: message})
