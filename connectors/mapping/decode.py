"""Bytes to values. Whatever cannot be read raises Failure with a stable code; nothing else is ever raised."""

import math
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from connectors.mapping.failures import Failure
from connectors.mapping.words import truth
from hub.wire import limits

Kind = Literal["json", "json_string", "text", "number", "bool"]
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"


def decode(kind: Kind, payload: bytes) -> Any:
    """Decode a payload. Codes: `payload_empty`, `too_large`, `decode`."""
    if not payload.strip():
        raise Failure("payload_empty", "the payload is empty")
    if len(payload) > limits.PAYLOAD_BYTES:
        raise Failure("too_large", f"{len(payload)} bytes, at most {limits.PAYLOAD_BYTES}")
    if payload.startswith(GZIP):
        raise Failure("decode", "the payload is compressed (gzip)")
    if b"\0" in payload:
        raise Failure("decode", f"NUL at byte {payload.index(0)}")
    return DECODERS[kind](payload.removeprefix(BOM))


def _text(payload: bytes) -> str:
    try:
        return payload.decode().strip()
    except UnicodeDecodeError as error:
        raise Failure("decode", f"not UTF-8: byte {error.start} is 0x{payload[error.start]:02x}") from None


def _json(payload: bytes) -> Any:
    try:
        value = msgspec.json.decode(payload)
    except RecursionError:
        raise Failure("decode", f"nested deeper than {limits.JSON_DEPTH} levels") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Failure("decode", str(error)) from None
    _check(value)
    return value


def _check(value: Any) -> None:
    """Bounded depth, and no text that a database cannot keep."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            if depth > limits.JSON_DEPTH:
                raise Failure("decode", f"nested deeper than {limits.JSON_DEPTH} levels")
            waiting += [(child, depth + 1) for child in (item.values() if isinstance(item, dict) else item)]
            waiting += [(key, depth) for key in item if isinstance(item, dict)]


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Failure("decode", "a text holds NUL")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Failure("decode", "a text holds half of a surrogate pair")


def _json_string(payload: bytes) -> Any:
    value = _json(payload)
    return _json(value.encode()) if isinstance(value, str) else value


def _number(payload: bytes) -> int | float:
    text = _text(payload)
    try:
        number = float(text)
    except ValueError:
        raise Failure("decode", f"{text[:40]!r} is not a number") from None
    if not math.isfinite(number):
        raise Failure("decode", f"{text[:40]!r} is not finite")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _bool(payload: bytes) -> bool:
    text = _text(payload)
    value = truth(text)
    if value is None:
        raise Failure("decode", f"{text[:40]!r} is neither yes nor no")
    return value


DECODERS: dict[str, Callable[[bytes], Any]] = {
    "json": _json,
    "json_string": _json_string,
    "text": _text,
    "number": _number,
    "bool": _bool,
}
