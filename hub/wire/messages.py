"""What stands beside messages: the files they point at, and the texts they had."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire.views import Person


class FileRef(msgspec.Struct, forbid_unknown_fields=True):
    """What `image_ref` and `file_ref` messages point at; stands in their `metadata`. `size` is in bytes."""

    file_id: UUID
    name: Annotated[str, Meta(min_length=1, max_length=255)]
    mime: Annotated[str, Meta(pattern=r"^[a-z]+/[A-Za-z0-9.+-]+$", max_length=127)]
    size: Annotated[int, Meta(ge=1, le=2**40)]
    width: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    height: Annotated[int, Meta(ge=1, le=100_000)] | None = None


class Version(msgspec.Struct):
    """One text of a message: who wrote it and when, the first one first."""

    version: int
    content: str
    by: Person | None
    at: datetime
