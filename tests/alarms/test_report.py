"""Alarms come in: rooms open by themselves, cards change in place, and the same batch twice changes nothing."""

from typing import Any
from uuid import uuid4

import httpx

from hub.wire import limits
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

Facts = dict[str, Any]


class Oven:
    """A machine of its own, whose alarms a gateway reports."""

    def __init__(self, door: Door):
        self.door = door
        self.name = f"RO-{uuid4()}"

    def seen(self, key: str = "overtemp", active: bool | None = True, **facts: Any) -> Facts:
        text = {"zh-TW": "第 5 溫區超溫", "en": "Zone 5 over-temperature"}
        place = {"source": "s1", "machine": self.name, "line": "SMT-3", "site": "T1"}
        return place | {"key": f"{self.name}/{key}", "active": active, "severity": "high", "text": text} | facts

    async def report(self, *items: Facts) -> list[Facts]:
        async with self.door.machine() as machine:
            answer = await machine.post("/api/alarms", json={"observations": items})
        results: list[Facts] = answer.raise_for_status().json()["results"]
        assert [result["index"] for result in results] == list(range(len(items)))
        return results

    async def tell(self, key: str = "overtemp", active: bool | None = True, **facts: Any) -> Facts:
        [result] = await self.report(self.seen(key, active, **facts))
        return result

    async def rooms(self) -> list[Facts]:
        rows = (await (await self.reader()).get(f"/api/rooms?machine={self.name}")).json()["rooms"]
        return [row["room"] for row in rows]

    async def cards(self, room_id: str) -> list[Facts]:
        page = (await (await self.reader()).get(f"/api/rooms/{room_id}/messages?type=incident_data")).json()
        return [message["metadata"] for message in page["messages"]]

    async def events(self, room_id: str) -> list[str]:
        page = (await (await self.reader()).get(f"/api/rooms/{room_id}/events?limit=200")).json()
        return [event["type"] for event in page["events"]]

    async def reader(self) -> httpx.AsyncClient:
        return await self.door.client("lin")


async def test_raise_opens_a_room(door: Door) -> None:
    oven = Oven(door)
    told = await oven.tell(value=268.4, limit=255, unit="°C", native_severity=900)
    [room] = await oven.rooms()
    assert (told["outcome"], told["room_id"]) == ("opened", room["id"])
    assert (room["title"], room["status"], room["severity"]) == ("第 5 溫區超溫", "open", "high")
    assert (room["machine"], room["line"], room["active_alarms"], room["visibility"]) == (oven.name, "SMT-3", 1, "line")
    [card] = await oven.cards(room["id"])
    assert (card["value"], card["limit"], card["unit"], card["native_severity"]) == (268.4, 255, "°C", 900)
    assert (card["isa"], card["count"], card["state"]["active"]) == ("UNACK", 1, True)
    assert await oven.events(room["id"]) == ["RoomOpened", "MessagePosted"]


async def test_repeat_updates_the_card_and_opens_nothing(door: Door) -> None:
    oven = Oven(door)
    room = (await oven.tell(value=260))["room_id"]
    outcomes = [(await oven.tell(value=value))["outcome"] for value in (260, 270, 270, 280)]
    assert outcomes == ["folded", "updated", "folded", "updated"]
    [card] = await oven.cards(room)
    assert (card["value"], card["count"]) == (280, 1)
    assert [found["id"] for found in await oven.rooms()] == [room]
    assert await oven.events(room) == ["RoomOpened", "MessagePosted", "OccurrenceChanged", "OccurrenceChanged"]


async def test_second_alarm_joins_and_raises_the_severity(door: Door) -> None:
    oven = Oven(door)
    room = (await oven.tell())["room_id"]
    joined = await oven.tell("fan-stopped", severity="critical")
    assert (joined["outcome"], joined["room_id"]) == ("joined", room)
    [found] = await oven.rooms()
    assert (found["active_alarms"], found["severity"], found["title"]) == (2, "critical", "第 5 溫區超溫")
    assert len(await oven.cards(room)) == 2
    assert (await oven.tell("door-open", category="safety"))["outcome"] == "opened"
    assert (await oven.tell("oil-soon", severity="low"))["outcome"] == "joined"


