"""One finds what one may read: of a room for members only, what was said while one belonged to it."""

from uuid import UUID

import pytest

from hub.log.log import RoomLog
from hub.messages.actions import add_reaction
from hub.rooms import actions
from hub.rooms import opening as rooms
from hub.rooms.members import actions as members
from hub.wire.problems import Problem
from hub.wire.requests import ChangeRoom, OpenRoom
from tests.messages.search.corpus import ask, found, index, write
from tests.plant.people import People


@pytest.fixture(scope="module")
async def secret(room_log: RoomLog, people: People) -> UUID:
    """A room of wang for members only: chen came after the first word and left after the second."""
    wang, chen = people.actor("wang"), people["chen"]
    room = await rooms.open_room(room_log, wang, OpenRoom("Recipe", visibility="members"))
    await write(room_log, room, wang.id, "配方 一")
    await members.add_member(room_log, wang, room, chen, "responder")
    await write(room_log, room, wang.id, "配方 二")
    await members.remove_member(room_log, wang, room, chen)
    await write(room_log, room, wang.id, "配方 三")
    await index(room_log)
    return room


async def contents(room_log: RoomLog, people: People, name: str, query: str = "配方") -> list[str]:
    page = await ask(room_log, people.actor(name), query)
    return [hit.message.content for hit in page.hits]


async def test_strangers_find_nothing(room_log: RoomLog, people: People, secret: UUID) -> None:
    for name in ("lin", "guest", "gateway"):
        assert await contents(room_log, people, name) == []
        with pytest.raises(Problem, match="not_found"):
            await ask(room_log, people.actor(name), "配方", room_id=secret)


async def test_members_and_admins_find_it(room_log: RoomLog, people: People, secret: UUID) -> None:
    for name in ("wang", "admin"):
        assert await contents(room_log, people, name) == ["配方 三", "配方 二", "配方 一"]


async def test_who_was_removed_finds_no_more_and_who_is_back_finds_their_spans(
    room_log: RoomLog, people: People, secret: UUID
) -> None:
    assert await contents(room_log, people, "chen") == []
    await members.add_member(room_log, people.actor("wang"), secret, people["chen"], "responder")
    await write(room_log, secret, people["wang"], "配方 四")
    await index(room_log)
    assert await contents(room_log, people, "chen") == ["配方 四", "配方 二"]
    await members.remove_member(room_log, people.actor("wang"), secret, people["chen"])
    assert await contents(room_log, people, "chen") == []


async def test_a_room_that_closes_its_doors_is_found_by_its_members_alone(room_log: RoomLog, people: People) -> None:
    lin = people.actor("lin")
    room = await rooms.open_room(room_log, lin, OpenRoom("Audit"))
    message = await write(room_log, room, lin.id, "稽核缺失")
    await index(room_log)
    assert await found(room_log, people.actor("chen"), "稽核") == [message]
    await actions.change_room(room_log, lin, room, ChangeRoom(visibility="members"))
    assert await found(room_log, people.actor("chen"), "稽核") == []
    assert await found(room_log, lin, "稽核") == [message]


async def test_a_hit_tells_each_reader_which_reaction_is_theirs(room_log: RoomLog, people: People) -> None:
    lin, wang = people.actor("lin"), people.actor("wang")
    message = await write(room_log, await rooms.open_room(room_log, lin, OpenRoom("Oven")), lin.id, "熱電偶換新")
    await add_reaction(room_log, wang, message, "👍")
    await index(room_log)
    for reader, mine in ((lin, False), (wang, True)):
        [hit] = (await ask(room_log, reader, "熱電偶換新")).hits
        assert [it.mine for it in hit.message.reactions] == [mine]
