"""What `andon up` shall start and where, read from the environment. Decides only; starts nothing."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from hub.stack.place import data_home
from hub.stack.process import LOOPBACK, StackError

PORT = 8080
MQTT_PORT = 11883
DEMO_SOURCES = Path(__file__).resolve().parents[1] / "demo" / "sources.yaml"
"""Not 1883: Debian's own mosquitto service takes that one when the package is installed."""


@dataclass(frozen=True)
class Plan:
    """Ports and places. A URL that is given means: that part runs elsewhere, do not start it."""

    home: Path
    root: Path
    port: int
    mqtt_port: int
    listen: str
    public_url: str
    database_url: str | None
    mqtt_url: str | None
    demo: bool

    @property
    def logs(self) -> Path:
        """Folder of the log files, one for each part."""
        return self.home / "log"

    @property
    def secrets(self) -> Path:
        """Folder (0700) of keys, tokens and passwords made at the first start."""
        return self.home / "secret"

    @property
    def environment_file(self) -> Path:
        """The children's settings while the stack runs, as `NAME=value` lines, for other `andon` commands."""
        return self.secrets / "environment"

    @property
    def hub_url(self) -> str:
        """Where parts on this machine reach the hub."""
        return f"http://{LOOPBACK}:{self.port}"


def plan(environ: Mapping[str, str], *, demo: bool, lan: bool) -> Plan:
    """Read the plan; raises StackError naming the first wrong setting."""
    root = Path(__file__).resolve().parents[2]
    port = _port(environ, "ANDON_PORT", PORT)
    address = _lan_address() if lan else LOOPBACK
    return Plan(
        home=Path(environ["ANDON_DATA"]) if environ.get("ANDON_DATA") else data_home(root),
        root=root,
        port=port,
        mqtt_port=_port(environ, "ANDON_MQTT_PORT", MQTT_PORT),
        listen=f"{'0.0.0.0' if lan else LOOPBACK}:{port}",  # noqa: S104 - asked for by --lan
        public_url=environ.get("ANDON_PUBLIC_URL") or f"http://{address}:{port}",
        database_url=environ.get("DATABASE_URL"),
        mqtt_url=environ.get("MQTT_URL"),
        demo=demo,
    )


def children_environment(plan: Plan, environ: Mapping[str, str], database_url: str) -> dict[str, str]:
    """The settings every child gets."""
    local = [f"http://{host}:{plan.port}" for host in (LOOPBACK, "localhost")]
    given = [origin for origin in environ.get("ANDON_ALLOWED_ORIGINS", "").split(",") if origin]
    key = {"ANDON_SECRET_KEY_FILE": str(plan.secrets / "key")}
    if environ.keys() & {"ANDON_SECRET_KEY", "ANDON_SECRET_KEY_FILE"}:
        key = {}  # the operator keeps the key
    words = {"ANDON_SOURCES": str(DEMO_SOURCES)} if plan.demo and not environ.get("ANDON_SOURCES") else {}
    return (
        key
        | words
        | {
            "DATABASE_URL": database_url,
            "ANDON_LISTEN": plan.listen,
            "ANDON_PUBLIC_URL": plan.public_url,
            "ANDON_HUB_URL": plan.hub_url,
            "ANDON_ALLOWED_ORIGINS": ",".join([*given, *local]),
            "ANDON_CONNECTOR_TOKEN_FILE": str(plan.secrets / "connectors.token"),
            "ANDON_WEB_DIR": environ.get("ANDON_WEB_DIR") or str(plan.root / "web" / "dist"),
            "PYTHONUNBUFFERED": "1",
        }
    )


def running_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Settings of the stack that runs on this data, so that `andon user add` finds its database; else empty."""
    kept = plan(environ, demo=False, lan=False).environment_file
    try:
        lines = kept.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    words = environ.get(name) or str(default)
    if not words.isascii() or not words.isdigit() or not 0 < int(words) < 65536:
        raise StackError(f"{name} is {words!r}: set it to a port number from 1 to 65535.")
    return int(words)


def _lan_address() -> str:
    """The address of this machine that others in its network see. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            raise StackError("--lan found no network: connect this machine first, or leave --lan out.") from None
        return str(probe.getsockname()[0])


def without_password(url: str) -> str:
    """A URL as it may be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
