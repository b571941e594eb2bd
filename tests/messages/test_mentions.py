"""Whom a text calls: tokens, names glued to Chinese text, groups; who is absent, who is nobody."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from hub.base.db import Database
from hub.messages.mentions import Called, called, folded, newly, plain, sorted_out, stored
from hub.wire.problems import Problem
from hub.wire.views import Mentions, Person
from tests.plant.people import People
from tests.plant.processes import Hubs
from tests.plant.shifts import put_on_shift

WANG, WANG_MING, HUANG, LIN, LINDA = (UUID(int=number) for number in range(1, 6))
NAMES = {
    folded(name): user
    for name, user in {"王小": WANG, "王小明": WANG_MING, "黃": HUANG, "Lin": LIN, "Linda Chen": LINDA}.items()
}


# What the browser reads too (web/src/lib/mentions.test.ts); the hub also takes account names, which browsers do not
# know.
SHARED: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "mentions.json").read_text("utf-8"))


@pytest.mark.parametrize("case", SHARED, ids=lambda case: case["text"])
def test_as_the_browser_reads_it(case: dict[str, Any]) -> None:
    members = {folded(name): UUID(user) for name, user in case["members"].items()}
    assert called(case["text"], members).names == [UUID(user) for user in case["people"]]


@pytest.mark.parametrize(
    ("content", "users"),
    [
        ("@王小明 過來", [WANG_MING]),
        ("請@王小明過來", [WANG_MING]),
        ("請@王小過來", [WANG]),
        ("請＠黃、@王小明看一下", [HUANG, WANG_MING]),
        ("@lin please", [LIN]),
        ("@ＬＩＮ，請看", [LIN]),
        ("@Linda Chen and @Lin", [LINDA, LIN]),
        ("@Linda", []),
        ("@lin2 and @lin_x", []),
        ("mail lin@黃.example and x@lin", []),
        ("5@lin", []),
        ("é@lin", []),
        ("(@lin)", [LIN]),
        ("@@lin", [LIN]),
        ("@", []),
        ("王小明", []),
    ],
)
def test_names_as_they_are_typed(content: str, users: list[UUID]) -> None:
    assert called(content, NAMES).names == users


@pytest.mark.parametrize(
    ("content", "groups"),
    [
        ("@room 停機", ["room"]),
        ("請@所有人撤離", ["room"]),
        ("@oncall @值班", ["oncall", "oncall"]),
        ("叫@組長來", ["lead"]),
        ("@leader @roommate", []),
    ],
)
def test_groups(content: str, groups: list[str]) -> None:
    assert called(content, NAMES) == Called(groups=groups)  # type: ignore[arg-type]


def test_a_token_is_not_a_name_too() -> None:
    assert called(f"<@{LIN}> <@nobody> <@{str(LIN).upper()}>", NAMES) == Called(tokens=[LIN, LIN])


def test_present_absent_nobody() -> None:
    people = {user: Person(user, str(user), "person") for user in (LIN, HUANG)}
    nobody = uuid4()
    found = sorted_out(Called([HUANG, nobody, LIN], [LIN], ["room", "room"]), [people[LIN]], people)
    assert found == Mentions([people[LIN]], [people[HUANG]], ["room"], [str(nobody)])
    before = stored(Mentions([people[LIN]], groups=["lead"]))
    assert newly(before, Mentions([people[LIN], people[HUANG]], groups=["lead", "oncall"])) == ([HUANG], ["oncall"])
    assert newly(before, None) == ([], [])
    assert plain(f"<@{LIN}>，好", {LIN: "Lin"}) == "@Lin，好"


def test_twenty_are_enough() -> None:
    many = [uuid4() for _ in range(21)]
    people = {user: Person(user, "x", "person") for user in many}
    assert len(sorted_out(Called(many[:20]), people.values(), people).people) == 20
    with pytest.raises(Problem, match="too_many_mentions"):
        sorted_out(Called(many), people.values(), people)


async def say(client: httpx.AsyncClient, room: str, content: str) -> httpx.Response:
    return await client.post(f"/api/rooms/{room}/messages", json={"content": content})


async def test_called_people_stand_in_the_metadata_and_count_for_them(hubs: Hubs, people: People) -> None:
    room, lin, wang = await hubs.open_room("lin"), await hubs.client("lin"), await hubs.client("wang")
    await say(wang, room, "I come")
    async with await hubs.live("chen") as live:
        await live.subscribe(room)
        stranger = uuid4()
        posted = (await say(lin, room, f"請@wang過來，<@{people['chen']}> <@{stranger}> @oncall")).json()
        event = await live.wait_for("event", seq=posted["seq"])
    told = event["body"]["message"]["metadata"]["mentions"]
    read = (await wang.get(f"/api/rooms/{room}/messages/{posted['message_id']}")).json()["metadata"]["mentions"]
    assert told == read
    assert [it["name"] for it in told["people"]] == ["wang"]
    assert [it["name"] for it in told["absent"]] == ["chen"]
    assert (told["groups"], told["unknown"]) == (["oncall"], [str(stranger)])
    row = (await wang.get(f"/api/rooms/{room}")).json()
    assert (row["unread"], row["mentions"]) == (1, 1)
    assert "@chen" in row["last_message"]["preview"]
    await say(lin, room, "never mind")
    row = (await wang.get(f"/api/rooms/{room}")).json()
    assert (row["unread"], row["mentions"]) == (2, 1)


async def test_what_clients_say_of_mentions_counts_for_nothing(hubs: Hubs, people: People) -> None:
    room, lin = await hubs.open_room("lin"), await hubs.client("lin")
    forged = {"mentions": {"people": [str(people["wang"])], "groups": ["room"]}, "note": 1}
    answer = await lin.post(f"/api/rooms/{room}/messages", json={"content": "hello", "metadata": forged})
    message = (await lin.get(f"/api/rooms/{room}/messages/{answer.json()['message_id']}")).json()
    assert message["metadata"] == {"note": 1}


async def test_an_edit_calls_only_those_it_names_for_the_first_time(hubs: Hubs, people: People) -> None:
    room, lin = await hubs.open_room("lin"), await hubs.client("lin")
    for name in ("wang", "chen"):
        await say(await hubs.client(name), room, "here")
    posted = (await say(lin, room, "@wang come")).json()["message_id"]
    async with await hubs.live("wang") as live:
        await live.subscribe(room)
        await lin.patch(f"/api/messages/{posted}", json={"content": "@wang @chen come"})
        event = await live.wait_for("event", type="MessageEdited")
    assert (event["body"]["called"], event["body"].get("called_groups")) == ([str(people["chen"])], None)
    assert [it["name"] for it in event["body"]["now"]["metadata"]["mentions"]["people"]] == ["wang", "chen"]


async def test_bad_24(hubs: Hubs) -> None:
    room, wang, lin = await hubs.open_room("lin"), await hubs.client("wang"), await hubs.client("lin")
    many = " ".join(f"<@{uuid4()}>" for _ in range(21))
    assert (await say(wang, room, many)).json()["code"] == "too_many_mentions"
    assert (await say(wang, room, "@all out!")).json()["code"] == "mention_all"
    assert (await say(lin, room, "@all out!")).status_code == 201
    async with await hubs.live("wang") as live:
        await live.subscribe(room)
        await live.say("send", room=room, client_msg_id="w1", content="@所有人 出去")
        assert (await live.wait_for("error", ref="w1"))["code"] == "mention_all"
        await live.say("send", room=room, client_msg_id="w2", content="@lin 出去")
        await live.say("send", room=room, client_msg_id="w3", content="without")
        assert (await live.wait_for("ack", ref="w2"))["seq"] + 1 == (await live.wait_for("ack", ref="w3"))["seq"]


async def test_who_may_not_write_asks_nobody_who_the_members_are(hubs: Hubs) -> None:
    """A frame full of `@` is refused by its size and by its sender's role before anything is looked up."""
    room = await hubs.open_room("lin")
    for name, code in (("guest", "forbidden"), ("wang", "content_too_long")):
        async with await hubs.live(name) as live:
            await live.say("send", room=room, client_msg_id="@", content="@" * 100_000)
            assert (await live.wait_for("error", ref="@"))["code"] == code


async def test_oncall_is_who_is_on_shift_for_the_line(hubs: Hubs, people: People, database: Database) -> None:
    """Also who is not in the room; members on the other shift are left alone. Without a roster it is the members."""
    line, lin, wang = "SMT-ON-CALL", await hubs.client("lin"), await hubs.client("wang")
    room = await hubs.open_room("lin", line=line)
    await say(wang, room, "I come")
    before = (await say(lin, room, "@oncall one")).json()["message_id"]
    assert (await wang.get(f"/api/rooms/{room}")).json()["mentions"] == 1
    await put_on_shift(database, people.actor("lin"), line, people["lin"], people["chen"])
    posted = (await say(lin, room, "@當班 two")).json()["message_id"]
    told = [
        (await lin.get(f"/api/rooms/{room}/messages/{it}")).json()["metadata"]["mentions"] for it in (before, posted)
    ]
    assert [[it["name"] for it in told_.get("on_shift", [])] for told_ in told] == [[], ["lin", "chen"]]
    counts = [(await (await hubs.client(it)).get(f"/api/rooms/{room}")).json()["mentions"] for it in ("wang", "chen")]
    assert counts == [1, 1]
