"""The TypeScript types of the web app are those of the wire, freshly generated."""

import json
import os
import subprocess
import sys
from pathlib import Path

from hub.wire import events, frames
from hub.wire.schema import document

ROOT = Path(__file__).resolve().parents[2]
TYPES = ROOT / "web/src/wire/types.ts"


def generated() -> str:
    command = ["node", "scripts/types.mjs", "--stdout"]
    environment = os.environ | {"PYTHON": sys.executable}
    return subprocess.run(
        command, cwd=ROOT / "web", env=environment, check=True, capture_output=True, text=True, timeout=120
    ).stdout


def test_types_are_fresh() -> None:
    assert generated() == TYPES.read_text(encoding="utf-8"), "run `npm run types` in web/ and commit the result"


def test_document_prints_the_same_bytes_in_every_process() -> None:
    command = [sys.executable, "-m", "hub.wire.schema"]
    printed = {
        subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert json.loads(printed.pop()) == document()


def test_every_event_body_and_frame_is_in_the_document() -> None:
    defined = document()["$defs"]
    named = {*events.BODIES, *(it.__name__ for it in frames.ServerFrame.__args__ + frames.ClientFrame.__args__)}
    assert named <= defined.keys()
