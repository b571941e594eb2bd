"""The parts of a search: the newest walked through, the days before them, the rest. Together they miss nothing."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from hub.log.log import RoomLog
from hub.messages.search import find
from hub.messages.search.find import Wanted, plan
from tests.messages.search.conftest import Corpus
from tests.messages.search.corpus import ask, found, index, rows
from tests.plant.people import People

SPREAD = [
    "UPDATE messages SET created_at = created_at - make_interval(hours => (sequence_number * 37 % 400)::int)",
    "DELETE FROM message_search",
    "DELETE FROM reader_cursors WHERE reader = 'search'",
]
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
async def spread(corpus: Corpus, room_log: RoomLog) -> Corpus:
    """The corpus, said in the course of two weeks, and indexed again from nothing."""
    async with room_log.db.transaction() as tx:
        for statement in SPREAD:
            await tx.execute(text(statement))
    await index(room_log)
    return corpus


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that this corpus has all three."""
    monkeypatch.setattr(find, "NEWEST", 8)
    monkeypatch.setattr(find, "FURTHER", 2)


@pytest.mark.usefixtures("few")
async def test_all_parts_together_find_everything(room_log: RoomLog, people: People, spread: Corpus) -> None:
    wang = people.actor("wang")
    for row in rows("search.tsv"):
        assert set(spread.names(await found(room_log, wang, row["query"]))) == set(row["expected"].split()), row


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("query", ["溫", "料", "ALM", "印刷 錫膏", "wang"])
@pytest.mark.parametrize("room", [None, "a"])
async def test_pages_over_all_parts(
    room_log: RoomLog, people: People, spread: Corpus, query: str, room: str | None
) -> None:
    """Newest first, each once, however the pages cut the parts."""
    wang, room_id = people.actor("wang"), spread.rooms[room] if room else None
    whole = await ask(room_log, wang, query, room_id=room_id)
    assert [hit.message.created_at for hit in whole.hits] == sorted(
        (hit.message.created_at for hit in whole.hits), reverse=True
    )
    met: list[UUID] = []
    cursor = None
    for _ in range(20):
        page = await ask(room_log, wang, query, limit=1, cursor=cursor, room_id=room_id)
        met += [hit.message.message_id for hit in page.hits]
        if (cursor := page.next) is None:
            break
    assert met == [hit.message.message_id for hit in whole.hits]


@pytest.mark.usefixtures("few")
async def test_between_two_days(room_log: RoomLog, people: People, spread: Corpus) -> None:
    """Times cut through the parts as well."""
    wang = people.actor("wang")
    hits = (await ask(room_log, wang, "溫")).hits
    for older, newer in [(2, 0), (5, 1), (6, 6)]:
        since, until = hits[older].message.created_at, hits[newer].message.created_at + timedelta(microseconds=1)
        part = await ask(room_log, wang, "溫", after=since, before=until)
        assert [hit.message for hit in part.hits] == [hit.message for hit in hits[newer : older + 1]]


def test_the_plan_names_the_days_of_a_span_and_leaves_no_hole() -> None:
    near = NOW - timedelta(hours=1)
    _, values = plan(Wanted(("溫",)), (NOW, near))
    assert values["near_since"] == values["days_until"] == near
    assert values["days_since"] == values["rest_until"] == near - timedelta(days=1)
    assert values["days_days"] == ["day:2026-11-23", "day:2026-11-24"]
    assert "rest_days" not in values
    statement, values = plan(Wanted(("溫",), since=NOW - timedelta(hours=9)), (NOW, near))
    assert values["days_since"] == values["rest_since"] == NOW - timedelta(hours=9)
    assert statement.count("UNION ALL") == 2


def test_a_small_index_is_searched_in_one_part() -> None:
    statement, values = plan(Wanted(("溫",), UUID(int=7)), (NOW, None))
    assert "UNION ALL" not in statement
    assert values["tokens"] == ["溫", f"room:{UUID(int=7)}"]
