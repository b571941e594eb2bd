"""`andon up`: the whole of Andon Hub in one process tree, for a small plant, a demo or a look."""

import contextlib
import fcntl
import os
import secrets
import signal
import time
from types import FrameType

import click

from hub.stack import seed
from hub.stack.commands import andon_command, start_andon, wait_ready
from hub.stack.mosquitto import Mosquitto
from hub.stack.plan import Plan, children_environment, plan, without_password
from hub.stack.postgres import Postgres
from hub.stack.process import StackError, port_is_free
from hub.stack.watch import Part, Running, keep_short

LEFTOVER_SECONDS = 5
TICK_SECONDS = 0.2
LOG_CHECK_SECONDS = 60
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(*, demo: bool = False, lan: bool = False) -> int:
    """Start everything, keep it running until Ctrl-C or SIGTERM, stop it in reverse order. Returns the exit code."""
    for number in SIGNALS:
        signal.signal(number, _interrupt)
    try:
        with contextlib.ExitStack() as stack:
            stack.callback(_ignore_signals)
            _watch(Tree(plan(os.environ, demo=demo, lan=lan), stack).start())
    except KeyboardInterrupt:
        click.echo("Stopped. The data stays for the next start.")
        return 0
    except StackError as error:
        click.echo(f"andon up: {error}", err=True)
        return 1
    return 0


def _ignore_signals() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, frame: FrameType | None) -> None:
    _ignore_signals()  # from here on we stop in order, undisturbed
    click.echo("\nStopping …")
    raise KeyboardInterrupt


class Tree:
    """The parts, started in order. What was started is stopped in reverse order by the exit stack."""

    def __init__(self, plan: Plan, stack: contextlib.ExitStack):
        self._plan = plan
        self._stack = stack
        self._parts: list[Part] = []
        self._data = plan.home / "postgres"

    def start(self) -> list[Part]:
        """Start all parts, seed a new database, say where to go."""
        _prepare(self._plan, self._stack)
        brokers = self._broker()
        settings = children_environment(self._plan, os.environ, self._database())
        self._tell(settings | {"MQTT_URL": brokers["demo"]})
        environment = os.environ | settings
        andon = andon_command(self._plan, environment)
        andon(["db", "upgrade"], "")
        people = self._seed(andon)
        hub = start_andon("hub", self._plan, environment)
        self._add("hub", hub)
        wait_ready(self._plan, hub)
        self._add(
            "connectors", start_andon("connectors", self._plan, environment | {"MQTT_URL": brokers["connectors"]})
        )
        if self._plan.demo:
            self._add("demo", start_andon("demo", self._plan, environment | {"MQTT_URL": brokers["demo"]}))
        click.echo(_welcome(self._plan, people, brokers))
        return self._parts

    def _add(self, name: str, running: Running) -> None:
        self._stack.callback(running.stop)
        self._parts.append(Part(name, running, self._plan.logs / f"{name}.log"))

    def _tell(self, settings: dict[str, str]) -> None:
        """Leave the settings for other `andon` commands while we run."""
        kept = self._plan.environment_file
        kept.touch(0o600)
        kept.write_text("".join(f"{name}={value}\n" for name, value in settings.items()), encoding="utf-8")
        self._stack.callback(kept.unlink, missing_ok=True)

    def _broker(self) -> dict[str, str]:
        """URLs of the broker for the connectors and the demo."""
        if self._plan.mqtt_url:
            return dict.fromkeys(("connectors", "demo"), self._plan.mqtt_url)
        users = {name: seed.secret(self._plan.secrets / f"mqtt-{name}") for name in ("connectors", "demo")}
        log = self._plan.logs / "mosquitto.log"
        broker = Mosquitto.start(self._plan.home / "mosquitto", self._plan.mqtt_port, users, log=log)
        self._add("mosquitto", broker)
        return {user: broker.url(user) for user in users}

    def _database(self) -> str:
        if self._plan.database_url:
            return self._plan.database_url
        server = Postgres.start(self._data, log=self._plan.logs / "postgres.log")
        self._add("postgres", server)
        return server.dsn()

    def _seed(self, andon: seed.Command) -> str | None:
        """Seed what this database has not got yet. Returns the password of the demo's people, if there are any."""
        token = self._plan.secrets / "connectors.token"
        marks = self._plan.secrets if self._plan.database_url else self._data
        seed.once(marks / "andon.connectors", lambda: seed.seed_connectors(andon, token))
        if not self._plan.demo or self._plan.database_url:
            return None
        password = seed.secret(self._plan.secrets / "demo-password", seed.demo_password)
        seed.once(marks / "andon.demo", lambda: seed.seed_demo(andon, password))
        return password


def _prepare(plan: Plan, stack: contextlib.ExitStack) -> None:
    """Make the folders, be the only one here, find the ports free, make the hub's key."""
    plan.home.mkdir(mode=0o755, parents=True, exist_ok=True)
    for folder in (plan.logs, plan.secrets):
        folder.mkdir(mode=0o700, exist_ok=True)
    lock = stack.enter_context((plan.home / "lock").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StackError(f"Andon Hub already runs on {plan.home}: stop it first (Ctrl-C where it runs).") from None
    _wait_for_port(plan.port, "ANDON_PORT")
    if not plan.mqtt_url:
        _wait_for_port(plan.mqtt_port, "ANDON_MQTT_PORT")
    seed.secret(plan.secrets / "key", lambda: secrets.token_hex(32))


def _wait_for_port(port: int, setting: str) -> None:
    """A killed `andon up` may have left a child that is still closing; anybody else on the port stays."""
    end = time.monotonic() + LEFTOVER_SECONDS
    while not port_is_free(port):
        if time.monotonic() > end:
            raise StackError(f"Port {port} is in use: stop what listens there, or set {setting} to another.")
        time.sleep(TICK_SECONDS)


def _welcome(plan: Plan, people: str | None, brokers: dict[str, str]) -> str:
    lines = ["", f"Andon Hub runs at {plan.public_url}"]
    if people:
        lines += [f"  sign in as {username:<6} {people}   ({role})" for username, _, role in seed.PEOPLE]
    elif not plan.database_url:
        lines.append("  make somebody to sign in as: see `andon user add --help`")
    lines.append(f"  machines publish to {without_password(brokers['connectors'])}")
    return "\n".join([*lines, f"  logs are in {plan.logs}; Ctrl-C stops everything", ""])


def _watch(parts: list[Part]) -> None:
    """Look after the parts until a signal comes."""
    next_log_check = 0.0
    while True:
        for part in parts:
            if line := part.tick():
                click.echo(line)
        if time.monotonic() >= next_log_check:
            next_log_check = time.monotonic() + LOG_CHECK_SECONDS
            for part in parts:
                keep_short(part.log)
        time.sleep(TICK_SECONDS)
