"""How to reach a broker, read from a URL: `mqtt://user:password@host:1883`, `mqtts://host` for TLS."""

import ssl
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

PORTS = {"mqtt": 1883, "mqtts": 8883}
SESSION_SECONDS = 7 * 24 * 3600
RECEIVE_MAXIMUM = 1000
CONNECT_SECONDS = 5.0
KEEPALIVE_SECONDS = 30


class Tls(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Files: the CA to trust (default: the system's), and a client certificate with its key."""

    ca: str | None = None
    cert: str | None = None
    key: str | None = None


class Broker(msgspec.Struct, frozen=True):
    """A broker's address."""

    host: str
    port: int
    secure: bool
    username: str | None
    password: str | None


def read_address(url: str) -> Broker:
    """Read a broker URL; raises ValueError saying what is wrong, without its password."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("the address must be like mqtt://user:password@host:1883, or mqtts:// for TLS")
    username = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return Broker(parts.hostname, parts.port or PORTS[parts.scheme], parts.scheme == "mqtts", username, password)


def make_client(broker: Broker, client_id: str, tls: Tls | None = None, *, manual_ack: bool = False) -> mqtt.Client:
    """A paho client for MQTT 5, not connected."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5, manual_ack=manual_ack)
    client.connect_timeout = CONNECT_SECONDS
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    if broker.secure:
        tls = tls or Tls()
        context = ssl.create_default_context(cafile=tls.ca)
        if tls.cert:
            context.load_cert_chain(tls.cert, tls.key)
        client.tls_set_context(context)
    return client


def session() -> dict[str, Any]:
    """Arguments of `connect` for a session that outlives the connection."""
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = SESSION_SECONDS
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    return {"clean_start": False, "properties": properties, "keepalive": KEEPALIVE_SECONDS}
