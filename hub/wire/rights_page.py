"""The tables of docs/rooms.md, written from the rights: `python -m hub.wire.rights_page`."""

import sys
from collections.abc import Sequence
from typing import Final

from hub.wire.rights import ANY, EVERYONE, LIVE, RIGHTS, TRANSITIONS, Right

HEAD: Final = ("act", *EVERYONE, "hub role", "while it is")


def rights_table() -> str:
    """Who may do what."""
    rows = [
        [f"`{act}`", *("yes" if role in right.roles else "" for role in EVERYONE), right.site or "", _when(right)]
        for act, right in RIGHTS.items()
    ]
    return _table(HEAD, rows)


def life_table() -> str:
    """From which status an incident goes to which."""
    rows = [
        [f"`{start}`", ", ".join(f"`{end}`" for end in sorted(ends)) or "nothing"]
        for start, ends in TRANSITIONS.items()
    ]
    return _table(("from", "to"), rows)


def _when(right: Right) -> str:
    named = {LIVE: "not ended", ANY: "anything"}.get(right.when) or ", ".join(right.when)
    return f"archived: {named}" if right.archived else named


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, ["---"] * len(head), *rows))


if __name__ == "__main__":
    sys.stdout.write(f"{rights_table()}\n\n{life_table()}\n")
