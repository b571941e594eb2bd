"""What the environment says becomes ports, places and settings of the children."""

from pathlib import Path

import pytest

from hub.base.settings import from_environment
from hub.stack.plan import children_environment, plan, running_environment, without_password
from hub.stack.process import StackError


def test_without_settings_everything_is_on_loopback(tmp_path: Path) -> None:
    found = plan({"ANDON_DATA": str(tmp_path)}, demo=True, lan=False)
    assert (found.listen, found.public_url) == ("127.0.0.1:8080", "http://127.0.0.1:8080")
    assert (found.home, found.database_url, found.mqtt_url) == (tmp_path, None, None)


def test_what_the_operator_says_counts(tmp_path: Path) -> None:
    environ = {
        "ANDON_DATA": str(tmp_path),
        "ANDON_PORT": "9000",
        "ANDON_PUBLIC_URL": "https://andon.plant.example",
        "DATABASE_URL": "postgresql://db/andon",
        "MQTT_URL": "mqtt://broker",
    }
    found = plan(environ, demo=False, lan=False)
    assert (found.hub_url, found.public_url) == ("http://127.0.0.1:9000", "https://andon.plant.example")
    assert (found.database_url, found.mqtt_url) == ("postgresql://db/andon", "mqtt://broker")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٨٠"])
def test_a_wrong_port_is_named(port: str) -> None:
    with pytest.raises(StackError, match=r"^ANDON_PORT is .*: set it to a port number"):
        plan({"ANDON_PORT": port}, demo=False, lan=False)


def test_the_hub_understands_what_its_parent_tells(tmp_path: Path) -> None:
    found = plan({"ANDON_DATA": str(tmp_path), "ANDON_PORT": "9000"}, demo=False, lan=False)
    found.secrets.mkdir()
    (found.secrets / "key").write_text("k" * 64)
    told = children_environment(found, {"ANDON_ALLOWED_ORIGINS": "https://other.example"}, "postgresql://db/andon")
    settings = from_environment(told)
    assert (settings.host, settings.port, settings.secret_key) == ("127.0.0.1", 9000, "k" * 64)
    assert settings.origins == {"http://127.0.0.1:9000", "http://localhost:9000", "https://other.example"}


def test_other_commands_find_the_running_stack(tmp_path: Path) -> None:
    environ = {"ANDON_DATA": str(tmp_path)}
    assert running_environment(environ) == {}
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "environment").write_text("DATABASE_URL=postgresql://u:p=w@h/d\nANDON_LISTEN=a:1\n")
    assert running_environment(environ) == {"DATABASE_URL": "postgresql://u:p=w@h/d", "ANDON_LISTEN": "a:1"}


def test_a_url_is_shown_without_its_password() -> None:
    assert without_password("mqtt://demo:secret@127.0.0.1:11883") == "mqtt://127.0.0.1:11883"
