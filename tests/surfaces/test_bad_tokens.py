"""Forged access tokens: every one gets the same answer, and nobody learns why."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from hub.people.secrets import ALGORITHM, AUDIENCE, ISSUER, TOKEN_TYPE, TokenKeys
from tests.plant.processes import SECRET
from tests.surfaces.bad import check_problem
from tests.surfaces.door import Door

OTHER = "fedcba9876543210fedcba9876543210"
REMOVED = "0123456789ab"  # the name of a key that is no longer ours
WRONG_TYPES: tuple[tuple[str, Any], ...] = (("sid", 7), ("sub", 7), ("jti", 7), ("aud", []))
Forger = Callable[[str], str]


def parts(good: str) -> tuple[dict[str, Any], dict[str, Any]]:
    return jwt.get_unverified_header(good), jwt.decode(good, options={"verify_signature": False})


def claims(**changed: Any) -> Forger:
    """Signed with the real key, with other claims; None leaves one out."""

    def forge(good: str) -> str:
        header, body = parts(good)
        body = {name: value for name, value in (body | changed).items() if value is not None}
        return jwt.encode(body, SECRET, ALGORITHM, headers=header)

    return forge


def header(key: str = SECRET, algorithm: str = ALGORITHM, **changed: Any) -> Forger:
    """The real claims under another header or key."""

    def forge(good: str) -> str:
        given, body = parts(good)
        return jwt.encode(body, key, algorithm, headers=given | {"alg": algorithm} | changed)

    return forge


def unsigned(algorithm: str) -> Forger:
    def forge(good: str) -> str:
        given, _ = parts(good)
        _, body, _ = good.split(".")
        first = base64.urlsafe_b64encode(json.dumps(given | {"alg": algorithm}).encode()).decode().rstrip("=")
        return f"{first}.{body}."

    return forge


def other_body(good: str) -> str:
    """The signature of one body under another."""
    first, _, last = good.split(".")
    body = json.dumps(parts(good)[1] | {"sub": str(uuid4())})
    return f"{first}.{base64.urlsafe_b64encode(body.encode()).decode().rstrip('=')}.{last}"


NOW = datetime.now(UTC)
FORGED: list[Forger] = [
    claims(exp=NOW - timedelta(seconds=1)),
    claims(aud="another-api"),
    claims(iss="another-hub"),
    claims(nbf=NOW + timedelta(hours=1)),
    claims(iat=NOW + timedelta(hours=1)),
    *(claims(**{name: None}) for name in ("exp", "iat", "aud", "iss", "sub", "jti", "sid")),
    claims(sid="x"),
    claims(sub="x"),
    claims(exp="soon"),
    header(kid="another"),
    header(kid="../../etc/passwd"),
    header(kid="' OR 1=1 --"),
    header(typ="JWT"),
    header(crit=["b64"], b64=False),
    header(key=OTHER),
    header(key=SECRET * 2, algorithm="HS384"),
    header(key=OTHER, jwk={"kty": "oct", "k": base64.urlsafe_b64encode(OTHER.encode()).decode()}),
    header(key=OTHER, jku="https://evil.example/keys"),
    *(unsigned(algorithm) for algorithm in ("none", "None", "NONE", "HS256", "RS256", "")),
    *(claims(**{name: wrong}) for name, wrong in WRONG_TYPES),
    header(kid=""),
    header(kid=REMOVED),
    header(typ=None),
    header(crit=["exp"]),
    header(crit=[]),
    header(key=OTHER, x5u="https://evil.example/chain.pem"),
    header(key=OTHER, x5c=["AAAA"]),
    header(key="x" * 32, kid=REMOVED),
    other_body,
    lambda good: good[:-4],
    lambda good: good + "a",
    lambda good: good + ".a",
    lambda good: good.rpartition(".")[0],
    lambda good: "a.b.c",
    lambda good: "x" * 8192,
    lambda good: "andon_" + "x" * 43,
    lambda good: "andon_",
]


@pytest.fixture(scope="module")
def good(wang: httpx.AsyncClient) -> str:
    return wang.headers["authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("forge", [pytest.param(forge, id=f"bad_18_{n}") for n, forge in enumerate(FORGED, 1)])
async def test_forged_token(door: Door, good: str, forge: Forger) -> None:
    async with door.newcomer() as http:
        rubbish = await http.get("/api/auth/me", headers={"authorization": "Bearer rubbish"})
        expected = check_problem(rubbish, 401, "token_invalid")
        answer = await http.get("/api/auth/me", headers={"authorization": f"Bearer {forge(good)}"})
        problem = check_problem(answer, 401, "token_invalid")
        assert problem | {"request_id": ""} == expected | {"request_id": ""}
        assert answer.headers["www-authenticate"] == "Bearer"
        assert (await http.get("/api/auth/me", headers={"authorization": f"Bearer {good}"})).status_code == 200


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(None, "unauthenticated", id="bad_18_40"),
        pytest.param("", "unauthenticated", id="bad_18_41"),
        pytest.param("Basic d2FuZzpwdw==", "token_invalid", id="bad_18_42"),
        pytest.param("Bearer", "token_invalid", id="bad_18_43"),
        pytest.param("bearer x y", "token_invalid", id="bad_18_44"),
    ],
)
async def test_no_bearer(door: Door, given: str | None, code: str) -> None:
    async with door.newcomer() as http:
        headers = {} if given is None else {"authorization": given}
        check_problem(await http.get("/api/rooms", headers=headers), 401, code)


async def test_session_that_never_was(door: Door, good: str) -> None:
    """Well signed, but no session stands behind it."""
    user = UUID(parts(good)[1]["sub"])
    async with door.any().client(TokenKeys(SECRET).access_token(user, uuid4())) as http:
        check_problem(await http.get("/api/auth/me"), 401, "session_revoked")


def test_names_are_those_of_the_product(good: str) -> None:
    given, body = parts(good)
    assert (given["typ"], body["iss"], body["aud"]) == (TOKEN_TYPE, ISSUER, AUDIENCE)
    assert body["exp"] - body["iat"] == 600
