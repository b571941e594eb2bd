"""Teams, and the groups of the directory that lead into them. Requests refuse unknown fields (`unknown_field`)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.views import HubRole, Person

MemberSource = Literal["hand", "directory"]
MappingSource = Literal["hand", "settings"]
TeamKey = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=limits.TEAM_KEY_CHARS)]
TeamName = Annotated[str, Meta(min_length=1, max_length=limits.TEAM_NAME_CHARS)]
Lines = Annotated[
    list[Annotated[str, Meta(min_length=1, max_length=limits.PLACE_CHARS)]], Meta(max_length=limits.TEAM_LINES)
]
GroupName = Annotated[str, Meta(min_length=1, max_length=limits.GROUP_CHARS)]


class TeamCan(msgspec.Struct):
    """What the reader may do with a team: change its name, lines and archive; put people in and out by hand."""

    edit: bool
    members: bool


class Team(msgspec.Struct):
    """A team. `key` is the name rules and imports use, `lines` those it looks after; none = the whole site."""

    id: UUID
    key: str
    name: str
    lines: list[str]
    members: int
    created_at: datetime
    archived_at: datetime | None
    can: TeamCan


class TeamMember(msgspec.Struct):
    """Somebody in a team, by hand, by a group of the directory, or both; `lead` by either."""

    user: Person
    lead: bool
    sources: list[MemberSource]


class TeamDetail(msgspec.Struct):
    """A team with its people, by name."""

    team: Team
    people: list[TeamMember]


class GroupMapping(msgspec.Struct):
    """Members of a group get a hub role, come into a team, or both. Those of the settings have no id and stay."""

    id: UUID | None
    group: str
    role: HubRole | None
    team_id: UUID | None
    team_key: str | None
    source: MappingSource
    can_delete: bool


class DirectoryController(msgspec.Struct):
    """A domain controller; one that is `late` did not answer this hub within the last half minute."""

    url: str
    late: bool


class DirectoryStatus(msgspec.Struct):
    """How the looks at the directory go. `held` people are missing, but too many at once to believe it.

    `controllers` stand in the order in which they are asked.
    """

    configured: bool
    looked_at: datetime | None
    succeeded_at: datetime | None
    held: int
    fault: str | None
    controllers: list[DirectoryController]


class NewTeam(msgspec.Struct, forbid_unknown_fields=True):
    """Make a team."""

    key: TeamKey
    name: TeamName
    lines: Lines = []


class ChangeTeam(msgspec.Struct, forbid_unknown_fields=True):
    """Change a team; what is absent stays. An archived team keeps its people and counts for nothing."""

    name: TeamName | None = None
    lines: Lines | None = None
    archived: bool | None = None


class PutTeamMember(msgspec.Struct, forbid_unknown_fields=True):
    """Put somebody into a team by hand."""

    lead: bool = False


class NewGroupMapping(msgspec.Struct, forbid_unknown_fields=True):
    """Lead a group somewhere: its sAMAccountName (`Line3-Maint`, `CN=Line3-Maint`) or its whole distinguished name."""

    group: GroupName
    role: HubRole | None = None
    team_id: UUID | None = None
