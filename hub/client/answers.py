"""From HTTP answers to our structs, and from problem+json to `Problem`."""

from typing import Any, TypeVar, cast

import httpx
import msgspec

from hub.wire.problems import CODES, Problem, ProblemView

View = TypeVar("View")
BY_STATUS = {401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method", 413: "body_too_large"}
BY_STATUS |= {415: "media_type", 422: "invalid", 429: "rate_limited"}


def read(response: httpx.Response, view: type[View] | None) -> View:
    """Decode a good answer; raise Problem for any other, and for one that is not what the hub promises.

    `view` is None for operations that answer nothing.
    """
    if not response.is_success:
        raise problem(response)
    if view is None:
        return cast("View", None)
    try:
        return msgspec.json.decode(response.content, type=view)
    except msgspec.DecodeError as error:
        raise Problem("unavailable", f"{response.request.url.path} did not answer as the hub does: {error}") from None


def problem(response: httpx.Response) -> Problem:
    """The Problem an answer tells of. A proxy's page becomes the code that fits its status."""
    told = _view(response.content)
    code = told.code if told else BY_STATUS.get(response.status_code, "unavailable")
    if told is None or code not in CODES:
        code = BY_STATUS.get(response.status_code, "unavailable" if response.status_code >= 500 else "invalid")
    found = Problem(code, told.detail if told else None, field=told.field if told else None)
    found.status = response.status_code
    found.retry_after = (told.retry_after if told else None) or _seconds(response.headers.get("retry-after"))
    return found


def _view(content: bytes) -> ProblemView | None:
    try:
        return msgspec.json.decode(content, type=ProblemView)
    except msgspec.DecodeError:
        return None


def _seconds(header: Any) -> float | None:
    return float(header) if isinstance(header, str) and header.isascii() and header.isdigit() else None
