"""People of the domain in the browser: two roles, a shift that is in the room at once, the way out, the audit."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.journeys.conftest import WEB
from tests.journeys.screen import PHONE, Screen
from tests.people.directory.domain import Authority, Controller, password
from tests.plant.people import People
from tests.plant.processes import Hubs

LINE = "SMT-3"
GROUPS = "CN=Line3-Maint=responder:maintenance-line3; Plant-Leads=lead"
STOP: dict[str, Any] = {
    "name": "設備異常",
    "match": {"lines": [LINE]},
    "name_pattern": "{machine} {text}",
    "members": [{"by": "on_shift"}],
    "checklist": [{"text": {"zh-TW": "確認氣源", "en": "Check the air"}, "due_minutes": 10}],
}


@pytest.fixture(scope="module")
def domain(server_folder: Path) -> Iterator[Controller]:
    """A domain with a technician of line 3 and a shift lead."""
    controller = Controller(server_folder / "dc-journey", Authority(server_folder / "journey-ca", "Fab CA"))
    controller.add_person("peng", "Line3-Maint")
    controller.add_person("shen", "Plant-Leads")
    yield controller
    controller.stop()


@pytest.fixture(scope="module")
def hub_settings(domain: Controller) -> dict[str, str]:
    return domain.settings(domain.url, LDAP_GROUPS=GROUPS, LDAP_SYNC_SECONDS="1", ANDON_WEB_DIR=str(WEB))


async def prepare(hubs: Hubs) -> str:
    """The team of line 3 and the template of its stops; the id of the team."""
    admin = await hubs.client("admin")
    team = {"key": "maintenance-line3", "name": "三線維修", "lines": [LINE]}
    made = (await admin.post("/api/teams", json=team)).raise_for_status().json()
    (await admin.post("/api/templates", json=STOP)).raise_for_status()
    return str(made["team"]["id"])


async def works_now(hubs: Hubs, team: str, name: str) -> None:
    """Put somebody on shift, as a lead would."""
    admin, now = await hubs.client("admin"), datetime.now(UTC)
    [person] = (await admin.get("/api/users", params={"q": name})).json()
    span = {"starts": (now - timedelta(hours=1)).isoformat(), "ends": (now + timedelta(hours=8)).isoformat()}
    (
        await admin.post("/api/shifts/overrides", json={"team_id": team, "instead": person["id"], **span})
    ).raise_for_status()


async def test_from_the_domain_into_the_room_and_out_of_the_door(
    browser: Browser, hubs: Hubs, people: People, domain: Controller
) -> None:
    team = await prepare(hubs)
    peng = await Screen.sign_in(browser, hubs.all[0], "FAB\\peng", PHONE, password=password("peng"))
    shen = await Screen.sign_in(browser, hubs.all[1], "shen@fab.example", language="en", password=password("shen"))
    await expect(shen.page.get_by_text("Shift lead").first).to_be_visible()

    await works_now(hubs, team, "peng")
    alarm = {"source": "plc", "key": "air", "active": True, "line": LINE, "machine": "PK-07", "severity": "high"}
    async with hubs.any().client(people.token) as gateway:
        told = {"observations": [alarm | {"category": "utility", "text": {"zh-TW": "氣壓過低", "en": "Air too low"}}]}
        (await gateway.post("/api/alarms", json=told)).raise_for_status()
    await peng.row("氣壓過低").click()
    await expect(peng.timeline.get_by_text("加入 你").first).to_be_visible(timeout=10_000)
    await peng.say("我在現場了")
    await shen.row("Air too low").click()
    await expect(shen.timeline.get_by_text("我在現場了")).to_be_visible(timeout=10_000)

    domain.enable("peng", False)
    await expect(peng.page.locator("form input[type=password]")).to_be_visible(timeout=20_000)
    await peng.page.context.close()

    admin = await Screen.sign_in(browser, hubs.any(), "admin")
    await admin.page.goto(admin.page.url.rstrip("/") + "/settings/audit")
    await expect(admin.page.get_by_text("紀錄完整，沒有被改動過")).to_be_visible(timeout=10_000)
    await admin.page.get_by_label("動作", exact=True).fill("user_let_go_by_directory")
    await expect(admin.page.get_by_role("group").get_by_text("AD 收回登入").first).to_be_visible()
    await admin.close()
    await shen.close()
