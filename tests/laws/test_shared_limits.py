"""However many hubs there are, a user has one allowance, over whichever of them and by whichever way."""

import asyncio
from time import monotonic

import pytest
from httpx import AsyncClient, codes

from hub.wire import limits
from tests.plant.live import Live
from tests.plant.processes import HubProcess, Hubs
from tests.plant.waiting import until_it_is

RATE, BURST = limits.MESSAGES_PER_SECOND, limits.MESSAGES_BURST
TOLERANCE = 0.25
EACH = 60


@pytest.fixture(scope="module")
def hub_settings() -> dict[str, str]:
    return {"ANDON_MESSAGES_PER_SECOND": str(RATE), "ANDON_MESSAGES_BURST": str(BURST)}


async def gives(hubs: Hubs, room: str, hub: HubProcess, at_once: int) -> None:
    """Wait until a hub says that it gives so many at once."""

    async def told() -> int:
        answer = await (await hubs.client("lin", hub)).post(f"/api/rooms/{room}/messages", json={"content": "?"})
        return int(answer.headers["ratelimit-limit"])

    await until_it_is(told, at_once)


async def taken(room: str, clients: list[AsyncClient], sockets: list[Live]) -> tuple[int, float]:
    """Everybody asks for more than there is at once: how many were taken, and how many a single hub would have."""

    async def over_rest(client: AsyncClient) -> bool:
        answer = await client.post(f"/api/rooms/{room}/messages", json={"content": "x"})
        return answer.status_code == codes.CREATED

    async def over_the_socket(live: Live, number: int) -> bool:
        return bool((await live.post(room, f"k-{id(live)}-{number}", "y"))["op"] == "ack")

    begin = monotonic()
    rest = [over_rest(client) for client in clients for _ in range(EACH)]
    live = [over_the_socket(live, number) for live in sockets for number in range(EACH)]
    answers = await asyncio.gather(*rest, *live)
    return sum(answers), BURST + RATE * (monotonic() - begin)


async def test_two_hubs_give_one_allowance_and_the_survivor_gives_all_of_it(hubs: Hubs) -> None:
    (one, other), room = hubs.all, await hubs.open_room("lin")
    for hub in hubs.all:
        await gives(hubs, room, hub, BURST // 2)
    clients = [await hubs.client("wang", hub) for hub in hubs.all]
    async with await hubs.live("wang", one) as phone, await hubs.live("wang", other) as desk:
        found, allowed = await taken(room, clients, [phone, desk])
        print(f"over two hubs, REST and sockets: {found} taken, {allowed:.0f} allowed")
        assert (1 - TOLERANCE) * BURST <= found <= (1 + TOLERANCE) * allowed
    one.kill()
    await gives(hubs, room, other, BURST)
    async with await hubs.live("chen", other) as desk:
        found, allowed = await taken(room, [await hubs.client("chen", other)], [desk])
        print(f"the survivor alone: {found} taken, {allowed:.0f} allowed")
        assert BURST <= found <= (1 + TOLERANCE) * allowed
    await one.restart()
    for hub in hubs.all:
        await gives(hubs, room, hub, BURST // 2)
