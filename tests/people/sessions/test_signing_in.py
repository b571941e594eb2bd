"""Signing in and out, over two hubs."""

import asyncio
import time

import httpx
from sqlalchemy import text

from hub.base.db import Database
from hub.wire import limits
from tests.plant.live import Live
from tests.plant.people import PASSWORD
from tests.plant.processes import PUBLIC_URL
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door
from tests.surfaces.sockets import closed_with, ticket_of

COOKIE = "andon_refresh"
EARLIER = text("UPDATE sessions SET refreshed_at = refreshed_at - interval '11 s' WHERE id = :id")
DEMOTE = text("UPDATE users SET role = 'viewer' WHERE username = :name")
DISABLE = text("UPDATE users SET disabled_at = hub_now() WHERE username = :name")
REVOKE = text(
    "UPDATE api_tokens SET revoked_at = hub_now() FROM users u WHERE u.id = api_tokens.user_id AND u.username = :name"
)


async def login(http: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    return await http.post("/api/auth/login", json={"username": name, "password": password})


async def refresh(http: httpx.AsyncClient, secret: str) -> httpx.Response:
    """Exchange a refresh secret, as a browser that holds this one would."""
    http.cookies.clear()
    return await http.post("/api/auth/refresh", headers={"cookie": f"{COOKIE}={secret}"})


async def session_id(http: httpx.AsyncClient, token: str) -> str:
    rows = (await http.get("/api/auth/sessions", headers={"authorization": f"Bearer {token}"})).json()
    return str(next(row["id"] for row in rows if row["current"]))


async def test_good_login(door: Door) -> None:
    async with door.newcomer() as http:
        answer = await login(http, " Wang ")
    told, cookie = answer.json(), answer.headers["set-cookie"]
    assert (answer.status_code, told["user"]["username"], told["user"]["role"]) == (200, "wang", "responder")
    assert told["expires_in"] == limits.ACCESS_TOKEN_SECONDS
    assert answer.headers["cache-control"] == "no-store"
    for word in ("HttpOnly", "SameSite=strict", "Path=/api/auth"):
        assert word.lower() in cookie.lower()
    assert PASSWORD not in answer.text


async def test_a_stranger_learns_nothing_from_a_refusal(door: Door) -> None:
    """Unknown account, wrong password, a machine that has none: one and the same answer."""
    async with door.newcomer() as http:
        known = check_problem(await login(http, "admin", "wrong"), 401, "invalid_credentials")
        for name in ("nobody", "gateway", "*", "admin'--", "ａｄｍｉｎ"):
            other = check_problem(await login(http, name, PASSWORD), 401, "invalid_credentials")
            assert other | {"request_id": ""} == known | {"request_id": ""}
        for name, password in (("", ""), ("admin", ""), ("", PASSWORD), (" ", PASSWORD)):
            check_problem(await login(http, name, password), 401, "invalid_credentials")
        check_problem(await login(http, "a\0", "x"), 400, "text_invalid")
        check_problem(await login(http, "a", "x" * 257), 422, "invalid")
        check_problem(await http.post("/api/auth/login", json={"username": "a"}), 422, "missing_field")
        foreign = {"origin": "https://evil.example"}
        body = {"username": "wang", "password": PASSWORD}
        check_problem(await http.post("/api/auth/login", json=body, headers=foreign), 403, "origin")


async def test_sixth_failure_waits(door: Door) -> None:
    """Counted in the database: the other hub knows, and the right password does not help."""
    async with door.newcomer(hub=door.all[0]) as one, door.newcomer(hub=door.all[1]) as two:
        for http in (one, two, one, two, one):
            check_problem(await login(http, "left-last-year", "guess"), 401, "invalid_credentials")
        for http in (one, two):
            problem = check_problem(await login(http, "LEFT-last-year", PASSWORD), 429, "rate_limited")
            assert limits.LOGIN_WINDOW_SECONDS - 60 < problem["retry_after"] <= limits.LOGIN_WINDOW_SECONDS
        assert (await login(two, "wang")).status_code == 200


async def test_refresh_rotates_with_grace(door: Door) -> None:
    """A lost answer may be asked for again, by two tabs at once too: all get the same next secret."""
    async with door.newcomer() as http:
        first = (await login(http, "chen")).cookies[COOKIE]
        both = [await refresh(http, first) for _ in range(2)]
        seconds = {answer.cookies[COOKIE] for answer in both}
        assert len(seconds) == 1
        assert first not in seconds
        assert (await refresh(http, seconds.pop())).status_code == 200
        check_problem(await refresh(http, "rubbish"), 401, "session_revoked")
        http.cookies.clear()
        check_problem(await http.post("/api/auth/refresh"), 401, "unauthenticated")


async def test_stolen_refresh_secret_ends_the_session(door: Door, behind: Database) -> None:
    async with door.newcomer() as http:
        first = (await login(http, "chen")).cookies[COOKIE]
        answer = await refresh(http, first)
        token, second = answer.json()["access_token"], answer.cookies[COOKIE]
        door.secrets += [token, first, second]
        async with behind.transaction() as tx:
            await tx.execute(EARLIER, {"id": await session_id(http, token)})
        check_problem(await refresh(http, first), 401, "session_revoked")
        check_problem(await refresh(http, second), 401, "session_revoked")
        headers = {"authorization": f"Bearer {token}"}
        check_problem(await http.get("/api/auth/me", headers=headers), 401, "session_revoked")


async def test_any_old_refresh_secret_ends_the_session(door: Door) -> None:
    """However many rotations ago it was stolen."""
    async with door.newcomer() as http:
        first = (await login(http, "chen")).cookies[COOKIE]
        second = (await refresh(http, first)).cookies[COOKIE]
        third = (await refresh(http, second)).cookies[COOKIE]
        door.secrets += [first, second, third]
        check_problem(await refresh(http, first), 401, "session_revoked")
        check_problem(await refresh(http, third), 401, "session_revoked")


async def test_a_made_up_refresh_secret_ends_nothing(door: Door) -> None:
    """A session's id is no secret; only what the hub made counts as stolen."""
    async with door.newcomer() as http:
        first = (await login(http, "chen")).cookies[COOKIE]
        named = first.partition(".")[0]
        for made_up in (f"{named}.x", f"{named}.x.y", first[:-1], f"{named}."):
            check_problem(await refresh(http, made_up), 401, "session_revoked")
        assert (await refresh(http, first)).status_code == 200


async def test_strangers_are_refused_before_their_body_is_read(door: Door) -> None:
    async with door.newcomer() as http:
        answer = await http.post("/api/rooms", content=b'{"a":', headers={"content-type": "application/json"})
        check_problem(answer, 401, "unauthenticated")


async def test_logout_closes_sockets_on_the_other_hub(door: Door) -> None:
    here, there = door.all
    async with door.newcomer("chen", here) as http, door.newcomer("chen", here) as kept:
        live = await Live.open(there.url, PUBLIC_URL, await ticket_of(http))
        other = await Live.open(there.url, PUBLIC_URL, await ticket_of(kept))
        began = time.monotonic()
        assert (await http.post("/api/auth/logout")).status_code == 204
        assert await closed_with(live) == 4009
        took = time.monotonic() - began
        print(f"signed out here, socket closed over there after {took:.2f} s")
        assert took < limits.REVOKED_WITHIN_SECONDS
        check_problem(await http.get("/api/auth/me"), 401, "session_revoked")
        await other.say("hb")
        await other.wait_for("hb")
        await other.close()


async def test_sessions_listed_and_ended_one_by_one(door: Door) -> None:
    async with door.newcomer("lin") as mine, door.newcomer("lin") as phone, door.newcomer("chen") as stranger:
        rows = {row["id"]: row for row in (await phone.get("/api/auth/sessions")).json()}
        current = next(row_id for row_id, row in rows.items() if row["current"])
        assert len(rows) >= 2
        check_problem(await stranger.delete(f"/api/auth/sessions/{current}"), 404, "not_found")
        assert (await mine.delete(f"/api/auth/sessions/{current}")).status_code == 204
        check_problem(await phone.get("/api/auth/me"), 401, "session_revoked")
        assert (await mine.get("/api/auth/me")).status_code == 200


async def test_accounts_and_tokens_from_the_command_line(door: Door, behind: Database) -> None:
    """Added, disabled, demoted: what operators do counts at once, also for sockets that are open."""
    assert "ready" in await door.andon(
        "user", "add", "tan", "--role", "responder", "--password-file", "-", told=PASSWORD
    )
    token = await door.andon("token", "add", "night-bot", "--kind", "bot")
    door.secrets.append(token)
    assert "is a person" in await door.andon("token", "add", "tan", "--kind", "bot")
    room = await door.open_room("wang")
    async with door.newcomer("tan") as tan, door.any().client(token) as bot:
        assert (await bot.get("/api/auth/me")).json()["kind"] == "bot"
        lives = [await Live.open(door.any().url, PUBLIC_URL, await ticket_of(tan))]
        lives.append(await Live.connect(door.any().url, None, authorization=f"Bearer {token}"))
        await lives[1].wait_for("ready")
        assert (await lives[0].post(room, "t-1", "here"))["op"] == "ack"
        async with behind.transaction() as tx:
            await tx.execute(DEMOTE, {"name": "tan"})
        await _until_refused(lives[0], room)
        async with behind.transaction() as tx:
            await tx.execute(DISABLE, {"name": "tan"})
            await tx.execute(REVOKE, {"name": "night-bot"})
        assert [await closed_with(live) for live in lives] == [4009, 4009]
        check_problem(await tan.get("/api/auth/me"), 401, "session_revoked")
        check_problem(await login(tan, "tan"), 401, "account_disabled")
        check_problem(await bot.get("/api/auth/me"), 401, "token_invalid")


async def _until_refused(live: Live, room: str) -> None:
    async with asyncio.timeout(limits.REVOKED_WITHIN_SECONDS):
        for number in range(1000):
            answer = await live.post(room, f"v-{number}", "still here?")
            if answer["op"] == "error":
                assert answer["code"] == "forbidden"
                return
            await asyncio.sleep(0.2)
