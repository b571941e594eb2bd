"""Checker C10: no transaction changes what is audited without an audit row or a room's event of its own.

Triggers note which transaction touched which table, while every operation and command that may change something is
played by somebody who may. A new operation comes here by its line in the matrix.
"""

from collections import Counter, defaultdict
from typing import Final

import pytest
from sqlalchemy import text

from hub.base.db import Database
from tests.plant.processes import Hubs
from tests.surfaces.matrix.rules import OPERATIONS
from tests.surfaces.matrix.stage import READS, Cell, Stage, cells

# What is no change of people, rights, rooms, templates, settings, tokens, exports or sign-ins, with the reason.
FREE: Final = {
    "read_marks": "how far I have read is mine",
    "broadcast_seen": "a reader's mark",
    "ws_tickets": "a key for thirty seconds, bound to a session that is audited",
    "presence": "kept while a socket is open",
    "reader_cursors": "where the hub's own readers stand",
    "message_search": "an index, made from messages",
    "room_views": "how I look at the list is mine",
    "login_attempts": "tries that are counted; a sign-in and a refusal have audit rows of their own",
    "directory_guesses": "the same, for passwords asked of the directory",
    "directory_sync": "when the directory was looked at; whom it changed has rows",
    "template_book": "a mark that tells caches to read again; versions are audited",
    "audit_refusals": "becomes audit rows",
    "audit_head": "the chain itself",
    "audit_log": "the audit itself",
    "alarm_inbox": "is itself the record of every observation and its outcome",
    "alarm_sources": "an observation's",
    "alarms": "an observation's",
    "occurrences": "an observation's",
    "quarantine": "is itself the record of a payload",
}
CHANGES_NOTHING: Final = frozenset(
    [
        *("POST /api/ws-ticket", "POST /api/auth/refresh", "POST /api/templates/preview"),
        *("ws auth", "ws hb", "ws subscribe", "ws unsubscribe", "ws typing"),
    ]
)
WHO: Final = ("owner", "admin", "machine")  # who plays, if they may
WITNESSES: Final = {"audit_log", "room_events"}
NOTE = """
CREATE TABLE touched (xid xid8 NOT NULL DEFAULT pg_current_xact_id(), part text NOT NULL, what text NOT NULL);
CREATE FUNCTION note_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'api_tokens' AND to_jsonb(OLD) - 'last_used_at' = to_jsonb(NEW) - 'last_used_at' THEN
        RETURN NULL;  -- when it was used last
    END IF;
    INSERT INTO touched (part, what) VALUES (TG_TABLE_NAME, TG_OP);
    RETURN NULL;
END $$;
DO $$
DECLARE part text;
BEGIN
    FOR part IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'touched' LOOP
        EXECUTE format('CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON %I '
                       'FOR EACH ROW EXECUTE FUNCTION note_touch()', part);
    END LOOP;
END $$;
"""
TOUCHED = text("DELETE FROM touched RETURNING xid::text AS xid, part, what")


def played() -> list[Cell]:
    """Of each operation that may change something, one cell for each place in which somebody may."""
    may = [cell for cell in cells(OPERATIONS) if cell.expected == "ok" and not cell.operation.startswith("GET")]
    may.sort(key=lambda cell: WHO.index(cell.actor) if cell.actor in WHO else len(WHO))
    first: dict[tuple[str, str], Cell] = {}
    for cell in may:
        first.setdefault((cell.operation, cell.place), cell)
    return list(first.values())


async def transactions(database: Database) -> dict[str, Counter[str]]:
    """What each transaction since the last look touched; `audit_log+` is a row put in."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    async with database.transaction() as tx:
        for row in await tx.execute(TOUCHED):
            found[row.xid][row.part + ("+" if row.what == "INSERT" else "")] += 1
    return found


def unwitnessed(found: dict[str, Counter[str]]) -> list[dict[str, int]]:
    """Transactions that changed what is audited and say so nowhere."""
    return [
        dict(parts)
        for parts in found.values()
        if {part.rstrip("+") for part in parts} - FREE.keys() and not {f"{name}+" for name in WITNESSES} & parts.keys()
    ]


@pytest.mark.timeout(900)
async def test_no_change_without_its_row(hubs: Hubs, database: Database) -> None:
    async with hubs.any().client() as http:
        document = (await http.get("/schema/openapi.json")).json()
    async with database.transaction() as tx:
        await (await tx.driver()).execute(NOTE)
    stage = await Stage(hubs, database, document).cast()
    assert unwitnessed(await transactions(database)) == []
    seen = 0
    for cell in played():
        assert await stage.play(cell) == "ok", cell
        found = await transactions(database)
        assert unwitnessed(found) == [], cell
        changed = {part.rstrip("+") for parts in found.values() for part in parts} - {"audit_head", "reader_cursors"}
        assert changed or cell.operation in CHANGES_NOTHING or cell.operation.startswith(READS), cell
        seen += len(found)
    await stage.close()
    print(f"\n{len(played())} operations played, {seen} transactions, each with its audit row or event")


async def test_the_checker_sees_a_change_without_one(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text("UPDATE users SET role = 'admin' WHERE username = 'guest'"))
    found = unwitnessed(await transactions(database))
    assert found == [{"users": 1}]
