"""The AsyncAPI document is the frames', and a document that AsyncAPI 3.0 itself takes."""

import json

import jsonschema_rs
import pytest

from hub.wire import asyncapi, frames
from tests.docs.pages import ROOT

SPECIFICATION = ROOT / "web/node_modules/@asyncapi/specs/schemas/3.0.0.json"
KEPT = ROOT / "docs/reference/asyncapi.json"


def test_what_is_kept_is_what_the_frames_say() -> None:
    assert KEPT.read_text(encoding="utf-8") == asyncapi.text()


def test_it_is_a_document_of_asyncapi_3() -> None:
    judge = jsonschema_rs.validator_for(json.loads(SPECIFICATION.read_text(encoding="utf-8")))
    document = json.loads(KEPT.read_text(encoding="utf-8"))
    judge.validate(document)
    with pytest.raises(jsonschema_rs.ValidationError):
        judge.validate({**document, "channels": {"live": {"address": 5}}})


def test_every_frame_is_in_it_and_every_reference_leads_somewhere() -> None:
    document = asyncapi.document()
    named = {it.__name__ for union in (frames.ClientFrame, frames.ServerFrame) for it in union.__args__}
    assert set(document["components"]["messages"]) == named
    for found in _references(document):
        place = document
        for part in found.removeprefix("#/").split("/"):
            place = place[part]


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for part in value.values() for ref in _references(part)]
    return [ref for part in value for ref in _references(part)] if isinstance(value, list) else []
