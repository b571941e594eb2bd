"""How long a session lives, under which name a try is counted, and how long who guessed too often waits."""

from datetime import UTC, datetime, timedelta

import pytest

from hub.people.sessions.policy import Count, Rules, counted_account, counted_address, wait_seconds
from hub.wire import limits

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
WINDOW = timedelta(seconds=limits.LOGIN_WINDOW_SECONDS)


@pytest.mark.parametrize(
    "spelling",
    [
        "wang",
        " Wang ",
        "PLANT\\wang",
        "plant.example\\WANG",
        "wang@plant.example",
        "ｗａｎｇ",
        "wa\u00adng",
        "wáng",
        "WANG@",
    ],
)
def test_every_spelling_of_an_account_is_counted_as_one(spelling: str) -> None:
    assert counted_account(spelling) == "wang"


@pytest.mark.parametrize("other", ["wang2", "w.ang", "王", "*", "", "wa ng"])
def test_other_accounts_are_counted_apart(other: str) -> None:
    assert counted_account(other) != "wang"


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_network_is_one_address(ip: str, counted: str) -> None:
    assert counted_address(ip) == counted


def test_a_session_ends_when_idle_and_at_the_latest() -> None:
    rules = Rules(idle=100, life=1000, kiosk_idle=5000, kiosk_life=9000)
    assert rules.expires_at(NOW, NOW, kiosk=False) == NOW + timedelta(seconds=100)
    late = NOW + timedelta(seconds=950)
    assert rules.expires_at(NOW, late, kiosk=False) == NOW + timedelta(seconds=1000)
    assert rules.expires_at(NOW, late, kiosk=True) == late + timedelta(seconds=5000)
    assert rules.expires_at(NOW, NOW + timedelta(seconds=8000), kiosk=True) == NOW + timedelta(seconds=9000)


def test_who_waits_and_how_long() -> None:
    early, late = NOW - WINDOW + timedelta(seconds=10), NOW - WINDOW + timedelta(seconds=70)
    free = Count(4, early, False)
    assert wait_seconds([(free, 5), (Count(0, None, False), 30)], NOW) == 0
    assert wait_seconds([(Count(5, early, False), 5), (free, 30)], NOW) == 10
    assert wait_seconds([(Count(5, early, False), 5), (Count(30, late, False), 30)], NOW) == 70
    assert wait_seconds([(Count(5, early, True), 5), (free, 30)], NOW) is None
    assert wait_seconds([(Count(5, early, True), 5), (Count(30, late, False), 30)], NOW) == 70
