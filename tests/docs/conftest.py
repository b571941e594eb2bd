import json
import warnings

import msgspec
import pytest

from hub.app import create_app
from hub.base.settings import Settings


@pytest.fixture(scope="session")
def openapi() -> dict[str, dict[str, object]]:
    """The hub's own description of its REST API; building it needs no database."""
    with warnings.catch_warnings(action="ignore"):  # how routes name their dependencies is not the documents' matter
        app = create_app(Settings(database_url="postgresql://nobody@127.0.0.1:1/none", secret_key="k" * 32))
        described: dict[str, dict[str, object]] = json.loads(msgspec.json.encode(app.openapi_schema.to_schema()))
    return described
