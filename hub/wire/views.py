"""What readers get: REST answers, snapshots, events. Times are RFC 3339 in UTC, `seq` counts a room's events from 1."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from hub.wire.rights import Act

HubRole = Literal["admin", "lead", "responder", "viewer"]
UserKind = Literal["person", "bot", "machine"]
RoomRole = Literal["owner", "lead", "responder", "viewer", "guest"]
Visibility = Literal["members", "line", "plant"]
Severity = Literal["critical", "high", "medium", "low", "diagnostic"]
Status = Literal["open", "acknowledged", "on_site", "restored", "monitoring", "closed", "merged", "false_alarm"]
MessageType = Literal["text", "image_ref", "file_ref", "system", "incident_data"]
Category = Literal[
    "machine", "quality", "material", "process", "maintenance", "safety", "utility", "it", "comm", "planned"
]
ItemState = Literal["open", "done", "skipped"]
MentionGroup = Literal["room", "oncall", "lead"]
Text = dict[str, str]  # language -> text, for example {"zh-TW": "第 5 溫區超溫", "en": "Zone 5 over-temperature"}


class Person(msgspec.Struct, frozen=True):
    """Who did it, as short as a timeline needs it."""

    id: UUID
    name: str
    kind: UserKind


class Member(msgspec.Struct):
    """A person in the room, with the part of the log they belong to (`to_seq` null = still in).

    `until`: when a guest's membership ends by itself.
    """

    user: Person
    role: RoomRole
    from_seq: int
    to_seq: int | None = None
    until: datetime | None = None


class LastMessage(msgspec.Struct):
    """The newest message of a room, for the room list."""

    seq: int
    type: MessageType
    sender: Person | None
    preview: str
    at: datetime
    metadata: dict[str, Any]


class Room(msgspec.Struct):
    """An incident room. `title` is the fault in the site's language; `fault` has every language known.

    `active_alarms` counts occurrences still active. `owner` has it in hand. `reopened` counts how often it came back.
    """

    id: UUID
    code: str
    title: str
    fault: Text
    site: str | None
    line: str | None
    machine: str | None
    category: Category
    severity: Severity
    status: Status
    visibility: Visibility
    owner: Person | None
    opened_at: datetime
    first_raised_at: datetime | None
    acknowledged_at: datetime | None
    on_site_at: datetime | None
    restored_at: datetime | None
    monitoring_at: datetime | None
    closed_at: datetime | None
    active_alarms: int
    last_seq: int
    area: str | None = None
    reopened: int = 0
    archived_at: datetime | None = None
    merged_into: UUID | None = None


class LinkedRoom(msgspec.Struct, frozen=True):
    """Another room that has to do with this one: `into` = this one was merged into it, `from` = it into this one.

    What it is called tells the room itself, to those who may open it.
    """

    room_id: UUID
    kind: Literal["related", "into", "from"] = "related"


class Reader(msgspec.Struct, frozen=True):
    """Who reads, as far as `can` depends on it. `lines` = those of their teams, null = the whole site."""

    user_id: UUID
    role: HubRole
    kind: UserKind
    lines: list[str] | None = None


class RoomRow(msgspec.Struct):
    """A room in the list, with what is mine in it: `mentions` counts unread messages that call me, `can` = my acts."""

    room: Room
    last_message: LastMessage | None
    members: int
    unread: int
    last_read_seq: int
    am_member: bool
    mentions: int = 0
    can: list[Act] = []


class OpenedRoom(RoomRow):
    """The room one asked for. `duplicate`: the same incident lasts already, and this is its room."""

    duplicate: bool = False


class RoomPage(msgspec.Struct):
    """`changed` is the cursor for `changed_after`; `next` the cursor of the next page or null."""

    rooms: list[RoomRow]
    changed: str
    next: str | None = None


class Reaction(msgspec.Struct):
    """One emoji under a message, in the order of first use. `users` names the first 20 of `count`.

    `mine`: the reader is one of them. Events are the same for all readers and do not say it; `fold.apply` does.
    """

    emoji: str
    count: int
    users: list[Person]
    mine: bool | UnsetType = UNSET


class Mentions(msgspec.Struct, omit_defaults=True):
    """Whom a message calls; stands in its `metadata` as `mentions`. `absent`: no members of the room, not called.
    `unknown`: ids in the text that are nobody's. `on_shift`: whom `oncall` called by the line's roster;
    without one it calls the room's members.

    In the content a mention is the token `<@user id>`, or `@` and the name as it was typed.
    """

    people: list[Person] = []
    absent: list[Person] = []
    groups: list[MentionGroup] = []
    unknown: list[str] = []
    on_shift: list[Person] = []


class Message(msgspec.Struct):
    """A message; a deleted one has no content. `metadata` of `incident_data` is the occurrence's card.

    `version` counts its texts from 1; `PATCH` takes it as `If-Match`.
    """

    message_id: UUID
    room_id: UUID
    seq: int
    type: MessageType
    sender: Person | None
    content: str
    metadata: dict[str, Any]
    created_at: datetime
    client_msg_id: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1
    reactions: list[Reaction] = []


class EventMessage(msgspec.Struct, omit_defaults=True):
    """What an event shows in the timeline, as it is now, without what the event itself says: see `fold.shown`."""

    content: str = ""
    metadata: dict[str, Any] = {}
    client_msg_id: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1
    reactions: list[Reaction] = []


class MessagePage(msgspec.Struct):
    """Messages in seq order. `before` and `after` are seqs to go on with, null at the end."""

    messages: list[Message]
    before: int | None
    after: int | None


class Posted(msgspec.Struct):
    """A message is durable. `duplicate` tells that the same key was posted before."""

    message_id: UUID
    seq: int
    created_at: datetime
    duplicate: bool = False


class Event(msgspec.Struct):
    """One numbered event of a room, hydrated: `body` carries facts, and in `message` what the timeline shows."""

    room: UUID
    seq: int
    type: str
    actor: Person | None
    at: datetime
    body: dict[str, Any]


class EventPage(msgspec.Struct):
    """Events after a seq; `last_seq` is the room's head when the page was read."""

    events: list[Event]
    last_seq: int


class ChecklistItem(msgspec.Struct):
    """A thing to do in a room, for one person or for a team (its key). `by` and `at` tell who checked it last."""

    id: UUID
    text: Text
    state: ItemState = "open"
    assignee: Person | None = None
    team: str | None = None
    due_at: datetime | None = None
    by: Person | None = None
    at: datetime | None = None


class Snapshot(msgspec.Struct):
    """The room as of `as_of_seq`, as its `reader` sees it. Snapshot + later events = a fresh one (a law, tested), `can`
    included: it follows from `reader`, `room` and `members` by `hub.wire.rights`.
    """

    epoch: str
    as_of_seq: int
    room: Room
    members: list[Member]
    messages: list[Message]
    last_read_seq: int
    links: list[LinkedRoom]
    reader: Reader
    can: list[Act]
    checklist: list[ChecklistItem] = []


class ReadMark(msgspec.Struct):
    """How far I have read."""

    room_id: UUID
    last_read_seq: int
    unread: int
    mentions: int = 0
