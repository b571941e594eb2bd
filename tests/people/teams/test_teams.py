"""Teams over REST: who may change them, who is in them and by which way, and what the audit keeps."""

from uuid import uuid4

from sqlalchemy import text

from hub.base.db import Database
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

BY_GROUP = text("INSERT INTO team_members (team_id, user_id, source) VALUES (:team, :user, 'directory')")
AUDIT = text("SELECT action FROM audit_log WHERE object = :id ORDER BY id")
LINES = text("SELECT lines_of(:who)")


async def test_a_team_from_making_to_archive(door: Door, behind: Database) -> None:
    admin = await door.client("admin")
    body = {"key": "maint-3", "name": "三線設備", "lines": ["SMT-3", "SMT-3"]}
    made = (await admin.post("/api/teams", json=body)).raise_for_status().json()
    team, here = made["team"], f"/api/teams/{made['team']['id']}"
    assert (team["key"], team["lines"], team["members"]) == ("maint-3", ["SMT-3"], 0)
    assert team["can"] == {"edit": True, "members": True}
    check_problem(await admin.post("/api/teams", json=body), 409, "conflict")

    chen = door.people["chen"]
    detail = (await admin.put(f"{here}/members/{chen}", json={"lead": True})).raise_for_status().json()
    assert detail["people"] == [
        {"user": {"id": str(chen), "name": "chen", "kind": "person"}, "lead": True, "sources": ["hand"]}
    ]
    async with behind.transaction() as tx:
        assert await tx.scalar(LINES, {"who": chen}) == ["SMT-3"]
        await tx.execute(BY_GROUP, {"team": team["id"], "user": chen})
    assert (await admin.get(here)).json()["people"][0]["sources"] == ["directory", "hand"]
    assert (await admin.delete(f"{here}/members/{chen}")).status_code == 204
    check_problem(await admin.delete(f"{here}/members/{chen}"), 409, "conflict")  # by the group they are still in
    check_problem(await admin.delete(f"{here}/members/{uuid4()}"), 404, "not_found")

    changed = (await admin.patch(here, json={"lines": ["SMT-3", "SMT-4"], "archived": True})).raise_for_status().json()
    assert changed["team"]["archived_at"] is not None
    assert changed["team"]["can"] == {"edit": True, "members": False}
    check_problem(await admin.put(f"{here}/members/{chen}", json={}), 409, "conflict")
    assert team["id"] not in [one["id"] for one in (await admin.get("/api/teams")).json()]
    assert team["id"] in [one["id"] for one in (await admin.get("/api/teams?archived=true")).json()]
    async with behind.reading() as conn:
        assert await conn.scalar(LINES, {"who": chen}) is None
        actions = list((await conn.execute(AUDIT, {"id": team["id"]})).scalars())
    assert actions == ["team_added", "team_member_added", "team_member_removed", "team_changed"]


async def test_leads_put_people_into_teams_of_their_lines(door: Door) -> None:
    admin, lin = await door.client("admin"), await door.client("lin")
    wang, ids = door.people["wang"], {}
    for key, lines in (("mine", ["FAB-9"]), ("both", ["FAB-9", "FAB-8"]), ("site", [])):
        made = await admin.post("/api/teams", json={"key": f"leads-{key}", "name": key, "lines": lines})
        ids[key] = made.json()["team"]["id"]
    (await admin.put(f"/api/teams/{ids['mine']}/members/{door.people['lin']}", json={"lead": True})).raise_for_status()
    assert {key: (await lin.get(f"/api/teams/{ids[key]}")).json()["team"]["can"]["members"] for key in ids} == {
        "mine": True,
        "both": False,
        "site": False,
    }
    assert (await lin.put(f"/api/teams/{ids['mine']}/members/{wang}", json={})).status_code == 200
    for key in ("both", "site"):
        check_problem(await lin.put(f"/api/teams/{ids[key]}/members/{wang}", json={}), 403, "forbidden")
    check_problem(await lin.post("/api/teams", json={"key": "x", "name": "x"}), 403, "forbidden")
    check_problem(await lin.patch(f"/api/teams/{ids['mine']}", json={"name": "y"}), 403, "forbidden")
    check_problem(await (await door.client("guest")).get("/api/teams"), 403, "forbidden")
    wangs = await door.client("wang")
    check_problem(await wangs.put(f"/api/teams/{ids['mine']}/members/{wang}", json={"lead": True}), 403, "forbidden")
    for key in ids:
        await admin.patch(f"/api/teams/{ids[key]}", json={"archived": True})


async def test_bad_teams(door: Door) -> None:
    admin = await door.client("admin")
    for body, code in (
        ({"key": "Upper", "name": "x"}, "invalid"),
        ({"key": "", "name": "x"}, "invalid"),
        ({"key": "ok", "name": ""}, "invalid"),
        ({"key": "ok", "name": "x", "lines": [""]}, "invalid"),
        ({"key": "ok", "name": "x", "members": []}, "unknown_field"),
    ):
        check_problem(await admin.post("/api/teams", json=body), 422, code)
    check_problem(await admin.get(f"/api/teams/{uuid4()}"), 404, "not_found")
    check_problem(await admin.get("/api/teams/x"), 422, "id_invalid")
    team = (await admin.post("/api/teams", json={"key": "bad", "name": "x"})).json()["team"]["id"]
    for nobody in (uuid4(), door.people["gateway"]):
        check_problem(await admin.put(f"/api/teams/{team}/members/{nobody}", json={}), 404, "not_found")
    await admin.patch(f"/api/teams/{team}", json={"archived": True})


async def test_group_mappings(door: Door, behind: Database) -> None:
    """For administrators alone; each is made once, and its change has the directory looked at soon."""
    admin = await door.client("admin")
    body = {"group": "Line3-Maint", "role": "responder"}
    made = (await admin.post("/api/directory/mappings", json=body)).raise_for_status().json()
    assert (made["group"], made["role"], made["source"], made["can_delete"]) == (
        "Line3-Maint",
        "responder",
        "hand",
        True,
    )
    check_problem(await admin.post("/api/directory/mappings", json=body | {"group": "line3-maint"}), 409, "conflict")
    check_problem(await admin.post("/api/directory/mappings", json={"group": "x"}), 422, "invalid")
    check_problem(await admin.post("/api/directory/mappings", json={"group": "x", "role": "owner"}), 422, "invalid")
    nowhere = {"group": "x", "team_id": str(uuid4())}
    check_problem(await admin.post("/api/directory/mappings", json=nowhere), 404, "not_found")
    assert made in (await admin.get("/api/directory/mappings")).json()
    status = (await admin.get("/api/directory")).json()
    assert (status["configured"], status["controllers"]) == (False, [])
    for name in ("lin", "wang"):
        other = await door.client(name)
        check_problem(await other.get("/api/directory/mappings"), 403, "forbidden")
        check_problem(await other.post("/api/directory/mappings", json=body), 403, "forbidden")
        check_problem(await other.get("/api/directory"), 403, "forbidden")
        check_problem(await other.delete(f"/api/directory/mappings/{made['id']}"), 403, "forbidden")
    assert (await admin.delete(f"/api/directory/mappings/{made['id']}")).status_code == 204
    check_problem(await admin.delete(f"/api/directory/mappings/{made['id']}"), 404, "not_found")
    check_problem(await admin.get(f"/api/users/{door.people['wang']}/photo"), 404, "not_found")
    async with behind.reading() as conn:
        actions = list((await conn.execute(AUDIT, {"id": made["id"]})).scalars())
    assert actions == ["group_mapping_added", "group_mapping_removed"]
