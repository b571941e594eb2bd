"""A small TCP proxy in front of a domain controller: another name for it, and silence on demand."""

import socket
import threading
from contextlib import suppress
from typing import Any

from hub.stack.process import LOOPBACK


class Proxy:
    """Carries bytes, or takes connections and says nothing."""

    def __init__(self, host: str, port: int, *, silent: bool = False):
        self._to = (host, port)
        self.silent = silent
        self.connections = 0
        self.sent = 0  # bytes towards the controller
        self._open: list[socket.socket] = []
        self._server = socket.create_server((LOOPBACK, 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"ldaps://{LOOPBACK}:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(client)
            if self.silent:
                continue
            server = socket.create_connection(self._to)
            self._open.append(server)
            threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, come: socket.socket, go: socket.socket, inwards: bool) -> None:
        with suppress(OSError):
            while some := come.recv(65536):
                self.sent += len(some) if inwards else 0
                if not self.silent:
                    go.sendall(some)
        with suppress(OSError):
            go.shutdown(socket.SHUT_WR)

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, *_: Any) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        for one in (self._server, *self._open):
            one.close()
