"""Two people talk about a stop: one at a desk in Chinese, one with a phone in English."""

import re

from playwright.async_api import Browser, expect

from tests.journeys import talking as talk
from tests.journeys.screen import DESKTOP, PHONE, Screen
from tests.plant.processes import Hubs


async def two(browser: Browser, hubs: Hubs, title: str) -> tuple[Screen, Screen, str]:
    """wang at a desk and chen with a phone, on two hub processes, in one room that is theirs."""
    room = await hubs.open_room("lin", title=title, machine="CV-12", line="L2", severity="high")
    for name in ("wang", "chen"):
        (await (await hubs.client(name)).post(f"/api/rooms/{room}/members", json={})).raise_for_status()
    wang = await Screen.sign_in(browser, hubs.all[0], "wang", DESKTOP)
    chen = await Screen.sign_in(browser, hubs.all[1], "chen", PHONE, "en")
    await wang.enter(hubs.all[0], room)
    await chen.enter(hubs.all[1], room)
    return wang, chen, room


async def test_a_message_is_received_changed_and_deleted(browser: Browser, hubs: Hubs) -> None:
    wang, chen, _ = await two(browser, hubs, "輸送帶馬達過載")
    await wang.say("爐溫 250")
    await talk.sees(chen, "爐溫 250")

    await talk.press(chen, "爐溫 250", "Got it")
    received = wang.timeline.get_by_role("button", name="收到：chen")
    await expect(received).to_have_attribute("aria-pressed", "false")
    await received.click()
    await expect(chen.timeline.get_by_role("button", name="Got it: You, wang")).to_be_visible()

    await wang.page.keyboard.press("Escape")
    await talk.field(wang).press("ArrowUp")
    await talk.field(wang).fill("爐溫 268")
    await talk.field(wang).press("Enter")
    await talk.sees(chen, "爐溫 268")
    await chen.timeline.get_by_role("button", name="edited").click()
    history = chen.page.get_by_role("dialog", name="Edit history")
    await expect(history.get_by_role("listitem")).to_have_text([re.compile("爐溫 268"), re.compile("爐溫 250")])
    await history.get_by_role("button", name="Close").click()

    await wang.say("爐溫 270")
    await talk.row(wang, "爐溫 270").hover()
    above, bar = talk.row(wang, "爐溫 268").get_by_text("爐溫 268"), talk.row(wang, "爐溫 270").get_by_role("toolbar")
    [upper, lower] = [await it.bounding_box() for it in (above, bar)]
    assert upper
    assert lower
    assert upper["y"] + upper["height"] <= lower["y"]
    await talk.act(wang, "爐溫 268", "更多", "刪除")
    await talk.answers(wang, "先不要")
    await talk.sees(chen, "爐溫 268")
    await talk.act(wang, "爐溫 268", "更多", "刪除")
    await talk.answers(wang, "刪除")
    await talk.sees(chen, "Message deleted")
    await expect(chen.page.get_by_text("爐溫 268")).to_have_count(0)
    await wang.close()
    await chen.close()


async def test_a_mention_reaches_who_is_called(browser: Browser, hubs: Hubs) -> None:
    wang, chen, _ = await two(browser, hubs, "刀片扭矩偏高")
    await chen.page.get_by_role("link", name="Back").click()

    await talk.field(wang).press_sequentially("請@ch")
    await expect(wang.page.get_by_role("option", name="chen")).to_have_attribute("aria-selected", "true")
    await talk.field(wang).press("Enter")
    await expect(talk.field(wang)).to_have_value("請@chen ")
    await talk.field(wang).press_sequentially("看刀片")
    await talk.field(wang).press("Enter")
    chip = talk.row(wang, "看刀片").get_by_text("@chen")
    await expect(chip).to_be_visible()
    await expect(chip).not_to_have_attribute("data-me", "true")

    await expect(chen.page.get_by_role("main").get_by_label("1 mention me")).to_be_visible(timeout=talk.SOON_MS)
    await chen.row("刀片扭矩偏高").click()
    await expect(talk.row(chen, "看刀片").get_by_text("@chen")).to_have_attribute("data-me", "true")
    await expect(talk.row(chen, "看刀片")).to_have_attribute("data-called", "true")
    await wang.close()
    await chen.close()


async def test_calling_somebody_outside_adds_them_after_a_question(browser: Browser, hubs: Hubs) -> None:
    wang, chen, room = await two(browser, hubs, "錫膏餘量不足")
    lin = await hubs.client("lin")
    owner = await Screen.sign_in(browser, hubs.all[0], "lin", DESKTOP)
    await owner.enter(hubs.all[0], room)
    await talk.field(owner).press_sequentially("@gues")
    await owner.page.get_by_role("option", name="guest").click()
    await talk.answers(owner, "加入")
    await expect(talk.field(owner)).to_have_value("@guest ")
    members = (await lin.get(f"/api/rooms/{room}/members")).json()
    assert "guest" in {member["user"]["name"] for member in members}

    await wang.say("請@admin看一下")
    await expect(talk.row(wang, "看一下").get_by_text("@admin")).to_have_count(1)
    await owner.close()
    await wang.close()
    await chen.close()


