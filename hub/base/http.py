"""REST's envelope: how bodies are read, how refusals are told, and the id every request carries."""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotAuthorizedException,
    NotFoundException,
    ValidationException,
)
from litestar.types import Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from hub.base.ids import new_id
from hub.base.origin import ORIGIN, Origin
from hub.base.telemetry import authz_denied, http_requests, logger, problems_total
from hub.base.tree import check_tree, mended
from hub.wire import limits
from hub.wire.problems import Problem, ProblemView

REQUEST_ID_CHARS = 64
REQUEST_ID = "andon.request_id"
ACTOR = "andon.actor"  # in the scope: who has signed in
ANY_NAME = ("/health", "/metrics")
API_TOKEN = b"Bearer andon_"
ALARM_PATHS = ("/api/alarms",)
log = logger("http")


class HubRequest(Request[Any, Any, Any]):
    """A request whose JSON body is read strictly: size, media type, UTF-8, no key twice, not too deep."""

    async def body(self) -> bytes:
        """Read the body, at most as much as the route takes (`body_too_large`); a route that wants one gets one."""
        if not isinstance(getattr(self, "_strict_body", None), bytes):
            self._strict_body = await self._read()
            self._body = self._strict_body
            if not self._strict_body and self._wanted is not None:
                raise Problem("json_invalid", "The body is missing")
        return self._strict_body

    @property
    def _wanted(self) -> Any:
        """Type of the body the route takes, None where it takes none."""
        field = self.scope["route_handler"].parsed_data_field
        return None if field is None else field.annotation

    async def _read(self) -> bytes:
        largest = limits.ALARM_BODY_BYTES if self.scope["path"] in ALARM_PATHS else limits.BODY_BYTES
        if int(self.headers.get("content-length", "0") or 0) > largest:
            raise Problem("body_too_large")
        parts, size = [], 0
        async for part in self.stream():
            size += len(part)
            if size > largest:
                raise Problem("body_too_large")
            parts.append(part)
        return b"".join(parts)

    async def json(self) -> Any:
        """Decode the body into what the route takes; nothing is coerced: "1" and 1.0 are no integers."""
        check_media_type(self.headers.get("content-type", ""))
        value = decode_json(await self.body(), strict=self.scope["path"] not in ALARM_PATHS)
        try:
            return msgspec.convert(value, self._wanted)
        except msgspec.ValidationError as error:
            raise invalid(str(error), "data") from None


def check_media_type(header: str) -> None:
    """Only `application/json`, only UTF-8 (`media_type`)."""
    media, _, parameters = header.lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "')
    if media.strip() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        raise Problem("media_type")


