"""Templates over REST: versions, rights, import and export, preview; as clients come, at either hub."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.ids import new_id
from hub.client.client import HubClient
from hub.people.teams.tables import team_members, teams
from hub.wire.templates import (
    AlarmFacts,
    ChangeItem,
    NewItem,
    PreviewTemplate,
    RoomTemplate,
    TemplateMatch,
)
from tests.plant.people import PASSWORD
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

LINE = "T-LINE"  # nobody else's tests are on it
ID = "0199a7c0-0000-7000-8000-00000000dead"


def template(name: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, "match": {"lines": [LINE]}, **facts}


async def test_every_change_is_a_version_with_its_editor(door: Door, behind: Database) -> None:
    admin, lin = await door.client("admin"), await door.client("lin")
    made = await admin.post("/api/templates", json=template("Versions"))
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    path = f"/api/templates/{made.json()['id']}"
    changed = await lin.put(path, json=template("Versions", priority=5), headers={"if-match": '"1"'})
    assert (changed.json()["version"], changed.json()["edited_by"]["name"]) == (2, "lin")
    assert (await lin.put(path, json=template("Versions", priority=5))).json()["version"] == 2  # nothing new
    late = await admin.put(path, json=template("Versions"), headers={"if-match": '"1"'})
    check_problem(late, 412, "edit_conflict")
    check_problem(await admin.put(path, json=template("Versions"), headers={"if-match": "x"}), 422, "invalid")

    assert (await admin.delete(path)).status_code == (await admin.delete(path)).status_code == 204
    listed = [it["id"] for it in (await admin.get("/api/templates")).json()["templates"]]
    archived = [it["id"] for it in (await admin.get("/api/templates?archived=true")).json()["templates"]]
    assert made.json()["id"] in set(archived) - set(listed)
    check_problem(await admin.put(path, json=template("Versions")), 409, "conflict")
    back = (await admin.post(f"{path}/restore", json={"version": 1})).json()
    assert (back["version"], back["template"]["priority"], back["archived_at"]) == (4, 0, None)
    versions = (await lin.get(f"{path}/versions")).json()
    assert [(it["version"], it["change"], it["edited_by"]["name"]) for it in versions] == [
        (4, "restored", "admin"),
        (3, "archived", "admin"),
        (2, "changed", "lin"),
        (1, "added", "admin"),
    ]
    check_problem(await admin.post(f"{path}/restore", json={"version": 9}), 404, "not_found")
    await admin.delete(path)
    async with behind.reading() as conn:
        audited = "SELECT action, facts ->> 'version', before, after FROM audit_log WHERE object = :id ORDER BY id"
        rows = [tuple(row) for row in await conn.execute(text(audited), {"id": made.json()["id"]})]
    assert rows == [
        ("template_added", "1", None, None),
        ("template_changed", "2", {"priority": 0}, {"priority": 5}),
        ("template_archived", "3", None, None),
        ("template_restored", "4", {"priority": 5}, {"priority": 0}),
        ("template_archived", "5", None, None),
    ]
    with pytest.raises(Exception, match="append-only"):
        async with behind.transaction() as tx:
            await tx.execute(text("UPDATE room_template_versions SET version = version + 100"))


async def test_who_may(door: Door, behind: Database) -> None:
    admin, lin = await door.client("admin"), await door.client("lin")
    made = (await admin.post("/api/templates", json=template("Rights"))).json()
    path = f"/api/templates/{made['id']}"
    for name, code in (("wang", 200), ("guest", 403)):
        assert (await (await door.client(name)).get(path)).status_code == code
    wang = await door.client("wang")
    assert (await wang.get(path)).json()["can_change"] is False
    assert (await wang.get("/api/templates")).json()["can_add"] is False
    check_problem(await wang.post("/api/templates", json=template("x")), 403, "forbidden")
    check_problem(await wang.put(path, json=template("Rights")), 403, "forbidden")
    check_problem(await wang.delete(path), 403, "forbidden")
    check_problem(await wang.post("/api/templates/preview", json={}), 403, "forbidden")
    async with door.machine() as machine:
        check_problem(await machine.get("/api/templates"), 403, "forbidden")
    check_problem(await admin.get(f"/api/templates/{ID}"), 404, "not_found")

    team = new_id()  # lin leads one line now
    async with behind.transaction() as tx:
        await tx.execute(teams.insert().values(id=team, key="t-line", name="T", lines=[LINE]))
        await tx.execute(team_members.insert().values(team_id=team, user_id=door.people["lin"], source="hand"))
    try:
        assert (await lin.get(path)).json()["can_change"] is True
        assert (await lin.put(path, json=template("Rights", priority=1))).status_code == 200
        taken = template("Rights") | {"match": {"lines": [LINE, "SMT-3"]}}
        check_problem(await lin.put(path, json=taken), 403, "forbidden")
        check_problem(await lin.post("/api/templates", json={"name": "everywhere"}), 403, "forbidden")
        file = {"content": "templates: [{name: everywhere}]", "dry_run": True}
        check_problem(await lin.post("/api/templates/import", json=file), 403, "forbidden")
    finally:
        async with behind.transaction() as tx:
            await tx.execute(team_members.delete().where(team_members.c.team_id == team))
            await tx.execute(teams.delete().where(teams.c.id == team))
    await admin.delete(path)


async def test_a_name_is_taken_once(door: Door) -> None:
    admin = await door.client("admin")
    made = (await admin.post("/api/templates", json=template("Once"))).json()
    for body in (template("once"), template("ONCE")):
        assert check_problem(await admin.post("/api/templates", json=body), 422, "invalid")["field"] == "name"
    await admin.delete(f"/api/templates/{made['id']}")
    told = check_problem(await admin.post("/api/templates", json=template("Once")), 422, "invalid")
    assert "restore" in told["detail"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"welcome": {"en": "ok\n{{ ''.__class__ }}"}}, "welcome.en"),
        ({"name_pattern": "{x.__class__}"}, "name_pattern"),
        ({"runbooks": [{"title": {"en": "x"}, "url": "javascript:alert(1)"}]}, "runbooks[0].url"),
        ({"webhook": "file:///etc/passwd"}, "webhook"),
        ({"members": [{"by": "team"}]}, "members[0].team"),
        ({"members": [{"by": "role", "role": "owner"}]}, "members[0].role"),
        ({"members": [{"by": "on_shift", "room_role": "owner"}]}, "members[0].room_role"),
        ({"checklist": [{"text": {"en": "  "}}]}, "checklist[0].text"),
        ({"checklist": [{"text": {}}]}, "checklist[0].text"),
        ({"match": {"where": ["x"]}}, "where"),
        ({"priority": 10_000}, "priority"),
        ({"retention_days": 0}, "retention_days"),
    ],
)
async def test_what_is_no_template(door: Door, facts: dict[str, Any], field: str) -> None:
    admin = await door.client("admin")
    answer = await admin.post("/api/templates", json=template("bad") | facts)
    assert answer.status_code == 422, answer.text
    assert answer.json().get("field") == field


async def test_a_fault_of_a_welcome_names_its_line(door: Door) -> None:
    admin = await door.client("admin")
    answer = await admin.post("/api/templates", json=template("bad", welcome={"en": "a\n\n{{ range(9) }}"}))
    assert check_problem(answer, 422, "invalid")["detail"].startswith("Line 3: ")


async def test_export_and_import(door: Door) -> None:
    admin = await door.client("admin")
    first = template("Carried", welcome={"zh-TW": "{{ text }}\n第二行"}, members=[{"by": "team", "team": "far-away"}])
    made = (await admin.post("/api/templates", json=first)).json()
    assert made["warnings"] == [{"code": "team_unknown", "params": {"field": "members[0].team", "name": "far-away"}}]
    for form in ("yaml", "json"):
        answer = await admin.get(f"/api/templates/export?format={form}")
        content = answer.raise_for_status().text
        assert f'filename="templates.{form}"' in answer.headers["content-disposition"]
        same = (await admin.post("/api/templates/import", json={"content": content, "dry_run": False})).json()
        assert {it["outcome"] for it in same} == {"unchanged"}

    content = "templates:\n- {name: carried, priority: 3}\n- {name: Brought, match: {lines: [T-LINE]}}\n"
    dry = (await admin.post("/api/templates/import", json={"content": content})).json()
    assert [(it["name"], it["outcome"], it["fields"]) for it in dry] == [
        ("carried", "changed", ["name", "priority", "match", "welcome", "members"]),
        ("Brought", "added", []),
    ]
    unchanged = (await admin.get(f"/api/templates/{made['id']}")).json()
    assert unchanged["version"] == 1
    half = "templates:\n- {name: Brought}\n- {name: broken, name_pattern: '{x}'}\n"
    bad = await admin.post("/api/templates/import", json={"content": half, "dry_run": False})
    check_problem(bad, 422, "invalid")
    twice = "templates:\n- {name: a}\n- {name: A}\n"
    check_problem(await admin.post("/api/templates/import", json={"content": twice}), 422, "invalid")
    done = (await admin.post("/api/templates/import", json={"content": content, "dry_run": False})).json()
    assert [it["outcome"] for it in done] == ["changed", "added"]
    for known in (await admin.get("/api/templates")).json()["templates"]:
        if known["template"]["name"] in {"carried", "Brought"}:
            await admin.delete(f"/api/templates/{known['id']}")


async def test_preview_against_a_past_alarm(door: Door) -> None:
    alarm = {"source": "tpl", "key": "t1", "active": True, "machine": "T-1", "line": LINE, "area": "T-AREA"}
    alarm |= {"code": "T17", "severity": "critical", "text": {"en": "Too hot", "zh-TW": "超溫"}}
    async with door.machine() as machine:
        [told] = (await machine.post("/api/alarms", json={"observations": [alarm]})).json()["results"]
    lin = await door.client("lin")
    draft = template(
        "Draft",
        match={"lines": [LINE], "areas": ["T-AREA"], "codes": ["T1*"], "severities": ["critical"]},
        name_pattern="{number} {machine} {text} {code}",
        members=[{"by": "role", "role": "lead", "room_role": "lead"}, {"by": "on_shift"}],
        checklist=[
            {"text": {"en": "Now"}, "due_minutes": 5, "when": {"severities": ["critical"]}},
            {"text": {"en": "Not"}, "when": {"codes": ["X*"]}},
        ],
        welcome={"en": "{{ machine }}: {{ text }}{% for it in checklist %} [{{ it.text }}]{% endfor %}"},
    )
    seen = (await lin.post("/api/templates/preview", json={"template": draft, "room_id": told["room_id"]})).json()
    room = (await lin.get(f"/api/rooms/{told['room_id']}")).json()["room"]
    code = room["code"]
    assert (room["area"], room["line"]) == ("T-AREA", LINE)
    assert (seen["matches"], seen["name"]) == (True, f"{code} T-1 超溫 T17")
    assert [it["code"] for it in seen["why"]] == ["line", "area", "code", "severity"]
    lead = next(it for it in seen["members"] if it["person"]["name"] == "lin")
    assert (lead["room_role"], lead["why"]) == ("lead", [{"code": "role", "params": {"role": "lead"}}])
    assert [(it["wanted"], [why["code"] for why in it["why"]]) for it in seen["checklist"]] == [
        (True, ["severity"]),
        (False, ["code"]),
    ]
    assert (seen["welcome"], seen["winner"], seen["winner_name"]) == ({"en": "T-1: Too hot [Now]"}, None, "Draft")

    other = draft | {"match": {"lines": ["elsewhere"]}}
    beaten = (await lin.post("/api/templates/preview", json={"template": other, "room_id": told["room_id"]})).json()
    assert (beaten["matches"], beaten["winner"]) == (False, None)
    assert beaten["why_not"] == [{"code": "line", "params": {"value": LINE, "wanted": "elsewhere"}}]
    assert [it["template"]["name"] for it in (await lin.get("/api/templates")).json()["templates"]].count("Draft") == 0
    hidden = await door.open_room("wang", visibility="members")
    check_problem(await lin.post("/api/templates/preview", json={"room_id": hidden}), 404, "not_found")


async def test_checklists_and_their_edges(door: Door) -> None:
    wang, guest = await door.client("wang"), await door.client("guest")
    room = await door.open_room("wang", line=LINE)
    path = f"/api/rooms/{room}/checklist"
    check_problem(await guest.post(path, json={"text": {"en": "x"}}), 403, "forbidden")
    check_problem(await wang.post(path, json={"text": {"en": " "}}), 422, "content_empty")
    check_problem(await wang.post(path, json={"text": {"en": "x"}, "assignee_id": ID}), 422, "invalid")
    check_problem(await wang.patch(f"{path}/{ID}", json={"state": "done"}), 404, "not_found")
    item = (await wang.post(path, json={"text": {"en": "{{ 7*7 }}"}})).json()["items"][0]
    assert item["text"] == {"en": "{{ 7*7 }}"}
    other = await door.open_room("wang", line=LINE)
    wrong = f"/api/rooms/{other}/checklist/{item['id']}"
    check_problem(await wang.patch(wrong, json={"state": "done"}), 404, "not_found")
    await wang.post(f"/api/rooms/{room}/transitions", json={"to": "false_alarm"})
    check_problem(await wang.patch(f"{path}/{item['id']}", json={"state": "done"}), 409, "room_closed")
    assert (await wang.get(path)).json()["can_change"] is False
    hidden = await door.open_room("wang", visibility="members")
    chen = await door.client("chen")
    check_problem(await chen.get(f"/api/rooms/{hidden}/checklist"), 404, "not_found")


async def test_the_python_client(door: Door) -> None:
    async with HubClient(door.any().url) as client:
        await client.login("admin", PASSWORD)
        mine = client.templates
        made = await mine.add(RoomTemplate("Client", match=TemplateMatch(lines=[LINE]), welcome={"en": "hello"}))
        changed = await mine.replace(made.id, RoomTemplate("Client", match=TemplateMatch(lines=["T-2"])), made.version)
        assert [it.version for it in await mine.versions(made.id)] == [2, 1]
        assert (await mine.restore(made.id, 1)).template == made.template
        assert changed.template.match.lines == ["T-2"]
        seen = await mine.preview(PreviewTemplate(facts=AlarmFacts(line=LINE, machine="M")))
        assert (seen.winner, seen.winner_name) == (made.id, "Client")
        assert made.id in {it.id for it in (await mine.all()).templates}
        assert made.template in (await mine.exported()).templates
        room = await mine.checklist(UUID(await door.open_room("admin", line=LINE)))
        assert room.template is not None
        assert room.template.id == made.id
        assert [it.outcome for it in await mine.put_all("templates: [{name: Client}]")] == ["changed"]
        opened = UUID(await door.open_room("admin", line="T-3"))
        [item] = (await mine.add_item(opened, NewItem({"en": "look"}))).items
        assert (await mine.change_item(opened, item.id, ChangeItem(state="done"))).items[0].state == "done"
        await mine.archive(made.id)


async def test_the_two_that_come_along(door: Door) -> None:
    told = (await door.andon("templates", "import", "presets", "--dry-run")).splitlines()
    assert told == ["added 安全停機 Safety stop", "added 設備異常 Equipment fault"]
    assert "nobody" in await door.andon("templates", "import", "presets", "--as", "nobody-at-all")
