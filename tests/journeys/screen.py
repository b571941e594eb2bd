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
OLDER = re.compile("^(載入較早的訊息|Load earlier messages)$")
RUNNING = re.compile("^(進行中|Open)$")
UNREAD = re.compile(r"^\((\d+)\)")
CATCH_UP_MS = 30_000
DESKTOP = (1280, 800)
PHONE = (360, 740)
TABLET = 768
CHOOSE = "localStorage.setItem('andon.language', '%s')"


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
        cls,
        browser: Browser,
        hub: HubProcess,
        name: str,
        size: tuple[int, int] = DESKTOP,
        language: str = "zh-TW",
        *,
        password: str = PASSWORD,
    ) -> "Screen":
        """Open the app and sign in through its form."""
        width, height = size
        touch = width < TABLET
        context = await browser.new_context(
            viewport={"width": width, "height": height}, locale=language, has_touch=touch
        )
        await context.add_init_script(f"localStorage.getItem('andon.language') ?? {CHOOSE % language}")
        screen = cls(await context.new_page())
        await screen.page.goto(hub.url)
        fields = screen.page.locator("form input")
        await fields.nth(0).fill(name)
        await fields.nth(1).fill(password)
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

    async def shows(self, last_seq: int) -> None:
        """Wait until the open room is live and drawn up to this seq."""
        drawn = self.page.locator(f'[data-live="true"][data-seq="{last_seq}"]')
        await expect(drawn).to_be_visible(timeout=CATCH_UP_MS)

    async def alarm_seqs(self) -> list[int]:
        """Seqs of the alarms in the open room, which is drawn from its first message on."""
        await expect(self.page.get_by_role("button", name=OLDER)).to_have_count(0)
        rows = self.timeline.locator('[data-kind="alarm"]')
        seqs: list[int] = await rows.evaluate_all("rows => rows.map(row => Number(row.dataset.seq))")
        return seqs

    async def board(self) -> tuple[int, int]:
        """What Now tells: incidents that run, and unread messages in all rooms."""
        running = self.page.get_by_role("region", name=RUNNING).locator("h2 .count")
        unread = UNREAD.match(await self.page.title())
        return int(await running.inner_text()) if await running.count() else 0, int(unread[1]) if unread else 0

    async def say(self, text: str) -> None:
        """Write a message and send it."""
        composer = self.page.get_by_role("textbox").last
        await composer.fill(text)
        await self.page.get_by_role("button", name=SEND).click()

    async def close(self) -> None:
        """Close the browser's window; the page must have made no error."""
        await self.page.context.close()
        assert self.errors == []
