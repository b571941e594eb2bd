"""The load generator counts right, against the smallest server: its figures are only as good as this."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from hub.stack.process import free_port
from tests.bench.load import Load, drive
from tests.bench.servers import PEER, Server, peer

STRUCTURED = '{"content":"TS={TS}","pad":"{PAD}"}'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with peer("asyncio", pin=None) as server:
        yield server


def loaded(server: Server, sockets: int, **load: Any) -> Load:
    clients = PEER["asyncio"].clients(sockets)
    return drive(server.port, clients, pids=server.pids, **{"seconds": 0.3, "warm": 0.1, **load})


@pytest.mark.parametrize("load", [{"window": 1}, {"window": 16}, {"rate": 200.0}])
def test_every_message_reaches_every_socket_once(server: Server, load: dict[str, float]) -> None:
    found = loaded(server, 30, **load).whole()
    assert found.opened == 30
    assert 0 < found.messages <= found.all_messages == found.all_sent
    assert found.all_deliveries == 30 * found.all_messages
    assert abs(found.deliveries - 30 * found.messages) <= 30 * 17  # those under way when the window opens and ends


def test_the_last_receiver_is_not_before_the_others(server: Server) -> None:
    found = loaded(server, 50, window=1)
    assert 0 < found.p50_ms <= found.last_p50_ms <= found.last_p99_ms
    assert found.last_p99_ms <= found.last_max_ms + 0.01 == pytest.approx(found.max_ms + 0.01)


def test_the_rate_is_kept(server: Server) -> None:
    found = loaded(server, 10, rate=100.0, seconds=1.0)
    assert found.messages_per_s == pytest.approx(100, rel=0.1)


def test_who_never_reads_is_not_waited_for(server: Server) -> None:
    found = loaded(server, 10, window=4, size=6000, stalled=2).whole()
    assert found.opened == 10
    assert found.all_deliveries == 8 * found.all_messages > 0
    assert found.stalled_closed == 0  # this server keeps it, and all that it does not read


def test_frames_over_64_kilobytes_go_both_ways(server: Server) -> None:
    clients = [client.__class__(client.path, send=STRUCTURED) for client in PEER["asyncio"].clients(5)]
    found = drive(server.port, clients, pids=server.pids, seconds=0.3, warm=0.0, window=1, size=100_000).whole()
    assert found.all_deliveries == 5 * found.all_messages > 0
    assert found.bytes_per_delivery > 100_000


def test_rooms_are_counted_apart(server: Server) -> None:
    """The server has one room only, so what is said in one is a stray delivery in the other."""
    one, other = PEER["asyncio"].clients(2)
    clients = [one, other.__class__(other.path, room=1)]
    found = drive(server.port, clients, pids=server.pids, seconds=0.2, warm=0.0, window=1)
    assert found.all_messages == found.all_sent > 0
    assert found.strays > 0


def test_connections_come_and_go(server: Server) -> None:
    found = loaded(server, 10, cycles=100)
    assert (found.cycles, found.cycle_failures, found.opened) == (100, 0, 100)
    assert [share for share, _, _ in found.samples] == [0.2, 0.6, 1.0]
    assert found.samples[0][1] == found.samples[2][1] == found.fds_before


def test_idle_sockets_and_the_servers_memory_files_and_cpu_are_seen(server: Server) -> None:
    found = loaded(server, 100, idle=0.2).whole()
    assert found.fds_connected == found.fds_before + 100
    assert found.connects_per_cpu_s > 0
    assert found.rss_connected_kb > 10_000


async def test_what_the_server_refuses_or_never_answers_is_told() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    clients = PEER["asyncio"].clients(3)
    found = await asyncio.to_thread(drive, port, clients, pids=[], seconds=0.1, warm=0.0, window=1)
    server.close()
    assert (found.opened, found.failed) == (0, 3)
    assert found.refused == "HTTP/1.1 403 Forbidden"
    nobody = await asyncio.to_thread(drive, free_port(), clients, pids=[], seconds=0.1, warm=0.0, window=1)
    assert (nobody.opened, nobody.failed) == (0, 3)
    with pytest.raises(RuntimeError, match="did not go through"):
        nobody.whole()


def test_a_message_nobody_passes_on_is_lost() -> None:
    """A server that answers nothing after the upgrade: the message is given up after 5 s, and the window is free."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        found = asyncio.run(_silent(listener, port))
    assert (found.all_sent, found.lost, found.all_messages) == (1, 1, 0)


async def _silent(listener: socket.socket, port: int) -> Load:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        await reader.read()
        writer.close()

    async with await asyncio.start_server(swallow, sock=listener):
        clients = PEER["asyncio"].clients(1)
        return await asyncio.to_thread(drive, port, clients, pids=[], seconds=0.2, warm=0.0, window=1)
