"""The cursor of the room list: where a page ended, in which order. Pure."""

import base64
from typing import Final

import msgspec

from hub.wire.problems import Problem
from hub.wire.room_admin import RoomSort

LETTERS: Final[dict[RoomSort, str]] = {"newest": "n", "severity": "s", "longest_open": "o", "activity": "a"}
REACH: Final = 2**62


class Place(msgspec.Struct, frozen=True):
    """A row's number in the order, and its room's own."""

    value: int
    number: int


def written(sort: RoomSort, place: Place) -> str:
    """The place as a client gets it."""
    text = f"{LETTERS[sort]}{place.value}.{place.number}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(sort: RoomSort, cursor: str) -> Place:
    """The place; refuses (`cursor_invalid`) what is none of ours or belongs to another order."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        value, number = text.removeprefix(LETTERS[sort]).split(".")
        place = Place(int(value), int(number))
    except ValueError:
        raise Problem("cursor_invalid") from None
    if not (-REACH < place.value < REACH and 0 <= place.number < REACH) or written(sort, place) != cursor:
        raise Problem("cursor_invalid")
    return place
