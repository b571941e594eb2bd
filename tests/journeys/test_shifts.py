"""From the roster of the demo line to a shift that somebody else works, at a desk and on a phone."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from hub.base.db import Database
from hub.demo.roster import staff_demo
from tests.journeys.screen import DESKTOP, PHONE, Screen
from tests.plant.people import PASSWORD
from tests.plant.processes import Hubs


@pytest.fixture(scope="module")
async def staffed(database: Database) -> None:
    """The demo's people, teams and rosters; `lin` leads, `guest` reads."""
    await staff_demo(database, "Asia/Taipei", PASSWORD)


async def open_shifts(hubs: Hubs, browser: Browser, name: str, size: tuple[int, int], language: str) -> Screen:
    screen = await Screen.sign_in(browser, hubs.any(), name, size, language)
    await (
        screen.page.get_by_role("link", name="班表" if language == "zh-TW" else "Shifts")
        .locator("visible=true")
        .click()
    )
    return screen


async def look(page: Page, name: str) -> None:
    """A picture to look at, where ANDON_PICTURES names a folder; nothing of the page hangs over."""
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if folder := os.environ.get("ANDON_PICTURES"):
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", animations="disabled")


@pytest.mark.parametrize(("size", "language"), [(DESKTOP, "zh-TW"), (PHONE, "zh-TW"), (DESKTOP, "en"), (PHONE, "en")])
async def test_a_lead_changes_a_shift_and_takes_it_back(
    staffed: None, hubs: Hubs, browser: Browser, size: tuple[int, int], language: str
) -> None:
    zh = language == "zh-TW"
    lin = await open_shifts(hubs, browser, "lin", size, language)
    page = lin.page
    now = page.get_by_role("region", name="現在當班" if zh else "On shift now")
    await expect(now.get_by_role("listitem").nth(1)).to_be_visible()
    await expect(page.locator('[aria-current="date"]').first).to_contain_text("今天" if zh else "Today")
    await look(page, f"shifts-{size[0]}-{language}")
    await page.get_by_role("button", name="調班" if zh else "Change a shift", exact=True).click()
    await page.get_by_label("班組" if zh else "Team", exact=True).select_option("甲班")
    await page.get_by_label("誰不在" if zh else "Who is away").select_option("王志明")
    await page.get_by_role("combobox", name="誰來代班或加班" if zh else "Who stands in").fill("蔡")
    await page.get_by_role("option", name="蔡佩珊").click()
    await page.get_by_role("textbox", name="原因" if zh else "Reason").fill("教育訓練")
    await look(page, f"override-{size[0]}-{language}")
    await page.get_by_role("button", name="排好" if zh else "Save").click()
    changes = page.get_by_role("region", name="調班" if zh else "Changes")
    await expect(changes).to_contain_text("蔡佩珊 代 王志明" if zh else "蔡佩珊 for 王志明")
    await page.get_by_role("button", name="復原" if zh else "Undo").click()
    await expect(changes).to_have_count(0)
    await page.get_by_role("button", name="排班" if zh else "Add roster").click()
    await page.get_by_label("班組" if zh else "Team", exact=True).select_option("甲班")
    await page.get_by_label("班別" if zh else "Pattern").select_option("做二休二" if zh else "2 on, 2 off")
    await page.get_by_role("button", name="排好" if zh else "Save").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("已經排班" if zh else "already")
    await look(page, f"roster-{size[0]}-{language}")
    await lin.close()


async def test_who_reads_has_no_dead_buttons(staffed: None, hubs: Hubs, browser: Browser) -> None:
    guest = await open_shifts(hubs, browser, "guest", DESKTOP, "zh-TW")
    await expect(guest.page.get_by_role("region", name="現在當班")).to_be_visible()
    await guest.page.get_by_role("combobox", name="產線").select_option("SMT1")
    await expect(guest.page.get_by_role("row", name="切割設備")).to_have_count(0)
    await expect(guest.page.get_by_role("button", name="排班")).to_have_count(0)
    await guest.close()
