"""Signals between hub processes: small, live, lossy, never stored. What must not get lost is an event, or a row.

They are sent outside every transaction, on the bell's connections; of one kind and key only the newest is sent, a
process alone sends none. Who needs more asks the database now and then, or repeats what it said.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

import msgspec

from hub.base.telemetry import logger
from hub.log.bell import Bell

CHANNEL = "andon_signals"
PAYLOAD_BYTES = 7000  # PostgreSQL takes 8,000 for a NOTIFY
T = TypeVar("T")
log = logger("signals")
packed = msgspec.json.Decoder(list[tuple[str, msgspec.Raw]])


class Signals:
    """Tells the other hub processes, and hears them."""

    channel = CHANNEL

    def __init__(self, bell: Bell):
        self._bell = bell
        self._listeners: dict[str, list[Callable[[str, Any], None]]] = {}
        self._pending: dict[tuple[str, str], bytes] = {}
        bell.carry(self)

    @property
    def name(self) -> str:
        """What the others call this process: the sender of what it says."""
        return self._bell.name

    def hear(self, kind: str, shape: type[T], listener: Callable[[str, T], None]) -> None:
        """Call `listener(sender, body)` for every signal of a kind; it must not block.

        Bodies of another shape are dropped: they come from a process of another release.
        """
        self._listeners.setdefault(kind, []).append(partial(_told, shape, listener))

    def tell(self, kind: str, key: str, body: Any) -> None:
        """Tell this process at once and the others soon."""
        self.send(kind, key, body)
        self._tell(self.name, kind, msgspec.json.encode(body))

    def send(self, kind: str, key: str, body: Any) -> None:
        """Tell the others soon; what waits of the same kind and key is replaced, what no NOTIFY can hold is lost."""
        if self._bell.alone:
            return
        item = msgspec.json.encode((kind, body))
        if len(item) > PAYLOAD_BYTES:
            log.error("signal_too_large", kind=kind, bytes=len(item))
            return
        self._pending[kind, key] = item
        self._bell.wake()

    def pending(self) -> list[str]:
        """Take what there is to send."""
        items, self._pending = self._pending.values(), {}
        return [f"[{','.join(part)}]" for part in parts(item.decode() for item in items)]

    def heard(self, sender: str, payload: str) -> None:
        """Take what another process sent."""
        try:
            items = packed.decode(payload)
        except msgspec.MsgspecError:
            log.warning("signals_unreadable")
            return
        for kind, body in items:
            self._tell(sender, kind, body)

    def _tell(self, sender: str, kind: str, body: bytes | msgspec.Raw) -> None:
        for listener in self._listeners.get(kind, []):
            try:
                listener(sender, body)
            except msgspec.MsgspecError:
                log.warning("signal_unreadable", kind=kind)


def _told(shape: type[T], listener: Callable[[str, T], None], sender: str, body: bytes) -> None:
    listener(sender, msgspec.json.decode(body, type=shape))


def parts(items: Iterable[str]) -> list[list[str]]:
    """The items in parts that fit a NOTIFY each. Pure."""
    found: list[list[str]] = []
    size = PAYLOAD_BYTES + 1
    for item in items:
        size += len(item.encode()) + 1
        if size > PAYLOAD_BYTES:
            found.append([])
            size = len(item.encode()) + 1
        found[-1].append(item)
    return found
