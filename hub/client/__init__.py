"""The Python SDK of the hub: REST and live events. Connectors, bots and anybody's scripts use it; it needs hub.wire."""

from hub.client.backoff import delays
from hub.client.client import HubClient

__all__ = ["HubClient", "delays"]
