"""The repository's Markdown pages, and the pieces the tests read out of them."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pages() -> list[str]:
    """All Markdown pages of the product, by their path from the root."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    found = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return sorted(name for name in found if (ROOT / name).is_file())


def blocks(name: str, language: str) -> list[str]:
    """Contents of a page's fenced blocks of one language."""
    return [text for kind, text in FENCE.findall(page(name)) if kind == language]


def prose(name: str) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page(name))


def first_cells(name: str, heading: str) -> list[str]:
    """First column of the first table below a heading, without its head."""
    below = page(name).split(f"\n{heading}\n", 1)[1]
    section = re.split(r"\n#+ ", below)[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("|")]
    return rows[2:]
