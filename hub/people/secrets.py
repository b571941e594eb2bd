"""Passwords, opaque tokens and JWTs."""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt
import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub.wire import limits
from hub.wire.problems import Problem

ALGORITHM: Final = "HS256"
ISSUER: Final = "andon-hub"
AUDIENCE: Final = "andon-hub-api"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - the `typ` of an access token (RFC 9068)
REQUIRED: Final = ["exp", "iat", "aud", "iss", "sub", "jti", "sid"]
TOKEN_PREFIX: Final = "andon_"  # noqa: S105 - lets secret scanners find leaked tokens
passwords = PasswordHasher()
NOBODY: Final = passwords.hash(secrets.token_urlsafe(16))


def new_secret() -> str:
    """256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def session_of(refresh: str) -> UUID | None:
    """The session a refresh secret names."""
    try:
        return UUID(refresh.partition(".")[0])
    except ValueError:
        return None


def digest(secret: str) -> bytes:
    """How an opaque secret is stored."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def password_matches(stored: str | None, password: str) -> bool:
    """Check a password in about the same time for known and unknown accounts."""
    try:
        return passwords.verify(stored or NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


class Claims(msgspec.Struct, frozen=True):
    """Whom an access token speaks for."""

    user_id: UUID
    session_id: UUID


class TokenKeys:
    """Signs with the present key, verifies with the present and the previous one (rotation by `kid`)."""

    def __init__(self, secret: str, previous: str | None = None):
        self._kid = _kid(secret)
        self._secret = secret.encode()
        self._keys = {_kid(key): key for key in (previous, secret) if key}

    def first_refresh(self, session_id: UUID) -> str:
        """A session's first refresh secret; it names its session, so that any old one ends it."""
        return _signed(self._secret, f"{session_id.hex}.{new_secret()}")

    def next_refresh(self, refresh: str) -> str:
        """Derive the refresh secret that follows; only the hub can, and it gives the same answer to a lost request."""
        return _next(self._secret, refresh)

    def same_next(self, refresh: str, stored: bytes) -> str | None:
        """The secret that followed this one, whichever of our keys made it: a hub may be ahead in a rotation."""
        candidates = (_next(key.encode(), refresh) for key in self._keys.values())
        return next((found for found in candidates if hmac.compare_digest(digest(found), stored)), None)

    def issued(self, refresh: str) -> bool:
        """Whether a hub with one of our keys made this refresh secret."""
        named = refresh.rpartition(".")[0]
        return any(
            hmac.compare_digest(digest(refresh), digest(_signed(key.encode(), named))) for key in self._keys.values()
        )

    def access_token(self, user_id: UUID, session_id: UUID) -> str:
        """Make an access token, good for `ACCESS_TOKEN_SECONDS`."""
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "sid": str(session_id),
            "jti": secrets.token_hex(8),
            "iat": now,
            "exp": now + timedelta(seconds=limits.ACCESS_TOKEN_SECONDS),
        }
        return jwt.encode(
            claims, self._keys[self._kid], algorithm=ALGORITHM, headers={"kid": self._kid, "typ": TOKEN_TYPE}
        )

    def claims(self, token: str) -> Claims:
        """Verify an access token; every fault is the same `token_invalid`."""
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != TOKEN_TYPE:
                raise Problem("token_invalid")
            found: dict[str, Any] = jwt.decode(
                token,
                self._keys[header["kid"]],
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": REQUIRED},
            )
            return Claims(UUID(found["sub"]), UUID(found["sid"]))
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError, RecursionError):
            raise Problem("token_invalid") from None


def _mac(key: bytes, words: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, words, "sha256")).decode().rstrip("=")


def _signed(key: bytes, named: str) -> str:
    return named + "." + _mac(key, b"issued:" + named.encode("utf-8", "surrogatepass"))


def _next(key: bytes, refresh: str) -> str:
    following = _mac(key, b"refresh:" + digest(refresh))
    return _signed(key, refresh.partition(".")[0] + "." + following)


def _kid(key: str) -> str:
    return hashlib.sha256(b"kid:" + key.encode()).hexdigest()[:12]
