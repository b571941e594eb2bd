"""The load generator: a C program that plays thousands of WebSocket clients, and how Python drives it."""

from tests.bench.load.driver import Client, Load, compiled, drive, pinned

__all__ = ["Client", "Load", "compiled", "drive", "pinned"]
