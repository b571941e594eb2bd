"""Signing in and out: how soon an ended session is out, and whether a refusal's time tells who has an account."""

import asyncio
import random
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from uuid import UUID

import httpx

from hub.base.db import Database
from hub.people import queries
from hub.people.sessions.actions import end_sessions
from tests.bench.report import Report, Table, Target, percentile
from tests.bench.site import PASSWORD, Site, ground
from tests.plant.live import Live
from tests.plant.processes import PUBLIC_URL, HubProcess, environment

NAME = "signin"
REVOCATIONS = 60
PAIRS = 500
WARM = 10
RESAMPLES = 2000
ENDED = ["", "sockets", "p50 ms", "p95", "p99", "most"]
NO_LIMIT = {"ANDON_LOGIN_FAILURES": "1000000"}
ABOUT = (
    "Two hub processes on one database. A session with a socket at each hub is ended at one of them; the clock runs "
    "from before the request until the client sees close code 4009, and both sockets count. In the second row nobody "
    "tells the hubs: a process without signals ends the session, and only the look at the database once a second "
    "finds it. Refusals: a wrong password for an account that is there and for one that is not, in turns; the interval "
    "is of the difference of the medians (bootstrap, 95 %)."
)


class Figures:
    """What was measured, in seconds."""

    told: list[float]
    found: list[float]
    known: list[float]
    unknown: list[float]


def run() -> Report:
    """Measure both, on two hubs."""
    with ground(pin=None) as there:
        return _report(asyncio.run(_measured(there)))


async def _measured(there: Site) -> Figures:
    figures = Figures()
    async with _pair(there) as pair:
        db = Database(there.dsn, pool=1)
        async with db.reading() as conn:
            account = await queries.account(conn, "lin")
        assert account is not None
        figures.told = await _revocations(pair, _sign_out)
        figures.found = await _revocations(pair, _behind(db, account.id))
        figures.known, figures.unknown = await _refusals(pair[0])
        await db.close()
    return figures


@asynccontextmanager
async def _pair(there: Site) -> AsyncIterator[list[HubProcess]]:
    settings = environment(there.dsn, NO_LIMIT)
    pair = [HubProcess(settings, there.folder / f"signin-{number}.log") for number in (1, 2)]
    try:
        for hub in pair:
            await hub.ready()
        yield pair
    finally:
        for hub in pair:
            await hub.stop()


@asynccontextmanager
async def _signed_in(hub: HubProcess) -> AsyncIterator[httpx.AsyncClient]:
    async with hub.client() as http:
        answer = await http.post("/api/auth/login", json={"username": "lin", "password": PASSWORD})
        http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield http


async def _sign_out(http: httpx.AsyncClient) -> None:
    (await http.post("/api/auth/logout")).raise_for_status()


def _behind(db: Database, user_id: UUID) -> Callable[[httpx.AsyncClient], Awaitable[None]]:
    async def end(_: httpx.AsyncClient) -> None:
        async with db.transaction() as tx:
            await end_sessions(tx, user_id, "sessions_ended")

    return end


async def _revocations(pair: list[HubProcess], end: Callable[[httpx.AsyncClient], Awaitable[None]]) -> list[float]:
    """Seconds from before a session is ended until each of its sockets is closed."""
    took: list[float] = []
    for turn in range(REVOCATIONS):
        async with _signed_in(pair[turn % 2]) as http:
            lives = []
            for hub in pair:
                ticket = (await http.post("/api/ws-ticket")).json()["ticket"]
                lives.append(await Live.open(hub.url, PUBLIC_URL, ticket))
            await asyncio.sleep(random.random())  # the look once a second comes at any moment
            began = perf_counter()
            waiting = [asyncio.create_task(_closed(live, began)) for live in lives]
            await end(http)
            took += await asyncio.gather(*waiting)
    return took


async def _closed(live: Live, began: float) -> float:
    await live.socket.wait_closed()
    took = perf_counter() - began
    assert live.socket.close_code == 4009
    return took


async def _refusals(hub: HubProcess) -> tuple[list[float], list[float]]:
    """Seconds of refusals of an account that is there and of one that is not, in turns."""
    known: list[float] = []
    unknown: list[float] = []
    async with hub.client() as http:
        for turn in range(WARM + PAIRS):
            pair = [("lin", known), (f"nobody{turn % 7}", unknown)]
            for name, kept in random.sample(pair, 2):
                began = perf_counter()
                answer = await http.post("/api/auth/login", json={"username": name, "password": "a wrong guess"})
                assert answer.status_code == httpx.codes.UNAUTHORIZED
                if turn >= WARM:
                    kept.append(perf_counter() - began)
    return known, unknown


def _interval(known: Sequence[float], unknown: Sequence[float]) -> tuple[float, float, float]:
    """Difference of the medians in percent of the known one's, and its 95 % interval."""

    def difference(one: Sequence[float], other: Sequence[float]) -> float:
        return 100 * (statistics.median(other) / statistics.median(one) - 1)

    draws = sorted(
        difference(random.choices(known, k=len(known)), random.choices(unknown, k=len(unknown)))
        for _ in range(RESAMPLES)
    )
    return difference(known, unknown), draws[int(0.025 * RESAMPLES)], draws[int(0.975 * RESAMPLES)]


def _report(figures: Figures) -> Report:
    middle, low, high = _interval(figures.known, figures.unknown)
    ways = {"by signal": figures.told, "by the look once a second": figures.found}
    ended = [
        [
            name,
            str(len(took)),
            *(f"{percentile(took, share):,.0f}" for share in (0.5, 0.95, 0.99)),
            f"{1e3 * max(took):,.0f}",
        ]
        for name, took in ways.items()
    ]
    refused = [
        [name, str(len(took)), f"{percentile(took, 0.5):,.1f}", f"{percentile(took, 0.95):,.1f}"]
        for name, took in (("known", figures.known), ("unknown", figures.unknown))
    ]
    told = f"Unknown against known: {middle:+.1f} %, 95 % interval {low:+.1f} % to {high:+.1f} %."
    print(told, flush=True)
    return Report(
        NAME,
        "Signing in and out",
        ABOUT,
        [
            Table("From the end of a session to its closed socket", ENDED, ended),
            Table("A refused sign-in", ["account", "tries", "p50 ms", "p95"], refused, told),
        ],
        [
            Target(
                "ms until a session that was ended is out, p99", 1000, percentile(figures.told, 0.99), at_least=False
            ),
            Target("the same without a signal, at most", 5000, round(1e3 * max(figures.found)), at_least=False),
        ],
        {**_milliseconds(ways), "difference_percent": [middle, low, high]},
    )


def _milliseconds(ways: dict[str, list[float]]) -> dict[str, list[float]]:
    """Milliseconds of every socket."""
    return {name: [round(1e3 * one, 1) for one in took] for name, took in ways.items()}
