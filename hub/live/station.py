"""All sockets of this process: who is here, what time does to them, and whose session has ended."""

import asyncio
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID

from hub.base.clock import wall
from hub.base.db import Database
from hub.base.telemetry import ended_late, logger, ws_closed, ws_connections
from hub.live.channel import Channels
from hub.live.typists import Typists
from hub.log import read
from hub.log.log import RoomLog
from hub.messages.desk import Desk
from hub.people import queries as people
from hub.people.signals import KIND_STANDING, Standing
from hub.rooms.signals import KIND_READ, ReadTo
from hub.wire import limits
from hub.wire.frames import Signal
from hub.wire.problems import Close, Problem

if TYPE_CHECKING:
    from hub.live.socket import LiveSocket

log = logger("station")


class Station:
    """What every socket of the process shares."""

    def __init__(self, room_log: RoomLog, desk: Desk, frames_per_second: float = limits.FRAMES_PER_SECOND):
        self.log = room_log
        self.db: Database = room_log.db
        self.clock = room_log.clock
        self.desk = desk
        self.channels = Channels(room_log.tails)
        self.typists = Typists(room_log, self.channels)
        self.frames_per_second = frames_per_second
        self.epoch = ""
        self._sockets: set[LiveSocket] = set()
        self._of_user: dict[UUID, set[LiveSocket]] = {}
        self.users_changed = asyncio.Event()  # somebody has come or gone; who looks at it clears it
        self._doubted: set[UUID] = set()
        self._doubt = asyncio.Event()
        room_log.signals.hear(KIND_READ, ReadTo, self._read_to)
        room_log.signals.hear(KIND_STANDING, Standing, self._doubts)

    async def start(self) -> None:
        """Learn the log's epoch."""
        async with self.db.reading() as conn:
            self.epoch = await read.epoch(conn)

    def opened(self, socket: "LiveSocket") -> None:
        """A socket was accepted."""
        self._sockets.add(socket)
        ws_connections.set(len(self._sockets))

    def closed(self, socket: "LiveSocket") -> None:
        """A socket has ended."""
        socket.gone()
        self._sockets.discard(socket)
        self.typists.gone(socket)
        if socket.actor is not None:
            mine = self._of_user.get(socket.actor.id, set())
            mine.discard(socket)
            if not mine:
                self._of_user.pop(socket.actor.id, None)
                self.users_changed.set()
        ws_connections.set(len(self._sockets))
        ws_closed.labels(str(socket.closed_with)).inc()
        log.info("socket_closed", code=socket.closed_with, user=str(socket.actor.id) if socket.actor else None)

    def admit(self, socket: "LiveSocket") -> bool:
        """Count a signed-in socket; False when its user has too many."""
        mine = self._of_user.setdefault(socket.user_id, set())
        if len(mine) >= limits.SOCKETS_PER_USER:
            return False
        if not mine:
            self.users_changed.set()
        mine.add(socket)
        log.info("socket_signed_in", user=str(socket.user_id), devices=len(mine))
        return True

    def people_here(self) -> set[UUID]:
        """People with a signed-in socket in this process; bots and machines are not online, they run."""
        return {
            user_id
            for user_id, sockets in self._of_user.items()
            if any(socket.actor is not None and socket.actor.kind == "person" for socket in sockets)
        }

    def ready_sockets(self) -> "list[LiveSocket]":
        """Sockets of people and bots that are signed in; machines read nothing."""
        return [
            socket
            for socket in self._sockets
            if socket.session.ready and socket.actor is not None and socket.actor.kind != "machine"
        ]

    def device(self, socket: "LiveSocket") -> str:
        """What all hub processes call this socket."""
        return f"{self.log.signals.name}/{id(socket)}"

    def _read_to(self, _sender: str, mark: ReadTo) -> None:
        """Somebody has read, here or at another process: their other devices hear of it."""
        told = Signal("read", room=mark.room_id, last_read_seq=mark.last_read_seq, unread=mark.unread)
        for socket in list(self._of_user.get(mark.user_id, ())):
            if self.device(socket) != mark.device:
                socket.send(told)

    def _doubts(self, _sender: str, standing: Standing) -> None:
        """Somebody's session ended, or they are no longer who they were; what they are now the database knows."""
        if standing.user_id in self._of_user:
            self._doubted.add(standing.user_id)
            self._doubt.set()

    async def run_doubts(self) -> None:
        """Look at once at those who are doubted. What fails here the clock does. For the life of the process."""
        while True:
            await self._doubt.wait()
            self._doubt.clear()
            doubted, self._doubted = self._doubted, set()
            try:
                await self._look_again_who_they_are(
                    socket for user in doubted for socket in self._of_user.get(user, ())
                )
            except Problem as problem:
                log.warning("session_check_failed", code=problem.code)

    async def run_clock(self) -> None:
        """Once a second: late sign-ins, dead peers, ended sessions. For the life of the process."""
        while True:
            await asyncio.sleep(1)
            now = monotonic()
            for socket in list(self._sockets):
                socket.carry_out(socket.session.tick(now))
            try:
                await self._look_again_which_log_this_is()
                ended_late.inc(await self._look_again_who_they_are(self._sockets))
                await self.clock.refresh(self.db)
            except Problem as problem:
                log.warning("session_check_failed", code=problem.code)

    async def _look_again_which_log_this_is(self) -> None:
        """After a restore seqs mean other events: nothing kept in memory counts, everybody starts from a snapshot."""
        async with self.db.reading() as conn:
            epoch = await read.epoch(conn)
        if epoch != self.epoch:
            log.warning("epoch_changed")
            self.epoch = epoch
            self.channels.restart()

    async def _look_again_who_they_are(self, sockets: "Iterable[LiveSocket]") -> int:
        """Ended, revoked and disabled ones are closed, and counted; who has another role now acts in it."""
        present = [socket for socket in sockets if socket.session.ready and socket.actor]
        if not present:
            return 0
        actors = {socket.credential: socket.actor for socket in present if socket.actor}
        async with self.db.reading() as conn:
            standing = await people.standing(conn, actors, wall())
        ended = [socket for socket in present if socket.credential not in standing and socket.closed_with is None]
        for socket in present:
            if (actor := standing.get(socket.credential)) is not None:
                socket.stands(actor)
        for socket in ended:
            socket.shut(Close.SESSION_ENDED)
        return len(ended)
