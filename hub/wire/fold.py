"""Old snapshot + event = new snapshot. The pure reducer every Python client uses; TypeScript has the same one.

A seq that was seen is ignored, a gap is an error: the reader fetches a snapshot.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from hub.wire import rights
from hub.wire.cards import IncidentData
from hub.wire.views import ChecklistItem, Event, EventMessage, LinkedRoom, Member, Message, Person, Reaction, Snapshot

CLOCKS = {
    "acknowledged": "acknowledged_at",
    "on_site": "on_site_at",
    "restored": "restored_at",
    "monitoring": "monitoring_at",
    "closed": "closed_at",
    "merged": "closed_at",
    "false_alarm": "closed_at",
}
ORDER = ("open", "acknowledged", "on_site", "restored", "monitoring", "closed")


class Gap(Exception):
    """An event is missing between the state and this one."""


def apply(state: Snapshot, event: Event) -> Snapshot:
    """Return the snapshot after an event; the given one stays as it is."""
    if event.seq <= state.as_of_seq:
        return state
    if event.seq != state.as_of_seq + 1:
        raise Gap(f"{event.seq} after {state.as_of_seq}")
    room = msgspec.structs.replace(state.room, last_seq=event.seq)
    state = msgspec.structs.replace(state, as_of_seq=event.seq, room=room)
    if (message := shown(event)) is not None:
        state.messages = [*state.messages, message]
    if (change := CHANGES.get(event.type)) is not None:
        change(state, event)
    state.can = rights.acts(_standing(state))
    return state


def _standing(state: Snapshot) -> rights.Standing:
    me = state.reader
    role = next((member.role for member in state.members if str(member.user.id) == str(me.user_id)), None)
    return rights.stands(state.room, role, me.role, me.kind, me.lines)


def shown(event: Event) -> Message | None:
    """The message an event shows in the timeline, whole; None when it shows none.

    Its id and type stand in the event's body; sender, time and seq are the event's own.
    """
    found = event.body.get("message")
    if found is None:
        return None
    part = _as(found, EventMessage)
    return Message(
        _as(event.body["message_id"], UUID),
        event.room,
        event.seq,
        event.body.get("kind", "system"),
        event.actor,
        part.content,
        part.metadata,
        event.at,
        part.client_msg_id,
        part.edited_at,
        part.deleted_at,
        part.version,
        part.reactions,
    )


def _as(value: Any, type_: type[Any]) -> Any:
    return value if isinstance(value, type_) else msgspec.convert(msgspec.to_builtins(value), type_)


def _room_changed(state: Snapshot, event: Event) -> None:
    for name in ("title", "visibility", "line"):
        if event.body.get(name) is not None:
            setattr(state.room, name, event.body[name])


def _status_changed(state: Snapshot, event: Event) -> None:
    to = event.body["to_status"]
    place = ORDER.index(to) if to in ORDER else len(ORDER) - 1
    for later in ORDER[place + 1 :]:
        setattr(state.room, CLOCKS[later], None)
    if to in CLOCKS:
        setattr(state.room, CLOCKS[to], event.at)
    state.room.reopened += event.body["from_status"] in rights.ENDED and to == "open"
    state.room.status = to


def _severity_changed(state: Snapshot, event: Event) -> None:
    state.room.severity = event.body["to_severity"]


def _owner_changed(state: Snapshot, event: Event) -> None:
    owner = event.body.get("owner")
    state.room.owner = None if owner is None else _as(owner, Person)
    roles = {event.body.get("former_id"): event.body.get("former_role"), event.body.get("owner_id"): "owner"}
    given = {str(user_id): role for user_id, role in roles.items() if user_id and role}
    state.members = [
        msgspec.structs.replace(member, role=given.get(str(member.user.id), member.role)) for member in state.members
    ]


def _member_added(state: Snapshot, event: Event) -> None:
    until = event.body.get("until")
    ends = None if until is None else _as(until, datetime)
    member = Member(_as(event.body["user"], Person), event.body["role"], event.seq, until=ends)
    state.members = [*state.members, member]


def _member_removed(state: Snapshot, event: Event) -> None:
    gone = str(event.body["user_id"])
    state.members = [member for member in state.members if str(member.user.id) != gone]


def _role_changed(state: Snapshot, event: Event) -> None:
    changed, role = str(event.body["user_id"]), event.body["role"]
    state.members = [
        msgspec.structs.replace(member, role=role, until=member.until if role == "guest" else None)
        if str(member.user.id) == changed
        else member
        for member in state.members
    ]


def _merged(state: Snapshot, event: Event) -> None:
    other = _as(event.body["other_id"], UUID)
    state.links = [*state.links, LinkedRoom(other, event.body["direction"])]
    if event.body["direction"] == "into":
        state.room.merged_into = other


def _linked(state: Snapshot, event: Event) -> None:
    state.links = [*state.links, LinkedRoom(_as(event.body["other_id"], UUID))]


def _unlinked(state: Snapshot, event: Event) -> None:
    gone = str(event.body["other_id"])
    state.links = [link for link in state.links if str(link.room_id) != gone]


def _archived(state: Snapshot, event: Event) -> None:
    state.room.archived_at = event.at if event.type == "RoomArchived" else None


def _message_posted(state: Snapshot, event: Event) -> None:
    if event.body.get("active_alarms") is not None:
        state.room.active_alarms = event.body["active_alarms"]


def _occurrence_changed(state: Snapshot, event: Event) -> None:
    _replace(state, event, metadata=msgspec.to_builtins(_as(event.body["card"], IncidentData)))
    state.room.active_alarms = event.body["active_alarms"]


def _message_deleted(state: Snapshot, event: Event) -> None:
    _replace(state, event, content="", metadata={}, deleted_at=event.at, reactions=[])


def _message_edited(state: Snapshot, event: Event) -> None:
    now = _as(event.body["now"], EventMessage)
    _replace(
        state,
        event,
        content=now.content,
        metadata=now.metadata,
        edited_at=now.edited_at,
        deleted_at=now.deleted_at,
        version=now.version,
    )


def _reactions_changed(state: Snapshot, event: Event) -> None:
    changed = str(event.body["message_id"])
    known = next((it.reactions for it in state.messages if str(it.message_id) == changed), [])
    _replace(state, event, reactions=reacted(known, event, state.reader.user_id))


def reacted(known: list[Reaction], event: Event, reader: UUID) -> list[Reaction]:
    """The reactions after one was added or removed.

    Which of them are the reader's own, only the reader's own events tell: the hub names the first 20 of each. Of many
    events read at once the last one brings the reactions; until then one of the reader's is at least known to be there.
    """
    sign, own = event.body["emoji"], event.actor is not None and event.actor.id == reader
    mine = {it.emoji for it in known if it.mine is True}
    if own:
        mine = mine | {sign} if event.type == "ReactionAdded" else mine - {sign}
    now = known
    if "reactions" in event.body:
        now = [_as(it, Reaction) for it in event.body["reactions"]]
    elif sign in mine and sign not in {it.emoji for it in known}:
        now = [*known, Reaction(sign, 1, [event.actor] if event.actor else [])]
    return [msgspec.structs.replace(it, mine=it.emoji in mine) for it in now]


def _replace(state: Snapshot, event: Event, **facts: Any) -> None:
    """Change the message the event speaks of; one that was never loaded changes nothing."""
    changed = str(event.body["message_id"])
    state.messages = [
        msgspec.structs.replace(message, **facts) if str(message.message_id) == changed else message
        for message in state.messages
    ]


def _checklist_added(state: Snapshot, event: Event) -> None:
    item = ChecklistItem(_as(event.body["item_id"], UUID), event.body["text"], **_given(event))
    state.checklist = [*state.checklist, item]


def _item_checked(state: Snapshot, event: Event) -> None:
    _change_item(state, event, state=event.body["state"], by=event.actor, at=event.at)


def _item_assigned(state: Snapshot, event: Event) -> None:
    _change_item(state, event, **_given(event))


def _given(event: Event) -> dict[str, Any]:
    """Who does an item, and until when; the log leaves out what is nothing."""
    assignee, due_at = event.body.get("assignee"), event.body.get("due_at")
    return {
        "assignee": None if assignee is None else _as(assignee, Person),
        "team": event.body.get("team"),
        "due_at": None if due_at is None else _as(due_at, datetime),
    }


def _change_item(room: Snapshot, event: Event, **facts: Any) -> None:
    changed = str(event.body["item_id"])
    room.checklist = [
        msgspec.structs.replace(item, **facts) if str(item.id) == changed else item for item in room.checklist
    ]


CHANGES: dict[str, Callable[[Snapshot, Event], None]] = {
    "RoomChanged": _room_changed,
    "StatusChanged": _status_changed,
    "SeverityChanged": _severity_changed,
    "OwnerChanged": _owner_changed,
    "MemberAdded": _member_added,
    "MemberRemoved": _member_removed,
    "RoleChanged": _role_changed,
    "RoomMerged": _merged,
    "RoomLinked": _linked,
    "RoomUnlinked": _unlinked,
    "RoomArchived": _archived,
    "RoomUnarchived": _archived,
    "MessagePosted": _message_posted,
    "MessageDeleted": _message_deleted,
    "MessageEdited": _message_edited,
    "ReactionAdded": _reactions_changed,
    "ReactionRemoved": _reactions_changed,
    "OccurrenceChanged": _occurrence_changed,
    "ChecklistAdded": _checklist_added,
    "ChecklistItemChecked": _item_checked,
    "ChecklistItemAssigned": _item_assigned,
}
