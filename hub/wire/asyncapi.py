"""The WebSocket protocol as an AsyncAPI 3.0 document, written from the frames.

`python -m hub.wire.asyncapi` writes `docs/reference/asyncapi.json`; a test compares it, and validates it.
"""

import json
from pathlib import Path
from typing import Any, Final

from hub.wire import frames, schema
from hub.wire.problems import Close

PAGE: Final = Path("docs/reference/asyncapi.json")
SPOKEN: Final = ("frames", "events", "views", "cards", "presence", "problems")  # modules of what the socket says
CHANNELS: Final = {"live": "/ws", "room": "/ws/{room_id}"}
SUMMARY: Final = {
    "live": "One socket for any number of rooms.",
    "room": "The same socket, subscribed to one room as soon as it is signed in.",
}


def document() -> dict[str, Any]:
    """Every frame of both sides, on both addresses."""
    said, heard = _messages(frames.ClientFrame), _messages(frames.ServerFrame)
    defs = {
        name: it for name, it in schema.document(*SPOKEN)["$defs"].items() if "discriminator" not in it
    }  # no unions
    messages = {
        name: {"summary": summary, "payload": {"$ref": f"#/components/schemas/{name}"}}
        for name, summary in {**said, **heard}.items()
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Andon Hub live protocol",
            "version": str(frames.VERSION),
            "description": "JSON text frames told apart by `op`. Close codes: "
            + ", ".join(f"{code.value} {code.name.lower()}" for code in Close),
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name, address, list(messages)) for name, address in CHANNELS.items()},
        "operations": {
            f"{name}{side}": {
                "action": action,
                "channel": {"$ref": f"#/channels/{name}"},
                "messages": [{"$ref": f"#/channels/{name}/messages/{message}"} for message in told],
            }
            for name in CHANNELS
            for side, action, told in (("Hears", "receive", said), ("Says", "send", heard))
        },
        "components": {"messages": messages, "schemas": _moved(defs)},
    }


def _messages(union: Any) -> dict[str, str]:
    """Names of the frames with the first sentence of what they are."""
    return {it.__name__: (it.__doc__ or "").split("\n")[0] for it in union.__args__}


def _channel(name: str, address: str, messages: list[str]) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": address,
        "summary": SUMMARY[name],
        "messages": {message: {"$ref": f"#/components/messages/{message}"} for message in messages},
    }
    if "{room_id}" in address:
        channel["parameters"] = {"room_id": {"description": "UUID of the room"}}
    return channel


def _moved(value: Any) -> Any:
    """The same schemas, with their references where this document keeps them."""
    return json.loads(json.dumps(value).replace('"#/$defs/', '"#/components/schemas/'))


def text() -> str:
    """The document as it is kept."""
    return json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
