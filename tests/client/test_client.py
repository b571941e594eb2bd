"""HubClient against real hubs: what it asks, what it raises, and a room followed through the death of a hub."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from hub.base.db import Database
from hub.client import HubClient, delays
from hub.people.actions import add_token, bearer
from hub.wire.alarms import Observation, RejectBody, RejectItem
from hub.wire.problems import Problem
from hub.wire.requests import NewBroadcast
from hub.wire.views import Event
from tests.plant.people import PASSWORD, People
from tests.plant.processes import PUBLIC_URL, HubProcess, Hubs

BOT = Path(__file__).parents[2] / "docs" / "examples" / "echo_bot.py"


@asynccontextmanager
async def signed_in(hub: HubProcess, name: str = "wang", origin: str | None = None) -> AsyncIterator[HubClient]:
    async with HubClient(hub.url, origin=origin) as client:
        await client.login(name, PASSWORD)
        yield client


async def room_of(hubs: Hubs) -> UUID:
    return UUID(await hubs.open_room("wang"))


async def test_a_person_works_in_a_room(hubs: Hubs) -> None:
    room = await room_of(hubs)
    async with signed_in(hubs.any()) as client:
        assert (await client.me()).username == "wang"
        posted = await client.post_message(room, "到場了", "key-1")
        again = await client.post_message(room, "到場了", "key-1")
        assert (again.seq, again.duplicate) == (posted.seq, True)
        page = await client.messages(room, after_seq=posted.seq - 1)
        assert [message.content for message in page.messages] == ["到場了"]
        assert (await client.mark_read(room, posted.seq)).last_read_seq == posted.seq
        assert (await client.transition(room, "acknowledged")).room.status == "acknowledged"
        assert (await client.room(room)).room.status == "acknowledged"
        snapshot = await client.snapshot(room)
        assert snapshot.as_of_seq == (await client.events(room)).last_seq
        first = await client.rooms(limit=50)
        assert room in [row.room.id for row in first.rooms]
        await client.post_message(room, "again")
        moved = await client.rooms(changed_after=first.changed)
        assert [row.room.id for row in moved.rooms] == [room]


async def test_refusals_are_problems_with_their_codes(hubs: Hubs) -> None:
    async with HubClient(hubs.any().url) as stranger:
        with pytest.raises(Problem) as error:
            await stranger.login("wang", "wrong")
        assert (error.value.code, error.value.status) == ("invalid_credentials", 401)
        with pytest.raises(Problem) as error:
            await stranger.rooms()
        assert error.value.code == "unauthenticated"
    async with signed_in(hubs.any()) as client:
        with pytest.raises(Problem) as error:
            await client.room(uuid4())
        assert (error.value.code, error.value.status) == ("not_found", 404)
        with pytest.raises(Problem) as error:
            await client.post_message(await room_of(hubs), " ")
        assert error.value.code == "content_empty"


async def test_an_expired_access_token_is_renewed(hubs: Hubs) -> None:
    async with signed_in(hubs.any()) as client:
        client.token = "expired"
        assert (await client.me()).username == "wang"


async def test_a_machine_reports_alarms(hubs: Hubs, people: People) -> None:
    key = f"L1/M1/{uuid4()}"
    async with HubClient(hubs.any().url, people.token) as machine:
        outcomes = await machine.post_alarms(
            [
                Observation("plc", key, active=True, text="Zone 5", severity="high", line="L1", machine=key),
                RejectItem("plc", RejectBody("decode", "not JSON", "t", "hello")),
            ]
        )
    assert [outcome.outcome for outcome in outcomes] == ["opened", "quarantined"]
    assert outcomes[0].room_id is not None


class Reader:
    """Follows a room in the background."""

    def __init__(self, events: AsyncIterator[Event]):
        self.seen: list[Event] = []
        self._task = asyncio.create_task(self._read(events))

    async def _read(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            self.seen.append(event)

    async def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                if self._task.done():
                    self._task.result()
                await asyncio.sleep(0.02)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.mark.parametrize("origin", [None, PUBLIC_URL])
async def test_a_room_is_followed_with_a_token_or_with_a_ticket(hubs: Hubs, origin: str | None) -> None:
    room = await room_of(hubs)
    async with signed_in(hubs.any(), "chen", origin) as client, signed_in(hubs.any()) as other:
        reader = Reader(client.follow(room))
        await other.post_message(room, "hello")
        await reader.until(lambda: any(event.type == "MessagePosted" for event in reader.seen))
        assert [event.seq for event in reader.seen] == list(range(1, len(reader.seen) + 1))
        await reader.stop()


async def test_a_followed_room_has_no_gap_when_its_hub_is_killed(hubs: Hubs) -> None:
    room = await room_of(hubs)
    here, there = hubs.all
    async with signed_in(here, "chen") as client, signed_in(there) as other:
        reader = Reader(client.follow(room))
        await reader.until(lambda: len(reader.seen) > 0)
        for number in range(5):
            await other.post_message(room, f"before {number}")
        here.kill()
        for number in range(20):
            last = await other.post_message(room, f"while away {number}")
        await here.restart()
        await reader.until(lambda: bool(reader.seen) and reader.seen[-1].seq >= last.seq)
        assert [event.seq for event in reader.seen] == list(range(1, last.seq + 1))
        await reader.stop()


async def test_who_was_away_too_long_reads_the_log_and_goes_on_live(hubs: Hubs) -> None:
    room = await room_of(hubs)
    async with signed_in(hubs.any()) as client:
        for start in range(0, 1100, 50):
            posts = (client.post_message(room, f"{start + number}") for number in range(50))
            await asyncio.gather(*posts)
        reader = Reader(client.follow(room))
        await reader.until(lambda: len(reader.seen) > 1100)
        last = await client.post_message(room, "live again")
        await reader.until(lambda: reader.seen[-1].seq == last.seq)
        assert [event.seq for event in reader.seen] == list(range(1, last.seq + 1))
        await reader.stop()


async def test_following_ends_when_there_is_nothing_to_follow(hubs: Hubs) -> None:
    async with signed_in(hubs.any()) as client:
        with pytest.raises(Problem) as error:
            await anext(aiter(client.follow(uuid4())))
        assert error.value.code == "not_found"
        with pytest.raises(Problem) as error:
            await anext(aiter(client.follow(await room_of(hubs), after_seq=5000)))
        assert error.value.code == "cursor_invalid"
    async with HubClient(hubs.any().url, "forged") as stranger:
        with pytest.raises(Problem) as error:
            await anext(aiter(stranger.follow(uuid4())))
        assert error.value.status == 401


def test_delays_grow_to_half_a_minute_and_are_scattered() -> None:
    longest = delays(lambda low, high: high)
    assert [next(longest) for _ in range(8)] == [1, 2, 4, 8, 16, 30, 30, 30]
    scattered = delays()
    assert all(0 <= next(scattered) <= 30 for _ in range(50))


async def test_a_person_changes_what_they_said(hubs: Hubs) -> None:
    room = await room_of(hubs)
    async with signed_in(hubs.any()) as client:
        posted = await client.post_message(room, "one")
        assert (await client.edit_message(posted.message_id, "two", version=1)).version == 2
        with pytest.raises(Problem, match="edit_conflict"):
            await client.edit_message(posted.message_id, "three", version=1)
        assert [it.content for it in await client.history(posted.message_id)] == ["one", "two"]
        assert [it.emoji for it in await client.react(posted.message_id, "👀")] == ["👀"]
        await client.unreact(posted.message_id, "👀")
        await client.delete_message(posted.message_id)
        message = await client.message(room, posted.message_id)
        assert (message.content, message.reactions, message.deleted_at is not None) == ("", [], True)
        assert "chen" in [person.name for person in await client.people("CHE")]


async def test_a_lead_looks_around_and_tells_everybody(hubs: Hubs) -> None:
    room = await room_of(hubs)
    async with signed_in(hubs.any(), "lin") as client:
        posted = await client.post_message(room, "保險絲 ALM-1042 換好了")
        async with asyncio.timeout(20):
            while not (hits := (await client.search("保險絲 alm-1042", room)).hits):  # noqa: ASYNC110 - no event for it
                await asyncio.sleep(0.1)
        assert [hit.message.message_id for hit in hits] == [posted.message_id]
        assert (await client.typing(room)).people == []
        assert (await client.online(room)).room_id == room
        told = await client.broadcast(NewBroadcast("everybody", "14:00 消防演練"))
        assert told.id in [it.id for it in await client.broadcasts()]


async def test_the_bot_of_the_documentation_answers(hubs: Hubs, database: Database) -> None:
    """docs/examples/echo_bot.py as it stands there, through the death of its hub."""
    room, hub = await room_of(hubs), hubs.all[0]
    token = await add_token(database, await bearer(database, "echo", "bot"), [])
    words = [sys.executable, str(BOT), hub.url, token, str(room)]
    process = await asyncio.create_subprocess_exec(*words, env={**os.environ, "PYTHONPATH": str(BOT.parents[2])})
    try:
        async with signed_in(hubs.all[1]) as client:
            await _greeted(client, room)
            hub.kill()
            await hub.restart()
            await _greeted(client, room)
            said = [message.content for message in (await client.messages(room)).messages]
        assert said.count("Hello wang") >= 2
    finally:
        process.kill()
        await process.wait()


async def _greeted(client: HubClient, room: UUID) -> None:
    """Say hello, again while the bot is still starting, until it has reacted."""
    async with asyncio.timeout(60):
        while True:
            posted = await client.post_message(room, "!hello")
            for _ in range(20):
                if (await client.message(room, posted.message_id)).reactions:
                    return
                await asyncio.sleep(0.1)
