"""docs/protocol.md against the wire: every frame it shows decodes, and none is left out."""

import json
import re

import msgspec
import pytest

from hub.wire.events import BODIES
from hub.wire.frames import ClientFrame, EventFrame, ServerFrame
from hub.wire.problems import CODES, Close, ProblemView
from hub.wire.views import EventMessage
from tests.docs.pages import blocks, first_cells, page

PAGE = "docs/protocol.md"
HYDRATED = {"message", "message_id", "user", "owner", "now", "reactions", "text", "assignee"}
EXAMPLES = [msgspec.json.decode(text, type=EventFrame) for text in blocks(PAGE, "event")]


def ops(union: object) -> set[str]:
    return {struct.__struct_config__.tag for struct in union.__args__}  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "union"), [("client", ClientFrame), ("server", ServerFrame)])
def test_frames_shown_are_frames(kind: str, union: object) -> None:
    for line in blocks(PAGE, kind)[0].splitlines():
        msgspec.json.decode(line, type=union)


@pytest.mark.parametrize(("side", "union"), [("client", ClientFrame), ("hub", ServerFrame)])
def test_every_op_has_its_row(side: str, union: object) -> None:
    rows = [cell.strip("`") for cell in first_cells(PAGE, f"### Frames of the {side}")]
    assert sorted(rows) == sorted(ops(union))


def test_every_event_type_has_an_example() -> None:
    assert sorted(example.type for example in EXAMPLES) == sorted(BODIES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda it: it.type)
def test_an_event_example_is_its_body_hydrated(example: EventFrame) -> None:
    struct = BODIES[example.type]
    known = {field.name for field in msgspec.structs.fields(struct)}
    msgspec.convert({name: value for name, value in example.body.items() if name in known}, struct)
    assert example.body.keys() - known <= HYDRATED
    if struct.message_type is not None or example.type == "MessagePosted":
        part = msgspec.convert(example.body["message"], EventMessage)
        assert example.body["message"].keys() <= {field.name for field in msgspec.structs.fields(part)}


def test_the_problem_shown_is_one() -> None:
    shown = msgspec.json.decode(blocks(PAGE, "problem")[0], type=ProblemView)
    assert (shown.status, shown.title) == CODES[shown.code]


def test_every_close_code_says_what_the_client_does() -> None:
    told = {int(code) for cell in first_cells(PAGE, "### Close codes") for code in re.findall(r"\d+", cell)}
    assert told >= set(Close)


def test_every_route_named_exists(openapi: dict[str, dict[str, object]]) -> None:
    routes = set(re.findall(r"`(?:[A-Z]+ )?(/(?:api|health)/[\w/{}-]*)", page(PAGE)))
    assert len(routes) > 15
    assert routes - openapi["paths"].keys() == set(), json.dumps(sorted(openapi["paths"]))


def test_every_route_is_named(openapi: dict[str, dict[str, object]]) -> None:
    text = page(PAGE)
    tails = {path: [path, "…" + path.split("{room_id}")[-1], "/" + path.split("/")[-1]] for path in openapi["paths"]}
    missing = [path for path, names in tails.items() if not any(name in text for name in names)]
    assert missing == []
