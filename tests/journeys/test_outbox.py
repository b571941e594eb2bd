"""What was written while the network was away, and what became of the room meanwhile: told, with what can be done."""

import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, BrowserContext, WebSocketRoute, expect

from tests.journeys import talking as talk
from tests.journeys.screen import Screen
from tests.plant.processes import HubProcess, Hubs


class Wire:
    """The network cable of one browser: pulled, neither sockets nor requests get through."""

    def __init__(self, context: BrowserContext):
        self._context = context
        self._sockets: list[WebSocketRoute] = []
        self._pulled = False

    @classmethod
    async def of(cls, screen: Screen) -> "Wire":
        wire = cls(screen.page.context)
        await screen.page.context.route_web_socket(re.compile("/ws"), wire._connect)
        await screen.page.reload()
        return wire

    async def _connect(self, socket: WebSocketRoute) -> None:
        if self._pulled:
            await socket.close()
            return
        socket.connect_to_server()
        self._sockets.append(socket)

    async def pull(self) -> None:
        self._pulled = True
        await self._context.set_offline(True)
        for socket in self._sockets:
            await socket.close()
        self._sockets.clear()

    async def plug_in(self) -> None:
        self._pulled = False
        await self._context.set_offline(False)


async def wired(browser: Browser, hubs: Hubs, **facts: str) -> tuple[Screen, Wire, str]:
    """wang at a desk in a room of lin's that is wang's too, with a network cable to pull."""
    hub: HubProcess = hubs.any()
    room, lin = await hubs.open_room("lin", **facts), await hubs.client("lin")
    user = (await (await hubs.client("wang")).get("/api/auth/me")).json()["id"]
    (await lin.post(f"/api/rooms/{room}/members", json={"user_id": user})).raise_for_status()
    wang = await Screen.sign_in(browser, hub, "wang")
    wire = await Wire.of(wang)
    await wang.enter(hub, room)
    await expect(wang.page.locator('[data-live="true"]')).to_be_visible()
    return wang, wire, room


async def test_a_room_closed_meanwhile_keeps_it_as_a_draft(browser: Browser, hubs: Hubs) -> None:
    wang, wire, room = await wired(browser, hubs, title="輸送帶過載")
    lin = await hubs.client("lin")
    await wire.pull()
    await wang.say("換好馬達了")
    await expect(wang.timeline.get_by_text("待送，第 1 則")).to_be_visible(timeout=talk.SOON_MS)
    for to in ("restored", "closed"):
        (await lin.post(f"/api/rooms/{room}/transitions", json={"to": to})).raise_for_status()
    await wire.plug_in()
    await expect(wang.page.get_by_text("事件室已結案，1 則沒有送出的留作草稿")).to_be_visible(timeout=talk.SOON_MS)
    await expect(wang.page.locator("q")).to_have_text("換好馬達了")
    (await lin.post(f"/api/rooms/{room}/transitions", json={"to": "open"})).raise_for_status()
    await expect(talk.field(wang)).to_have_value("換好馬達了", timeout=talk.SOON_MS)
    await talk.field(wang).press("Enter")
    await talk.sees(wang, "換好馬達了")
    await wang.close()


async def test_who_was_removed_meanwhile_takes_the_words_along(browser: Browser, hubs: Hubs) -> None:
    wang, wire, room = await wired(browser, hubs, title="配方外流", visibility="members")
    lin, me = await hubs.client("lin"), (await (await hubs.client("wang")).get("/api/auth/me")).json()["id"]
    await wire.pull()
    await wang.say("配方在誰手上")
    await expect(wang.timeline.get_by_text("待送，第 1 則")).to_be_visible(timeout=talk.SOON_MS)
    (await lin.delete(f"/api/rooms/{room}/members/{me}")).raise_for_status()
    await wire.plug_in()
    unsent = wang.page.get_by_role("listitem").filter(has_text="配方在誰手上")
    await expect(unsent).to_contain_text("未送出：找不到，或你看不到這一間", timeout=talk.SOON_MS)
    await unsent.get_by_role("button", name="刪除").click()
    await expect(unsent).to_have_count(0)
    await wang.close()


async def test_what_was_deleted_meanwhile_can_be_neither_changed_nor_answered(browser: Browser, hubs: Hubs) -> None:
    wang, wire, room = await wired(browser, hubs, title="錫膏不足")
    lin = await hubs.client("lin")
    await wang.say("先停線")
    await talk.sees(wang, "先停線")
    await talk.act(wang, "先停線", "編輯")
    await talk.field(wang).fill("先停線，換錫膏")
    await wire.pull()
    await talk.field(wang).press("Enter")
    await expect(wang.page.get_by_text("離線時不能編輯")).to_be_visible(timeout=talk.SOON_MS)
    await talk.act(wang, "先停線", "收到")
    await expect(wang.page.get_by_text("離線時不能回應")).to_be_visible(timeout=talk.SOON_MS)
    [said] = (await lin.get(f"/api/rooms/{room}/messages?type=text")).json()["messages"]
    (await lin.delete(f"/api/messages/{said['message_id']}", params={"reason": "錯線"})).raise_for_status()
    await wire.plug_in()
    await expect(wang.timeline.get_by_text("訊息已刪除")).to_be_visible(timeout=talk.SOON_MS)
    await expect(wang.timeline.get_by_role("button", name=re.compile("^收到"))).to_have_count(0)
    await expect(talk.field(wang)).to_have_value("先停線，換錫膏")
    await talk.field(wang).press("Enter")
    await expect(wang.page.get_by_text("訊息已經刪除，你寫的留作草稿")).to_be_visible(timeout=talk.SOON_MS)
    await talk.field(wang).press("Enter")
    await talk.sees(wang, "先停線，換錫膏")
    await wang.close()


async def test_what_is_older_than_ten_minutes_is_asked_about(browser: Browser, hubs: Hubs) -> None:
    wang, wire, room = await wired(browser, hubs, title="爐溫偏低")
    lin = await hubs.client("lin")
    await wang.page.clock.install()
    await wang.page.reload()
    await expect(wang.page.locator('[data-live="true"]')).to_be_visible()
    await wire.pull()
    now = datetime.now(UTC)
    await wang.page.clock.set_system_time(now - timedelta(minutes=11))
    await wang.say("現在重開")
    await expect(wang.timeline.get_by_text("待送，第 1 則")).to_be_visible(timeout=talk.SOON_MS)
    await wang.page.clock.set_system_time(now)
    await wire.plug_in()
    question = wang.page.get_by_role("dialog", name="這 1 則寫於 11 分前，仍要送出？")
    await expect(question).to_be_visible(timeout=talk.SOON_MS)
    assert (await lin.get(f"/api/rooms/{room}/messages?type=text")).json()["messages"] == []
    await talk.answers(wang, "先留著")
    await expect(wang.timeline.get_by_role("alert")).to_contain_text("未送出：寫得太久，沒有送出")
    await wang.timeline.get_by_role("button", name="重試").click()
    await talk.sees(wang, "現在重開")
    [said] = (await lin.get(f"/api/rooms/{room}/messages?type=text")).json()["messages"]
    assert said["content"] == "現在重開"
    await wang.close()
