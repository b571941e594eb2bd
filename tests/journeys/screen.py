"""A browser as a person uses it."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.plant.people import PASSWORD
from tests.plant.processes import HubProcess

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = "/usr/bin/chromium"
SEND = re.compile("^(送出|Send)$")
DESKTOP = (1280, 800)
PHONE = (360, 740)


class Screen:
    """One person's browser on one hub. Errors of the page are collected."""

    def __init__(self, page: Page):
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.loads = 0
        page.on("load", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    @classmethod
    async def sign_in(
        cls, browser: Browser, hub: HubProcess, name: str, size: tuple[int, int] = DESKTOP, language: str = "zh-TW"
    ) -> "Screen":
        """Open the app and sign in through its form."""
        width, height = size
        context = await browser.new_context(viewport={"width": width, "height": height}, locale=language)
        screen = cls(await context.new_page())
        await screen.page.goto(hub.url)
        fields = screen.page.locator("form input")
        await fields.nth(0).fill(name)
        await fields.nth(1).fill(PASSWORD)
        await screen.page.locator("form button[type=submit]").click()
        await expect(screen.page.locator("input[type=password]")).to_have_count(0)
        return screen

    def row(self, text: str) -> Locator:
        """A room in the list."""
        return self.page.get_by_role("main").get_by_text(text).first

    async def enter(self, hub: HubProcess, room: str) -> None:
        """Open a room by its address."""
        await self.page.goto(f"{hub.url}/rooms/{room}")
        await expect(self.timeline).to_be_visible()

    @property
    def timeline(self) -> Locator:
        """The room's log."""
        return self.page.get_by_role("log")

    async def say(self, text: str) -> None:
        """Write a message and send it."""
        composer = self.page.get_by_role("textbox").last
        await composer.fill(text)
        await self.page.get_by_role("button", name=SEND).click()

    async def close(self) -> None:
        """Close the browser's window; the page must have made no error."""
        await self.page.context.close()
        assert self.errors == []
