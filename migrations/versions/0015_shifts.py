"""Shift patterns, rosters, overrides and the plant calendar."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from hub.base.db import NOW, Time

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shift_patterns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pattern", JSONB(), nullable=False),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_patterns")),
    )
    op.create_table(
        "shift_rosters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("pattern_id", sa.Uuid(), nullable=False),
        sa.Column("crew", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date()),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.CheckConstraint("until_day >= from_day", name=op.f("ck_shift_rosters_order")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_shift_rosters_team_id")),
        sa.ForeignKeyConstraint(["pattern_id"], ["shift_patterns.id"], name=op.f("fk_shift_rosters_pattern_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_rosters")),
    )
    op.create_index(op.f("ix_shift_rosters_pattern_id"), "shift_rosters", ["pattern_id"])
    op.create_index("ix_shift_rosters_team", "shift_rosters", ["team_id", "from_day"])
    _overrides()
    op.create_table(
        "plant_holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("worked_like", sa.Date()),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_plant_holidays")),
    )


def _overrides() -> None:
    op.create_table(
        "shift_overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid()),
        sa.Column("away", sa.Uuid()),
        sa.Column("instead", sa.Uuid()),
        sa.Column("starts", Time, nullable=False),
        sa.Column("ends", Time, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", Time, nullable=False, server_default=NOW),
        sa.CheckConstraint("starts < ends", name=op.f("ck_shift_overrides_order")),
        sa.CheckConstraint(
            "away IS NOT NULL OR (instead IS NOT NULL AND team_id IS NOT NULL)", name=op.f("ck_shift_overrides_whom")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_shift_overrides_team_id")),
        sa.ForeignKeyConstraint(["away"], ["users.id"], name=op.f("fk_shift_overrides_away")),
        sa.ForeignKeyConstraint(["instead"], ["users.id"], name=op.f("fk_shift_overrides_instead")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_shift_overrides_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_overrides")),
    )
    op.create_index("ix_shift_overrides_ends", "shift_overrides", ["ends"])


def downgrade() -> None:
    op.drop_table("plant_holidays")
    op.drop_table("shift_overrides")
    op.drop_table("shift_rosters")
    op.drop_table("shift_patterns")
