"""Admins look after accounts: who is there, as what, disabled at once, and the tokens of bots and machines."""

import asyncio

from sqlalchemy import text

from hub.base.db import Database
from tests.people.accounts.test_passwords import CHOSEN, add, choose
from tests.people.sessions.test_signing_in import login
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import PUBLIC_URL, Hubs
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door
from tests.surfaces.sockets import closed_with, ticket_of

AUDIT = text(
    "SELECT action, facts || jsonb_strip_nulls(jsonb_build_object('before', before, 'after', after)) AS told "
    "FROM audit_log WHERE object = :object ORDER BY id"
)


async def test_admins_list_everyone_and_others_only_find(door: Door, people: People) -> None:
    async with door.newcomer("admin") as admin, door.newcomer("wang") as wang:
        rows = (await admin.get("/api/users?everyone=true&limit=200")).json()
        assert [row["name"] for row in rows] == sorted(row["name"] for row in rows)
        assert {"gateway", "wang"} <= {row["username"] for row in rows}
        pages, after = [], ""
        while page := (await admin.get(f"/api/users?everyone=true&limit=2{after}")).json():
            pages += page
            after = f"&after={page[-1]['id']}"
        assert pages == rows
        machines = (await admin.get("/api/users?kind=machine")).json()
        assert {row["kind"] for row in machines} == {"machine"}
        assert {row["role"] for row in (await admin.get("/api/users?role=lead")).json()} == {"lead"}
        assert "chen" not in {row["username"] for row in (await admin.get("/api/users?disabled=true")).json()}
        for query in ("everyone=true", "role=lead", "kind=bot", "disabled=false", f"after={people['lin']}"):
            check_problem(await wang.get(f"/api/users?{query}"), 403, "forbidden")
        assert all(row.keys() == {"id", "name", "kind"} for row in (await wang.get("/api/users")).json())
        check_problem(await wang.get(f"/api/users/{people['lin']}"), 403, "forbidden")
        check_problem(await wang.post("/api/users", json={"username": "x", "name": "x"}), 403, "forbidden")


async def test_whoever_is_disabled_is_out_at_once(door: Door, behind: Database) -> None:
    async with door.newcomer("admin") as admin, door.newcomer() as http:
        user_id, temporary = await add(admin, door, "kuo", role="lead")
        http.headers["authorization"] = f"Bearer {(await choose(http, 'kuo', temporary)).json()['access_token']}"
        lives = [await Live.open(hub.url, PUBLIC_URL, await ticket_of(http)) for hub in door.all]
        path = f"/api/users/{user_id}"
        told = (await admin.patch(path, json={"disabled": True, "role": "viewer"})).json()
        assert (told["role"], told["sessions"], told["can"]["disable"], told["can"]["enable"]) == (
            "viewer",
            0,
            False,
            True,
        )
        assert [await closed_with(live) for live in lives] == [4009, 4009]
        check_problem(await http.get("/api/auth/me"), 401, "session_revoked")
        check_problem(await login(http, "kuo", CHOSEN), 401, "account_disabled")
        assert (await admin.patch(path, json={"disabled": False})).json()["disabled_at"] is None
        assert (await login(http, "kuo", CHOSEN)).status_code == 200
        check_problem(await admin.post("/api/users", json={"username": "KUO", "name": "again"}), 409, "conflict")
    async with behind.reading() as conn:
        rows = [tuple(row) for row in await conn.execute(AUDIT, {"object": user_id})]
    assert [action for action, _ in rows if action.startswith("user_")] == [
        "user_added", "user_changed", "user_disabled", "user_enabled"
    ]  # fmt: skip
    assert ("user_changed", {"before": {"role": "lead"}, "after": {"role": "viewer"}}) in rows


async def test_nobody_disables_or_demotes_themselves(door: Door, people: People) -> None:
    async with door.newcomer("admin") as admin:
        own = f"/api/users/{people['admin']}"
        for change in ({"disabled": True}, {"role": "lead"}):
            check_problem(await admin.patch(own, json=change), 409, "conflict")
        view = (await admin.get(own)).json()
        assert not any(view["can"][act] for act in ("disable", "change_role", "reset_password", "tokens"))


async def test_of_two_admins_who_take_each_other_away_one_stays(hubs: Hubs, people: People) -> None:
    body = {"username": "tsai", "name": "tsai", "role": "admin"}
    first = await hubs.client("admin")
    made = (await first.post("/api/users", json=body)).json()
    one, two = f"/api/users/{people['admin']}", f"/api/users/{made['user']['id']}"
    async with hubs.any().client() as second:
        answer = await choose(second, "tsai", made["password"])
        second.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        change = {"role": "lead"}
        for _ in range(5):
            both = await asyncio.gather(first.patch(two, json=change), second.patch(one, json=change))
            statuses = [answer.status_code for answer in both]
            assert statuses.count(200) == 1, statuses
            winner, loser = (first, two) if statuses[0] == 200 else (second, one)
            assert (await winner.patch(loser, json={"role": "admin"})).status_code == 200


async def test_tokens_of_bots_are_told_once_and_end_at_once(door: Door) -> None:
    async with door.newcomer("admin") as admin:
        answer = await admin.post("/api/users", json={"username": "night-owl", "name": "夜班", "kind": "bot"})
        bot_id, path = answer.json()["user"]["id"], f"/api/users/{answer.json()['user']['id']}/tokens"
        assert answer.json()["password"] is None
        made = (await admin.post(path, json={"label": "night", "sources": ["press"], "expires_in": 3600})).json()
        door.secrets.append(made["token"])
        assert made["token"].startswith("andon_")
        assert made["view"]["last_used_at"] is None
        async with door.any().client(made["token"]) as bot:
            assert (await bot.get("/api/auth/me")).json()["id"] == bot_id
            live = await Live.connect(door.any().url, None, authorization=f"Bearer {made['token']}")
            await live.wait_for("ready")
            listed = (await admin.get(path)).json()
            assert [row["label"] for row in listed] == ["night"]
            assert listed[0]["last_used_at"] is not None
            assert made["token"] not in (await admin.get(path)).text
            assert (await admin.delete(f"{path}/{listed[0]['id']}")).status_code == 204
            assert await closed_with(live) == 4009
            check_problem(await bot.get("/api/auth/me"), 401, "token_invalid")
        assert (await admin.get(path)).json() == []
        check_problem(await admin.delete(f"{path}/{listed[0]['id']}"), 404, "not_found")


async def test_people_have_no_tokens(door: Door, people: People) -> None:
    async with door.newcomer("admin") as admin, door.newcomer("lin") as lin:
        path = f"/api/users/{people['lin']}/tokens"
        check_problem(await admin.post(path, json={}), 409, "conflict")
        check_problem(await lin.get(path), 403, "forbidden")
        check_problem(await admin.post(f"/api/users/{people['gateway']}/password"), 409, "conflict")
        with_password = {"username": "b", "name": "b", "kind": "bot", "password": "three trams past noon"}
        check_problem(await admin.post("/api/users", json=with_password), 422, "invalid")


async def test_my_own_profile(door: Door) -> None:
    async with door.newcomer("guest") as guest:
        told = (await guest.patch("/api/auth/me", json={"language": "en", "name": " 訪客 "})).json()
        assert (told["language"], told["name"]) == ("en", "訪客")
        check_problem(await guest.patch("/api/auth/me", json={"role": "admin"}), 422, "unknown_field")
        check_problem(await guest.patch("/api/auth/me", json={"name": "\u200b"}), 422, "invalid")
        assert (await guest.patch("/api/auth/me", json={"name": "guest", "language": "zh-TW"})).status_code == 200
