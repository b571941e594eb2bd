"""Logs as JSON lines and metrics for Prometheus. No message text, token or password reaches either."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import REGISTRY, Counter, Gauge, Histogram

FRAMES = 8
SECRET_WORDS = ("password", "token", "ticket", "secret", "authorization", "cookie", "content")

http_requests = Counter("http_requests_total", "REST requests", ["method", "route", "status"])
problems_total = Counter("problems_total", "Refusals by code", ["code"])
ws_connections = Gauge("ws_connections", "Open WebSocket connections")
ws_closed = Counter("ws_close_total", "Closed WebSocket connections by code", ["code"])
ws_resumes = Counter("resume_total", "Subscriptions by result", ["result"])
ring_hits = Counter("ring_hits_total", "Parts of a replay that were served from memory")
slow_readers = Counter("slow_consumer_total", "Sockets closed because they did not read")
messages_posted = Counter("messages_total", "Messages stored by type", ["type"])
messages_changed = Counter("messages_changed_total", "Edits, deletions and reactions", ["what"])
room_length = Histogram(
    "room_events", "Events of a room when its incident ended", buckets=(5, 10, 25, 50, 100, 250, 500, 1000, 5000)
)
ws_errors = Counter("ws_error_total", "Error frames by code", ["code"])
authz_denied = Counter("authz_denied_total", "Refusals for want of rights", ["where"])
message_duplicates = Counter("nonce_dup_total", "Posts answered with the message of the same key")
flush_seconds = Histogram(
    "flush_seconds", "Time of one group commit", buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3)
)
fanout_seconds = Histogram(
    "commit_to_deliver_seconds", "From commit to the last write", buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
)
alarms_ingested = Counter("ingest_total", "Observations by outcome", ["outcome"])
quarantined = Counter("ingest_rejected_total", "Quarantined payloads by reason", ["reason"])
rooms_opened = Counter("rooms_opened_total", "Incident rooms opened", ["category"])
tx_retries = Counter("tx_retry_total", "Transactions run again after a race")
auth_failures = Counter("auth_fail_total", "Refused sign-ins and tokens", ["reason"])
break_glass_used = Counter("break_glass_total", "Sign-ins with an account for emergencies")
directory_faults = Counter("directory_faults_total", "Questions the directory did not answer, by step", ["step"])
directory_held = Gauge("directory_held", "People the directory seems to miss, held back by the safety valve")
ended_late = Counter("session_end_late_total", "Sockets whose session's end was found by the clock, not by a signal")
rate_limited = Counter("rate_limited_total", "Refusals by rate", ["scope"])
hints_lost = Counter("hint_lost_total", "Heads found by the slow poll instead of by a hint")
typing_signals = Counter("typing_signals_total", "Signals of who is writing, told to a room's followers")
presence_online = Gauge("presence_online", "People with a socket in this process")
broadcasts_sent = Counter("broadcasts_total", "Broadcasts by scope", ["scope"])
searches = Counter("searches_total", "Searches by scope", ["scope"])
search_indexed = Counter("search_indexed_total", "Messages put into the search index")
search_lag = Gauge("search_lag_seconds", "Age of the oldest event that the search index has not seen")
audit_unsealed = Gauge("audit_unsealed_seconds", "Age of the oldest audit row that is not in the chain yet")
audit_chain = Gauge("audit_chain_ok", "1 while everything of the audit chain that was checked again fits, else 0")
audit_refused = Counter("audit_refusals_total", "Refusals counted for the audit")
registry = REGISTRY


def _redact(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name in line:
        if any(word in name.lower() for word in SECRET_WORDS):
            line[name] = "…"
    return line


def _place_of_error(_: Any, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Tell an exception's kind and its way through the code, never its message: that may hold SQL or a secret."""
    given = line.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else given[1] if isinstance(given, tuple) else sys.exc_info()[1]
    if given and error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        line["error"] = type(error).__name__
        line["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return line


def configure_logs(level: str = "info") -> None:
    """Write JSON lines in UTC to standard output; the standard library's logs take the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _place_of_error,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
    )
    to_stdout = logging.StreamHandler(sys.stdout)
    to_stdout.setFormatter(formatter)
    logging.basicConfig(handlers=[to_stdout], level=level.upper(), force=True)
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel(logging.WARNING)


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return a logger; say what happened as an event name and facts as keywords."""
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=name)
    return log
