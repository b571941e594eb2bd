"""The database: engine, transactions with retry, and the base of all tables.

All SQL and column defaults take the time from `hub_now()`, never `now()`: demos and tests shift and speed it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, TypeVar

import asyncpg
import stamina
from sqlalchemy import DateTime, MetaData, text
from sqlalchemy.dialects.postgresql import base as pg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import UserDefinedType

from hub.wire.problems import Problem

T = TypeVar("T")
Tell = Callable[[str, str, Any], None]
NOW = text("hub_now()")
Time = DateTime(timezone=True)
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
SESSION = {"lock_timeout": "2000", "idle_in_transaction_session_timeout": "5000", "timezone": "UTC", "jit": "off"}
TRANSIENT = {"40P01", "40001", "55P03", "23505"}  # deadlock, serialization, lock timeout, lost a unique-key race
GONE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's last word came between two of ours
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
)


class Xid8(UserDefinedType[str]):
    """A 64-bit transaction id; orders commits for feeds together with the snapshot's xmin."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Name of the type in DDL."""
        return "xid8"


pg.ischema_names["xid8"] = Xid8


def in_words(column: str, words: tuple[str, ...]) -> str:
    """CHECK text for a column that holds one of these words."""
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def _nobody(_kind: str, _key: str, _body: Any) -> None:
    """Where no signals are there is nobody to tell."""


class Tx:
    """A running transaction. What is registered with `after_commit` runs only when COMMIT has returned."""

    def __init__(self, conn: AsyncConnection, tell: Tell):
        self.conn = conn
        self._tell = tell
        self.execute = conn.execute
        self.scalar = conn.scalar
        self._after: list[Callable[[], None]] = []

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` after COMMIT, in order of registration."""
        self._after.append(call)

    def tell(self, kind: str, key: str, body: Any) -> None:
        """Tell all hub processes after COMMIT, live and lossy (`hub.log.signals`); `andon` commands tell nobody."""
        self.after_commit(partial(self._tell, kind, key, body))

    def committed(self) -> None:
        """Run what waited for COMMIT."""
        for call in self._after:
            call()

    async def driver(self) -> Any:
        """Return the asyncpg connection below, inside this transaction, for bulk statements."""
        driver: Any = (await self.conn.get_raw_connection()).driver_connection
        if not driver.is_in_transaction():  # SQLAlchemy sends BEGIN only with its own first statement
            await self.execute(text("SELECT 1"))
        return driver


class Database:
    """One pool of connections to PostgreSQL."""

    def __init__(self, url: str, pool: int = 10):
        self.dsn = url.replace("+asyncpg", "")
        self.tell: Tell = _nobody  # the process's signals put themselves here
        self.engine: AsyncEngine = create_async_engine(
            self.dsn.replace("postgresql://", "postgresql+asyncpg://"),
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=5,
            pool_pre_ping=False,
            connect_args={"server_settings": SESSION, "timeout": 5},
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """Open a transaction; commit on leaving, roll back on an exception."""
        with translating():
            async with self.engine.begin() as conn:
                tx = Tx(conn, self.tell)
                yield tx
        tx.committed()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Borrow a connection for reads, each statement its own snapshot."""
        with translating():
            async with self.engine.connect() as conn:
                yield await conn.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Borrow a connection whose statements all see one snapshot."""
        with translating():
            async with self.engine.connect() as conn:
                await conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                yield conn

    async def act(self, change: Callable[[Tx], Awaitable[T]]) -> T:
        """Run `change` in a transaction; deadlocks and serialization errors are tried again, at most 5 times."""
        async for attempt in stamina.retry_context(
            on=Again, attempts=6, timeout=10, wait_initial=0.02, wait_max=0.3, wait_jitter=0.05
        ):
            with attempt:
                async with self.transaction() as tx:
                    return await change(tx)
        raise AssertionError("unreachable: the last attempt raises")

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Open a connection of one's own (listener, flusher)."""
        return await asyncpg.connect(self.dsn, server_settings=SESSION, timeout=5)

    async def close(self) -> None:
        """Close the pool."""
        await self.engine.dispose()


class Again(Problem):
    """The transaction lost a race and may be run again."""


@contextmanager
def translating() -> Iterator[None]:
    """Turn races and an absent database into their problem codes; real mistakes pass unchanged."""
    try:
        yield
    except (DBAPIError, InterfaceError, asyncpg.PostgresError, *GONE, TimeoutError) as error:
        found = translated(error)
        if found is error:
            raise
        raise found from error


def translated(error: BaseException) -> BaseException:
    """Tell races (Again) and an absent database (`db_unavailable`) from real mistakes, which pass unchanged."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = getattr(cause, "sqlstate", None) or ""
    if state in TRANSIENT:
        return Again("db_unavailable", "The database is busy; try again", retry_after=1)
    lost = state.startswith(("08", "57P", "53")) or isinstance(error, (InterfaceError, *GONE, TimeoutError))
    if lost or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return Problem("db_unavailable", retry_after=1)
    return error


def passing(error: Exception) -> bool:
    """Whether it is the database's state and no mistake of ours: trying again may help."""
    return isinstance(translated(error), Problem)
