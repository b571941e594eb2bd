"""The protocol of one socket, without the socket: text in, effects out. Time is given.

hello → auth → anything. Errors answer and keep the socket; what cannot be an honest mistake closes it.
"""

import re
from typing import Any, Final

import msgspec

from hub.wire import limits
from hub.wire.frames import VERSION, Auth, ClientFrame, Error, FromServer, Heartbeat
from hub.wire.problems import CODES, Close, Problem

UNKNOWN_TAG: Final = re.compile(r"Invalid value '.*' - at `\$\.op`", re.DOTALL)
decode = msgspec.json.Decoder(ClientFrame).decode
DEAD: Final = 1011
TOO_BIG: Final = 1009


class Reply(msgspec.Struct, frozen=True):
    """Send this frame."""

    frame: FromServer


class Shut(msgspec.Struct, frozen=True):
    """Close with this code."""

    code: int


class Do(msgspec.Struct, frozen=True):
    """Carry out a good frame."""

    frame: ClientFrame


Effect = Reply | Shut | Do


class Session:
    """State of one socket: signed in or not, alive or not, how many bad frames so far."""

    __slots__ = (
        "_allowance",
        "_bad",
        "_heard",
        "_opened",
        "_rate",
        "_rate_since",
        "_refused",
        "_refused_since",
        "_signing_in",
        "ready",
    )

    def __init__(self, now: float, frames_per_second: float = limits.FRAMES_PER_SECOND):
        self.ready = False
        self._signing_in = False
        self._opened = self._heard = self._rate_since = now
        self._rate = self._allowance = float(frames_per_second)
        self._bad = 0
        self._refused, self._refused_since = 0, now

    def receive(self, text: str, now: float) -> list[Effect]:
        """Take a text frame."""
        self._heard = now
        if not self._within_rate(now):
            return [Shut(Close.RATE_LIMITED)]
        largest = limits.FRAME_BYTES if self.ready else limits.FRAME_BYTES_UNAUTHENTICATED
        if (len(text) if text.isascii() else len(text.encode("utf-8", "replace"))) > largest:
            return [Shut(TOO_BIG)]
        try:
            frame = decode(text)
        except (msgspec.MsgspecError, RecursionError) as error:
            return self._undecodable(text, error)
        return self._allowed(frame)

    def _allowed(self, frame: ClientFrame) -> list[Effect]:
        if isinstance(frame, Auth):
            return self._authenticate(frame)
        if isinstance(frame, Heartbeat) or self.ready:
            return [Do(frame)]
        return [Shut(Close.AUTH_TIMEOUT)]

    def _authenticate(self, frame: Auth) -> list[Effect]:
        if frame.v != VERSION:
            return [Shut(Close.VERSION)]
        if self.ready or self._signing_in:
            return [Shut(Close.ALREADY_AUTHENTICATED)]
        self._signing_in = True
        return [Do(frame)]

    def heard(self, now: float) -> None:
        """A frame came; it is read later."""
        self._heard = now

    def signing_in(self) -> None:
        """The handshake itself brought what to sign in with: there is no `auth` to come."""
        self._signing_in = True

    def signed_in(self) -> None:
        """The ticket was good."""
        self.ready = True
        self._signing_in = False

    def _undecodable(self, text: str, error: Exception) -> list[Effect]:
        if not self.ready:
            return [Shut(Close.AUTH_TIMEOUT if UNKNOWN_TAG.match(str(error)) else Close.BAD_FRAMES)]
        self._bad += 1
        if self._bad >= limits.BAD_FRAMES:
            return [Shut(Close.BAD_FRAMES)]
        code = "unknown_op" if UNKNOWN_TAG.match(str(error)) else "bad_frame"
        return [Reply(Error(code, CODES[code][1], ref=_ref(text)))]

    def _within_rate(self, now: float) -> bool:
        refill = (now - self._rate_since) * self._rate
        self._allowance = min(2.0 * self._rate, self._allowance + refill) - 1
        self._rate_since = now
        return self._allowance > 0

    def refused(self, now: float) -> list[Effect]:
        """A frame was refused for its rate: whoever goes on all the same is closed."""
        if now - self._refused_since > limits.SPAM_SECONDS:
            self._refused, self._refused_since = 0, now
        self._refused += 1
        return [Shut(Close.RATE_LIMITED)] if self._refused > limits.REFUSALS_BEFORE_CLOSE else []

    def tick(self, now: float) -> list[Effect]:
        """Look at the clock: no sign-in in time, or silence for too long."""
        if not self.ready and now - self._opened > limits.AUTH_SECONDS:
            return [Shut(Close.AUTH_TIMEOUT)]
        if now - self._heard > limits.DEAD_AFTER_SECONDS:
            return [Shut(DEAD)]
        return []


def _ref(text: str) -> str | None:
    """What the client calls a frame that could not be read, if it can be told."""
    try:
        frame: Any = msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return None
    found = frame.get("client_msg_id") or frame.get("ref") if isinstance(frame, dict) else None
    return found[: limits.IDEMPOTENCY_KEY_CHARS] if isinstance(found, str) else None


def refusal(problem: Problem, *, ref: str | None = None, room: Any = None) -> Error:
    """Return a problem as an error frame."""
    wait = None if problem.retry_after is None else int(problem.retry_after * 1000)
    return Error(problem.code, problem.detail, ref=ref, room=room, retry_after_ms=wait)