async def test_who_writes_and_who_is_there(browser: Browser, hubs: Hubs) -> None:
    wang, chen, _ = await two(browser, hubs, "打線斷線")
    await expect(wang.page.get_by_text("3 人 · 在線 2")).to_be_visible(timeout=talk.SOON_MS)
    await talk.field(chen).press_sequentially("on my w")
    await expect(wang.page.get_by_text("chen 輸入中…")).to_be_visible(timeout=talk.SOON_MS)
    await talk.field(chen).fill("")
    await expect(wang.page.get_by_text("chen 輸入中…")).to_have_count(0, timeout=talk.SOON_MS)
    await wang.page.get_by_role("tab", name="成員").click()
    here = wang.page.get_by_role("tabpanel").get_by_role("listitem").filter(has_text="chen")
    await expect(here.get_by_text("在線")).to_have_count(1)

    await chen.page.context.close()
    await expect(here.get_by_text("離線")).to_have_count(1, timeout=15_000)
    await expect(wang.page.get_by_text("3 人 · 在線 1")).to_be_visible()
    await wang.close()


async def test_marked_unread_on_one_device_is_unread_on_the_other(browser: Browser, hubs: Hubs) -> None:
    wang, chen, _ = await two(browser, hubs, "貼片偏移")
    phone = await Screen.sign_in(browser, hubs.all[1], "wang", PHONE)
    for text in ("第一則", "第二則"):
        await chen.say(text) if text == "第一則" else await _second(chen, text)
        await talk.sees(wang, text)
    unread = phone.page.get_by_role("listitem").filter(has_text="貼片偏移").get_by_label(re.compile("則未讀"))
    await expect(unread).to_have_count(0, timeout=talk.SOON_MS)

    await talk.act(wang, "第二則", "更多", "標為未讀")
    await expect(wang.timeline.get_by_text("新訊息")).to_be_visible()
    await expect(unread).to_have_text("1", timeout=talk.SOON_MS)
    await wang.page.wait_for_timeout(2500)
    await expect(unread).to_have_text("1")
    await phone.close()
    await wang.close()
    await chen.close()


async def _second(screen: Screen, text: str) -> None:
    await talk.field(screen).fill(text)
    await screen.page.get_by_role("button", name="Send").click()


async def test_two_devices_change_one_text(browser: Browser, hubs: Hubs) -> None:
    wang, chen, room = await two(browser, hubs, "誤判率偏高")
    other = await Screen.sign_in(browser, hubs.all[1], "wang", DESKTOP)
    await other.enter(hubs.all[1], room)
    await wang.say("先停")
    await talk.sees(other, "先停")
    for screen, text in ((wang, "先停，清料"), (other, "先停，換刀")):
        await talk.act(screen, "先停", "編輯")
        await talk.field(screen).fill(text)
    await talk.field(wang).press("Enter")
    await talk.sees(chen, "先停，清料")
    await talk.field(other).press("Enter")
    question = other.page.get_by_role("dialog", name="這則訊息在別處也改了")
    await expect(question).to_contain_text("先停，清料")
    await expect(question).to_contain_text("先停，換刀")
    await talk.answers(other, "換成你寫的")
    await talk.sees(chen, "先停，換刀")
    await other.close()
    await wang.close()
    await chen.close()


async def test_an_input_method_never_sends_half_a_word(browser: Browser, hubs: Hubs) -> None:
    wang, chen, _ = await two(browser, hubs, "溫區超溫")
    await talk.field(wang).focus()
    ime = await talk.composing(wang, "ㄔㄠㄨㄣ")
    await talk.ime_enter(ime)
    await expect(talk.field(wang)).to_have_value("ㄔㄠㄨㄣ")
    await ime.send("Input.insertText", {"text": "超溫"})
    await expect(talk.field(wang)).to_have_value("超溫")
    await wang.page.wait_for_timeout(200)
    await talk.field(wang).press("Enter")
    await talk.sees(chen, "超溫")
    await expect(chen.timeline.locator('[data-kind="talk"]')).to_have_count(1)
    await wang.close()
    await chen.close()


async def test_a_broadcast_stands_on_every_page_until_it_is_seen(browser: Browser, hubs: Hubs) -> None:
    wang, chen, _ = await two(browser, hubs, "空壓不足")
    lin = await Screen.sign_in(browser, hubs.all[0], "lin", DESKTOP)
    await lin.page.get_by_role("button", name="lin: 外觀與語言").click()
    await lin.page.get_by_role("menuitem", name="發廣播").click()
    form = lin.page.get_by_role("dialog", name="發廣播")
    await form.get_by_label("內容").fill("十點停電 10 分鐘")
    await form.get_by_label("嚴重度").select_option("high")
    await form.get_by_role("button", name="送出廣播").click()

    for screen, button in ((wang, "知道了"), (chen, "Got it")):
        banner = screen.page.get_by_role("region", name=re.compile("^(廣播|Broadcasts)$"))
        await expect(banner).to_contain_text("十點停電 10 分鐘", timeout=talk.SOON_MS)
        await banner.get_by_role("button", name=button).click()
        await expect(banner).to_have_count(0)
    await wang.page.reload()
    await expect(wang.timeline).to_be_visible()
    await wang.page.wait_for_timeout(1000)
    await expect(wang.page.get_by_role("region", name="廣播")).to_have_count(0)
    await lin.close()
    await wang.close()
    await chen.close()
