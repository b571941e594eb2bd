"""Who may change a team. Pure."""

from collections.abc import Sequence

from hub.people.policy import Actor, at_least


def may_edit(actor: Actor) -> bool:
    """Make, change and archive teams: administrators."""
    return at_least(actor, "admin")


def may_manage_members(actor: Actor, lines: Sequence[str]) -> bool:
    """Put people in and out: administrators, and leads where all the team's lines are theirs.

    A team that names no line looks after the whole site: only who does so too may put people into it.
    """
    if at_least(actor, "admin"):
        return True
    return at_least(actor, "lead") and (actor.lines is None or (bool(lines) and set(lines) <= set(actor.lines)))
