"""What operators and tools look at: health, metrics, the API's page, headers."""

import re
from html.parser import HTMLParser

import httpx
import pytest
from sqlalchemy import text

from hub.base.db import Database
from hub.base.migrate import newest
from hub.base.settings import SettingsError, from_environment
from tests.plant.processes import SECRET
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

METRICS = {
    "http_requests_total",
    "problems_total",
    "ws_connections",
    "ws_close_total",
    "resume_total",
    "slow_consumer_total",
    "messages_total",
    "nonce_dup_total",
    "flush_seconds",
    "commit_to_deliver_seconds",
    "ingest_total",
    "ingest_rejected_total",
    "rooms_opened_total",
    "auth_fail_total",
    "rate_limited_total",
    "break_glass_total",
    "hint_lost_total",
    "typing_signals_total",
    "presence_online",
    "broadcasts_total",
    "messages_changed_total",
    "room_events",
    "ws_error_total",
    "authz_denied_total",
    "searches_total",
    "search_lag_seconds",
    "audit_chain_ok",
    "audit_unsealed_seconds",
    "audit_refusals_total",
    "process_resident_memory_bytes",
}
ROUTES = {
    "post": [
        "/api/auth/login",
        "/api/auth/password",
        "/api/users",
        "/api/users/{user_id}/tokens",
        "/api/rooms",
        "/api/rooms/{room_id}/transitions",
        "/api/rooms/{room_id}/members",
        "/api/rooms/{room_id}/owner",
        "/api/rooms/{room_id}/merge",
        "/api/views",
        "/api/rooms/{room_id}/messages",
        "/api/alarms",
        "/api/broadcasts",
        "/api/messages/{message_id}/reactions",
        "/api/rooms/{room_id}/checklist",
        "/api/templates",
        "/api/templates/import",
        "/api/templates/preview",
        "/api/templates/{template_id}/restore",
        "/api/teams",
        "/api/directory/mappings",
        "/api/shifts/patterns",
        "/api/shifts/rosters",
        "/api/shifts/overrides",
        "/api/shifts/holidays/import",
    ],
    "patch": [
        "/api/auth/me",
        "/api/users/{user_id}",
        "/api/teams/{team_id}",
        "/api/rooms/{room_id}",
        "/api/rooms/{room_id}/checklist/{item_id}",
        "/api/rooms/{room_id}/members/{user_id}",
        "/api/messages/{message_id}",
    ],
    "put": [
        "/api/templates/{template_id}",
        "/api/teams/{team_id}/members/{user_id}",
        "/api/rooms/{room_id}/read",
        "/api/rooms/{room_id}/closing",
        "/api/shifts/patterns/{pattern_id}",
        "/api/shifts/rosters/{roster_id}",
        "/api/shifts/holidays",
    ],
}
BODILESS = [
    *[("get", path) for path in ("/api/directory", "/api/directory/mappings", "/api/teams", "/api/teams/{team_id}")],
    ("delete", "/api/directory/mappings/{mapping_id}"),
    ("delete", "/api/teams/{team_id}/members/{user_id}"),
    ("get", "/api/users/{user_id}/photo"),
    ("post", "/api/auth/refresh"),
    ("post", "/api/auth/logout"),
    ("get", "/api/auth/me"),
    ("get", "/api/auth/sessions"),
    ("delete", "/api/auth/sessions"),
    ("delete", "/api/auth/sessions/{session_id}"),
    ("get", "/api/users/{user_id}"),
    ("post", "/api/users/{user_id}/password"),
    ("post", "/api/users/{user_id}/unlock"),
    ("get", "/api/users/{user_id}/sessions"),
    ("delete", "/api/users/{user_id}/sessions"),
    ("delete", "/api/users/{user_id}/sessions/{session_id}"),
    ("get", "/api/users/{user_id}/tokens"),
    ("delete", "/api/users/{user_id}/tokens/{token_id}"),
    ("post", "/api/ws-ticket"),
    ("get", "/api/on-shift"),
    ("get", "/api/shifts/calendar"),
    ("get", "/api/shifts/presets"),
    ("get", "/api/shifts/patterns"),
    ("delete", "/api/shifts/patterns/{pattern_id}"),
    ("get", "/api/shifts/rosters"),
    ("delete", "/api/shifts/rosters/{roster_id}"),
    ("get", "/api/shifts/overrides"),
    ("delete", "/api/shifts/overrides/{override_id}"),
    ("get", "/api/shifts/holidays"),
    ("delete", "/api/shifts/holidays/{day}"),
    ("get", "/api/templates"),
    ("get", "/api/templates/export"),
    ("get", "/api/templates/{template_id}"),
    ("delete", "/api/templates/{template_id}"),
    ("get", "/api/templates/{template_id}/versions"),
    ("get", "/api/rooms/{room_id}/checklist"),
    ("get", "/api/rooms"),
    ("get", "/api/rooms/{room_id}"),
    ("get", "/api/rooms/{room_id}/snapshot"),
    ("get", "/api/rooms/{room_id}/events"),
    ("get", "/api/rooms/{room_id}/messages"),
    ("get", "/api/rooms/{room_id}/messages/{message_id}"),
    ("delete", "/api/messages/{message_id}"),
    ("get", "/api/messages/{message_id}/history"),
    ("delete", "/api/messages/{message_id}/reactions/{emoji}"),
    ("get", "/api/users"),
    ("get", "/api/audit"),
    ("get", "/api/audit/export"),
    ("get", "/api/audit/state"),
    ("get", "/api/search"),
    ("get", "/api/rooms/{room_id}/messages/search"),
    ("get", "/api/rooms/{room_id}/members"),
    ("get", "/api/rooms/counts"),
    ("get", "/api/views"),
    ("delete", "/api/views/{view_id}"),
    ("get", "/api/rooms/{room_id}/closing"),
    ("put", "/api/rooms/{room_id}/links/{other_id}"),
    ("delete", "/api/rooms/{room_id}/links/{other_id}"),
    ("put", "/api/rooms/{room_id}/archive"),
    ("delete", "/api/rooms/{room_id}/archive"),
    ("delete", "/api/rooms/{room_id}/members/{user_id}"),
    ("get", "/api/rooms/{room_id}/typing"),
    ("get", "/api/rooms/{room_id}/online"),
    ("get", "/api/broadcasts"),
    ("put", "/api/broadcasts/{broadcast_id}/seen"),
    ("get", "/api/broadcasts/{broadcast_id}/seen"),
    ("get", "/api/quarantine"),
    ("get", "/health/live"),
    ("get", "/health/ready"),
]