async def test_low_severity_opens_no_room(door: Door) -> None:
    oven = Oven(door)
    assert [(await oven.tell(severity=word))["outcome"] for word in ("low", 50)] == ["logged", "updated"]
    assert await oven.rooms() == []


async def test_clear_posts_the_return_and_a_raise_reopens(door: Door) -> None:
    oven = Oven(door)
    room = (await oven.tell())["room_id"]
    assert (await oven.tell(active=False))["outcome"] == "updated"
    [found], [card] = await oven.rooms(), await oven.cards(room)
    assert (found["status"], found["active_alarms"], found["restored_at"] is None) == ("restored", 0, False)
    assert (card["isa"], card["state"]["active"], card["times"]["returned_at"] is None) == ("NORM", False, False)
    assert (await oven.tell(active=False))["outcome"] == "folded"
    assert (await oven.tell(active=None))["outcome"] == "folded"
    again = await oven.tell()
    [found], [card] = await oven.rooms(), await oven.cards(room)
    assert (again["outcome"], again["room_id"]) == ("updated", room)
    assert (found["status"], found["restored_at"], card["count"], card["state"]["active"]) == ("open", None, 2, True)


async def test_a_room_somebody_works_in_stays_theirs(door: Door) -> None:
    """The machine's return is told on the card; the status belongs to who took it."""
    oven, wang = Oven(door), await door.client("wang")
    room = (await oven.tell())["room_id"]
    await wang.post(f"/api/rooms/{room}/transitions", json={"to": "acknowledged"})
    await oven.tell(active=False)
    assert [(found["status"], found["active_alarms"]) for found in await oven.rooms()] == [("acknowledged", 0)]


async def test_a_closed_room_is_left_alone(door: Door) -> None:
    oven, wang = Oven(door), await door.client("wang")
    room = (await oven.tell())["room_id"]
    await oven.tell(active=False)
    await wang.post(f"/api/rooms/{room}/transitions", json={"to": "closed"})
    again = await oven.tell()
    assert (again["outcome"], again["room_id"] == room) == ("opened", False)
    assert {found["id"]: found["status"] for found in await oven.rooms()} == {room: "closed", again["room_id"]: "open"}


async def test_bad_quality_and_silence_never_clear(door: Door) -> None:
    oven = Oven(door)
    room = (await oven.tell())["room_id"]
    for quality in ("bad", "stale"):
        await oven.tell(active=False, quality=quality)
        [card] = await oven.cards(room)
        assert (card["state"]["active"], card["quality"]) == (True, quality)
    assert [found["status"] for found in await oven.rooms()] == ["open"]


async def test_snapshot_clears_what_it_leaves_out(door: Door) -> None:
    oven = Oven(door)

    def snapshot(*keys: str) -> Facts:
        active = [oven.seen(key) for key in keys]
        return {"source": "s1", "snapshot": {"scope": f"{oven.name}/word-7", "active": active}}

    [first] = await oven.report(snapshot("a", "b", "c"))
    assert first["outcome"] == "opened"
    await oven.tell("by-hand")
    await oven.report(snapshot("a", "c"))
    cards = {card["key"].rpartition("/")[2]: card for card in await oven.cards(first["room_id"])}
    assert {key: card["state"]["active"] for key, card in cards.items()} == {
        "a": True,
        "b": False,
        "c": True,
        "by-hand": True,  # of no scope: another snapshot says nothing of it
    }
    assert (cards["b"]["reason"], cards["b"]["text"]["en"]) == ("snapshot", "Zone 5 over-temperature")
    assert [result["outcome"] for result in await oven.report(snapshot("a", "c"))] == ["folded"]
    await oven.report(snapshot())
    assert [found["active_alarms"] for found in await oven.rooms()] == [1]


