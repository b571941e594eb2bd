"""The key is changed while people work: over two hubs, one restarted after the other, and nobody notices."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.people.sessions.test_signing_in import COOKIE, login, refresh
from tests.plant.processes import SECRET, HubProcess, Hubs
from tests.surfaces.bad import check_problem

NEXT = "fedcba9876543210fedcba9876543210"
WORKERS = 6


class Worker:
    """Somebody at work: asks whichever hub answers, and refreshes now and then as a browser does."""

    def __init__(self, hubs: Hubs, number: int):
        self.hubs = hubs
        self.number = number
        self.token = self.cookie = ""
        self.done = False
        self.statuses: Counter[int] = Counter()

    async def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """The answer of a hub that is up; one that is being restarted is passed over, as a proxy does."""
        while True:
            async with self.hubs.any().client(self.token) as http:
                try:
                    return await http.request(method, path, **more)  # type: ignore[arg-type]
                except httpx.TransportError:
                    await asyncio.sleep(0.05)

    def take(self, answer: httpx.Response) -> None:
        self.token, self.cookie = answer.json()["access_token"], answer.cookies[COOKIE]

    async def sign_in(self) -> None:
        name = ("wang", "chen", "lin")[self.number % 3]
        body = {"username": name, "password": "correct-horse-battery"}
        self.take(await self.ask("POST", "/api/auth/login", json=body))

    async def work(self) -> None:
        while not self.done:
            turn = self.statuses.total()
            answer = await self.ask("GET", "/api/auth/me")
            self.statuses[answer.status_code] += 1
            if turn % 5 == self.number % 5:
                answer = await self.ask("POST", "/api/auth/refresh", headers={"cookie": f"{COOKIE}={self.cookie}"})
                self.statuses[answer.status_code] += 1
                self.take(answer)


@asynccontextmanager
async def at_work(workers: list[Worker]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(worker.work()) for worker in workers]
    yield
    for worker in workers:
        worker.done = True
    await asyncio.gather(*tasks)


async def roll(pair: list[HubProcess], key: str, other: str | None) -> None:
    """Restart one hub after the other with these keys."""
    keys = {"ANDON_SECRET_KEY": key} | ({"ANDON_SECRET_KEY_PREVIOUS": other} if other else {})
    for hub in pair:
        await hub.restart(keys)


async def test_keys_change_and_nobody_notices(hubs: Hubs, hub_pair: list[HubProcess]) -> None:
    workers = [Worker(hubs, number) for number in range(WORKERS)]
    for worker in workers:
        await worker.sign_in()
    old = workers[0].token
    async with at_work(workers):
        await roll(hub_pair, SECRET, NEXT)  # both keys are known everywhere
        await roll(hub_pair, NEXT, SECRET)  # the next one signs
    statuses = sum((worker.statuses for worker in workers), Counter())
    print(f"rotated under {statuses.total()} requests: {dict(statuses)}")
    assert set(statuses) == {200}
    assert statuses.total() > 100
    async with hubs.any().client(old) as http:
        assert (await http.get("/api/auth/me")).status_code == 200
    await roll(hub_pair, NEXT, None)  # the old one is gone
    async with hubs.any().client(old) as http:
        check_problem(await http.get("/api/auth/me"), 401, "token_invalid")
    for worker in workers:
        answer = await worker.ask("POST", "/api/auth/refresh", headers={"cookie": f"{COOKIE}={worker.cookie}"})
        assert answer.status_code == 200


async def test_a_lost_answer_is_given_again_by_a_hub_with_the_other_key(hubs: Hubs, hub_pair: list[HubProcess]) -> None:
    """In the middle of a rotation the two hubs derive different next secrets; the one that was given counts."""
    ahead, behind = hub_pair
    await ahead.restart({"ANDON_SECRET_KEY": NEXT, "ANDON_SECRET_KEY_PREVIOUS": SECRET})
    await behind.restart({"ANDON_SECRET_KEY": SECRET, "ANDON_SECRET_KEY_PREVIOUS": NEXT})
    for one, other in ((ahead, behind), (behind, ahead)):
        async with one.client() as here, other.client() as there:
            first = (await login(here, "wang")).cookies[COOKIE]
            second = (await refresh(here, first)).cookies[COOKIE]
            assert (await refresh(there, first)).cookies[COOKIE] == second
            assert (await refresh(there, second)).status_code == 200
