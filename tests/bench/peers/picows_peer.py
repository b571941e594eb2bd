"""The picows library, a WebSocket protocol in Cython, on uvloop. Usage: picows_peer.py PORT"""

import sys

import uvloop
from picows import WSFrame, WSListener, WSMsgType, WSTransport, WSUpgradeRequest, ws_create_server

from tests.bench.peers.stamp import stamped

members: set[WSTransport] = set()


class Member(WSListener):
    """One connection."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        members.add(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        members.discard(transport)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code())
            transport.disconnect()
        elif frame.msg_type == WSMsgType.TEXT:
            message = stamped(frame.get_payload_as_bytes())
            for member in members:
                member.send(WSMsgType.TEXT, message)


def listener(_: WSUpgradeRequest) -> WSListener:
    return Member()


async def main(port: int) -> None:
    server = await ws_create_server(listener, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
