"""Guests for a time, areas, merged, linked and archived rooms, closing forms, finding rooms and saved views."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hub.base.db import NOW, Time
from hub.base.fold import fold
from hub.rooms.listing.words import tokens

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Posting asks for present members; a guest whose time is over is none, also before the log says so.
PRESENT = "p.to_seq IS NULL"
IN_TIME = "p.to_seq IS NULL AND (p.until IS NULL OR p.until > hub_now())"
BATCH = 500
ROOMS = sa.text(
    "SELECT number, room_id, title, fault, site, area, line, machine FROM incident_rooms WHERE number > :after "
    "ORDER BY number LIMIT :limit"
)
FIND = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = '{0}'"


def _rewrite(old: str, new: str) -> None:
    for name in ("post_messages", "post_message"):
        source = op.get_bind().exec_driver_sql(FIND.format(name)).scalar_one()
        assert source.count(old) == 1
        op.get_bind().exec_driver_sql(source.replace(old, new))


def _rooms() -> None:
    op.add_column("incident_rooms", sa.Column("area", sa.Text()))
    op.add_column("incident_rooms", sa.Column("reopened", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("incident_rooms", sa.Column("archived_at", Time))
    op.add_column("incident_rooms", sa.Column("unarchived_at", Time))
    op.add_column("incident_rooms", sa.Column("merged_into", sa.Uuid()))
    op.create_index(
        "ix_incident_rooms_closed", "incident_rooms", ["closed_at"], postgresql_where=sa.text("archived_at IS NULL")
    )
    op.add_column("room_members", sa.Column("until", Time))
    where = sa.text("to_seq IS NULL AND until IS NOT NULL")
    op.create_index("ix_room_members_until", "room_members", ["until"], postgresql_where=where)


def _of_room(name: str, *columns: Any, key: str = "room_id") -> None:
    op.create_table(
        name,
        *columns,
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f(f"fk_{name}_room_id")),
        sa.PrimaryKeyConstraint(*key.split(), name=op.f(f"pk_{name}")),
    )


def _words() -> None:
    _of_room(
        "room_words",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tokens", ARRAY(sa.Text()), nullable=False),
    )
    op.create_index("ix_room_words_tokens", "room_words", ["tokens"], postgresql_using="gin")


def _fill_words() -> None:
    """Rooms that are there already are found by their words too, folded by the code that folds the query."""
    conn, after = op.get_bind(), 0
    given = sa.table("room_words", sa.column("room_id"), sa.column("words"), sa.column("tokens", ARRAY(sa.Text())))
    while rows := conn.execute(ROOMS, {"after": after, "limit": BATCH}).all():
        found = {row.room_id: _words_of(row) for row in rows}
        conn.execute(sa.insert(given), [{"room_id": it, "words": w, "tokens": tokens(w)} for it, w in found.items()])
        after = rows[-1].number


def _words_of(room: sa.Row[Any]) -> str:
    said = [f"INC-{room.number:06d}", room.title, *room.fault.values(), room.site, room.area, room.line, room.machine]
    return "\n".join(dict.fromkeys(fold(word) for word in said if word))


def _links() -> None:
    _of_room(
        "room_links",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('related', 'into', 'from')", name=op.f("ck_room_links_kind")),
        sa.ForeignKeyConstraint(["other_id"], ["incident_rooms.room_id"], name=op.f("fk_room_links_other_id")),
        key="room_id other_id",
    )
    _of_room(
        "merged_groups",
        sa.Column("grouping_key", sa.Text(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        key="grouping_key",
    )
    op.create_index("ix_merged_groups_room", "merged_groups", ["room_id"])


def upgrade() -> None:
    _rooms()
    _words()
    _fill_words()
    _links()
    _of_room(
        "room_closings",
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("form", JSONB(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", Time, nullable=False, server_default=NOW),
        sa.ForeignKeyConstraint(["by"], ["users.id"], name=op.f("fk_room_closings_by")),
    )
    op.create_table(
        "room_views",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filters", JSONB(), nullable=False),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_room_views_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_views")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_room_views_user_id_name")),
    )
    _rewrite(PRESENT, IN_TIME)


def downgrade() -> None:
    _rewrite(IN_TIME, PRESENT)
    for table in ("room_views", "room_closings", "merged_groups", "room_links", "room_words"):
        op.drop_table(table)
    op.drop_index("ix_room_members_until", "room_members")
    op.drop_column("room_members", "until")
    op.drop_index("ix_incident_rooms_closed", "incident_rooms")
    for column in ("merged_into", "unarchived_at", "archived_at", "reopened", "area"):
        op.drop_column("incident_rooms", column)
