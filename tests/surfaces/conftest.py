"""A responder and a room at the door."""

import httpx
import pytest

from tests.surfaces.door import Door


@pytest.fixture(scope="session")
async def wang(door: Door) -> httpx.AsyncClient:
    """A responder's REST client."""
    return await door.client("wang")


@pytest.fixture(scope="session")
async def room(door: Door) -> str:
    """An open room of the site."""
    return await door.open_room("wang")
