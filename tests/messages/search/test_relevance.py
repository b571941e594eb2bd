"""What a query must find and must not: the table tests/data/search.tsv over its corpus."""

import pytest

from hub.log.log import RoomLog
from tests.messages.search.conftest import Corpus
from tests.messages.search.corpus import ask, found, marked, rows
from tests.plant.people import People

QUERIES = rows("search.tsv")


async def test_everything_wanted_is_found_and_nothing_else(room_log: RoomLog, people: People, corpus: Corpus) -> None:
    wang, missed, wrong, wanted, got = people.actor("wang"), [], [], 0, 0
    for row in QUERIES:
        expected, forbidden = set(row["expected"].split()), set((row["forbidden"] or "").split())
        assert expected | forbidden <= corpus.messages.keys(), row
        hits = set(corpus.names(await found(room_log, wang, row["query"])))
        wanted, got = wanted + len(expected), got + len(hits & expected)
        missed += [(row["query"], name) for name in expected - hits]
        wrong += [(row["query"], name) for name in hits - expected]
    print(
        f"\n{len(QUERIES)} queries: {got} of {wanted} wanted hits found, recall {got / wanted:.3f}, {len(wrong)} others"
    )
    assert (missed, wrong) == ([], [])
    assert len(QUERIES) >= 100


@pytest.mark.parametrize(
    ("query", "name", "snippet"),
    [
        ("第5溫區", "zone5", "[第 5 溫區]超溫，我去看"),
        ("alm-1042", "alm_full", "[ＡＬＭ－１０４２] 又來了"),
        ("台灣", "taiwan", "料號是[臺灣]廠的，請台中倉補料"),
        ("overheat 主軸", "mixed", "[主軸] [overheat] 報警，代碼 ALM-1042，重啟後恢復"),
        ("モータ", "half", "[ﾓｰﾀ] 交換"),
        ("5 μm", "greek", "間隙 [5] [µm]，轉矩 12 N·m"),
        ("deviation", "card_zone", "Zone 7 [deviation]"),
        ("foo", "photo", "[foo].png"),
        ("小明", "mention_zh", "@王[小明] 到場了，@chen 不用來"),
    ],
)
async def test_a_hit_is_marked_as_it_was_written(
    room_log: RoomLog, people: People, corpus: Corpus, query: str, name: str, snippet: str
) -> None:
    page = await ask(room_log, people.actor("wang"), query)
    assert snippet in {marked(hit) for hit in page.hits if hit.message.message_id == corpus.messages[name]}


async def test_a_page_and_the_next_meet_everything_once(room_log: RoomLog, people: People, corpus: Corpus) -> None:
    wang, met, cursor = people.actor("wang"), [], None
    while True:
        page = await ask(room_log, wang, "溫", limit=3, cursor=cursor)
        met += [hit.message.message_id for hit in page.hits]
        if (cursor := page.next) is None:
            break
    assert met == await found(room_log, wang, "溫")
    assert len(met) == len(set(met)) == 7


@pytest.mark.parametrize(
    ("query", "to", "names"),
    [
        ("印刷", {"room": "a"}, ["solder2"]),
        ("印刷", {"sender": "chen"}, ["split", "solder"]),
        ("溫", {"machine": "ro-03", "kind": "incident_data"}, ["card_zone"]),
        ("overheat", {"line": "CNC-1"}, ["spindle_en"]),
        ("又來", {"code": "ALM-1042"}, ["alm_full"]),
        ("deviation", {"code": "e-2105"}, ["card_zone"]),
        ("報告", {"has_file": True}, ["report"]),
        ("交接", {"has_file": True}, ["report"]),
        ("交接", {}, ["report", "qwen"]),
        ("漏油", {"kind": "text"}, []),
    ],
)
async def test_narrowed(
    room_log: RoomLog, people: People, corpus: Corpus, query: str, to: dict[str, object], names: list[str]
) -> None:
    given = dict(to)
    if "room" in given:
        given["room_id"] = corpus.rooms[str(given.pop("room"))]
    if "sender" in given:
        given["sender"] = people[str(given["sender"])]
    assert corpus.names(await found(room_log, people.actor("wang"), query, **given)) == names


async def test_between_two_times(room_log: RoomLog, people: People, corpus: Corpus) -> None:
    wang = people.actor("wang")
    page = await ask(room_log, wang, "溫")
    newest, *_, oldest = [hit.message.created_at for hit in page.hits]
    assert await found(room_log, wang, "溫", after=newest) == [corpus.messages["temp_apart"]]
    assert corpus.messages["zone5"] not in await found(room_log, wang, "溫", after=oldest.replace(microsecond=999999))
    assert await found(room_log, wang, "溫", before=oldest) == []