async def test_same_batch_twice_changes_nothing(door: Door) -> None:
    """With a source time each is known for ever; without one the state says that nothing is new."""
    timed, bare = Oven(door), Oven(door)
    batch = [timed.seen(f"k{number}", source_at=f"2026-03-01T08:00:0{number}+08:00") for number in range(5)]
    batch += [bare.seen(f"k{number}") for number in range(5)]
    first, second = await timed.report(*batch), await timed.report(*batch)
    assert [result["outcome"] for result in first] == ["opened", *["joined"] * 4] * 2
    assert [result["outcome"] for result in second] == ["duplicate"] * 5 + ["folded"] * 5
    assert [result["room_id"] for result in first] == [result["room_id"] for result in second]
    for oven in (timed, bare):
        [room] = await oven.rooms()
        assert (room["active_alarms"], len(await oven.cards(room["id"]))) == (5, 5)


async def test_late_news_changes_no_state(door: Door) -> None:
    oven = Oven(door)
    room = (await oven.tell(source_at="2026-03-01T08:00:10Z"))["room_id"]
    late = await oven.tell(active=False, source_at="2026-03-01T08:00:05Z")
    assert (late["outcome"], late["room_id"]) == ("late", room)
    assert (await oven.cards(room))[0]["state"]["active"] is True


async def test_raise_and_clear_in_one_batch(door: Door) -> None:
    oven = Oven(door)
    results = await oven.report(oven.seen(), oven.seen(active=False), oven.seen(), oven.seen(active=False))
    assert [result["outcome"] for result in results] == ["opened", "updated", "updated", "updated"]
    [room] = await oven.rooms()
    [card] = await oven.cards(room["id"])
    assert (room["status"], room["active_alarms"], card["count"], card["state"]["active"]) == ("restored", 0, 2, False)


async def test_full_batch(door: Door) -> None:
    """500 alarms of 50 machines: 50 rooms with 10 cards each, in one transaction."""
    ovens = [Oven(door) for _ in range(50)]
    batch = [oven.seen(f"k{number}") for number in range(limits.ALARM_BATCH // 50) for oven in ovens]
    results = await ovens[0].report(*batch)
    assert [result["outcome"] for result in results] == ["opened"] * 50 + ["joined"] * 450
    assert len({result["room_id"] for result in results}) == 50
    [room] = await ovens[-1].rooms()
    assert (room["active_alarms"], room["last_seq"], len(await ovens[-1].cards(room["id"]))) == (10, 11, 10)


async def test_quarantine_is_for_leads(door: Door) -> None:
    oven = Oven(door)
    reject = {"code": "decode", "detail": "not JSON", "topic": f"plant/{oven.name}", "payload": "\x1f\ufffd"}
    [result] = await oven.report({"source": "s1", "reject": reject})
    assert (result["outcome"], result["code"]) == ("quarantined", "decode")
    page = (await (await door.client("lin")).get("/api/quarantine?limit=1")).json()
    [row] = page["items"]
    assert {name: row[name] for name in reject} == reject
    assert row["source"] == "s1"
    older = (await (await door.client("admin")).get(f"/api/quarantine?before={page['next']}&limit=1")).json()
    assert all(item["id"] < row["id"] for item in older["items"])
    for name in ("wang", "guest"):
        check_problem(await (await door.client(name)).get("/api/quarantine"), 403, "forbidden")


async def test_return_and_raise_in_one_batch_after_the_room_was_closed(door: Door) -> None:
    """The old card tells its return, the new raise has a room of its own."""
    oven = Oven(door)
    room = (await oven.tell())["room_id"]
    await (await oven.reader()).post(f"/api/rooms/{room}/transitions", json={"to": "false_alarm"})
    results = await oven.report(oven.seen(active=False), oven.seen())
    assert [result["outcome"] for result in results] == ["updated", "opened"]
    [old], [new] = await oven.cards(room), await oven.cards(results[1]["room_id"])
    assert (old["state"]["active"], new["state"]["active"]) == (False, True)


async def test_a_logged_alarm_that_gets_worse_enters_a_room(door: Door) -> None:
    oven = Oven(door)
    assert (await oven.tell(severity="low"))["outcome"] == "logged"
    worse = await oven.tell(severity="critical")
    assert worse["outcome"] == "opened"
    [card] = await oven.cards(worse["room_id"])
    assert card["severity"] == "critical"
    assert (await oven.tell(active=False))["room_id"] == worse["room_id"]
