"""Room templates with their versions, checklists of rooms, and what a room remembers of its opening."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OF_ROOMS = {
    "code": sa.Text,
    "condition": sa.Text,
    "template_id": sa.Uuid,
    "template_version": sa.Integer,
    "retention_days": sa.Integer,
}


def upgrade() -> None:
    op.create_table(
        "room_templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.Column("archived_at", Time),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_templates")),
    )
    op.create_index("uq_room_templates_name", "room_templates", [sa.text("lower(name)")], unique=True)
    op.create_table(
        "room_template_versions",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("body", JSONB(), nullable=False),
        sa.Column("edited_by", sa.Uuid()),
        sa.Column("edited_at", Time, nullable=False, server_default=NOW),
        sa.CheckConstraint(
            "change IN ('added', 'changed', 'restored', 'archived', 'imported')",
            name=op.f("ck_room_template_versions_change"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["room_templates.id"], name=op.f("fk_room_template_versions_template_id")
        ),
        sa.ForeignKeyConstraint(["edited_by"], ["users.id"], name=op.f("fk_room_template_versions_edited_by")),
        sa.PrimaryKeyConstraint("template_id", "version", name=op.f("pk_room_template_versions")),
    )
    op.execute(
        "CREATE TRIGGER room_template_versions_append_only BEFORE UPDATE OR DELETE ON room_template_versions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "template_book",
        sa.Column("singleton", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("revision", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")),
        sa.CheckConstraint("singleton", name=op.f("ck_template_book_singleton")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_template_book")),
    )
    op.execute("INSERT INTO template_book DEFAULT VALUES")
    for name, kind in OF_ROOMS.items():
        op.add_column("incident_rooms", sa.Column(name, kind()))
    op.create_foreign_key(
        op.f("fk_incident_rooms_template_id_template_version"),
        "incident_rooms",
        "room_template_versions",
        ["template_id", "template_version"],
        ["template_id", "version"],
    )
    op.create_table(
        "checklist_items",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("added_seq", sa.BigInteger(), nullable=False),
        sa.Column("text", JSONB(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default=sa.text("'open'")),
        sa.Column("assignee_id", sa.Uuid()),
        sa.Column("team", sa.Text()),
        sa.Column("due_at", Time),
        sa.Column("checked_by", sa.Uuid()),
        sa.Column("checked_at", Time),
        sa.CheckConstraint("state IN ('open', 'done', 'skipped')", name=op.f("ck_checklist_items_state")),
        sa.ForeignKeyConstraint(["room_id"], ["incident_rooms.room_id"], name=op.f("fk_checklist_items_room_id")),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_checklist_items_assignee_id")),
        sa.ForeignKeyConstraint(["checked_by"], ["users.id"], name=op.f("fk_checklist_items_checked_by")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_checklist_items")),
    )
    op.create_index("ix_checklist_items_room", "checklist_items", ["room_id", "added_seq"])


def downgrade() -> None:
    op.drop_table("checklist_items")
    op.drop_constraint("fk_incident_rooms_template_id_template_version", "incident_rooms")
    for name in OF_ROOMS:
        op.drop_column("incident_rooms", name)
    op.drop_table("template_book")
    op.drop_table("room_template_versions")
    op.drop_table("room_templates")
