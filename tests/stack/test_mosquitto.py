"""The broker of our own: who may enter, and what it keeps when it is killed."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from hub.stack.mosquitto import Mosquitto
from hub.stack.process import StackError

USERS = {"connectors": "c-secret", "demo": "d-secret"}


@pytest.fixture
def broker(folder: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto.start(folder / "mq", 0, USERS)
    yield broker
    broker.stop()


class Client:
    """A client that remembers what happened to it."""

    def __init__(self, broker: Mosquitto, name: str, password: str, *, session: int = 0):
        self.got: list[str] = []
        self.answer: list[str] = []
        self.resumed = False
        self.subscribed = False
        self.paho = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
        self.paho.username_pw_set(name, password)
        self.paho.on_connect = self._connected
        self.paho.on_subscribe = lambda *_: setattr(self, "subscribed", True)
        self.paho.on_message = lambda _c, _u, message: self.got.append(message.payload.decode())
        expiry = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        expiry.SessionExpiryInterval = session
        self.paho.connect("127.0.0.1", broker.port, clean_start=not session, properties=expiry)
        self.paho.loop_start()
        until(lambda: bool(self.answer))

    def _connected(self, _client: object, _data: object, flags: mqtt.ConnectFlags, code: object, _p: object) -> None:
        self.resumed = flags.session_present
        self.answer.append(str(code))

    def publish(self, *payloads: str) -> None:
        for payload in payloads:
            self.paho.publish("fab/line1/alarm", payload, qos=1).wait_for_publish(5)

    def leave(self) -> None:
        self.paho.disconnect()
        self.paho.loop_stop()


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.parametrize(("name", "password"), [("demo", "wrong"), ("stranger", "d-secret"), ("", "")])
def test_only_users_with_their_password_may_enter(broker: Mosquitto, name: str, password: str) -> None:
    client = Client(broker, name, password)
    assert client.answer[0] == "Not authorized"
    client.leave()


def test_what_waits_for_a_reader_outlives_kill_nine(broker: Mosquitto) -> None:
    reader = Client(broker, "connectors", "c-secret", session=3600)
    reader.paho.subscribe("fab/#", qos=1)
    until(lambda: reader.subscribed)
    reader.leave()
    writer = Client(broker, "demo", "d-secret")
    sent = [f"alarm {n}" for n in range(1500)]  # more than the 1000 that an unconfigured broker keeps
    writer.publish(*sent)
    writer.leave()
    time.sleep(0.5)  # the broker saves after its loop has answered
    port = broker.port

    broker.kill()
    broker.restart()

    back = Client(broker, "connectors", "c-secret", session=3600)
    until(lambda: len(back.got) >= len(sent))
    back.leave()
    assert (back.resumed, back.got, broker.port) == (True, sent, port)


def test_the_url_carries_user_and_password(broker: Mosquitto) -> None:
    assert broker.url("demo") == f"mqtt://demo:d-secret@127.0.0.1:{broker.port}"


def test_passwords_are_kept_hashed_and_private(broker: Mosquitto) -> None:
    kept = broker.folder / "passwords"
    assert "secret" not in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_busy_port_is_named(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"^Port {port} for mosquitto is in use: stop .*$"):
            Mosquitto.start(folder / "mq", port, USERS)


def test_a_missing_broker_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.stack.mosquitto.SYSTEM_PATH", "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(StackError, match=r"mosquitto is missing: run `apt-get install mosquitto`"):
        Mosquitto.start(folder / "mq", 0, USERS)
