"""Bad searches: each gets its code, and the next good request works. Odd words are just looked for."""

import asyncio
import json
from urllib.parse import quote

import httpx
import pytest

from hub.wire import limits
from tests.surfaces.bad import Bad, check_problem, numbered, patient
from tests.surfaces.door import Door

ALL = "/api/search"
ROOM = "/api/rooms/{room}/messages/search"
ID = "0190b6a0-0000-7000-8000-00000000000a"


def get(query: str, code: str, path: str = ALL, status: int = 422) -> Bad:
    return Bad(22, f"{path}?{query}"[:80], status, code, None, f"{path}?{query}", "GET", {})


def asked(words: str, code: str, path: str = ALL, status: int = 422) -> Bad:
    return get(f"q={quote(words)}", code, path, status)


LONG = "x" * limits.QUERY_BYTES
SEARCHES = [
    *(
        asked(words, "query_short", path)
        for words in ("", " ", "a", "5", ":*&|!", '"', "''", "👍")
        for path in (ALL, ROOM)
    ),
    asked(LONG + "x", "query_long"),
    asked("x" * 5000, "query_long"),
    asked(" ".join(f"ab{number}" for number in range(17)), "query_long"),
    asked("溫" * (limits.QUERY_BYTES // 3 + 1), "query_long", ROOM),
    asked("a\0b", "text_invalid", status=400),
    get("", "invalid"),
    get("q=%ed%a0%80", "query_short"),
    asked("ok", "not_found", f"/api/rooms/{ID}/messages/search", 404),
    asked("ok", "id_invalid", "/api/rooms/x/messages/search"),
    get(f"q=ok&room_id={ID}", "not_found", status=404),
    get("q=ok&room_id=x", "id_invalid"),
    get("q=ok&from=x", "id_invalid"),
    get("q=ok&kind=bogus", "invalid"),
    get("q=ok&has=everything", "invalid"),
    get("q=ok&after=yesterday", "invalid"),
    get("q=ok&before=2026-11-24T08:00:00", "invalid"),
    get("q=ok&after=0001-01-01T00:00:00%2B14:00", "invalid"),
    get("q=ok&machine=%00", "text_invalid", status=400),
    get(f"q=ok&machine={'x' * (limits.PLACE_CHARS + 1)}", "invalid"),
    *(get(f"q=ok&limit={value}", "limit") for value in ("-1", "0", "1000000000", "x")),
    *(
        get(f"q=ok&cursor={value}", "cursor_invalid")
        for value in ("garbage", "", "%00", "%ff", "A" * 31, "_" * 36, "bjk5O")
    ),
]
ODD = [
    "'; DROP TABLE messages; --",
    "ok:*&|!(ok)",
    "100% _x_ \\x",
    "{ok} [ok] (ok",
    "$1 :id :tokens",
    '"ok" OR "ok',
    "<script>alert(1)</script>",
    "x" * limits.QUERY_BYTES,
    "溫" * (limits.QUERY_BYTES // 3),
    " ".join("ab" for _ in range(170)),
    "\u202eok",
    "e\u0301" * 100,
]


@pytest.fixture(scope="module")
async def lin(door: Door) -> httpx.AsyncClient:
    return await door.client("lin", door.any())


@pytest.mark.parametrize("bad", numbered(SEARCHES))
async def test_bad_search(bad: Bad, lin: httpx.AsyncClient, room: str) -> None:
    check_problem(await patient(lin, bad.path.format(room=room)), bad.status, bad.code)
    assert (await lin.get("/api/auth/me")).json()["username"] == "lin"


@pytest.mark.parametrize("words", ODD)
async def test_bad_22_odd_words_are_words(lin: httpx.AsyncClient, room: str, words: str) -> None:
    for path in (ALL, ROOM.format(room=room)):
        answer = await patient(lin, f"{path}?q={quote(words)}")
        assert (answer.status_code, answer.json()["hits"]) == (200, []), answer.text


async def test_bad_22_too_many_at_once(door: Door) -> None:
    """A burst of ten, then two each second; whoever asks too often is told when to come back, and nobody else waits."""
    admin, chen = await door.client("admin", door.all[0]), await door.client("chen", door.any())
    both = [admin, await door.client("admin", door.all[1])]
    answers = await asyncio.gather(*(both[number % 2].get(f"{ALL}?q=ok") for number in range(40)))
    refused = [answer for answer in answers if answer.status_code == 429]
    print(f"40 searches at once: {40 - len(refused)} answered, {len(refused)} told to wait")
    assert limits.SEARCHES_BURST <= 40 - len(refused) < 40
    waits = [check_problem(answer, 429, "rate_limited")["retry_after"] for answer in refused]
    assert (await chen.get(f"{ALL}?q=ok")).status_code == 200
    await asyncio.sleep(max(waits))
    assert (await admin.get(f"{ALL}?q=ok")).status_code == 200


async def test_the_log_tells_that_and_never_what(door: Door) -> None:
    """One who reads the logs does not learn what people look for."""
    hub = door.any()
    wang = await door.client("wang", hub)
    assert (await patient(wang, f"{ALL}?q={quote('hunter2 祕密配方')}")).is_success
    lines = [json.loads(line) for line in hub.output().splitlines() if "search_performed" in line]
    assert lines[-1].keys() >= {"user", "scope", "query_sha256", "hits"}
    assert (lines[-1]["user"], lines[-1]["scope"]) == (str(door.people["wang"]), "all")
    assert not any(word in hub.output() for word in ("hunter2", "祕密", quote("祕")))
    assert 'searches_total{scope="all"}' in (await wang.get("/metrics")).text
