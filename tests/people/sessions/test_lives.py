"""Sessions end: idle, at last, by hand, by an admin, all at once; their sockets close on every hub."""

import time

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.settings import Settings
from hub.people.sessions.actions import end_sessions
from hub.people.sessions.routes import refresh_cookie
from hub.wire import limits
from tests.people.sessions.test_signing_in import COOKIE, login, refresh
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import PUBLIC_URL
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door
from tests.surfaces.sockets import closed_with, ticket_of

IDLE = text("UPDATE sessions SET expires_at = now() WHERE id = :id")
OLD = text("UPDATE sessions SET created_at = now() - make_interval(secs => :seconds) WHERE id = :id")
KIOSK = text("UPDATE users SET kiosk = :kiosk WHERE username = :name")
AUDIT = text("SELECT action, actor_id, object FROM audit_log WHERE object = :object ORDER BY id")


async def current(http: httpx.AsyncClient) -> str:
    return str(next(row["id"] for row in (await http.get("/api/auth/sessions")).json() if row["current"]))


def max_age(answer: httpx.Response) -> int:
    return int(answer.headers["set-cookie"].lower().partition("max-age=")[2].partition(";")[0])


async def test_an_idle_session_ends_with_its_socket(door: Door, behind: Database) -> None:
    async with door.newcomer("chen") as http:
        live = await Live.open(door.any().url, PUBLIC_URL, await ticket_of(http))
        async with behind.transaction() as tx:
            await tx.execute(IDLE, {"id": await current(http)})
        assert await closed_with(live) == 4009
        check_problem(await http.get("/api/auth/me"), 401, "session_revoked")


@pytest.mark.parametrize("kiosk", [False, True])
async def test_no_session_outlives_its_absolute_life(door: Door, behind: Database, kiosk: bool) -> None:
    """Refreshed again and again it gets shorter in the end; the screen of a line stays longer."""
    life = limits.KIOSK_SECONDS if kiosk else limits.SESSION_SECONDS
    idle = limits.KIOSK_IDLE_SECONDS if kiosk else limits.SESSION_IDLE_SECONDS
    async with behind.transaction() as tx:
        await tx.execute(KIOSK, {"name": "guest", "kiosk": kiosk})
    async with door.newcomer() as http:
        answer = await login(http, "guest")
        assert idle - 60 < max_age(answer) <= idle
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        async with behind.transaction() as tx:
            await tx.execute(OLD, {"id": await current(http), "seconds": life - 100})
        answer = await refresh(http, answer.cookies[COOKIE])
        assert 0 < max_age(answer) <= 100
        async with behind.transaction() as tx:
            await tx.execute(KIOSK, {"name": "guest", "kiosk": False})
            await tx.execute(IDLE, {"id": await current(http)})
        check_problem(await refresh(http, answer.cookies[COOKIE]), 401, "session_revoked")


async def test_signed_out_everywhere_but_here(door: Door) -> None:
    async with door.newcomer("lin") as here, door.newcomer("lin") as phone, door.newcomer("lin") as tablet:
        live = await Live.open(door.any().url, PUBLIC_URL, await ticket_of(phone))
        assert (await here.delete("/api/auth/sessions")).json()["sessions"] >= 2
        assert await closed_with(live) == 4009
        for other in (phone, tablet):
            check_problem(await other.get("/api/auth/me"), 401, "session_revoked")
        assert [row["current"] for row in (await here.get("/api/auth/sessions")).json()] == [True]


async def test_an_admin_sees_and_ends_the_sessions_of_anybody(door: Door, people: People, behind: Database) -> None:
    chen = f"/api/users/{people['chen']}/sessions"
    async with door.newcomer("admin") as admin, door.newcomer("chen") as one, door.newcomer("chen") as two:
        lives = [await Live.open(hub.url, PUBLIC_URL, await ticket_of(one)) for hub in door.all]
        mine, listed = await current(one), (await admin.get(chen)).json()
        assert {mine, await current(two)} <= {row["id"] for row in listed}
        assert not any(row["current"] for row in listed)
        check_problem(await one.get(chen), 403, "forbidden")
        check_problem(await one.delete(chen), 403, "forbidden")
        check_problem(await admin.delete(f"/api/users/{people['lin']}/sessions/{mine}"), 404, "not_found")
        assert (await admin.delete(f"{chen}/{mine}")).status_code == 204
        assert [await closed_with(live) for live in lives] == [4009, 4009]
        check_problem(await one.get("/api/auth/me"), 401, "session_revoked")
        assert (await two.get("/api/auth/me")).status_code == 200
        assert (await admin.delete(chen)).json()["sessions"] >= 1
        check_problem(await two.get("/api/auth/me"), 401, "session_revoked")
    async with behind.reading() as conn:
        rows = [tuple(row) for row in await conn.execute(AUDIT, {"object": mine})]
    assert ("session_ended", people["admin"], mine) in rows


async def test_a_signal_closes_sockets_before_the_clock_looks(door: Door) -> None:
    """The look once a second may be first by chance; that it is first every time means that no signal came."""
    before = await late(door)
    for number in range(6):
        async with door.newcomer("chen", door.all[number % 2]) as http:
            lives = [await Live.open(hub.url, PUBLIC_URL, await ticket_of(http)) for hub in door.all]
            assert (await http.post("/api/auth/logout")).status_code == 204
            assert [await closed_with(live) for live in lives] == [4009, 4009]
    found_late = await late(door) - before
    print(f"of 12 sockets the clock found {found_late:.0f}, signals the others")
    assert found_late < 6


async def late(door: Door) -> float:
    """How many sockets both clocks have found since the hubs started."""
    counted = 0.0
    for hub in door.all:
        async with hub.client() as http:
            lines = (await http.get("/metrics")).text.splitlines()
        counted += sum(float(line.split()[1]) for line in lines if line.startswith("session_end_late_total "))
    return counted


async def test_without_a_signal_the_look_once_a_second_closes(door: Door, people: People, behind: Database) -> None:
    """Ended from a process that has no way to tell the hubs: only the database knows."""
    async with door.newcomer("chen") as http:
        lives = [await Live.open(hub.url, PUBLIC_URL, await ticket_of(http)) for hub in door.all]
        began = time.monotonic()
        async with behind.transaction() as tx:
            assert await end_sessions(tx, people["chen"], "sessions_ended") >= 1
        assert [await closed_with(live) for live in lives] == [4009, 4009]
        took = time.monotonic() - began
        print(f"ended without a signal, sockets closed at both hubs after {took:.2f} s")
        assert took < limits.REVOKED_WITHIN_SECONDS


def test_the_cookie_is_bound_to_the_host_where_there_is_tls() -> None:
    def header(url: str) -> str:
        settings = Settings(database_url="", secret_key="", public_url=url)
        return refresh_cookie(settings, "x", 60).to_header(header="")

    safe, plain = header("https://andon.plant.example"), header("http://127.0.0.1:8080")
    assert safe.strip().startswith("__Host-andon_refresh=x")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=strict"} <= set(safe.split("; "))
    assert "Domain" not in safe
    assert "Path=/api/auth" in plain
    assert "Secure" not in plain
