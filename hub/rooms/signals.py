"""What rooms tell all hub processes, live and lossy."""

from typing import Final
from uuid import UUID

import msgspec

KIND_READ: Final = "read"


class ReadTo(msgspec.Struct, frozen=True):
    """A user has read a room up to a seq, on a device that need not be told; or made what follows `unread` again."""

    user_id: UUID
    room_id: UUID
    last_read_seq: int
    device: str = ""
    unread: bool = False
