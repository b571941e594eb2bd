"""Which packets of the session still need their acknowledgement. No I/O.

A broker sends unacknowledged packets again when the connection comes back. What is still on its way to the hub is then
not taken twice, and what the hub answered meanwhile is acknowledged at once; so a lost connection turns no message into
two, and the order of a topic stays.
"""

from dataclasses import dataclass


@dataclass(eq=False)
class Packet:
    """A PUBLISH of QoS 1."""

    mid: int
    topic: str
    payload: bytes
    connection: int
    answered: bool = False


class Inbox:
    """The packets of one session, over all its connections."""

    def __init__(self) -> None:
        self._open: dict[int, Packet] = {}
        self._connection = 0
        self._up = False

    def connected(self, session_present: bool) -> None:
        """A connection stands; without the old session the broker has forgotten what was open."""
        self._connection += 1
        self._up = True
        if not session_present:
            self._open.clear()

    def disconnected(self) -> None:
        """The connection is gone; nothing can be acknowledged now."""
        self._up = False

    def received(self, mid: int, topic: str, payload: bytes, *, dup: bool) -> tuple[Packet, bool]:
        """The packet, and whether it is new (else the hub has it, or will get it, already)."""
        known = self._open.get(mid)
        if known and dup and (known.topic, known.payload) == (topic, payload):
            known.connection = self._connection
            return known, False
        packet = self._open[mid] = Packet(mid, topic, payload, self._connection)
        return packet, True

    def answered(self, packet: Packet) -> bool:
        """The hub has it: whether to acknowledge now (else when the broker sends it again)."""
        packet.answered = True
        if not self._up or packet.connection != self._connection:
            return False
        self._open.pop(packet.mid, None)
        return True
