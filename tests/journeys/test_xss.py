"""What people and machines write is text on every page: no script runs, none is blocked, nothing is lost.

`tests/data/xss.txt` holds the attacks, one a line.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from hub.base.db import Database
from hub.people.actions import NewUser, put_user
from hub.wire import limits
from tests.journeys.screen import OLDER, Screen
from tests.plant.people import People
from tests.plant.processes import Hubs

ATTACKS = (Path(__file__).parents[1] / "data" / "xss.txt").read_text("utf-8").splitlines()
NAMES = 200
EDITED = "已編輯"
MARK = "靶"
HITS = "a[data-hit] [dir=auto]"
A_SEARCH = 1.1 / limits.SEARCHES_PER_SECOND
RECENT = 8  # searches a device remembers
WATCH = """
window.hits = [];
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = (said) => hits.push(name + ' ' + said);
document.addEventListener('securitypolicyviolation', (it) => hits.push(it.violatedDirective + ' ' + it.blockedURI));
"""
# What an attack that got in would have left: elements and attributes the app itself never draws.
LEFT = """() => [...document.querySelectorAll('body *')].flatMap((it) => [
  ...['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'FORM', 'VIDEO', 'AUDIO', 'IMG'].includes(it.tagName)
    && !it.matches('script[type=module]') ? [it.outerHTML] : [],
  ...[...it.attributes].filter(({ name, value }) => /^on/i.test(name) || /^\\s*(javascript|data|vbscript|file):/i.test(
    ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(name) ? value : '')).map(({ name }) => name)])"""
SAID = "rows => rows.map(it => it.querySelector('[dir=auto]').textContent)"


def plain(text: str) -> str:
    """A text as it reads: without the marks of bold, italic, code and of links into the web, and with single spaces."""
    linked = re.sub(r"\[([^\[\]]+)\]\(https?://[^\s()]+\)", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"[*_`]", "", linked)).strip()


class Watched:
    """A browser's window that notes whatever ran or was blocked."""

    def __init__(self, screen: Screen):
        self.screen = screen
        self.page: Page = screen.page
        self.dialogs: list[str] = []
        self.page.on("dialog", lambda dialog: self.dialogs.append(dialog.message))

    @classmethod
    async def sign_in(cls, browser: Browser, hubs: Hubs, name: str) -> "Watched":
        screen = await Screen.sign_in(browser, hubs.all[0], name)
        await screen.page.add_init_script(WATCH)
        await screen.page.reload()
        return cls(screen)

    async def unharmed(self) -> None:
        """Move the mouse over all and look what has become of the page."""
        for y in range(60, 780, 40):
            await self.page.mouse.move(700, y)
        assert await self.page.evaluate("window.hits") == []
        assert await self.page.evaluate(LEFT) == []
        assert self.dialogs == []


@pytest.fixture
async def lin(browser: Browser, hubs: Hubs) -> AsyncIterator[Watched]:
    watched = await Watched.sign_in(browser, hubs, "lin")
    yield watched
    await watched.screen.close()


async def many(calls: list[Any], at_once: int = 8) -> list[httpx.Response]:
    """Do them a few at a time; none may be refused."""
    gate = asyncio.Semaphore(at_once)

    async def one(call: Any) -> httpx.Response:
        async with gate:
            answer: httpx.Response = await call
            return answer.raise_for_status()

    return await asyncio.gather(*map(one, calls))


async def all_loaded(page: Page) -> None:
    """Load the room from its first message on."""
    older = page.get_by_role("button", name=OLDER)
    while await older.count():
        rows = await page.locator("[data-seq]").count()
        await older.click()
        await page.wait_for_function("had => document.querySelectorAll('[data-seq]').length > had", arg=rows)


async def indexed(http: httpx.AsyncClient, room: str, q: str, last: str) -> None:
    """Wait until the search finds a room's last message: its index follows the log."""
    async with asyncio.timeout(10):
        while True:
            hits = (await http.get("/api/search", params={"q": q, "room_id": room, "limit": 1})).json()["hits"]
            if hits and hits[0]["message"]["content"] == last:
                return
            await asyncio.sleep(A_SEARCH)


def test_there_are_enough_attacks() -> None:
    assert len(set(ATTACKS)) == len(ATTACKS) >= 200
    assert max(map(len, ATTACKS)) <= 200


async def test_message_texts(hubs: Hubs, lin: Watched) -> None:
    room = await hubs.open_room("lin", title="訊息", line="L1")
    http = await hubs.client("lin")
    for text in ATTACKS:
        (await http.post(f"/api/rooms/{room}/messages", json={"content": text})).raise_for_status()
    await lin.screen.enter(hubs.all[0], room)
    await all_loaded(lin.page)
    said = await lin.page.locator('[data-kind="talk"][data-seq]').evaluate_all(SAID)
    assert [plain(text) for text in said] == [plain(text) for text in ATTACKS]
    await lin.unharmed()


async def test_room_titles(hubs: Hubs, lin: Watched) -> None:
    http = await hubs.client("lin")
    await many([http.post("/api/rooms", json={"title": text, "severity": "low"}) for text in ATTACKS])
    await lin.page.goto(hubs.all[0].url)
    await lin.page.get_by_role("main").locator("li a").first.wait_for()
    more = lin.page.get_by_role("button", name=re.compile("^顯示其餘"))
    while await more.count():
        await more.click()
    shown = await lin.page.get_by_role("main").locator("li a").all_text_contents()
    assert {plain(text) for text in ATTACKS} <= {plain(text) for text in shown}
    await lin.unharmed()


async def test_display_names(hubs: Hubs, database: Database, people: People, lin: Watched) -> None:
    room = await hubs.open_room("lin", title="名字", line="L1")
    http = await hubs.client("lin")
    ids = [await put_user(database, NewUser(f"x{n}", name)) for n, name in enumerate(ATTACKS[:NAMES])]
    await many([http.post(f"/api/rooms/{room}/members", json={"user_id": str(it)}) for it in ids])
    calling = " ".join(f"<@{it}>" for it in ids[:20])
    (await http.post(f"/api/rooms/{room}/messages", json={"content": calling})).raise_for_status()
    await lin.screen.enter(hubs.all[0], room)
    await lin.page.get_by_role("tab", name="成員").click()
    named = await lin.page.get_by_role("tabpanel").locator("li b").all_text_contents()
    assert {plain(name) for name in ATTACKS[:NAMES]} <= {plain(name) for name in named}
    chips = await lin.page.locator('[data-kind="talk"] [dir=auto]').text_content()
    assert plain(chips or "") == plain(" ".join(f"@{name}" for name in ATTACKS[:20]))

    await lin.page.locator("textarea").last.press_sequentially("@img")
    options = await lin.page.get_by_role("option").all_text_contents()
    assert any("<img src=x onerror=alert(1)>" in text for text in options)
    await lin.unharmed()


async def test_alarms_of_machines(hubs: Hubs, people: People, lin: Watched) -> None:
    async with hubs.all[0].client(people.token) as machine:
        for first in range(0, len(ATTACKS), 100):
            seen = [
                {
                    "source": "xss",
                    "key": f"a{first + n}",
                    "scope": "L9/XSS",
                    "active": True,
                    "severity": "high",
                    "text": {"zh-TW": text, "en": text},
                    "line": "L9",
                    "machine": "XSS",
                    "code": text[:40],
                    "unit": "°C",
                    "value": 1.5,
                    "raw": {"said": text},
                }
                for n, text in enumerate(ATTACKS[first : first + 100])
            ]
            answer = (await machine.post("/api/alarms", json={"observations": seen})).raise_for_status()
            rooms = {result.get("room_id") for result in answer.json()["results"]} - {None}
    assert rooms
    shown: set[str] = set()
    http = await hubs.client("lin")
    found = (await http.get("/api/rooms", params={"machine": "XSS", "limit": "200"})).json()["rooms"]
    for room in found:
        await lin.screen.enter(hubs.all[0], room["room"]["id"])
        await all_loaded(lin.page)
        shown |= {plain(text) for text in await lin.page.locator('[data-kind="alarm"] b').all_text_contents()}
        await lin.unharmed()
    assert {plain(text) for text in ATTACKS} <= shown


async def test_reactions_and_broadcasts(hubs: Hubs, lin: Watched) -> None:
    room = await hubs.open_room("lin", title="廣播", line="L1")
    http, wang = await hubs.client("lin"), await hubs.client("wang")
    posted = await wang.post(f"/api/rooms/{room}/messages", json={"content": "好"})
    path = f"/api/messages/{posted.json()['message_id']}/reactions"
    refused = [(await wang.post(path, json={"emoji": text})).json()["code"] for text in ATTACKS]
    assert set(refused) <= {"emoji_invalid", "invalid"}

    await many([http.post("/api/broadcasts", json={"scope": "everybody", "text": text}) for text in ATTACKS], at_once=2)
    await lin.screen.enter(hubs.all[0], room)
    banner = lin.page.get_by_role("region", name="廣播")
    await banner.get_by_role("button", name=re.compile("^還有")).click()
    shown = await banner.locator("li p").all_text_contents()
    assert {plain(text) for text in shown} >= {plain(text) for text in ATTACKS}
    await lin.unharmed()


async def test_edited_texts_and_their_history(hubs: Hubs, lin: Watched) -> None:
    room = await hubs.open_room("lin", title="編輯", line="L1")
    http = await hubs.client("lin")
    posted = [await http.post(f"/api/rooms/{room}/messages", json={"content": "x"}) for _ in ["", *ATTACKS]]
    changing, *messages = [it.raise_for_status().json()["message_id"] for it in posted]
    await lin.screen.enter(hubs.all[0], room)
    await all_loaded(lin.page)
    for text, message in zip(ATTACKS, messages, strict=True):
        for it in (changing, message):
            (await http.patch(f"/api/messages/{it}", json={"content": text})).raise_for_status()
    rows = lin.page.locator('[data-kind="talk"][data-seq]')
    await expect(rows.last.get_by_role("button", name=EDITED)).to_be_visible()
    said = [text.removesuffix(EDITED) for text in await rows.evaluate_all(SAID)]
    assert [plain(text) for text in said] == [plain(text) for text in (ATTACKS[-1], *ATTACKS)]
    await lin.unharmed()

    await rows.first.get_by_role("button", name=EDITED).click()
    versions = lin.page.get_by_role("dialog", name="編輯紀錄").locator("li > blockquote")
    await expect(versions).to_have_count(len(ATTACKS) + 1)
    texts = await versions.all_text_contents()
    assert [plain(text) for text in texts] == [plain(text) for text in (*reversed(ATTACKS), "x")]
    await lin.unharmed()


async def test_search_hits(hubs: Hubs, lin: Watched) -> None:
    room = await hubs.open_room("lin", title=ATTACKS[0], line="L1")
    http = await hubs.client("lin")
    for text in ATTACKS:
        content = f"{MARK} {text}"
        (await http.post(f"/api/rooms/{room}/messages", json={"content": content})).raise_for_status()
    await indexed(http, room, MARK, content)
    for q, least in ((MARK, len(ATTACKS)), ("alert", 100)):
        await asyncio.sleep(A_SEARCH)
        await lin.page.goto(f"{hubs.all[0].url}/search?q={q}&room={room}")
        hits = lin.page.locator(HITS)
        await hits.first.wait_for()
        more = lin.page.get_by_role("button", name="再找更早的")
        while await more.count():
            await asyncio.sleep(A_SEARCH)
            async with lin.page.expect_response(lambda it: "/api/search" in it.url):
                await more.click()
            await expect(lin.page.locator("[data-loading]")).to_have_count(0)
        assert await hits.count() >= least
        await lin.unharmed()
        if q == MARK:
            shown = [text.removesuffix("…") for text in reversed(await hits.all_text_contents())]
            assert all(f"{MARK} {text}".startswith(it) for text, it in zip(ATTACKS, shown, strict=True))
            assert min(map(len, shown)) > len(MARK) + 1


async def test_recent_searches(hubs: Hubs, lin: Watched) -> None:
    """Most find nothing, which names what was looked for; those the hub refuses for their number are remembered too."""
    await lin.page.goto(f"{hubs.all[0].url}/search")
    field = lin.page.get_by_role("searchbox")
    recent = lin.page.get_by_role("region", name="最近找過").locator("li")
    for first in range(0, len(ATTACKS), RECENT):
        looked_for = [text.strip() for text in ATTACKS[first : first + RECENT]]
        for text in looked_for:
            await field.fill(text)
            async with lin.page.expect_response(lambda it: "/api/search" in it.url):
                await field.press("Enter")
        await lin.unharmed()
        await field.fill("")
        await field.press("Enter")
        await expect(recent.first).to_have_text(looked_for[-1])
        assert (await recent.all_text_contents())[: len(looked_for)] == looked_for[::-1]
        await lin.unharmed()
