"""Templates and checklists, for `HubClient.templates`."""

from collections.abc import Awaitable
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from hub.wire.templates import (
    ChangeItem,
    ImportedTemplate,
    ImportTemplates,
    NewItem,
    PreviewTemplate,
    RestoreTemplate,
    RoomChecklist,
    RoomTemplate,
    TemplateFile,
    TemplateList,
    TemplatePreview,
    TemplateVersion,
    TemplateView,
)

View = TypeVar("View")


class Call(Protocol):
    """A request of the client."""

    def __call__(
        self,
        method: str,
        path: str,
        view: type[View] | None,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Awaitable[View]:
        """Send it and read the answer."""


class Templates:
    """What one may do with templates, and with the checklists they bring."""

    def __init__(self, call: Call):
        self._call = call

    async def all(self, *, archived: bool = False) -> TemplateList:
        """Templates in the order in which they are considered."""
        return await self._call("GET", "/api/templates", TemplateList, query={"archived": archived})

    async def one(self, template_id: UUID) -> TemplateView:
        """One template as it is now."""
        return await self._call("GET", f"/api/templates/{template_id}", TemplateView)

    async def add(self, template: RoomTemplate) -> TemplateView:
        """Add a template."""
        return await self._call("POST", "/api/templates", TemplateView, template)

    async def replace(self, template_id: UUID, template: RoomTemplate, version: int | None = None) -> TemplateView:
        """Make a new version; `version` is the one I changed (`edit_conflict` when it is no more)."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return await self._call("PUT", f"/api/templates/{template_id}", TemplateView, template, headers=headers)

    async def archive(self, template_id: UUID) -> None:
        """No more rooms are opened by it."""
        await self._call("DELETE", f"/api/templates/{template_id}", None)

    async def versions(self, template_id: UUID) -> list[TemplateVersion]:
        """All versions, the newest first."""
        return await self._call("GET", f"/api/templates/{template_id}/versions", list[TemplateVersion])

    async def restore(self, template_id: UUID, version: int) -> TemplateView:
        """Make a former version the newest again."""
        path = f"/api/templates/{template_id}/restore"
        return await self._call("POST", path, TemplateView, RestoreTemplate(version))

    async def preview(self, wanted: PreviewTemplate) -> TemplatePreview:
        """What a template would do."""
        return await self._call("POST", "/api/templates/preview", TemplatePreview, wanted)

    async def exported(self) -> TemplateFile:
        """All live templates."""
        form: Literal["json"] = "json"
        return await self._call("GET", "/api/templates/export", TemplateFile, query={"format": form})

    async def put_all(self, content: str, *, dry_run: bool = True) -> list[ImportedTemplate]:
        """Add or replace templates from a file, YAML or JSON; a dry run tells what would be done."""
        path = "/api/templates/import"
        return await self._call("POST", path, list[ImportedTemplate], ImportTemplates(content, dry_run))

    async def checklist(self, room_id: UUID) -> RoomChecklist:
        """A room's checklist and template."""
        return await self._call("GET", f"/api/rooms/{room_id}/checklist", RoomChecklist)

    async def add_item(self, room_id: UUID, item: NewItem) -> RoomChecklist:
        """Put something on a room's checklist."""
        return await self._call("POST", f"/api/rooms/{room_id}/checklist", RoomChecklist, item)

    async def change_item(self, room_id: UUID, item_id: UUID, change: ChangeItem) -> RoomChecklist:
        """Check an item, or give it to somebody."""
        return await self._call("PATCH", f"/api/rooms/{room_id}/checklist/{item_id}", RoomChecklist, change)