def decode_json(body: bytes, *, strict: bool = True) -> Any:
    """Decode JSON. `strict` refuses a key given twice and what no column can hold.

    Alarms are read leniently: 1e309, NaN or half a surrogate in one observation costs no other its place.
    """
    try:
        if strict:
            value = json.loads(body.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
            check_tree(value)
            return value
        try:
            return msgspec.json.decode(body)
        except msgspec.MsgspecError:
            return mended(json.loads(body.decode("utf-8")))
    except RecursionError:
        raise Problem("json_too_deep") from None
    except ValueError:
        raise Problem("json_invalid") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if twice:
        raise Problem("json_duplicate_key", field=twice[0][:100])
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def problem_of(error: Exception) -> Problem:
    """Give any exception its problem; one nobody thought of is `internal`."""
    match error:
        case Problem():
            return error
        case ValidationException():
            return _of_validation(error)
        case NotFoundException():
            return Problem("not_found")
        case MethodNotAllowedException():
            return Problem("method")
        case NotAuthorizedException():
            return Problem("unauthenticated")
        case HTTPException(status_code=code) if code < 500:
            return Problem("body_too_large" if code == 413 else "invalid")
    log.error("unexpected_error", exc_info=error)
    return Problem("internal")


CLUES = (
    ("unknown field", "unknown_field"),
    ("missing required", "missing_field"),
    ("Invalid UUID", "id_invalid"),
    ("Expected `", "type"),
)
BOUNDS = (">=", "<=", "length", "matching regex")
NAMED_FIELD = re.compile(r"field `([^`]*)`")
PLACE_OF_ERROR = re.compile(r" - at `\$\.?([^`]*)`$")


def _of_validation(error: ValidationException) -> Problem:
    extra = error.extra if isinstance(error.extra, list) else []
    first: dict[str, Any] = extra[0] if extra and isinstance(extra[0], dict) else {}
    return invalid(str(first.get("message", error.detail)), first.get("key"))


def invalid(message: str, field: str | None) -> Problem:
    """The problem of what msgspec says about a value; `field` unless the message names it."""
    if place := PLACE_OF_ERROR.search(message):
        field, message = place[1] or field, message[: place.start()]
    if named := NAMED_FIELD.search(message):
        field = named[1]
    code = next((code for clue, code in CLUES if clue in message), "invalid")
    if code == "type" and any(bound in message for bound in BOUNDS):
        code = "invalid"
    return Problem("limit" if field == "limit" else code, message[:300], field=field[:100] if field else None)


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[ProblemView]:
    """Tell a refusal as RFC 9457 problem+json."""
    problem = problem_of(error)
    problems_total.labels(problem.code).inc()
    if problem.status == 403:
        authz_denied.labels("rest").inc()
        user = getattr(request.scope.get(ACTOR), "id", None)
        log.info("permission_denied", code=problem.code, method=request.method, path=request.url.path, user=str(user))
    view = _view(problem, str(request.scope.get(REQUEST_ID, "")))
    headers = {"cache-control": "no-store"}
    if problem.retry_after is not None:
        headers["retry-after"] = str(max(1, math.ceil(problem.retry_after)))
    if problem.status == 429:
        headers |= {"ratelimit-remaining": "0", "ratelimit-reset": headers.get("retry-after", "1")}
        headers |= {"ratelimit-limit": str(problem.limit)} if problem.limit else {}
    if problem.status == 405 and isinstance(error, MethodNotAllowedException):
        headers |= dict(error.headers or {})
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(view, status_code=problem.status, media_type="application/problem+json", headers=headers)


def _view(problem: Problem, request_id: str) -> ProblemView:
    return ProblemView(
        f"urn:andon:problem:{problem.code}",
        problem.title,
        problem.status,
        problem.detail,
        problem.code,
        request_id,
        problem.field,
        problem.retry_after,
    )


class Envelope:
    """Around the whole application: every answer, good or bad, has a request id and the given security headers.

    A good `X-Request-ID` of the client is kept; it stands in every log line of the request. OPTIONS tells all methods
    of a path; the framework tells those of its first handler alone. A browser that was led here by another name than
    ours is refused (`host`); programs with an API token, and probes of health and metrics, may use any name.
    """

    def __init__(self, app: Litestar, security: Mapping[str, str], hosts: frozenset[str]):
        self._app = app
        self._hosts = hosts
        self._methods: dict[str, set[str]] = {}
        for route in app.routes:
            self._methods.setdefault(_shape(route.path_format), set()).update(getattr(route, "methods", ()))
        self._security = {name.encode(): value.encode() for name, value in security.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            return await self._app(scope, receive, send)
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("ascii", "ignore")
        plain = given.replace("-", "").isalnum() and len(given) <= REQUEST_ID_CHARS
        request_id = given if plain else str(new_id())
        scope[REQUEST_ID] = request_id  # type: ignore[literal-required]
        clear_contextvars()
        bind_contextvars(request_id=request_id)
        ORIGIN.set(Origin(request_id, address(scope)))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                if scope["method"] == "OPTIONS" and message["status"] == 204:
                    message["headers"] = [(b"allow", self._allowed(scope))]
                present = dict(message.get("headers", []))
                ours = {**self._security, b"x-request-id": request_id.encode()}
                missing = [(name, value) for name, value in ours.items() if name not in present]
                message["headers"] = [*message.get("headers", []), *missing]
                route = str(scope.get("path_template", "other"))
                http_requests.labels(str(scope.get("method", "")), route, str(message["status"])).inc()
            await send(message)

        if self._is_ours(scope):
            return await self._app(scope, receive, sending)
        problem = Problem("host", "Use the hub's own address, or add this one to ANDON_ALLOWED_ORIGINS")
        problems_total.labels(problem.code).inc()
        body = msgspec.json.encode(_view(problem, request_id))
        headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
        await sending({"type": "http.response.start", "status": problem.status, "headers": headers})
        await sending({"type": "http.response.body", "body": body, "more_body": False})

    def _is_ours(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        name = headers.get(b"host", b"").decode("latin-1").lower()
        host = name.rpartition(":")[0] if name.rpartition(":")[2].isdigit() else name
        if host.strip("[]") in self._hosts or scope["path"].startswith(ANY_NAME):
            return True
        return headers.get(b"authorization", b"").startswith(API_TOKEN)

    def _allowed(self, scope: Scope) -> bytes:
        shape = _shape(str(scope.get("path_template", "")))
        return ", ".join(sorted(self._methods.get(shape, {"OPTIONS"}))).encode()


def address(scope: Scope) -> str:
    """Where a connection comes from; a proxy's word is taken by the server below us, or not at all."""
    client = scope.get("client")
    return client[0] if client else ""


def _shape(path: str) -> str:
    """A route's path without the types of its parameters, which are written in more ways than one."""
    return re.sub(r"\{(\w+)[^}]*\}", r"{\1}", path)
