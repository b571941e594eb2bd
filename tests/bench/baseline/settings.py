"""Settings of the baseline, from the environment."""

import os
from dataclasses import dataclass

DATABASE_URL = "BASELINE_DATABASE_URL"
SECRET_KEY = "BASELINE_SECRET_KEY"
MESSAGES_PER_SECOND = "BASELINE_MESSAGES_PER_SECOND"
PORT = "BASELINE_PORT"


@dataclass(frozen=True)
class Settings:
    """`messages_per_second` is per user (3.2.3: 10); a benchmark raises it, as it raises ours."""

    database_url: str
    secret_key: str
    messages_per_second: int
    port: int


def from_environment() -> Settings:
    return Settings(
        os.environ[DATABASE_URL].replace("postgresql://", "postgresql+asyncpg://", 1),
        os.environ[SECRET_KEY],
        int(os.environ.get(MESSAGES_PER_SECOND, "10")),
        int(os.environ.get(PORT, "8000")),
    )
