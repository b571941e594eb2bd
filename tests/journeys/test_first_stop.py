"""The first stop: an alarm on the broker becomes a live room in the browser."""

from playwright.async_api import Browser, expect

from tests.journeys.line import Ledger, Machine
from tests.journeys.screen import PHONE, Screen
from tests.plant.processes import Hubs


async def test_an_alarm_becomes_a_room_and_its_card_lives(
    browser: Browser, hubs: Hubs, machine: Machine, ledger: Ledger
) -> None:
    screen = await Screen.sign_in(browser, hubs.all[1], "wang")

    machine.says("RO-03", "overtemp", True, severity="critical", value=261.2, limit=255, unit="°C")
    await expect(screen.row("overtemp 異常")).to_be_visible(timeout=5000)
    await screen.row("overtemp 異常").click()
    await expect(screen.page.get_by_text("261.2").first).to_be_visible()

    machine.says("RO-03", "overtemp", True, severity="critical", value=268.4, limit=255, unit="°C")
    await expect(screen.page.get_by_text("268.4").first).to_be_visible(timeout=5000)
    assert await ledger.counts() == {"rooms": 1, "messages": 1, "alarms": 1, "gaps": 0}

    machine.says("RO-03", "overtemp", False)
    await expect(screen.page.get_by_text("機台復歸").first).to_be_visible(timeout=5000)
    assert screen.loads == 1
    await screen.close()


async def test_two_browsers_talk_and_one_takes_the_incident(browser: Browser, hubs: Hubs) -> None:
    room = await hubs.open_room("lin", title="輸送帶馬達過載", machine="CV-12", line="L2", severity="high")
    wang = await Screen.sign_in(browser, hubs.all[0], "wang")
    chen = await Screen.sign_in(browser, hubs.all[1], "chen", PHONE, "en")
    await wang.enter(hubs.all[0], room)
    await chen.enter(hubs.all[1], room)

    await wang.say("我過去看，先停進板")
    await expect(chen.timeline.get_by_text("我過去看，先停進板")).to_be_visible(timeout=5000)
    await chen.say("收到，帶一顆 SSR-40A")
    await expect(wang.timeline.get_by_text("收到，帶一顆 SSR-40A")).to_be_visible(timeout=5000)

    await wang.page.get_by_role("button", name="我來處理").first.click()
    await expect(chen.timeline.get_by_text("wang took it")).to_be_visible(timeout=5000)
    answer = await (await hubs.client("lin")).get(f"/api/rooms/{room}")
    assert answer.json()["room"]["status"] == "acknowledged"
    assert answer.json()["room"]["owner"]["name"] == "wang"
    await wang.close()
    await chen.close()


async def test_a_room_that_turns_private_leaves_the_screens_of_others(browser: Browser, hubs: Hubs) -> None:
    room = await hubs.open_room("lin", title="人員受傷通報", machine="PK-01", line="L1", severity="high")
    wang = await Screen.sign_in(browser, hubs.any(), "wang")
    await wang.row("人員受傷通報").click()
    await expect(wang.timeline).to_be_visible()

    answer = await (await hubs.client("lin")).patch(f"/api/rooms/{room}", json={"visibility": "members"})
    answer.raise_for_status()
    await expect(wang.page.get_by_role("main").get_by_text("你已不在這個事件室")).to_be_visible(timeout=5000)
    await expect(wang.page.get_by_text("人員受傷通報")).to_have_count(0)

    await wang.page.get_by_role("main").get_by_role("link", name="現況").click()
    await expect(wang.page.get_by_role("heading", level=1)).to_have_text("現況")
    await expect(wang.page.get_by_text("人員受傷通報")).to_have_count(0)
    assert wang.loads == 1
    await wang.close()
