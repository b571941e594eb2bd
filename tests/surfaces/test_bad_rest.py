"""Bad REST input: each gets its code, and the next good request works."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from hub.stack.process import LOOPBACK
from hub.wire import limits
from tests.surfaces.bad import Bad, check_problem, numbered, told
from tests.surfaces.door import Door

ROOM = "/api/rooms/{room}"
POST = f"{ROOM}/messages"
READ = f"{ROOM}/read"
ID = "0190b6a0-0000-7000-8000-00000000000a"
DEEP = 10_000


def nested(depth: int) -> bytes:
    return b'{"title":"x","more":' + b"[" * depth + b"]" * depth + b"}"


def text(content: str) -> bytes:
    return told({"content": content})


def get(number: int, path: str, status: int, code: str) -> Bad:
    return Bad(number, path, status, code, None, path, "GET", {})


BODIES = [
    Bad(1, "cut off", 400, "json_invalid", b'{"a":'),
    Bad(1, "nothing", 400, "json_invalid", b""),
    Bad(1, "NaN is no JSON", 400, "json_invalid", b'{"title": NaN}'),
    Bad(1, "single quotes", 400, "json_invalid", b"{'title': 'x'}"),
    Bad(1, "5000 digits", 400, "json_invalid", b'{"seq":' + b"9" * 5000 + b"}", READ, "PUT"),
    Bad(2, "key twice", 400, "json_duplicate_key", b'{"title": "a", "title": "b"}'),
    Bad(2, "key twice, deeper", 400, "json_duplicate_key", b'{"content": "a", "metadata": {"a": 1, "a": 2}}', POST),
    Bad(4, "one too deep", 400, "json_too_deep", nested(limits.JSON_DEPTH)),
    Bad(4, "deep enough to break a recursion", 400, "json_too_deep", nested(900)),
    Bad(4, "10,000 deep", 400, "json_too_deep", nested(DEEP)),
    Bad(4, "objects", 400, "json_too_deep", b'{"metadata":' * DEEP + b"1" + b"}" * DEEP, POST),
    Bad(5, "over 1 MiB", 413, "body_too_large", told({"title": "x" * limits.BODY_BYTES})),
    Bad(6, "plain text", 415, "media_type", b'{"title":"x"}', headers={"content-type": "text/plain"}),
    Bad(6, "no media type", 415, "media_type", b'{"title":"x"}', headers={}),
    Bad(6, "a form", 415, "media_type", b"title=x", headers={"content-type": "application/x-www-form-urlencoded"}),
    Bad(
        6, "Latin-1", 415, "media_type", b'{"title":"x"}', headers={"content-type": "application/json; charset=latin1"}
    ),
    Bad(6, "not UTF-8 in spite of its word", 400, "json_invalid", '{"title":"é"}'.encode("latin-1")),
    Bad(6, "UTF-16", 400, "json_invalid", '{"title":"é"}'.encode("utf-16")),
    Bad(6, "byte order mark", 400, "json_invalid", b'\xef\xbb\xbf{"title":"x"}'),
]
TEXTS = [
    Bad(7, "10 KiB and one", 422, "content_too_long", text("a" * (limits.TEXT_BYTES + 1)), POST),
    Bad(7, "counted in UTF-8", 422, "content_too_long", text("字" * (limits.TEXT_BYTES // 3 + 1)), POST),
    Bad(
        8,
        "100 KiB and one",
        422,
        "metadata_too_long",
        told({"content": "x", "metadata": {"a": "x" * (limits.STRUCTURED_BYTES - 7)}}),
        POST,
    ),
    *(Bad(9, repr(blank), 422, "content_empty", text(blank), POST) for blank in ("", " \n\t", "\u3000")),
    *(Bad(9, repr(blank), 422, "content_empty", text(blank), POST) for blank in ("\u200b\u200d\ufeff", "\u2800", "ㅤ")),
    Bad(9, "blank title", 422, "invalid", told({"title": " \u200b"})),
    Bad(9, "NUL in a text", 400, "text_invalid", rb'{"content": "a\u0000b"}', POST),
    Bad(9, "half a surrogate", 400, "text_invalid", rb'{"content": "a\udc00b"}', POST),
    Bad(9, "NUL in structured data", 400, "text_invalid", rb'{"content": "a", "metadata": {"a": ["\u0000"]}}', POST),
    Bad(9, "NUL in a key of it", 400, "text_invalid", rb'{"content": "a", "metadata": {"\u0000": 1}}', POST),
    Bad(9, "surrogate in it", 400, "text_invalid", rb'{"content": "a", "metadata": {"a": "\ud800"}}', POST),
    Bad(9, "NUL in the message's key", 400, "text_invalid", rb'{"content": "a", "client_msg_id": "\u0000"}', POST),
    *(Bad(9, f"NUL in {f}", 400, "text_invalid", told({"title": "x", f: "a\0"})) for f in ("title", "site", "line")),
    get(9, "/api/rooms?line=%00", 400, "text_invalid"),
    get(9, "/api/rooms?machine=a%00", 400, "text_invalid"),
]
IDS = [
    get(12, "/api/rooms/x", 422, "id_invalid"),
    get(12, "/api/rooms/{{{room}}}", 422, "id_invalid"),
    get(12, "/api/rooms/urn:uuid:{room}", 422, "id_invalid"),
    get(12, "/api/rooms/%00", 422, "id_invalid"),
    get(12, f"{ROOM}0", 422, "id_invalid"),
    get(12, f"{ROOM}/messages/1", 422, "id_invalid"),
    get(12, f"/api/rooms/{ID}", 404, "not_found"),
    get(12, f"{ROOM}/messages/{ID}", 404, "not_found"),
]
FIELDS = [
    Bad(13, "unknown field", 422, "unknown_field", told({"title": "x", "sender_id": ID})),
    Bad(13, "a seq of one's own", 422, "unknown_field", told({"content": "x", "seq": 1}), POST),
    Bad(13, "missing field", 422, "missing_field", told({})),
    Bad(13, "number for text", 422, "type", told({"title": 1})),
    Bad(13, "array for an object", 422, "type", told([1])),
    Bad(13, "null for an object", 422, "type", told({"content": "x", "metadata": None}), POST),
    Bad(13, "text for a number", 422, "type", told({"seq": "1"}), READ, "PUT"),
    Bad(13, "1.0 for 1", 422, "type", told({"seq": 1.0}), READ, "PUT"),
    Bad(13, "truth for a number", 422, "type", told({"seq": True}), READ, "PUT"),
    Bad(13, "'true' for truth", 422, "type", told({"seq": "true"}), READ, "PUT"),
    Bad(13, "negative", 422, "invalid", told({"seq": -1}), READ, "PUT"),
    Bad(13, "beyond 2^53", 422, "invalid", told({"seq": 2**53 + 1}), READ, "PUT"),
    Bad(13, "1e309", 422, "invalid", b'{"content": "x", "metadata": {"a": 1e309}}', POST),
    Bad(13, "no word of ours", 422, "invalid", told({"title": "x", "severity": "critcal"})),
    Bad(13, "long title", 422, "invalid", told({"title": "x" * 201})),
    Bad(13, "system message", 403, "forbidden", told({"content": "x", "type": "system"}), POST),
    Bad(13, "a card by hand", 403, "forbidden", told({"content": "x", "type": "incident_data"}), POST),
    Bad(13, "not a status", 422, "invalid", told({"to": "exploded"}), f"{ROOM}/transitions"),
]
LIMITS = [
    *(get(14, f"/api/rooms?limit={value}", 422, "limit") for value in ("-1", "0", "1000000000", "x", "1.5", "")),
    *(get(14, f"{POST}?limit={value}", 422, "limit") for value in ("-1", "0", "1000000000")),
    *(get(14, f"{ROOM}/events?limit={value}", 422, "limit") for value in ("0", "1000000000")),
    *(get(14, f"/api/rooms?cursor={value}", 422, "cursor_invalid") for value in ("garbage", "", "%00", "%ff", "bjk5O")),
    *(get(14, f"/api/rooms?changed_after={v}", 422, "cursor_invalid") for v in ("x", "", "-1", "%EF%BC%91", "9" * 30)),
    get(14, f"{POST}?before_seq=x", 422, "type"),
    get(14, f"{POST}?after_seq=-1", 422, "invalid"),
    get(14, f"{POST}?around=9007199254740993", 422, "invalid"),
    get(14, f"{POST}?type=bogus", 422, "invalid"),
    get(14, "/api/rooms?status=bogus", 422, "invalid"),
]
TEMPLATES = ("{{7*7}}", "${7*7}", "<%= 7*7 %>", "{% for x in y %}", "#{7*7}", "$(id)", "`id`", "{0.__class__}", "%s%n")
METHODS = [
    *(Bad(15, method, 405, "method", None, "/api/rooms", method, {}) for method in ("DELETE", "PUT", "TRACE")),
    Bad(15, "POST", 405, "method", None, ROOM, "POST", {}),
    get(15, "/api/nothing-here", 404, "not_found"),
    get(15, "/health/nothing", 404, "not_found"),
]


@pytest.mark.parametrize("bad", numbered([*BODIES, *TEXTS, *IDS, *FIELDS, *LIMITS, *METHODS]))
async def test_bad_request(bad: Bad, wang: httpx.AsyncClient, room: str) -> None:
    answer = await wang.request(bad.method, bad.path.format(room=room), content=bad.body, headers=bad.headers)
    check_problem(answer, bad.status, bad.code)
    assert (bad.status == 405) == ("allow" in answer.headers)
    assert (await wang.get("/api/auth/me")).json()["username"] == "wang"


async def test_bad_5_body_without_a_length(wang: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(2 * limits.BODY_BYTES // 65536):
            yield b"x" * 65536

    answer = await wang.post("/api/rooms", content=endless(), headers={"content-type": "application/json"})
    check_problem(answer, 413, "body_too_large")


async def test_bad_5_lying_length(door: Door) -> None:
    """Who promises too much is answered at once, without waiting for it."""
    reader, writer = await asyncio.open_connection(LOOPBACK, door.any().port)
    writer.write(
        b"POST /api/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"content-length: 99999999\r\n\r\n{}"
    )
    async with asyncio.timeout(5):
        assert b" 413 " in await reader.readline()
        assert b"body_too_large" in await reader.readuntil(b"}")
    writer.close()


async def test_good_edges(wang: httpx.AsyncClient, room: str) -> None:
    """The largest that is allowed is taken, and an id in upper case is the same id."""
    longest = await wang.post(f"/api/rooms/{room}/messages", json={"content": "a" * limits.TEXT_BYTES})
    largest = {"content": "x", "metadata": {"a": "x" * (limits.STRUCTURED_BYTES - 8)}}
    assert longest.status_code == 201
    assert (await wang.post(f"/api/rooms/{room}/messages", json=largest)).status_code == 201
    assert (await wang.get(f"/api/rooms/{room.upper()}")).json()["room"]["id"] == room
    literal = await wang.post(f"/api/rooms/{room}/messages", json={"content": r"\u0000", "metadata": {"a": r"\u0000"}})
    assert literal.status_code == 201


async def test_bad_16_same_key_other_body(wang: httpx.AsyncClient, room: str) -> None:
    key = {"idempotency-key": "k-16"}
    first = await wang.post(f"/api/rooms/{room}/messages", json={"content": "a"}, headers=key)
    again = await wang.post(f"/api/rooms/{room}/messages", json={"content": "a"}, headers=key)
    other = await wang.post(f"/api/rooms/{room}/messages", json={"content": "b"}, headers=key)
    assert (first.json()["seq"], again.json()["duplicate"]) == (again.json()["seq"], True)
    check_problem(other, 409, "key_reused")
    for wrong in ("", "k" * 129):
        answer = await wang.post(
            f"/api/rooms/{room}/messages", json={"content": "a"}, headers={"idempotency-key": wrong}
        )
        check_problem(answer, 422, "invalid")


async def test_bad_19_closed_and_hidden_rooms(door: Door) -> None:
    wang, chen = await door.client("wang"), await door.client("chen")
    closed = await door.open_room("wang")
    await wang.post(f"/api/rooms/{closed}/transitions", json={"to": "false_alarm"})
    check_problem(await wang.post(f"/api/rooms/{closed}/messages", json={"content": "x"}), 409, "room_closed")
    check_problem(await wang.patch(f"/api/rooms/{closed}", json={"title": "x"}), 409, "room_closed")
    hidden = await door.open_room("wang", visibility="members")
    absent = await chen.get(f"/api/rooms/{ID}")
    for path in ("", "/snapshot", "/messages", "/events", "/members"):
        found = await chen.get(f"/api/rooms/{hidden}{path}")
        problem = check_problem(found, 404, "not_found")
        assert problem | {"request_id": ""} == absent.json() | {"request_id": ""}
    check_problem(await chen.post(f"/api/rooms/{hidden}/messages", json={"content": "x"}), 404, "not_found")
    check_problem(await chen.post(f"/api/rooms/{hidden}/transitions", json={"to": "acknowledged"}), 404, "not_found")
    check_problem(await chen.post(f"/api/rooms/{hidden}/members", json={}), 404, "not_found")
    assert hidden not in (await chen.get("/api/rooms")).text


async def test_bad_89_1_the_same_incident_is_opened_once(door: Door) -> None:
    """By whoever reports it, also at once on two hubs; another fault, or the same after it ended, is another room."""
    jam = {"title": "Jam", "machine": "CV-89", "line": "L2"}
    names = ("wang", "chen", "lin", "wang")
    opened = await asyncio.gather(*[(await door.client(name)).post("/api/rooms", json=jam) for name in names])
    assert sorted((it.status_code, it.json()["duplicate"]) for it in opened) == [(200, True)] * 3 + [(201, False)]
    [room] = {it.json()["room"]["id"] for it in opened}
    wang = await door.client("wang")
    for other in ({"title": "Jam again"}, {"category": "quality"}, {"line": "L3"}, {"machine": "CV-90"}):
        assert (await wang.post("/api/rooms", json=jam | other)).status_code == 201
    assert [(await wang.post("/api/rooms", json={"title": "No machine"})).status_code for _ in "ab"] == [201, 201]
    await wang.post(f"/api/rooms/{room}/transitions", json={"to": "false_alarm"})
    assert (await wang.post("/api/rooms", json=jam)).status_code == 201


async def test_bad_89_2_what_one_may_not_see_is_no_duplicate(door: Door) -> None:
    recipe = {"title": "Recipe", "machine": "RO-89", "visibility": "members"}
    wang, chen = await door.client("wang"), await door.client("chen")
    first, again = await wang.post("/api/rooms", json=recipe), await wang.post("/api/rooms", json=recipe)
    other = await chen.post("/api/rooms", json=recipe)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert first.json()["room"]["id"] not in other.text


async def test_viewers_and_machines_do_not_speak(door: Door, room: str) -> None:
    viewer = await door.client("guest")
    check_problem(await viewer.post(f"/api/rooms/{room}/messages", json={"content": "x"}), 403, "forbidden")
    check_problem(await viewer.post("/api/rooms", json={"title": "x"}), 403, "forbidden")
    check_problem(await viewer.post(f"/api/rooms/{room}/transitions", json={"to": "acknowledged"}), 403, "forbidden")
    async with door.machine() as machine:
        check_problem(await machine.post(f"/api/rooms/{room}/messages", json={"content": "x"}), 404, "not_found")
        check_problem(await machine.get(f"/api/rooms/{room}"), 404, "not_found")
        assert (await machine.get("/api/rooms")).json()["rooms"] == []


async def test_wrong_hosts_and_paths_find_nothing(door: Door) -> None:
    async with door.newcomer() as http:
        for path in ("/..%2f..%2f..%2fetc%2fpasswd", "/%00", "/" + "a" * 5000, "/assets/..%2f..%2fpyproject.toml"):
            answer = await http.get(path)
            assert answer.status_code in {200, 404}
            assert "root:" not in answer.text
            assert "andon-hub" not in answer.text


@pytest.mark.parametrize("text", [pytest.param(text, id=f"bad_23_{n}") for n, text in enumerate(TEMPLATES, 1)])
async def test_templates_are_text(wang: httpx.AsyncClient, room: str, text: str) -> None:
    posted = await wang.post(f"/api/rooms/{room}/messages", json={"content": text, "metadata": {"note": text}})
    found = (await wang.get(f"/api/rooms/{room}/messages/{posted.json()['message_id']}")).json()
    assert (found["content"], found["metadata"]) == (text, {"note": text})


NAMES = ("evil.example", "evil.example:8080", "127.0.0.1.evil.example", "[::2]:80", "", "127.0.0.1@evil.example")


@pytest.mark.parametrize("name", [pytest.param(name, id=f"bad_90_{n}") for n, name in enumerate(NAMES, 1)])
async def test_a_browser_that_was_led_here_by_another_name(door: Door, name: str) -> None:
    wang = await door.client("wang")
    check_problem(await wang.get("/api/auth/me", headers={"host": name}), 400, "host")
    async with door.machine() as machine:
        assert (await machine.post("/api/alarms", json={"observations": []}, headers={"host": name})).is_success
    async with door.newcomer() as probe:
        assert (await probe.get("/health/live", headers={"host": name})).is_success


async def test_bad_90_other_headers_change_nothing(door: Door) -> None:
    wang = await door.client("wang")
    for header in ("x-forwarded-host", "forwarded", "x-original-url", "x-forwarded-prefix"):
        answer = await wang.get("/api/auth/me", headers={header: "evil.example"})
        assert answer.is_success
        assert "evil.example" not in answer.text + str(answer.headers)
    for name in ("localhost", "LOCALHOST:1", "andon.test", "andon.test:443"):
        assert (await wang.get("/api/auth/me", headers={"host": name})).is_success
