"""What people tell all hub processes, live and lossy: the look at who they are once a second finds what got lost."""

from typing import Final
from uuid import UUID

import msgspec

from hub.base.db import Tx

KIND_STANDING: Final = "standing"


class Standing(msgspec.Struct, frozen=True):
    """A session or token of this user ended, they were disabled, or their role changed: look again who they are."""

    user_id: UUID


def tell_standing(tx: Tx, user_id: UUID) -> None:
    """Have every hub process look at this user's sockets as soon as `tx` is committed."""
    tx.tell(KIND_STANDING, str(user_id), Standing(user_id))
