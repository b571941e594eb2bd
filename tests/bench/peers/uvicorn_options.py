"""How the peers on uvicorn are served: its own WebSocket protocol, nothing compressed, no pings."""

from typing import Any

import uvicorn


def serve(app: Any, port: int) -> None:
    """Serve until SIGTERM."""
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        backlog=4096,
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=2,
    )
