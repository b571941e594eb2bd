"""How long a session lives and how often somebody may guess. Pure."""

import unicodedata
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

import msgspec

from hub.base.settings import Settings
from hub.wire import limits

IPV6_PREFIX = 64  # one customer's network: who has one address of it has them all


class Rules(msgspec.Struct, frozen=True):
    """The operator's limits. Lives are seconds, failures are within `LOGIN_WINDOW_SECONDS`."""

    idle: int = limits.SESSION_IDLE_SECONDS
    life: int = limits.SESSION_SECONDS
    kiosk_idle: int = limits.KIOSK_IDLE_SECONDS
    kiosk_life: int = limits.KIOSK_SECONDS
    failures: int = limits.LOGIN_FAILURES
    failures_per_address: int = limits.LOGIN_FAILURES_PER_ADDRESS
    failures_in_all: int = limits.LOGIN_FAILURES_IN_ALL

    def expires_at(self, opened: datetime, now: datetime, kiosk: bool) -> datetime:
        """When a session refreshed now ends if nobody uses it, and at the latest."""
        idle, life = (self.kiosk_idle, self.kiosk_life) if kiosk else (self.idle, self.life)
        return min(now + timedelta(seconds=idle), opened + timedelta(seconds=life))


def rules_of(settings: Settings) -> Rules:
    """The rules an operator set."""
    return Rules(
        settings.session_idle_seconds,
        settings.session_seconds,
        settings.kiosk_idle_seconds,
        settings.kiosk_seconds,
        settings.login_failures,
        settings.login_failures_per_address,
        settings.login_failures_in_all,
    )


def counted_account(username: str) -> str:
    """The name under which tries are counted: every spelling that a directory may take for one account is one.

    `PLANT\\Wang`, `wang@plant.example`, full-width letters, accents and soft hyphens all lead to `wang`. Two people of
    the same name in two domains share their tries.
    """
    letters = unicodedata.normalize("NFKD", username).casefold()
    plain = "".join(char for char in letters if unicodedata.category(char) not in {"Mn", "Cf"})
    return plain.rpartition("\\")[2].partition("@")[0].strip()


def counted_address(ip: str) -> str:
    """The address under which tries are counted: an IPv6 network of 64 bits is one address."""
    try:
        found = ip_address(ip)
    except ValueError:
        return ip[:64]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> IPV6_PREFIX << IPV6_PREFIX))
    return str(found)


class Count(msgspec.Struct, frozen=True):
    """The newest tries of an account, of an address or in all, as many as may fail: how many there are of them, when
    the oldest was, and whether one is still going on."""

    tries: int
    oldest: datetime | None
    undecided: bool


def wait_seconds(counts: list[tuple[Count, int]], now: datetime) -> float | None:
    """Seconds until the next try is allowed; 0 = now, None = it depends on tries that are going on."""
    full = [count for count, most in counts if count.tries >= most]
    window = timedelta(seconds=limits.LOGIN_WINDOW_SECONDS)
    ends = [count.oldest + window for count in full if count.oldest is not None and not count.undecided]
    if ends:
        return max(1.0, (max(ends) - now).total_seconds())
    return None if full else 0.0
