"""A word to a person, a room, a line or everybody: who may send it, who gets it, until when, and who has seen it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.broadcasts.policy import check_new, concerns, may_see_readers
from hub.people.actions import add_token, bearer
from hub.people.policy import Actor
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.requests import NewBroadcast
from tests.plant.live import Live
from tests.plant.people import People
from tests.plant.processes import Hubs

AUDITED = text("SELECT actor_id, action, facts FROM audit_log WHERE object = :id")
EXPIRE = text("UPDATE broadcasts SET expires_at = hub_now() WHERE id = :id")
ROWS = text("SELECT count(*) FROM broadcasts")


async def send(hubs: Hubs, name: str = "lin", **facts: Any) -> dict[str, Any]:
    body = {"scope": "everybody", "text": "撤離 evacuate"} | facts
    sent: dict[str, Any] = (
        (await (await hubs.client(name)).post("/api/broadcasts", json=body)).raise_for_status().json()
    )
    return sent


async def running(hubs: Hubs, name: str) -> dict[str, dict[str, Any]]:
    """What a user is shown, by id, newest first."""
    found = (await (await hubs.client(name)).get("/api/broadcasts")).raise_for_status().json()
    assert [it["id"] for it in found] == sorted((it["id"] for it in found), reverse=True)
    return {it["id"]: it for it in found}


async def told(live: Live, broadcast: dict[str, Any], seconds: float = 2) -> None:
    """Wait for the live signal of a broadcast; nothing of it is missing."""
    frame = await live.until(lambda: next(iter(signals(live, broadcast["id"])), None), seconds)
    assert frame["broadcast"] == broadcast


def signals(live: Live, broadcast_id: str) -> list[dict[str, Any]]:
    found = [frame for frame in live.frames if frame.get("kind") == "broadcast"]
    return [frame for frame in found if frame["broadcast"]["id"] == broadcast_id]


async def who_gets(hubs: Hubs, broadcast: dict[str, Any], *names: str) -> set[str]:
    """Who of these is shown a broadcast by GET."""
    return {name for name in names if broadcast["id"] in await running(hubs, name)}


async def test_everybody_hears_it_on_every_hub_by_the_signal_and_once(hubs: Hubs) -> None:
    """The second one comes right after the look that found the first at the latest."""
    one, other = hubs.all
    async with (
        await hubs.live("wang", one) as phone,
        await hubs.live("wang", other) as desk,
        await hubs.live("guest", other) as guest,
    ):
        for _ in range(2):
            sent = await send(hubs, severity="critical", expires_in=60)
            await asyncio.gather(*(told(live, sent, seconds=2.5) for live in (phone, desk, guest)))
        await asyncio.sleep(3.5)  # longer than a look that repairs lost signals
        assert [len(signals(live, sent["id"])) for live in (phone, desk, guest)] == [1, 1, 1]
    assert (sent["sender"]["name"], sent["severity"], sent["seen_at"]) == ("lin", "critical", None)


async def test_who_was_away_finds_it(hubs: Hubs) -> None:
    sent = await send(hubs, expires_in=60)
    for hub in hubs.all:
        async with await hubs.live("chen", hub) as chen:
            await chen.say("hb")
            await chen.wait_for("hb")
            assert (await running(hubs, "chen"))[sent["id"]] == sent
            assert signals(chen, sent["id"]) == []


async def test_a_lost_signal_is_made_good(hubs: Hubs, database: Database, people: People) -> None:
    """A row that nobody was told of, as after a crash between COMMIT and the signal."""
    broadcast = uuid4()
    async with await hubs.live("wang") as wang:
        async with database.transaction() as tx:
            await tx.execute(
                text(
                    "INSERT INTO broadcasts (id, scope, text, severity, sender_id, expires_at) VALUES "
                    "(:id, 'everybody', 'x', 'low', :lin, hub_now() + interval '1 minute')"
                ),
                {"id": broadcast, "lin": people["lin"]},
            )
        await wang.until(lambda: signals(wang, str(broadcast)), 5)
        async with database.transaction() as tx:
            await tx.execute(EXPIRE, {"id": broadcast})


async def test_one_person_alone_and_its_sender(hubs: Hubs, people: People) -> None:
    async with await hubs.live("wang") as wang, await hubs.live("chen") as chen, await hubs.live("lin") as lin:
        sent = await send(hubs, scope="person", user_id=str(people["wang"]))
        await told(wang, sent)
        await told(lin, sent)
        later = await send(hubs, text="all of you")
        await told(chen, later)
        assert signals(chen, sent["id"]) == []
    assert sent["person"] == {"id": str(people["wang"]), "name": "wang", "kind": "person"}
    assert await who_gets(hubs, sent, "wang", "chen", "lin", "admin", "guest") == {"wang", "lin"}


async def test_a_room_is_told_to_who_may_read_it(hubs: Hubs, people: People) -> None:
    room = await hubs.open_room("lin", visibility="members")
    lin = await hubs.client("lin")
    await lin.post(f"/api/rooms/{room}/members", json={"user_id": str(people["wang"])})
    async with await hubs.live("wang") as wang, await hubs.live("chen") as chen, await hubs.live("admin") as admin:
        sent = await send(hubs, scope="room", room_id=room)
        await told(wang, sent)
        await told(admin, sent)
        await told(chen, await send(hubs, text="all of you"))
        assert signals(chen, sent["id"]) == []
    assert await who_gets(hubs, sent, "wang", "chen", "lin", "admin", "guest") == {"wang", "lin", "admin"}
    await lin.delete(f"/api/rooms/{room}/members/{people['wang']}")
    assert await who_gets(hubs, sent, "wang", "lin") == {"lin"}
    open_to_all = await send(hubs, scope="room", room_id=await hubs.open_room("lin"))
    assert await who_gets(hubs, open_to_all, "chen", "guest") == {"chen", "guest"}


async def test_a_line_is_the_whole_site_and_no_machine(hubs: Hubs, people: People) -> None:
    sent = await send(hubs, scope="line", line="SMT1")
    assert sent["line"] == "SMT1"
    assert await who_gets(hubs, sent, "wang", "guest") == {"wang", "guest"}
    async with hubs.any().client(people.token) as machine:
        assert (await machine.get("/api/broadcasts")).json() == []
        assert (await machine.put(f"/api/broadcasts/{sent['id']}/seen")).status_code == 404


async def test_it_ends_when_it_expires(hubs: Hubs, database: Database) -> None:
    sent = await send(hubs)
    assert await who_gets(hubs, sent, "wang", "lin") == {"wang", "lin"}
    async with database.transaction() as tx:
        await tx.execute(EXPIRE, {"id": sent["id"]})
    assert await who_gets(hubs, sent, "wang", "lin") == set()


async def test_seen_once_and_listed_for_its_sender_leads_and_admins(hubs: Hubs, people: People) -> None:
    sent, wang = await send(hubs, "admin"), await hubs.client("wang")
    path = f"/api/broadcasts/{sent['id']}/seen"
    first = (await wang.put(path)).raise_for_status().json()["seen_at"]
    assert (await wang.put(path)).raise_for_status().json()["seen_at"] == first
    assert (await running(hubs, "wang"))[sent["id"]]["seen_at"] == first
    assert (await running(hubs, "chen"))[sent["id"]]["seen_at"] is None
    for name in ("admin", "lin"):
        seen = (await (await hubs.client(name)).get(path)).raise_for_status().json()
        assert seen == [{"person": {"id": str(people["wang"]), "name": "wang", "kind": "person"}, "at": first}]
    assert await refusal(await wang.get(path)) == (403, "forbidden", None)


async def test_what_is_not_for_one_does_not_exist(hubs: Hubs, people: People) -> None:
    sent, chen = await send(hubs, scope="person", user_id=str(people["wang"])), await hubs.client("chen")
    for broadcast in (sent["id"], str(uuid4())):
        path = f"/api/broadcasts/{broadcast}/seen"
        assert await refusal(await chen.put(path)) == (404, "not_found", None)
        assert await refusal(await chen.get(path)) == (404, "not_found", None)


async def test_a_broadcast_is_audited(hubs: Hubs, people: People, database: Database) -> None:
    sent = await send(hubs, scope="line", line="SMT2", severity="low")
    async with database.reading() as conn:
        [(actor, action, facts)] = list(await conn.execute(AUDITED, {"id": sent["id"]}))
    assert (actor, action) == (people["lin"], "broadcast_sent")
    assert facts == {"scope": "line", "line": "SMT2", "severity": "low"}


async def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json()["code"], answer.json().get("field")


@pytest.mark.parametrize("name", ["wang", "guest"])
async def test_only_leads_and_admins_send(hubs: Hubs, name: str) -> None:
    answer = await (await hubs.client(name)).post("/api/broadcasts", json={"scope": "everybody", "text": "x"})
    assert await refusal(answer) == (403, "forbidden", None)


SOMEBODY = str(uuid4())
BAD: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"scope": "person"}, 422, "invalid", "user_id"),
    ({"scope": "room"}, 422, "invalid", "room_id"),
    ({"scope": "line"}, 422, "invalid", "line"),
    ({"scope": "everybody", "line": "SMT1"}, 422, "invalid", "line"),
    ({"scope": "room", "room_id": SOMEBODY, "user_id": SOMEBODY}, 422, "invalid", "user_id"),
    ({"scope": "line", "line": " "}, 422, "invalid", "line"),
    ({"scope": "line", "line": "a\0"}, 400, "text_invalid", None),
    ({"scope": "person", "user_id": SOMEBODY}, 404, "not_found", "user_id"),
    ({"scope": "room", "room_id": SOMEBODY}, 404, "not_found", None),
    ({"scope": "plant"}, 422, "invalid", "scope"),
    ({"scope": "everybody", "text": ""}, 422, "invalid", "text"),
    ({"scope": "everybody", "text": "\u200b \n"}, 422, "content_empty", None),
    ({"scope": "everybody", "text": "a\0"}, 400, "text_invalid", None),
    ({"scope": "everybody", "text": "x" * (limits.BROADCAST_CHARS + 1)}, 422, "invalid", "text"),
    ({"scope": "everybody", "expires_in": 59}, 422, "invalid", "expires_in"),
    ({"scope": "everybody", "expires_in": limits.BROADCAST_SECONDS + 1}, 422, "invalid", "expires_in"),
    ({"scope": "everybody", "until": "x"}, 422, "unknown_field", "until"),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), BAD)
async def test_bad_broadcasts_are_refused_and_leave_nothing(
    hubs: Hubs, database: Database, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    lin = await hubs.client("lin")
    async with database.reading() as conn:
        before = await conn.scalar(ROWS)
        answer = await lin.post("/api/broadcasts", json={"text": "x"} | body)
        assert await refusal(answer) == (status, code, field)
        assert await conn.scalar(ROWS) == before


async def test_a_lead_cannot_tell_a_room_they_may_not_see_nor_a_machine(hubs: Hubs, people: People) -> None:
    hidden = await hubs.open_room("admin", visibility="members")
    lin = await hubs.client("lin")
    for body in ({"scope": "room", "room_id": hidden}, {"scope": "person", "user_id": str(people["gateway"])}):
        answer = await lin.post("/api/broadcasts", json={"text": "x", **body})
        assert answer.json()["code"] == "not_found"


async def test_a_bot_hears_too(hubs: Hubs, database: Database) -> None:
    token = await add_token(database, await bearer(database, "andon-bot", "bot"), [])
    async with await Live.connect(hubs.any().url, None, Authorization=f"Bearer {token}") as bot:
        await bot.wait_for("ready")
        await told(bot, await send(hubs))


class TestPolicy:
    """Purely."""

    def test_roles(self, people: People) -> None:
        wanted = NewBroadcast("everybody", "x")
        for name in ("lin", "admin"):
            check_new(people.actor(name), wanted)
        for name in ("wang", "guest"):
            with pytest.raises(Problem, match="forbidden"):
                check_new(people.actor(name), wanted)

    def test_whom_it_concerns(self, people: People) -> None:
        def told_to(scope: str, *, reads_room: bool = False) -> set[str]:
            row = _Row(people["lin"], scope, people["chen"] if scope == "person" else None)
            return {name for name in people.ids if concerns(people.actor(name), row, reads_room=reads_room)}

        def of_line(*lines: str) -> Actor:
            return msgspec.structs.replace(people.actor("wang"), lines=lines)

        everybody = set(people.ids) - {"gateway"}
        assert told_to("everybody") == told_to("line") == told_to("room", reads_room=True) == everybody
        assert told_to("person") == {"lin", "chen"}
        assert told_to("room") == {"lin"}
        to_line = _Row(people["lin"], "line", None)
        assert [concerns(of_line(line), to_line, reads_room=False) for line in ("L1", "L2")] == [True, False]

    def test_who_sees_the_readers(self, people: People) -> None:
        by_wang = _Row(people["wang"], "everybody", None)
        allowed = {name for name in ("admin", "lin", "wang", "chen") if may_see_readers(people.actor(name), by_wang)}
        assert allowed == {"admin", "lin", "wang"}


class _Row:
    def __init__(self, sender_id: object, scope: str, user_id: object):
        self.sender_id, self.scope, self.user_id, self.line = sender_id, scope, user_id, "L1"
