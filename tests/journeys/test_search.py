"""From a word in the browser to its place in the talk, on a phone and at a desk."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.screen import DESKTOP, PHONE, Screen
from tests.plant.processes import Hubs

EARLY = "真空吸嘴堵塞，ALM-1042"
WORDS = {"zh-TW": ("搜尋", "回到最新"), "en": ("Search", "Latest")}
TALK = 300  # more than a room shows at first, and more than the stretch around the hit


@pytest.mark.parametrize("language", ["zh-TW", "en"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_a_word_leads_to_its_place(hubs: Hubs, browser: Browser, size: tuple[int, int], language: str) -> None:
    hub, name = hubs.any(), f"CV-{size[0]}{language[:2]}"
    search, newest = WORDS[language]
    wang, room = await hubs.client("wang"), await hubs.open_room("lin", title="Jam", machine=name)
    for number in range(TALK):
        content = f"{EARLY} {name}" if number == 20 else f"第 {number} 則"
        (await wang.post(f"/api/rooms/{room}/messages", json={"content": content})).raise_for_status()
    chen = await Screen.sign_in(browser, hub, "chen", size, language)
    page = chen.page
    await page.get_by_role("link", name=search).locator("visible=true").click()
    field = page.get_by_role("searchbox")
    await expect(field).to_be_focused()
    await field.fill(f"吸嘴 alm-1042 {name.lower()}")
    await field.press("Enter")
    hit = page.get_by_role("region", name=name).get_by_role("link")
    await expect(hit).to_have_count(1)
    await expect(hit.locator("mark")).to_have_text(["吸嘴", "ALM-1042", name])
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await field.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(rf"/rooms/{room}\?at=\d+$"))
    row = chen.timeline.locator("[data-jumped]")
    await expect(row).to_contain_text("真空吸嘴堵塞")
    await expect(row).to_be_in_viewport()
    await expect(chen.timeline.get_by_text(f"第 {TALK - 1} 則")).to_have_count(0)
    await page.get_by_role("link", name=newest).click()
    await expect(chen.timeline.get_by_text(f"第 {TALK - 1} 則")).to_be_in_viewport()
    assert chen.errors == []


async def test_slash_searches_and_offers_the_room_one_is_in(hubs: Hubs, browser: Browser) -> None:
    hub = hubs.any()
    wang, room = await hubs.client("wang"), await hubs.open_room("lin", title="Jam")
    (await wang.post(f"/api/rooms/{room}/messages", json={"content": "錫膏印刷偏移"})).raise_for_status()
    chen = await Screen.sign_in(browser, hub, "chen")
    await chen.enter(hub, room)
    await chen.page.keyboard.press("/")
    await expect(chen.page.get_by_role("searchbox")).to_be_focused()
    await chen.page.get_by_text("這一間").click()
    await chen.page.get_by_role("searchbox").fill("印")
    await chen.page.get_by_role("searchbox").press("Enter")
    await expect(chen.page).to_have_url(re.compile(f"room={room}"))
    await expect(chen.page.locator("mark")).to_have_text("印")
    assert chen.errors == []
