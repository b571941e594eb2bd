"""What looks like a link and leads to a script is the text it was; only the web and mail are links."""

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.screen import Screen
from tests.plant.processes import Hubs

GOOD = "https://docs.plant/a?b=1"
TEXTS = (
    "javascript:alert(1)",
    "[手冊](javascript:alert(1))",
    "[手冊](JaVaScRiPt:alert(1))",
    "[手冊](java\tscript:alert(1))",
    "[手冊]( javascript:alert(1))",
    "[手冊](javascript&#58;alert(1))",
    "[手冊](javascript%3Aalert(1))",
    "[https://docs.plant](javascript:alert(1))",
    "javascript://docs.plant/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "[圖](data:image/svg+xml;base64,PHN2Zy8+)",
    "vbscript:msgbox(1)",
    "[巨集](VBScript:msgbox(1))",
    "[檔案](file:///etc/passwd)",
    "[本頁](//evil.example/a)",
)


@pytest.mark.parametrize("text", [pytest.param(text, id=f"bad_25_{n}") for n, text in enumerate(TEXTS, 1)])
async def test_it_is_text_and_no_link(browser: Browser, hubs: Hubs, text: str) -> None:
    room, wang = await hubs.open_room("lin", title="連結"), await hubs.client("wang")
    for content in (text, GOOD):
        (await wang.post(f"/api/rooms/{room}/messages", json={"content": content})).raise_for_status()
    hub = hubs.any()
    lin = await Screen.sign_in(browser, hub, "lin")
    await lin.enter(hub, room)
    rows = lin.timeline.locator('[data-kind="talk"][data-seq]')
    await expect(rows.nth(1).get_by_role("link", name=GOOD)).to_be_visible()
    await expect(rows.first).to_contain_text(text)
    await expect(rows.first.locator("a")).to_have_count(0)
    await lin.close()
