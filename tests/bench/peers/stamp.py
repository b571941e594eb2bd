"""What every peer in Python does with a message: decode, number, encode once."""

import struct

import msgspec

_decode = msgspec.json.Decoder(dict).decode
_encode = msgspec.json.Encoder().encode
_seq = 0


def stamped(text: str | bytes) -> bytes:
    """The message with the next number, as JSON."""
    global _seq
    _seq += 1
    message = _decode(text)
    message["seq"] = _seq
    return _encode(message)


def frame(payload: bytes) -> bytes:
    """A final, unmasked text frame (RFC 6455 §5.2)."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload
