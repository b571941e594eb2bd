"""Settings from the environment (`ANDON_*`, and the names every operator knows: `DATABASE_URL`, `MQTT_URL`).

A secret may come from a file: `ANDON_SECRET_KEY_FILE=/run/secrets/key` instead of `ANDON_SECRET_KEY`.
"""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec

from hub.wire import limits

SECRET_MIN_CHARS = 32
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what to do."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub needs to know to start."""

    database_url: str
    secret_key: str
    secret_key_previous: str | None = None
    public_url: str = "http://127.0.0.1:8080"
    listen: str = "127.0.0.1:8080"
    site: str = "Site 1"
    language: str = "zh-TW"
    time_zone: str = "Asia/Taipei"
    allowed_origins: str = ""
    web_dir: str = "web/dist"
    log_level: str = "info"
    trusted_proxies: str = ""
    db_pool: int = 10
    raw_frames: bool = True
    messages_per_second: float = limits.MESSAGES_PER_SECOND
    messages_burst: int = limits.MESSAGES_BURST
    changes_per_second: float = limits.CHANGES_PER_SECOND
    changes_burst: int = limits.CHANGES_BURST
    same_texts: int = limits.SAME_TEXTS
    mentions_per_minute: int = limits.MENTIONS_SPAM
    searches_per_second: float = limits.SEARCHES_PER_SECOND
    searches_burst: int = limits.SEARCHES_BURST
    frames_per_second: float = limits.FRAMES_PER_SECOND
    session_idle_seconds: int = limits.SESSION_IDLE_SECONDS
    session_seconds: int = limits.SESSION_SECONDS
    kiosk_idle_seconds: int = limits.KIOSK_IDLE_SECONDS
    kiosk_seconds: int = limits.KIOSK_SECONDS
    login_failures: int = limits.LOGIN_FAILURES
    login_failures_per_address: int = limits.LOGIN_FAILURES_PER_ADDRESS
    login_failures_in_all: int = limits.LOGIN_FAILURES_IN_ALL
    ldap_url: str = ""
    ldap_base_dn: str = ""
    ldap_bind_dn: str = ""
    ldap_bind_password: str = ""
    ldap_ca_file: str = ""
    ldap_start_tls: bool = False
    ldap_domain: str = ""
    ldap_groups: str = ""
    ldap_default_role: str = ""
    ldap_sync_seconds: int = limits.DIRECTORY_SYNC_SECONDS

    @property
    def origins(self) -> frozenset[str]:
        """Exact origins a browser may come from: the public URL's, and those listed."""
        url = urlsplit(self.public_url)
        listed = [origin.strip() for origin in self.allowed_origins.split(",") if origin.strip()]
        return frozenset([f"{url.scheme}://{url.netloc}", *listed])

    @property
    def hosts(self) -> frozenset[str]:
        """Names a browser may call the hub by: those of its origins, the address it listens on, this machine."""
        named = {urlsplit(origin).hostname or "" for origin in self.origins}
        return frozenset(named | {self.host.strip("[]"), *LOOPBACK} - {""})

    @property
    def proxies(self) -> list[str]:
        """Addresses and networks of reverse proxies whose `X-Forwarded-For` is believed."""
        return [name.strip() for name in self.trusted_proxies.split(",") if name.strip()]

    @property
    def ldap_urls(self) -> tuple[str, ...]:
        """Domain controllers, the preferred one first; none = local accounts only."""
        return tuple(self.ldap_url.replace(",", " ").split())

    @property
    def secure(self) -> bool:
        """Whether people reach the hub over TLS (Secure cookies, `__Host-` prefix)."""
        return self.public_url.startswith("https://")

    @property
    def host(self) -> str:
        """Address to listen on."""
        return self.listen.rpartition(":")[0] or "127.0.0.1"

    @property
    def port(self) -> int:
        """Port to listen on."""
        return int(self.listen.rpartition(":")[2])


PLAIN_NAMES = {"database_url"}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raise SettingsError naming the first wrong one."""
    found: dict[str, str] = {}
    for field in msgspec.structs.fields(Settings):
        name = variable(field.name)
        value = _value(environ, name)
        if value is not None:
            found[field.name] = value
        elif field.required:
            raise SettingsError(f"{name} is not set")
    try:
        settings = msgspec.convert(found, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"a setting is wrong: {error}") from None
    _check(settings)
    return settings


def variable(field: str) -> str:
    """Name of a setting in the environment."""
    plain = field.upper()
    return plain if field in PLAIN_NAMES or field.startswith("ldap_") else "ANDON_" + plain


def _value(environ: Mapping[str, str], name: str) -> str | None:
    path = environ.get(name + "_FILE")
    if path is None:
        return environ.get(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(f"{name}_FILE cannot be read: {error.strerror}") from None


def _check(settings: Settings) -> None:
    if len(settings.secret_key) < SECRET_MIN_CHARS:
        raise SettingsError(f"ANDON_SECRET_KEY is shorter than {SECRET_MIN_CHARS} characters")
    if not settings.database_url.startswith(("postgresql://", "postgresql+asyncpg://")):
        raise SettingsError("DATABASE_URL must start with postgresql://")
    if settings.public_url.rstrip("/") != settings.public_url or not urlsplit(settings.public_url).netloc:
        raise SettingsError("ANDON_PUBLIC_URL must be like https://andon.plant.example, without a slash at the end")
    if settings.time_zone not in available_timezones():
        raise SettingsError("ANDON_TIME_ZONE is not an IANA zone, like Asia/Taipei")
    try:
        for name in settings.proxies:
            ip_network(name)
    except ValueError:
        raise SettingsError("ANDON_TRUSTED_PROXIES must list addresses or networks: 10.0.0.5,10.1.0.0/16") from None
    least = min(settings.login_failures, settings.login_failures_per_address, settings.login_failures_in_all)
    if least < 1:
        raise SettingsError("ANDON_LOGIN_FAILURES and its kin must be 1 or more")
    if settings.ldap_url:
        _check_ldap(settings)


def _check_ldap(settings: Settings) -> None:
    for url in settings.ldap_urls:
        parts = urlsplit(url)
        if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
            raise SettingsError("LDAP_URL must be like ldaps://dc1.plant.example ldaps://dc2.plant.example")
        if parts.scheme == "ldap" and not settings.ldap_start_tls:
            raise SettingsError("LDAP_URL has ldap:// without LDAP_START_TLS=true: passwords would travel in clear")
    for name in ("ldap_base_dn", "ldap_bind_dn", "ldap_bind_password"):
        if not getattr(settings, name):
            file = " (or LDAP_BIND_PASSWORD_FILE)" if name == "ldap_bind_password" else ""
            raise SettingsError(f"{name.upper()}{file} is not set: LDAP_URL needs it")
    if "DC=" not in settings.ldap_base_dn.upper():
        raise SettingsError("LDAP_BASE_DN must be like OU=Plant,DC=fab,DC=example")
    if settings.ldap_ca_file and not Path(settings.ldap_ca_file).is_file():
        raise SettingsError("LDAP_CA_FILE is not a file")
    if settings.ldap_default_role not in {"", "lead", "responder", "viewer"}:
        raise SettingsError("LDAP_DEFAULT_ROLE must be viewer, responder or lead, or absent")
    if not 1 <= settings.ldap_sync_seconds <= limits.DIRECTORY_SYNC_SECONDS:
        raise SettingsError(f"LDAP_SYNC_SECONDS must be between 1 and {limits.DIRECTORY_SYNC_SECONDS}")
