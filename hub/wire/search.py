"""What searching brings."""

import msgspec

from hub.wire.views import Message, Room


class SearchPart(msgspec.Struct):
    """A piece of a snippet; `hit` is what was searched for."""

    text: str
    hit: bool = False


class SearchHit(msgspec.Struct):
    """A message that was found, with the sentence it was found in and the room it stands in."""

    message: Message
    snippet: list[SearchPart]
    room: Room


class SearchPage(msgspec.Struct):
    """Newest first; `next` is the cursor of the next page or null."""

    hits: list[SearchHit]
    next: str | None = None
