"""What a template must be to be kept. Pure."""

from collections.abc import Iterator
from typing import Final

from hub.base.text import blank
from hub.rooms.templates import naming, welcome
from hub.wire.problems import Problem
from hub.wire.templates import MemberRule, RoomTemplate

NEEDS: Final = {"team": {"team"}, "role": {"role"}, "on_shift": set[str]()}
TAKES: Final = {"team": {"team"}, "role": {"role"}, "on_shift": {"team"}}


def check(template: RoomTemplate) -> None:
    """Refuse (`invalid`, with the field) what cannot be applied. Names of teams and people may be unknown here."""
    for field, words in _texts(template):
        if blank(words):
            raise Problem("invalid", "This is blank", field=field)
    naming.parts(template.name_pattern)
    for language, source in template.welcome.items():
        welcome.check(source, f"welcome.{language}")
    for number, rule in enumerate(template.members):
        _check_rule(rule, f"members[{number}]")
    for number, item in enumerate(template.checklist):
        if item.assignee is not None and item.team is not None:
            raise Problem("invalid", "One person or a team, not both", field=f"checklist[{number}].team")


def _texts(template: RoomTemplate) -> Iterator[tuple[str, str]]:
    yield "name", template.name
    for number, item in enumerate(template.checklist):
        yield from ((f"checklist[{number}].text", words) for words in item.text.values())
    for number, book in enumerate(template.runbooks):
        yield from ((f"runbooks[{number}].title", words) for words in book.title.values())


def _check_rule(rule: MemberRule, field: str) -> None:
    given = {name for name in ("team", "role") if getattr(rule, name) is not None}
    for name in sorted(NEEDS[rule.by] - given):
        raise Problem("invalid", f"by {rule.by} needs a {name}", field=f"{field}.{name}")
    for name in sorted(given - TAKES[rule.by]):
        raise Problem("invalid", f"by {rule.by} takes no {name}", field=f"{field}.{name}")
    if rule.only_leads and rule.by == "role":
        raise Problem("invalid", "A hub role has no leads", field=f"{field}.only_leads")
