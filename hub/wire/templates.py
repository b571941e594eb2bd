"""Room templates: which incidents they are for, and what a room gets that is opened by one.

Empty conditions hold always. People, teams and shifts are named by their keys, so that a template can be taken to
another plant.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from hub.wire import limits
from hub.wire.views import Category, ChecklistItem, HubRole, ItemState, Person, Severity

Word = Annotated[str, Meta(min_length=1, max_length=limits.PLACE_CHARS)]
Words = Annotated[list[Word], Meta(max_length=limits.TEMPLATE_WORDS)]
Language = Annotated[str, Meta(min_length=1, max_length=16)]
ShortText = Annotated[str, Meta(min_length=1, max_length=limits.ITEM_CHARS)]
ShortTexts = Annotated[dict[Language, ShortText], Meta(min_length=1, max_length=8)]
WelcomeText = Annotated[str, Meta(max_length=limits.WELCOME_BYTES)]
WelcomeTexts = Annotated[dict[Language, WelcomeText], Meta(max_length=8)]
Link = Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=limits.URL_CHARS)]
MemberSource = Literal["team", "role", "on_shift"]
TemplateRole = Literal["lead", "responder", "viewer"]
ClosingField = Literal["cause", "downtime_reason", "countermeasures", "part", "lost_minutes"]
VersionChange = Literal["added", "changed", "restored", "archived", "imported"]
ImportOutcome = Literal["added", "changed", "unchanged"]


class TemplateMatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Conditions; all of those that are given must hold. A code that ends with `*` stands for all that begin so."""

    categories: Annotated[list[Category], Meta(max_length=20)] = []
    sites: Words = []
    areas: Words = []
    lines: Words = []
    machines: Words = []
    codes: Words = []
    conditions: Words = []
    severities: Annotated[list[Severity], Meta(max_length=20)] = []
    shifts: Words = []


class MemberRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is put into the room. `team`: its members; `role`: who has this hub role and looks after the room's line;
    `on_shift`: who works for the room's line now, of one team if one is named. `only_leads`: only those who lead."""

    by: MemberSource
    team: Word | None = None
    role: HubRole | None = None
    only_leads: bool = False
    room_role: TemplateRole = "responder"


class ItemCondition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an item of the checklist is wanted; all conditions that are given must hold."""

    severities: Annotated[list[Severity], Meta(max_length=20)] = []
    categories: Annotated[list[Category], Meta(max_length=20)] = []
    codes: Words = []
    shifts: Words = []


class ItemRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An item of the checklist, for one person (account name) or for a team; due so many minutes after the opening."""

    text: ShortTexts
    assignee: Annotated[str, Meta(min_length=1, max_length=limits.USERNAME_CHARS)] | None = None
    team: Word | None = None
    due_minutes: Annotated[int, Meta(ge=0, le=7 * 24 * 60)] | None = None
    when: ItemCondition | None = None


class Runbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link to what helps."""

    title: ShortTexts
    url: Link


class RoomTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A template. `name_pattern` has fields in braces; `welcome` is Jinja2 in each language, see docs/templates.md.

    Of several that match, the most specific wins, then the higher `priority`, then the first by name.
    """

    name: Annotated[str, Meta(min_length=1, max_length=limits.TEMPLATE_NAME_CHARS)]
    enabled: bool = True
    priority: Annotated[int, Meta(ge=-1000, le=1000)] = 0
    match: TemplateMatch = msgspec.field(default_factory=TemplateMatch)
    name_pattern: Annotated[str, Meta(min_length=1, max_length=limits.TEMPLATE_PATTERN_CHARS)] = "{text}"
    welcome: WelcomeTexts = {}
    members: Annotated[list[MemberRule], Meta(max_length=limits.TEMPLATE_MEMBER_RULES)] = []
    checklist: Annotated[list[ItemRule], Meta(max_length=limits.TEMPLATE_ITEMS)] = []
    runbooks: Annotated[list[Runbook], Meta(max_length=limits.TEMPLATE_RUNBOOKS)] = []
    escalation_policy: Word | None = None
    retention_days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    webhook: Link | None = None
    closing_fields: Annotated[list[ClosingField], Meta(max_length=10)] = []


class Reason(msgspec.Struct, frozen=True):
    """A code that clients put into words, and what it speaks of."""

    code: str
    params: dict[str, str] = {}


