"""The schema exists only through Alembic."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config(database_url: str) -> Config:
    """Alembic's configuration for a database."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    url = database_url.replace("postgresql+asyncpg://", "postgresql://").replace(
        "postgresql://", "postgresql+asyncpg://", 1
    )
    found.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return found


def upgrade(database_url: str) -> None:
    """Bring the schema to the newest revision. Safe to run from several replicas at once."""
    command.upgrade(config(database_url), "head")


def check(database_url: str) -> None:
    """Raise when the tables in the code and in the database differ."""
    command.check(config(database_url))


@cache
def newest() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
