"""Bad input: numbered cases, and what every refusal has in common."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import httpx
import msgspec
import pytest
from _pytest.mark import ParameterSet

LEAK = re.compile(
    r"Traceback|File \"|asyncpg\.|sqlalchemy\.|\bSELECT\b|\bINSERT INTO\b|eyJ[\w-]{9,}\.|andon_[\w-]{20,}"
)
PROBLEM = {"type", "title", "status", "detail", "code", "request_id"}


class Bad(msgspec.Struct, frozen=True):
    """A bad request. `number` is its row in the list of bad inputs; `{room}` in a path is an open room."""

    number: int
    what: str
    status: int
    code: str
    body: bytes | None = None
    path: str = "/api/rooms"
    method: str = "POST"
    headers: Mapping[str, str] = MappingProxyType({"content-type": "application/json"})


def told(value: Any) -> bytes:
    """JSON of a body."""
    return json.dumps(value).encode()


def numbered(cases: Iterable[Any]) -> list[ParameterSet]:
    """Parameters with ids `bad_<row>_<n>`."""
    count: Counter[int] = Counter()
    found = []
    for case in cases:
        count[case.number] += 1
        found.append(pytest.param(case, id=f"bad_{case.number}_{count[case.number]}"))
    return found


def check_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """A refusal of one shape: problem+json with its code, its request id, and nothing of our insides."""
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert problem["status"] == status
    assert problem.keys() >= PROBLEM
    assert problem["type"] == f"urn:andon:problem:{code}"
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not LEAK.search(answer.text), answer.text
    return problem


async def patient(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """The answer of a GET, asked again for as long as it was too fast."""
    answer = await client.get(path)
    while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        await asyncio.sleep(answer.json()["retry_after"])
        answer = await client.get(path)
    return answer


def check_log(output: str, secrets: Iterable[str]) -> None:
    """A hub's log: whole JSON lines, no stack trace, no SQL, no secret that was used."""
    for line in output.splitlines():
        assert isinstance(json.loads(line), dict)
        assert not LEAK.search(line), line
        assert "unexpected_error" not in line, line
    leaked = [secret for secret in secrets if secret and secret in output]
    assert not leaked
