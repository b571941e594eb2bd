"""Stable error codes: the same in RFC 9457 problem+json, WebSocket `error` frames and close codes."""

from enum import IntEnum
from http import HTTPStatus
from typing import Final

import msgspec

CODES: Final[dict[str, tuple[HTTPStatus, str]]] = {
    # 400: what was sent cannot be read
    "json_invalid": (HTTPStatus.BAD_REQUEST, "The body is not valid JSON"),
    "json_duplicate_key": (HTTPStatus.BAD_REQUEST, "The JSON object names a key twice"),
    "json_too_deep": (HTTPStatus.BAD_REQUEST, "The JSON is nested too deeply"),
    "host": (HTTPStatus.BAD_REQUEST, "The Host header names another site"),
    "text_invalid": (HTTPStatus.BAD_REQUEST, "Text holds NUL or broken Unicode"),
    # 401, 403, 404: who may
    "unauthenticated": (HTTPStatus.UNAUTHORIZED, "Sign in first"),
    "token_invalid": (HTTPStatus.UNAUTHORIZED, "The token is not valid"),
    "invalid_credentials": (HTTPStatus.UNAUTHORIZED, "Account or password is wrong"),
    "account_disabled": (HTTPStatus.UNAUTHORIZED, "The account is disabled"),
    "session_revoked": (HTTPStatus.UNAUTHORIZED, "The session has ended"),
    "forbidden": (HTTPStatus.FORBIDDEN, "Your role does not allow this"),
    "origin": (HTTPStatus.FORBIDDEN, "The request comes from another site"),
    "source_mismatch": (HTTPStatus.FORBIDDEN, "The token does not name this source"),
    "mention_all": (HTTPStatus.FORBIDDEN, "Only who leads the room calls everybody in it"),
    "edit_window": (HTTPStatus.FORBIDDEN, "A text can be changed for 15 minutes"),
    "not_found": (HTTPStatus.NOT_FOUND, "Not found"),
    "method": (HTTPStatus.METHOD_NOT_ALLOWED, "The method is not allowed here"),
    # 409, 410, 412: the state forbids it
    "key_reused": (HTTPStatus.CONFLICT, "The same key was used for another body"),
    "room_closed": (HTTPStatus.CONFLICT, "The room is closed"),
    "closing_incomplete": (HTTPStatus.CONFLICT, "The closing form lacks required fields"),
    "transition": (HTTPStatus.CONFLICT, "The incident cannot go from its status to that one"),
    "conflict": (HTTPStatus.CONFLICT, "Somebody was faster; read again"),
    "pattern_in_use": (HTTPStatus.CONFLICT, "Teams work by this pattern; end their rosters first"),
    "roster_overlap": (HTTPStatus.CONFLICT, "The team has another roster in that time"),
    "override_overlap": (HTTPStatus.CONFLICT, "The person has another override in that time"),
    "deleted": (HTTPStatus.GONE, "The message has been deleted"),
    "edit_conflict": (HTTPStatus.PRECONDITION_FAILED, "The message is no longer the version you changed"),
    # 413, 415: the envelope
    "body_too_large": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The body is too large"),
    "media_type": (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json in UTF-8"),
    # 422: read, and wrong
    "reason_missing": (HTTPStatus.UNPROCESSABLE_ENTITY, "Say why"),
    "invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "A field has a wrong value"),
    "type": (HTTPStatus.UNPROCESSABLE_ENTITY, "A field has a wrong type"),
    "unknown_field": (HTTPStatus.UNPROCESSABLE_ENTITY, "A field is not known"),
    "missing_field": (HTTPStatus.UNPROCESSABLE_ENTITY, "A field is missing"),
    "id_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The id is not a UUID"),
    "limit": (HTTPStatus.UNPROCESSABLE_ENTITY, "The limit is out of range"),
    "cursor_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The cursor is not one of ours"),
    "content_empty": (HTTPStatus.UNPROCESSABLE_ENTITY, "The message is empty"),
    "content_too_long": (HTTPStatus.UNPROCESSABLE_ENTITY, "The text is longer than 10 KB"),
    "metadata_too_long": (HTTPStatus.UNPROCESSABLE_ENTITY, "The structured data is longer than 100 KB"),
    "too_many_mentions": (HTTPStatus.UNPROCESSABLE_ENTITY, "More than 20 people are called"),
    "emoji_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "That is not one emoji"),
    "too_many_reactions": (HTTPStatus.UNPROCESSABLE_ENTITY, "The message has 50 different reactions already"),
    "query_short": (HTTPStatus.UNPROCESSABLE_ENTITY, "Search for two letters, or one Chinese character"),
    "query_long": (HTTPStatus.UNPROCESSABLE_ENTITY, "The search is longer than 512 bytes"),
    "kind": (HTTPStatus.UNPROCESSABLE_ENTITY, "This message type cannot be posted"),
    "zone_unknown": (HTTPStatus.UNPROCESSABLE_ENTITY, "The time zone is not an IANA zone"),
    "pattern_gap": (HTTPStatus.UNPROCESSABLE_ENTITY, "The pattern leaves a time without a crew"),
    "shift_overlap": (HTTPStatus.UNPROCESSABLE_ENTITY, "A crew would work two shifts at once"),
    "calendar_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The file is not an iCalendar file that can be read"),
    # 429, 5xx
    "rate_limited": (HTTPStatus.TOO_MANY_REQUESTS, "Too many at once; wait a moment"),
    "spam": (HTTPStatus.TOO_MANY_REQUESTS, "The same again and again; wait a minute"),
    "db_unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer; nothing was lost, try again"),
    "unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "Not ready yet, try again"),
    "internal": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here; the request id finds it in the log"),
    # WebSocket only
    "bad_frame": (HTTPStatus.BAD_REQUEST, "The frame is not one of the protocol"),
    "unknown_op": (HTTPStatus.BAD_REQUEST, "The op is not known"),
    # Devices: reasons in the quarantine and in `defects`
    "payload_empty": (HTTPStatus.UNPROCESSABLE_ENTITY, "The payload is empty"),
    "decode": (HTTPStatus.UNPROCESSABLE_ENTITY, "The payload cannot be decoded"),
    "too_large": (HTTPStatus.UNPROCESSABLE_ENTITY, "The payload is too large"),
    "topic_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The topic has an unexpected form"),
    "unmatched": (HTTPStatus.UNPROCESSABLE_ENTITY, "No mapping matches the topic"),
    "mapping": (HTTPStatus.UNPROCESSABLE_ENTITY, "A mapping expression failed"),
    "key_missing": (HTTPStatus.UNPROCESSABLE_ENTITY, "The observation has no key"),
    "event_id_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The event id is too long or not text"),
    "severity_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The severity is not known"),
    "value_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The value is not a finite number"),
    "time_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "The source time cannot be read"),
    "clock_skewed": (HTTPStatus.UNPROCESSABLE_ENTITY, "The source's clock is ahead; its time orders nothing"),
    "field_invalid": (HTTPStatus.UNPROCESSABLE_ENTITY, "A field was dropped because of its type or size"),
    "orphan_clear": (HTTPStatus.UNPROCESSABLE_ENTITY, "A return without a raise"),
}


