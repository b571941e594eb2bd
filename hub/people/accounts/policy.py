"""What makes a good password, and what an admin may do with an account. Pure.

Passwords follow NIST SP 800-63B: long, nothing about kinds of characters, none that everybody guesses first.
"""

import secrets
import unicodedata
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from hub.base.text import checked
from hub.wire import limits
from hub.wire.accounts import UserCan
from hub.wire.problems import Problem

WORDS: Final = """
password passwort passw0rd p@ssw0rd p@ssword mypassword thepassword changeme changemenow letmein letmeinnow welcome
welcometo welcomeback administrator admin superadmin sysadmin operator operators supervisor engineer maintenance
production factory plant andon andonhub andonsystem qwerty qwertyuiop qwertyuiopasdf qwertyasdf asdfghjkl
asdfghjklzxcvbnm zxcvbnm qazwsxedc qazwsxedcrfv iloveyou sunshine princess football baseball dragon monkey superman
batman trustnoone secret secretpassword default defaultpassword temporary temppassword test testtest testing guest
guestguest user username root rootroot abcdefghij abcdefghijk taiwan taipei hsinchu company companyname summer winter
spring autumn january february september october november december
"""
# Without digits and punctuation around them: «Password2024!» is «password».
BANNED: Final = frozenset(WORDS.split())
FEWEST_DIFFERENT: Final = 5
RUNS: Final = "01234567890123456789", "98765432109876543210"
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else when read aloud
TEMPORARY_GROUPS: Final = 4


def check_password(chosen: str, username: str) -> None:
    """Refuse (`password_weak`, the reason in the detail) what is short, banned, or the account's name again."""
    plain = unicodedata.normalize("NFKC", checked(chosen)).casefold()
    core = plain.strip("0123456789!@#$%^&*()-_=+.,;:?/\\|~`'\"<>[]{} ")
    name = username.strip().casefold()
    reason = None
    if len(chosen) < limits.PASSWORD_MIN_CHARS:
        reason = f"A password has at least {limits.PASSWORD_MIN_CHARS} characters"
    elif len(set(plain)) < FEWEST_DIFFERENT or any(plain in run for run in RUNS):
        reason = "A password is not one run of the same or of counting characters"
    elif core in BANNED:
        reason = "That password is among the first that anybody tries"
    elif core == name or (len(name) >= FEWEST_DIFFERENT - 1 and name in plain):
        reason = "A password does not hold the account's name"
    if reason:
        raise Problem("password_weak", reason, field="new_password")


def temporary_password() -> str:
    """A password to be told once and changed at the first sign-in: 79 bits, in groups of four."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(TEMPORARY_GROUPS))
    return "-".join(groups)


def is_local(user: Row[Any]) -> bool:
    """Whether the account is ours; one of the directory gets its name, role and password there."""
    return user.object_guid is None


def can(actor_id: UUID, user: Row[Any], last_admin: bool) -> UserCan:
    """What an admin may do with an account: not to oneself, and never to the last admin who can sign in."""
    other, local = user.id != actor_id, is_local(user)
    return UserCan(
        rename=local,
        change_role=local and other and not last_admin,
        disable=other and not last_admin and user.disabled_at is None,
        enable=other and user.disabled_at is not None,
        reset_password=local and other and user.kind == "person",
        end_sessions=True,
        tokens=user.kind != "person",
    )
