"""Teams, their members, the groups that lead into them, and the lines a person looks after."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from hub.base.db import NOW, Time

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# NULL = every line: who is in no team, or in one that names no line, looks after the whole site.
LINES_OF = """
CREATE FUNCTION lines_of(who uuid) RETURNS text[] STABLE LANGUAGE sql AS $$
    SELECT CASE WHEN bool_and(cardinality(t.lines) > 0)
                THEN (SELECT array_agg(DISTINCT l ORDER BY l) FROM team_members n JOIN teams s ON s.id = n.team_id,
                      unnest(s.lines) l WHERE n.user_id = who AND s.archived_at IS NULL) END
    FROM team_members m JOIN teams t ON t.id = m.team_id WHERE m.user_id = who AND t.archived_at IS NULL
$$
"""


def upgrade() -> None:
    op.create_table(
        "teams",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lines", ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.Column("archived_at", Time),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("key", name=op.f("uq_teams_key")),
    )
    op.create_table(
        "team_members",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("added_at", Time, nullable=False, server_default=NOW),
        sa.CheckConstraint("source IN ('hand', 'directory')", name=op.f("ck_team_members_source")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_members_user_id")),
        sa.PrimaryKeyConstraint("team_id", "user_id", "source", name=op.f("pk_team_members")),
    )
    op.create_index("ix_team_members_user", "team_members", ["user_id"])
    op.create_table(
        "group_mappings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text()),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.CheckConstraint("role IN ('admin', 'lead', 'responder', 'viewer')", name=op.f("ck_group_mappings_role")),
        sa.CheckConstraint("role IS NOT NULL OR team_id IS NOT NULL", name=op.f("ck_group_mappings_leads_somewhere")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_group_mappings_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_mappings")),
    )
    op.create_index(
        "uq_group_mappings_group_name",
        "group_mappings",
        [sa.text("lower(group_name)"), "team_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    op.execute(LINES_OF)


def downgrade() -> None:
    op.execute("DROP FUNCTION lines_of(uuid)")
    op.drop_table("group_mappings")
    op.drop_table("team_members")
    op.drop_table("teams")