class TemplateView(msgspec.Struct):
    """A template as it is now. `warnings` are what it names and the plant does not have. `PUT` takes `version`."""

    id: UUID
    version: int
    template: RoomTemplate
    edited_at: datetime
    edited_by: Person | None
    archived_at: datetime | None
    can_change: bool
    warnings: list[Reason] = []


class TemplateList(msgspec.Struct):
    """All templates, in the order in which they are considered; `can_add` whether I may add one."""

    templates: list[TemplateView]
    can_add: bool


class TemplateVersion(msgspec.Struct):
    """One version: it never changes."""

    version: int
    change: VersionChange
    template: RoomTemplate
    edited_at: datetime
    edited_by: Person | None


class RestoreTemplate(msgspec.Struct, forbid_unknown_fields=True):
    """Make a former version the newest again; an archived template comes back with it."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class AlarmFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a room would be opened for."""

    site: Word | None = None
    area: Word | None = None
    line: Word | None = None
    machine: Word | None = None
    category: Category = "machine"
    severity: Severity = "high"
    code: Word | None = None
    condition: Word | None = None
    text: Annotated[dict[Language, Annotated[str, Meta(max_length=500)]], Meta(max_length=8)] = {}


class PreviewTemplate(msgspec.Struct, forbid_unknown_fields=True):
    """Try a template (as it is written, or one that is kept) on a past room or on facts; without one, the winner."""

    template: RoomTemplate | None = None
    template_id: UUID | None = None
    room_id: UUID | None = None
    facts: AlarmFacts | None = None


class PreviewMember(msgspec.Struct):
    """Who would be put into the room now, and why."""

    person: Person
    room_role: TemplateRole
    why: list[Reason]


class PreviewItem(msgspec.Struct):
    """An item of the checklist; one that is not `wanted` is left out for the reasons in `why`."""

    item: ItemRule
    wanted: bool
    why: list[Reason]
    due_at: datetime | None


class TemplatePreview(msgspec.Struct):
    """What a template would do. `winner` is the template that a room would get, with the reasons for it."""

    facts: AlarmFacts
    shifts: list[str]
    matches: bool
    why: list[Reason]
    why_not: list[Reason]
    name: str
    members: list[PreviewMember]
    checklist: list[PreviewItem]
    welcome: dict[str, str]
    winner: UUID | None
    winner_name: str | None
    winner_why: list[Reason]
    warnings: list[Reason] = []


class ImportTemplates(msgspec.Struct, forbid_unknown_fields=True):
    """Templates as they were exported, YAML or JSON. With `dry_run` nothing changes: the answer tells what would."""

    content: Annotated[str, Meta(min_length=1, max_length=limits.IMPORT_BYTES)]
    dry_run: bool = True


class ImportedTemplate(msgspec.Struct):
    """What became of one template, or would; `fields` are those that differ."""

    name: str
    outcome: ImportOutcome
    fields: list[str]
    warnings: list[Reason] = []


class TemplateFile(msgspec.Struct, forbid_unknown_fields=True):
    """Exported templates: what `import` takes."""

    templates: Annotated[list[RoomTemplate], Meta(max_length=limits.TEMPLATES)]
    format: Literal["andon-templates/1"] = "andon-templates/1"


class NewItem(msgspec.Struct, forbid_unknown_fields=True):
    """Put something on a room's checklist."""

    text: ShortTexts
    assignee_id: UUID | None = None
    due_at: datetime | None = None


class ChangeItem(msgspec.Struct, forbid_unknown_fields=True):
    """Check an item, or give it to somebody; what is absent stays. `unassign` gives it to nobody."""

    state: ItemState | None = None
    assignee_id: UUID | None = None
    unassign: bool = False
    due_at: datetime | None = None


class AppliedTemplate(msgspec.Struct):
    """The template a room was opened by, in the version it had then."""

    id: UUID
    version: int
    name: str
    runbooks: list[Runbook]
    closing_fields: list[ClosingField]
    escalation_policy: str | None
    retention_days: int | None


class RoomChecklist(msgspec.Struct):
    """A room's checklist and its template, null where it has none. `can_change`: whether I may add and check."""

    items: list[ChecklistItem]
    template: AppliedTemplate | None
    can_change: bool
