"""The thin shell around a session: receives frames, carries out their effects, writes what comes back."""

import asyncio
from collections.abc import Awaitable, Coroutine
from time import monotonic
from typing import Any
from uuid import UUID

import msgspec

from hub.base.telemetry import authz_denied, logger, slow_readers, ws_errors
from hub.live import changes
from hub.live.changes import Change
from hub.live.following import Following
from hub.live.outlet import Outlet, frame
from hub.live.posts import Posts
from hub.live.session import DEAD, Do, Effect, Reply, Session, refusal
from hub.live.station import Station
from hub.messages.mentions import may_call
from hub.people import actions as people
from hub.people.policy import Actor
from hub.rooms import actions as rooms
from hub.wire import limits
from hub.wire.frames import (
    Auth,
    ClientFrame,
    Delete,
    Done,
    Edit,
    FromServer,
    Heartbeat,
    HeartbeatAnswer,
    React,
    Read,
    Ready,
    Send,
    Subscribe,
    Typing,
    Unreact,
    Unsubscribe,
)
from hub.wire.problems import Close, Problem

log = logger("socket")
DRAIN_SECONDS = 2.0
RATES = frozenset({"rate_limited", "spam"})


class LiveSocket:
    """One client. `room` is set for `/ws/{room_id}`: subscribed as soon as the ticket is good."""

    __slots__ = (  # there are ten thousand of them
        "__weakref__",
        "_backlog",
        "_busy",
        "_close",
        "_following",
        "_posts",
        "_room",
        "_station",
        "_tasks",
        "actor",
        "closed_with",
        "credential",
        "outlet",
        "session",
    )

    def __init__(self, station: Station, outlet: Outlet, close: Any, room: UUID | None = None):
        self.session = Session(monotonic(), station.frames_per_second)
        self.actor: Actor | None = None
        self.credential = b""  # the actor's; kept, for a thousand are compared each second
        self._station = station
        self.outlet = outlet
        outlet.listen(self.take, self.fall_behind)
        self._close = close
        self._room = room
        self._following = Following(station, self)
        self._tasks: set[asyncio.Task[None]] = set()
        self._backlog: list[str] = []
        self._busy = False
        self._posts = Posts(station, self)
        self.closed_with: int | None = None

    @property
    def user_id(self) -> UUID:
        """Whose socket this is."""
        assert self.actor is not None
        return self.actor.id

    def fall_behind(self) -> None:
        """A reader too slow for what is sent gets nothing more: it resumes by seq."""
        slow_readers.inc()
        self.shut(Close.SLOW_READER)

    def send(self, message: FromServer) -> None:
        """Send one frame."""
        payload = msgspec.json.encode(message)
        self.outlet.write([payload], frame(payload))

    def stands(self, actor: Actor) -> None:
        """Act as who the user is now. In another role, or for other lines, the door is asked again for every room."""
        former, self.actor = self.actor, actor
        if former is actor:
            return
        if former is not None and (former.kind, former.role, former.lines) != (actor.kind, actor.role, actor.lines):
            followed = list(self._following)
            for room in followed:
                self.forget(room)  # at once: whoever still may comes back
            self.later(self._following.ask_again(followed))

    def forget(self, room: UUID) -> None:
        """The channel has put this socket out."""
        self._following.leave(room)

    def shut(self, code: int) -> None:
        """Close once, with a code; a peer that does not answer is dropped."""
        if self.closed_with is not None:
            return
        self.closed_with = int(code)
        self.outlet.end()
        self.later(self._close(int(code)))
        asyncio.get_running_loop().call_later(DRAIN_SECONDS, self.outlet.abort)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this beside everything else."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("socket_task_failed", exc_info=error)

    def gone(self) -> None:
        """The connection has ended."""
        for room in self._following:
            self.forget(room)
        self.closed_with = self.closed_with or Close.NORMAL
        self.outlet.end()

    def take(self, text: str) -> None:
        """Take a text frame. One after the other: while one waits for the database, those after it wait too."""
        if self._busy:
            self._put_back(text)
        elif self.closed_with is None:
            self.carry_out(self.session.receive(text, monotonic()))

    def _put_back(self, text: str) -> None:
        """Let a frame wait. It is a sign of life now, and it is judged when its turn comes; bounded in both."""
        self.session.heard(monotonic())
        self._backlog.append(text)
        most = limits.BACKLOG_BYTES if self.session.ready else limits.BACKLOG_BYTES_UNAUTHENTICATED
        if len(self._backlog) > limits.FRAME_BACKLOG or sum(map(len, self._backlog)) > most:
            self._backlog.clear()
            self.shut(Close.RATE_LIMITED)

    def expect_sign_in(self) -> None:
        """The handshake brought a token: frames wait until it is known whose."""
        self.session.signing_in()
        self._busy = True

    def sign_in_by(self, actor: Awaitable[Actor]) -> None:
        """Sign in as who the handshake's token stands for."""
        self.later(self._sign_in_by(actor))

    async def _sign_in_by(self, actor: Awaitable[Actor]) -> None:
        try:
            await self.sign_in(await actor)
        except Problem:
            self.shut(Close.AUTH_FAILED)
        self._go_on()

    def carry_out(self, effects: list[Effect]) -> None:
        """Do what the session decided."""
        for effect in effects:
            if isinstance(effect, Reply):
                self.send(effect.frame)
            elif not isinstance(effect, Do):
                self.shut(effect.code)
            elif isinstance(effect.frame, Send) and not may_call(effect.frame.content):
                self._posts.post(effect.frame)
            else:
                self._busy = True
                self.later(self._work_off(effect.frame))

    async def _work_off(self, wanted: ClientFrame) -> None:
        await self.do(wanted)
        self._go_on()

    def _go_on(self) -> None:
        """Take what waited."""
        self._busy = False
        while self._backlog and not self._busy:
            self.take(self._backlog.pop(0))

    async def do(self, wanted: ClientFrame) -> None:
        """Carry out a frame that may have to wait."""
        try:
            await self._answered(wanted)
        except Problem as problem:
            if isinstance(wanted, Auth):
                return self.shut(Close.AUTH_FAILED)
            self.refuse(wanted, problem)
        except Exception:
            log.exception("frame_failed", op=type(wanted).__name__)
            self.shut(DEAD)

    async def _answered(self, wanted: ClientFrame) -> None:
        match wanted:
            case Auth():
                await self.sign_in(await people.use_ticket(self._station.db, wanted.ticket))
            case Send():
                await self._posts.post_calling(wanted)
            case Edit() | Delete() | React() | Unreact():
                await self._change(wanted)
            case Subscribe():
                await self._following.subscribe(wanted)
            case Unsubscribe():
                self.forget(wanted.room)
            case Read():
                await self._mark_read(wanted)
            case Typing():
                await self._station.typists.said(self, wanted)
            case Heartbeat():
                self.send(HeartbeatAnswer(self._station.clock.now()))

    async def sign_in(self, actor: Actor) -> None:
        """Whoever this is may use the socket from now on."""
        if self.closed_with is not None:
            return  # it hung up while we looked; whoever is counted now is never counted out
        self.actor, self.credential = actor, actor.credential
        if not self._station.admit(self):
            return self.shut(Close.TOO_MANY_SOCKETS)
        self.session.signed_in()
        self.send(Ready(actor.person))
        if self._room is not None:
            await self.do(Subscribe(self._room, 0))

    async def _change(self, wanted: Change) -> None:
        assert self.actor is not None
        await changes.carry_out(self._station.desk, self.actor, wanted)
        if wanted.ref is not None:
            self.send(Done(wanted.ref))

    def refuse(self, wanted: ClientFrame, error: BaseException) -> None:
        """Tell why not; whoever is refused for their rate too often is closed."""
        if not isinstance(error, Problem):
            log.error("post_failed", exc_info=error)
            error = Problem("internal")
        ws_errors.labels(error.code).inc()
        if error.status == 403:
            authz_denied.labels("ws").inc()
            log.info("permission_denied", code=error.code, op=type(wanted).__name__, user=str(self.user_id))
        ref = wanted.client_msg_id if isinstance(wanted, Send) else getattr(wanted, "ref", None)
        self.send(refusal(error, ref=ref, room=getattr(wanted, "room", None)))
        if error.code in RATES:
            self.carry_out(self.session.refused(monotonic()))

    async def _mark_read(self, wanted: Read) -> None:
        assert self.actor is not None
        device = self._station.device(self)
        await rooms.mark_read(self._station.log, self.actor, wanted.room, wanted.seq, device)
