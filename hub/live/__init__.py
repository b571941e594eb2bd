"""Floor 5: WebSocket sessions. The protocol's logic is sans-I/O, the socket shell is thin."""
