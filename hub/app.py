"""The roof: one function names every route, guard, error map and background task."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import Any

import uvicorn
from litestar import Litestar
from litestar.di import Provide
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

import hub.alarms.routes
import hub.broadcasts.routes
import hub.live.routes
import hub.messages.routes
import hub.messages.search.routes
import hub.people.accounts.routes
import hub.people.audit.routes
import hub.people.directory.routes
import hub.people.sessions.routes
import hub.people.shifts.routes
import hub.people.teams.routes
import hub.rooms.checklist.routes
import hub.rooms.closing.routes
import hub.rooms.links.routes
import hub.rooms.listing.routes
import hub.rooms.members.routes
import hub.rooms.routes
import hub.rooms.templates.routes
from hub import apidocs, pages
from hub.audit import refusals
from hub.audit.sealer import Sealer
from hub.audit.watch import Watch
from hub.base.clock import PlantClock
from hub.base.db import Database
from hub.base.http import Envelope, HubRequest
from hub.base.settings import Settings
from hub.base.supervise import Supervisor
from hub.base.telemetry import configure_logs
from hub.live.broadcasts import Announcer
from hub.live.lobby import Lobby
from hub.live.outlet import RawFrameProtocol
from hub.live.presence import Presence
from hub.live.station import Station
from hub.log.log import RoomLog
from hub.messages.desk import Desk
from hub.messages.search.index import Indexer
from hub.messages.search.routes import SearchDesk
from hub.messages.timeline import MessageTimeline
from hub.messages.welcome import Welcomer
from hub.people.directory.accounts import DomainAccounts, accounts
from hub.people.directory.door import Directory
from hub.people.directory.sync import Sync
from hub.people.guards import provide_actor, provide_device, signed_in
from hub.people.secrets import TokenKeys
from hub.people.sessions.actions import Gate
from hub.people.sessions.policy import rules_of
from hub.rooms.due import Due
from hub.rooms.listing.routes import provide_filters
from hub.wire import limits
from hub.wire.problems import Problem

DRAIN_SECONDS = 25


def create_app(settings: Settings) -> Litestar:
    """Build the hub."""
    db = Database(settings.database_url, settings.db_pool)
    log = RoomLog(db, MessageTimeline(), PlantClock())
    desk = Desk(log, settings)
    station = Station(log, desk, settings.frames_per_second)
    supervisor = Supervisor()

    shared: dict[str, Any] = {
        "db": db,
        "log": log,
        "desk": desk,
        "search_desk": SearchDesk(log, settings),
        "station": station,
        "supervisor": supervisor,
        "watch": Watch(db),
        "settings": settings,
        "keys": TokenKeys(settings.secret_key, settings.secret_key_previous),
    }
    directory = accounts(db, settings)
    shared["directory"] = directory
    shared["gate"] = Gate(db, directory, shared["keys"], rules_of(settings))
    dependencies = {name: _given(value) for name, value in shared.items()}
    dependencies |= {
        "actor": Provide(provide_actor, sync_to_thread=False),
        "filters": Provide(provide_filters),
        "device": Provide(provide_device, sync_to_thread=False),
    }
    return Litestar(
        route_handlers=_routes(),
        dependencies=dependencies,
        guards=[signed_in(db, shared["keys"])],
        exception_handlers={Exception: refusals.refused},
        request_class=HubRequest,
        request_max_body_size=None,  # HubRequest counts, per route
        lifespan=[_lifespan(station, supervisor, _tasks(station, shared["watch"], directory, settings))],
        openapi_config=_openapi(),
        logging_config=None,
    )


def _lifespan(
    station: Station, supervisor: Supervisor, tasks: dict[str, Callable[[], Awaitable[None]]]
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await station.log.clock.refresh(station.db)
        await station.start()
        for name, run in tasks.items():
            supervisor.start(name, run)
        yield
        await supervisor.stop()
        with suppress(Problem):  # counts of the last second; without a database they are lost
            await refusals.flush(station.db)
        await station.db.close()

    return lifespan


def _tasks(
    station: Station, watch: Watch, directory: Directory, settings: Settings
) -> dict[str, Callable[[], Awaitable[None]]]:
    log, desk, presence = station.log, station.desk, Presence(station)
    looks: dict[str, Callable[[], Awaitable[None]]] = {}
    if isinstance(directory, DomainAccounts):
        looks["directory_sync"] = Sync(directory).run
    return looks | {
        "flush": desk.flusher.run,
        "flush_waiting": desk.flusher.run_waiting,
        "tail_reader": log.tails.run_reader,
        "tail_poll": log.tails.run_poll,
        "bell_sender": log.bell.run_sender,
        "bell_listener": log.bell.run_listener,
        "station_clock": station.run_clock,
        "station_doubts": station.run_doubts,
        "lobby": Lobby(station).run,
        "typing": station.typists.run,
        "presence_keeper": presence.run_keeper,
        "presence_teller": presence.run_teller,
        "broadcasts": Announcer(station).run,
        "search_index": Indexer(log).run,
        "audit_sealer": Sealer(log.db).run,
        "audit_watch": watch.run,
        "audit_refusals": partial(refusals.run, log.db),
        "welcome": Welcomer(log, settings.language, settings.time_zone).run,
        "rooms_due": Due(log).run,
    }


def _given(value: Any) -> Provide:
    return Provide(lambda: value, use_cache=True, sync_to_thread=False)


def _routes() -> list[Any]:
    return [
        *hub.people.audit.routes.ROUTES,
        *hub.people.accounts.routes.ROUTES,
        *hub.people.sessions.routes.ROUTES,
        *hub.people.teams.routes.ROUTES,
        *hub.people.directory.routes.ROUTES,
        *hub.people.shifts.routes.ROUTES,
        *hub.rooms.routes.ROUTES,
        *hub.rooms.templates.routes.ROUTES,
        *hub.rooms.checklist.routes.ROUTES,
        *hub.rooms.members.routes.ROUTES,
        *hub.rooms.closing.routes.ROUTES,
        *hub.rooms.links.routes.ROUTES,
        *hub.rooms.listing.routes.ROUTES,
        *hub.messages.routes.ROUTES,
        *hub.messages.search.routes.ROUTES,
        *hub.alarms.routes.ROUTES,
        *hub.broadcasts.routes.ROUTES,
        *hub.live.routes.ROUTES,
        *apidocs.ROUTES,
        *pages.ROUTES,
    ]


def _openapi() -> OpenAPIConfig:
    bearer = SecurityScheme(type="http", scheme="bearer", description="An access token, or an API token `andon_…`")
    return OpenAPIConfig(
        title="Andon Hub",
        version="0.1.0",
        description="Incident rooms of a production line. The WebSocket protocol stands in docs/protocol.md.",
        components=Components(security_schemes={"bearer": bearer}),
        security=[{"bearer": []}],
        render_plugins=[apidocs.Page(), apidocs.Document()],
    )


def _calm_collector() -> None:
    """Look for garbage rarely: what a message leaves is freed by reference counts, while a full collection walks all
    sockets (0.3 s with 10,000 of them) and stops the world for it."""
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def serve(settings: Settings) -> None:
    """Run the hub until SIGTERM."""
    configure_logs(settings.log_level)
    _calm_collector()
    config = uvicorn.Config(
        Envelope(create_app(settings), pages.SECURITY, settings.hosts),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        ws=RawFrameProtocol if settings.raw_frames else "websockets-sansio",
        ws_per_message_deflate=False,  # it forbids shared frames and costs half of the fan-out
        ws_max_size=limits.FRAME_BYTES,
        ws_ping_interval=None,  # the application's heartbeat does it: JavaScript cannot see pings
        timeout_graceful_shutdown=DRAIN_SECONDS,
        log_config=None,
        access_log=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        server_header=False,
    )
    uvicorn.Server(config).run()
