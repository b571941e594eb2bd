"""What every peer in Python does with a message: decode, number, encode once."""

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
