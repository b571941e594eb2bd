"""What a system row says, as a key that clients translate. Pure."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

KEYS: Final = {
    "RoomOpened": "room_opened",
    "RoomWelcomed": "room_welcomed",
    "RoomChanged": "room_changed",
    "StatusChanged": "status_changed",
    "SeverityChanged": "severity_changed",
    "OwnerChanged": "owner_changed",
    "RoleChanged": "role_changed",
    "RoomMerged": "room_merged",
    "RoomLinked": "room_linked",
    "RoomUnlinked": "room_unlinked",
    "RoomArchived": "room_archived",
    "RoomUnarchived": "room_unarchived",
    "ClosingFilled": "closing_filled",
}


def system_key(event: str, params: Mapping[str, Any], sender: UUID | None) -> str:
    """The key of an event's row: who comes or goes by themselves joined or left, others were added or removed."""
    by_self = sender is not None and params.get("user_id") == str(sender)
    match event:
        case "MemberAdded":
            return "user_joined" if by_self else "member_added"
        case "MemberRemoved":
            return "user_left" if by_self else "member_removed"
    return KEYS.get(event, event)