class Close(IntEnum):
    """WebSocket close codes; what the client does next stands in docs/protocol.md."""

    NORMAL = 1000
    RESTART = 1012
    AUTH_TIMEOUT = 4001
    BAD_FRAMES = 4002
    FORBIDDEN = 4003
    AUTH_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    BAD_CURSOR = 4007
    RATE_LIMITED = 4008
    SESSION_ENDED = 4009
    TOO_MANY_SOCKETS = 4010
    SLOW_READER = 4011
    VERSION = 4012


class Problem(Exception):
    """A refusal with a stable code. Raised anywhere, told to the client in one shape.

    `detail` is for the reader of the answer and never carries SQL, secrets or a stack trace.
    `retry_after` is in seconds, `limit` how many a bucket holds.
    """

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        *,
        field: str | None = None,
        retry_after: float | None = None,
        limit: int | None = None,
    ):
        status, title = CODES[code]
        super().__init__(f"{code}: {detail or title}")
        self.code = code
        self.status = int(status)
        self.title = title
        self.detail = detail or title
        self.field = field
        self.retry_after = retry_after
        self.limit = limit


class ProblemView(msgspec.Struct, omit_defaults=True):
    """RFC 9457 problem+json with a stable `code`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    field: str | None = None
    retry_after: float | None = None
