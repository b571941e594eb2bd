"""The events of a room's log, in the past tense. Bodies hold ids and facts, never what a person wrote.

An event with `message_id` is shown in the timeline: it has a row in `messages` with the same seq.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

import msgspec

from hub.wire.cards import IncidentData
from hub.wire.views import (
    Category,
    ItemState,
    MentionGroup,
    MessageType,
    RoomRole,
    Severity,
    Status,
    Text,
    Visibility,
)

OwnerReason = Literal["taken", "given_back", "handed_over", "left"]
MergeDirection = Literal["into", "from"]


class Body(msgspec.Struct, omit_defaults=True):
    """Base of all event bodies. `message_type` is set for events that stand in the timeline.

    `rewrites`: what earlier events show is no longer to be shown; copies of them kept in memory are thrown away.
    """

    message_type: ClassVar[MessageType | None] = None
    rewrites: ClassVar[bool] = False


class Shown(Body):
    """An event that stands in the timeline as a system row, rendered in the reader's language."""

    message_type: ClassVar[MessageType | None] = "system"


class RoomOpened(Shown):
    """Seq 1 of every room; by a template, in this version."""

    code: str
    title: str
    fault: Text
    site: str | None
    line: str | None
    machine: str | None
    category: Category
    severity: Severity
    visibility: Visibility
    first_raised_at: datetime | None = None
    area: str | None = None
    template_id: UUID | None = None
    template_version: int | None = None


class RoomWelcomed(Shown):
    """The template's welcome text, rendered once; its row has it in `content`, and by language in `metadata.text`."""

    template_id: UUID
    template_version: int


class RoomChanged(Shown):
    """Facts changed by a person; absent = unchanged."""

    title: str | None = None
    visibility: Visibility | None = None
    line: str | None = None


class StatusChanged(Shown):
    """The incident moved on; `by_source` when the machines themselves did it."""

    from_status: Status
    to_status: Status
    by_source: bool = False


class SeverityChanged(Shown):
    """Severity rises by itself, falls only by a person."""

    from_severity: Severity
    to_severity: Severity


class OwnerChanged(Body):
    """Another has the incident in hand, or nobody. The owner's room role is `owner`; who was it becomes `former_role`.

    `why`: taken, given back, handed over by somebody, or the owner left and a lead of the room (or nobody) follows.
    """

    owner_id: UUID | None
    former_id: UUID | None = None
    former_role: RoomRole | None = None
    why: OwnerReason = "taken"


class MemberAdded(Shown):
    """From this seq on the user belongs to the room; with `until` no longer than that."""

    user_id: UUID
    role: RoomRole
    until: datetime | None = None


class MemberRemoved(Shown):
    """Up to this seq the user belonged to the room. `expired`: the time a guest was given is over."""

    user_id: UUID
    expired: bool = False


class RoleChanged(Shown):
    """A member has another room role."""

    user_id: UUID
    role: RoomRole


class RoomMerged(Shown):
    """The incident goes on in another room (`into`), or another one's goes on here (`from`).

    Of the other room only its id, here and in links: all who read this one get it, and not all may open that one.
    """

    other_id: UUID
    direction: MergeDirection


class RoomLinked(Shown):
    """Another room has to do with this one."""

    other_id: UUID


class RoomUnlinked(Shown):
    """It has nothing to do with it after all."""

    other_id: UUID


class RoomArchived(Shown):
    """Out of the list, and read-only."""


class RoomUnarchived(Shown):
    """Back in the list."""


class ClosingFilled(Shown):
    """Somebody filled in these fields of the closing form; what they wrote stands there."""

    fields: list[str]


class MessagePosted(Body):
    """A message of type text or incident_data; its content stands in `messages`.

    `active_alarms` is the room's new count when an alarm joined.
    """

    message_type: ClassVar[MessageType | None] = None
    message_id: UUID
    kind: MessageType
    active_alarms: int | None = None


class MessageDeleted(Body):
    """What was said is gone; that something was said stays as a tombstone."""

    rewrites: ClassVar[bool] = True
    message_id: UUID


class MessageEdited(Body):
    """A message has another wording; readers get it as `now`. Copies of the former one are thrown away.

    `called` and `called_groups` are those whom the former wording did not mention.
    """

    rewrites: ClassVar[bool] = True
    message_id: UUID
    version: int
    called: list[UUID] = []
    called_groups: list[MentionGroup] = []


class ReactionAdded(Body):
    """Somebody reacts; readers get all reactions of the message as `reactions`, with the last event of a page."""

    message_id: UUID
    emoji: str


class ReactionRemoved(Body):
    """Somebody takes a reaction back."""

    message_id: UUID
    emoji: str


class OccurrenceChanged(Body):
    """The card of an occurrence changed in place. `active_alarms` is the room's new count."""

    message_id: UUID
    card: IncidentData
    active_alarms: int


class ChecklistAdded(Body):
    """An item on the checklist, in this order; readers get what it says as `text`."""

    item_id: UUID
    assignee_id: UUID | None = None
    team: str | None = None
    due_at: datetime | None = None


class ChecklistItemChecked(Body):
    """An item is done, skipped, or open again; by the event's actor, at its time."""

    item_id: UUID
    state: ItemState


class ChecklistItemAssigned(Body):
    """An item has another assignee or another time; these are all that hold now."""

    item_id: UUID
    assignee_id: UUID | None = None
    team: str | None = None
    due_at: datetime | None = None


BODIES: dict[str, type[Body]] = {
    body.__name__: body
    for body in (
        RoomOpened,
        RoomWelcomed,
        RoomChanged,
        StatusChanged,
        SeverityChanged,
        OwnerChanged,
        MemberAdded,
        MemberRemoved,
        RoleChanged,
        RoomMerged,
        RoomLinked,
        RoomUnlinked,
        RoomArchived,
        RoomUnarchived,
        ClosingFilled,
        MessagePosted,
        MessageDeleted,
        MessageEdited,
        ReactionAdded,
        ReactionRemoved,
        OccurrenceChanged,
        ChecklistAdded,
        ChecklistItemChecked,
        ChecklistItemAssigned,
    )
}
