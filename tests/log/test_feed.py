"""Cursors of the feed."""

import pytest

from hub.base.db import Database
from hub.log.feed import horizon, moved_since
from hub.wire.problems import Problem


async def test_a_cursor_from_before_a_restore_is_refused(database: Database) -> None:
    async with database.reading() as conn:
        cursor = await horizon(conn)
        assert (await moved_since(conn, cursor)).cursor == cursor
        with pytest.raises(Problem, match="cursor_invalid"):
            await moved_since(conn, str(int(cursor) + 1_000_000))