class Addresses(HTMLParser):
    """Everything a page would load."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.inline_scripts = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.found += [value for name in ("src", "href") if (value := named.get(name))]
        self.inline_scripts += tag == "script" and "src" not in named


async def test_live_and_ready(door: Door) -> None:
    async with door.newcomer() as http:
        assert (await http.get("/health/live")).json() == {"status": "ok"}
        assert (await http.get("/health/ready")).json() == {"status": "ok", "schema": newest()}


async def test_not_ready_while_the_schema_is_behind(door: Door, behind: Database) -> None:
    """A replica of the next release waits for the migration, and is not restarted for it."""
    stamp = text("UPDATE alembic_version SET version_num = :revision")
    async with door.newcomer() as http:
        try:
            async with behind.transaction() as tx:
                await tx.execute(stamp, {"revision": "0000"})
            problem = check_problem(await http.get("/health/ready"), 503, "unavailable")
            assert "andon db upgrade" in problem["detail"]
            assert (await http.get("/health/live")).status_code == 200
        finally:
            async with behind.transaction() as tx:
                await tx.execute(stamp, {"revision": newest()})
        assert (await http.get("/health/ready")).status_code == 200


async def test_metrics_have_their_names(door: Door, wang: httpx.AsyncClient, room: str) -> None:
    await wang.get("/api/rooms/x")
    async with door.newcomer() as http:
        found = await http.get("/metrics")
    assert found.headers["content-type"].startswith("text/plain")
    names = set(re.findall(r"^# TYPE (\w+) ", found.text, re.MULTILINE))
    assert names >= METRICS, METRICS - names


async def test_metrics_count_routes_not_addresses(door: Door, wang: httpx.AsyncClient, room: str) -> None:
    """A label per room would grow without end."""
    await wang.get(f"/api/rooms/{room}")
    async with door.newcomer() as http:
        assert room not in (await http.get("/metrics")).text


async def test_api_page_needs_no_other_host(door: Door) -> None:
    async with door.newcomer() as http:
        page = await http.get("/schema")
        found = Addresses(page.text)
        local = [address for address in found.found if address.startswith("/apidocs/")]
        assert not re.findall(r"https?://[^\s'\"<]+", page.text)
        assert found.inline_scripts == 0  # the policy would not run one
        kinds = [(await http.get(address)).headers["content-type"].partition(";")[0] for address in local]
        assert kinds == ["text/css", "text/javascript", "text/javascript"]
        assert "/schema/openapi.json" in (await http.get("/apidocs/start.js")).text


async def test_absent_scripts_are_absent(door: Door) -> None:
    """An old tab asks for the scripts of the last release; the index would be no answer."""
    async with door.newcomer() as http:
        for path in ("/assets/gone-1.js", "/apidocs/gone.js", "/assets/"):
            check_problem(await http.get(path), 404, "not_found")


async def test_openapi_names_every_route_with_its_body(door: Door) -> None:
    async with door.newcomer() as http:
        document = (await http.get("/schema/openapi.json")).json()
    assert document["openapi"].startswith("3.")
    named = {(method, path) for path, methods in document["paths"].items() for method in methods}
    with_body = {(method, path) for method, paths in ROUTES.items() for path in paths}
    assert named == with_body | set(BODILESS)
    for method, path in with_body:
        schema = document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
        assert schema["$ref"].rpartition("/")[2] in document["components"]["schemas"]
    for method, path in named:
        answers = document["paths"][path][method]["responses"]
        assert {code for code in answers if code.startswith("2")}, (method, path)


@pytest.mark.parametrize("path", ["/", "/rooms/x", "/api/rooms", "/schema", "/health/live", "/metrics", "/api/nothing"])
async def test_security_headers_stand_on_every_answer(door: Door, path: str) -> None:
    async with door.newcomer() as http:
        headers = (await http.get(path)).headers
    policy = {part.split()[0]: part.split()[1:] for part in headers["content-security-policy"].split(";")}
    scripts = policy.get("script-src", policy["default-src"])
    assert scripts == ["'self'"]
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == ["'none'"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-1", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("a{b}", False), ("é", False)],
)
async def test_request_id_comes_back(door: Door, given: str, kept: bool) -> None:
    async with door.newcomer() as http:
        for path in ("/health/live", "/api/rooms"):
            answer = await http.get(path, headers={b"x-request-id": given.encode()})
            assert (answer.headers["x-request-id"] == given) is kept
            assert len(answer.headers["x-request-id"]) > 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANDON_SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "mysql://x"),
        ("ANDON_PUBLIC_URL", "http://andon.test/"),
        ("ANDON_PUBLIC_URL", "andon.test"),
        ("ANDON_DB_POOL", "many"),
        ("ANDON_TIME_ZONE", "Mars/Olympus"),
        ("ANDON_SECRET_KEY_FILE", "/nowhere/key"),
    ],
)
def test_start_refuses_poor_settings(name: str, value: str) -> None:
    """The complaint names the setting and never its value."""
    good = {"ANDON_SECRET_KEY": SECRET, "DATABASE_URL": "postgresql://x/y"}
    from_environment(good)
    with pytest.raises(SettingsError) as refused:
        from_environment(good | {name: value})
    assert name.removeprefix("ANDON_").lower() in str(refused.value).lower()
    assert value not in str(refused.value)
