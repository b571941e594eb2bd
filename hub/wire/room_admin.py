"""What rooms are run with: handing over, merging, the closing form, saved views and counts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.views import Category, Person, Severity, Status

Cause = Literal["man", "machine", "material", "method"]
RoomSort = Literal["newest", "severity", "longest_open", "activity"]
Place = Annotated[str, Meta(max_length=limits.PLACE_CHARS)]
Note = Annotated[str, Meta(max_length=limits.NOTE_CHARS)]


class HandOver(msgspec.Struct, forbid_unknown_fields=True):
    """Give the incident into the hands of a member."""

    user_id: UUID


class Merge(msgspec.Struct, forbid_unknown_fields=True):
    """Let the incident go on in another room. The reason stands in both timelines."""

    into: UUID
    reason: Annotated[str, Meta(min_length=1, max_length=limits.NOTE_CHARS)]


class ClosingForm(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What is written down when an incident is closed. `cause` is one of the four M; `lost_minutes` of production."""

    cause: Cause | None = None
    cause_text: Note = ""
    downtime_reason: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] = ""
    countermeasures: Note = ""
    part: Annotated[str, Meta(max_length=limits.PLACE_CHARS)] = ""
    lost_minutes: Annotated[int, Meta(ge=0, le=limits.LOST_MINUTES)] | None = None


class Closing(msgspec.Struct):
    """The form as it is. Without `lost_minutes` of its own it proposes those between the first raise and the repair."""

    form: ClosingForm
    required: list[str]
    missing: list[str]
    proposed_minutes: int | None = None
    by: Person | None = None
    at: datetime | None = None


class ViewFilters(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Filters of the room list, named as its parameters."""

    status: Annotated[list[Status], Meta(max_length=8)] = []
    severity: Annotated[list[Severity], Meta(max_length=5)] = []
    category: Annotated[list[Category], Meta(max_length=10)] = []
    site: Place | None = None
    area: Place | None = None
    line: Place | None = None
    machine: Place | None = None
    team: UUID | None = None
    mine: bool = False
    unread: bool = False
    archived: bool = False
    q: Annotated[str, Meta(max_length=limits.ROOM_QUERY_CHARS)] | None = None
    sort: RoomSort = "newest"


class NewView(msgspec.Struct, forbid_unknown_fields=True):
    """Keep filters under a name; the same name again replaces them."""

    name: Annotated[str, Meta(min_length=1, max_length=limits.PLACE_CHARS)]
    filters: ViewFilters


class SavedView(msgspec.Struct):
    """Filters I keep."""

    id: UUID
    name: str
    filters: ViewFilters


class RoomCounts(msgspec.Struct):
    """How many rooms of the list there are by status, by severity and by line (`` = no line)."""

    total: int
    status: dict[str, int]
    severity: dict[str, int]
    line: dict[str, int]
