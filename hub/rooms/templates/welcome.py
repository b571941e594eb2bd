"""Welcome texts: a small part of Jinja2 that cannot run for long, grow large or reach anything. Pure.

A text is read as a tree first, and only the nodes named here may stand in it: values of the room, conditions, loops
over the room's own lists (none inside another), a few filters. No calls, no arithmetic, no assignments: there is
nothing to escape with, and the work is bounded by the size of the text and of the lists. The sandbox of Jinja2 is the
second wall.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from hub.rooms.templates.naming import FIELDS
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.templates import AlarmFacts, Runbook
from hub.wire.views import Text

LISTS: Final[dict[str, frozenset[str]]] = {
    "members": frozenset({"name", "role"}),
    "checklist": frozenset({"text", "due"}),
    "runbooks": frozenset({"title", "url"}),
}
FILTERS: Final = frozenset({"default", "d", "upper", "lower", "title", "trim", "length"})
TESTS: Final = frozenset({"defined", "undefined", "none", "eq", "equalto", "ne", "in"})
ALLOWED: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Name,
    nodes.Getattr,
    nodes.If,
    nodes.For,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Filter,
    nodes.Test,
    nodes.List,
    nodes.Tuple,
)
DEPTH: Final = 30
CONSTANTS: Final = (str, bool, int, type(None))
Item = tuple[str, str]
_environment: Final = ImmutableSandboxedEnvironment(
    autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=lambda value: "" if value is None else value
)
_environment.globals.clear()


def check(source: str, field: str = "welcome") -> None:
    """Refuse (`invalid`, with the line) what is no welcome text."""
    if len(source.encode()) > limits.WELCOME_BYTES:
        raise Problem("invalid", f"The text is longer than {limits.WELCOME_BYTES} bytes", field=field)
    try:
        tree = _environment.parse(source)
        fault = next(_faults(tree), None)
    except TemplateSyntaxError as error:
        raise Problem("invalid", f"Line {error.lineno}: {error.message}"[:300], field=field) from None
    except RecursionError:
        raise Problem("invalid", "The text is nested too deeply", field=field) from None
    if fault is not None:
        raise Problem("invalid", f"Line {fault[0]}: {fault[1]}"[:300], field=field)


def rendered(source: str, facts: Mapping[str, Any]) -> str:
    """The text for a room, cut at 4 KB. Raises Problem (`invalid`) for what may not be rendered."""
    check(source)
    parts: list[str] = []
    size = 0
    try:
        for part in _environment.from_string(source).generate(dict(facts)):
            parts.append(part)
            size += len(part.encode())
            if size > limits.WELCOME_BYTES:
                break
    except (TemplateError, TypeError, ValueError, LookupError) as error:
        raise Problem("invalid", f"The text cannot be rendered: {type(error).__name__}", field="welcome") from None
    return "".join(parts).encode()[: limits.WELCOME_BYTES].decode("utf-8", "ignore").strip()


def context(
    facts: AlarmFacts,
    number: str,
    title: str,
    language: str,
    people: Sequence[tuple[str, str]],
    items: Sequence[tuple[Text, datetime | None]],
    runbooks: Sequence[Runbook],
    zone: ZoneInfo,
) -> dict[str, Any]:
    """What a text in a language may speak of. `people` are names and room roles; `due` is local time of the plant."""
    known = {name: getattr(facts, name, None) for name in FIELDS}
    return {
        **known,
        "number": number,
        "text": facts.text.get(language) or title,
        "members": [{"name": name, "role": role} for name, role in people],
        "checklist": [
            {"text": said(words, language), "due": due.astimezone(zone).strftime("%H:%M") if due else ""}
            for words, due in items
        ],
        "runbooks": [{"title": said(book.title, language), "url": book.url} for book in runbooks],
    }


def said(texts: Text, language: str) -> str:
    """A text in a language, else in whatever there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def _faults(tree: nodes.Node) -> Iterator[tuple[int, str]]:
    """Every node that may not be there, with its line. `item` is what the loop around it calls its items, and whose."""
    waiting: list[tuple[nodes.Node, Item | None, int]] = [(tree, None, 0)]
    while waiting:
        node, item, depth = waiting.pop()
        fault = "this is nested too deeply" if depth > DEPTH else _fault(node, item)
        if fault is not None:
            yield node.lineno, fault
            return
        children = _children(node, item)
        if isinstance(node, nodes.For):
            item = (node.target.name, node.iter.name)  # type: ignore[attr-defined]
        waiting.extend((child, item, depth + 1) for child in reversed(children))


def _children(node: nodes.Node, item: Item | None) -> list[nodes.Node]:
    """What stands in a node, without the names of lists and of loops' items: those were looked at with it."""
    if isinstance(node, nodes.For):
        return [*node.body, *node.else_, *([] if node.test is None else [node.test])]
    if isinstance(node, nodes.Getattr) or (isinstance(node, nodes.Filter) and _counts(node)):
        return []
    return list(node.iter_child_nodes())


def _fault(node: nodes.Node, item: Item | None) -> str | None:
    match node:
        case nodes.For():
            return _fault_of_loop(node, item)
        case nodes.Name() if node.ctx != "load" or node.name not in FIELDS:
            return f"{node.name} stands for no text here; there are {', '.join(FIELDS)}"
        case nodes.Getattr():
            if item is None or not isinstance(node.node, nodes.Name) or node.node.name != item[0]:
                return f".{node.attr} is not known here"
            if node.attr not in LISTS[item[1]]:
                return f"{item[1]} have {', '.join(sorted(LISTS[item[1]]))}, and no {node.attr}"
        case nodes.Const() if not isinstance(node.value, CONSTANTS):
            return "this constant is not taken"
        case nodes.Filter() if node.name not in FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return f"the filter {node.name} is not taken; there are {', '.join(sorted(FILTERS))}"
        case nodes.Test() if node.name not in TESTS or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return f"the test {node.name} is not taken"
    return None if isinstance(node, ALLOWED) else f"{type(node).__name__} is not part of a welcome text"


def _fault_of_loop(node: nodes.For, item: Item | None) -> str | None:
    if item is not None:
        return "a loop inside a loop is not taken"
    if not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name) or node.recursive:
        return f"a loop goes over {', '.join(LISTS)}"
    if node.iter.name not in LISTS:
        return f"a loop goes over {', '.join(LISTS)}, not {node.iter.name}"
    taken = node.target.name in (*FIELDS, *LISTS)
    return f"{node.target.name} has a meaning already" if taken else None


def _counts(node: nodes.Filter) -> bool:
    return node.name == "length" and isinstance(node.node, nodes.Name) and node.node.name in LISTS
