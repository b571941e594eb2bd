"""Topic and payload in, items for the hub out. Never raises, whatever the bytes are."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from connectors.mapping.bits import word_items
from connectors.mapping.decode import Kind, decode
from connectors.mapping.expressions import Context, ExpressionError, holds
from connectors.mapping.failures import Failure
from connectors.mapping.fields import Site, observation
from connectors.mapping.language import Mapping, MappingSet
from connectors.mapping.topics import Captures, check_topic
from hub.wire import limits
from hub.wire.alarms import Item, Observation, RejectBody, RejectItem, SnapshotItem


class Engine:
    """All mappings of one source."""

    def __init__(self, sets: Sequence[MappingSet], site: Site):
        self._mappings = [mapping for each in sets for mapping in each.mappings]
        self._strict = any(each.strict for each in sets)
        self._site = site

    @property
    def filters(self) -> list[str]:
        """The MQTT topic filters that let through all that the mappings can use."""
        return sorted({topic.filter for mapping in self._mappings for topic in mapping.topics})

    def observe(self, topic: str, payload: bytes, *, retained: bool = False) -> list[Item]:
        """What a message says: observations and snapshots, and at the end at most one reject with the first failure.

        A topic that no mapping knows is nothing at all, unless a mapping set is strict.
        """
        try:
            check_topic(topic)
        except Failure as failure:
            return [reject(self._site.source, failure, topic, payload)]
        message = Message(topic, payload, self._site)
        for mapping, captures in self._matching(topic):
            if message.take(mapping, captures) and mapping.final:
                break
        if not message.matched and self._strict:
            message.failures.append(Failure("unmatched", f"no mapping matches {topic}"))
        return message.result(retained)

    def _matching(self, topic: str) -> Iterator[tuple[Mapping, Captures]]:
        for mapping in self._mappings:
            for pattern in mapping.topics:
                captures = pattern.match(topic)
                if captures is not None:
                    yield mapping, captures
                    break


class Message:
    """One message on its way through the mappings that match its topic."""

    def __init__(self, topic: str, payload: bytes, site: Site):
        self._topic = topic
        self._payload = payload
        self._site = site
        self._decoded: dict[Kind, Any] = {}
        self._unreadable: Failure | None = None
        self._items: list[Observation | SnapshotItem] = []
        self.matched = False
        self.failures: list[Failure] = []

    def take(self, mapping: Mapping, captures: Captures) -> bool:
        """Apply one mapping; True when it found something."""
        self.matched = True
        try:
            value = self._decode(mapping.decode)
        except Failure as failure:
            self._unreadable = self._unreadable or failure
            return False
        site = msgspec.structs.replace(self._site, source=mapping.source or self._site.source)
        before = len(self._items)
        try:
            for context in _contexts(mapping, {"t": captures, "msg": value, "m": value, "topic": self._topic}):
                self._take_one(mapping, context, site)
        except Failure as failure:
            self.failures.append(failure)
        return len(self._items) > before

    def _take_one(self, mapping: Mapping, context: Context, site: Site) -> None:
        try:
            if mapping.row is not None:
                context = {**context, "row": mapping.row(context)}
            if mapping.when is not None and not holds(mapping.when(context)):
                return
            if mapping.bits is not None:
                found: Iterable[Observation | SnapshotItem] = word_items(mapping.bits, mapping.alarm, context, site)
            else:
                found = [observation(mapping.alarm, context, site)]
            self._items += [_signed(item, mapping.name, context["m"]) for item in found]
        except ExpressionError as error:
            self.failures.append(Failure("mapping", f"row or when: {error}"))
        except Failure as failure:
            self.failures.append(failure)

    def _decode(self, kind: Kind) -> Any:
        if kind not in self._decoded:
            self._decoded[kind] = decode(kind, self._payload)
        return self._decoded[kind]

    def result(self, retained: bool) -> list[Item]:
        """Everything found. That one mapping could not read what another could is no failure."""
        items: list[Item] = [*self._items]
        for seen in _observations(self._items):
            seen.retained = retained or None
        failures = self.failures or ([self._unreadable] if self._unreadable and not items else [])
        return items + [reject(self._site.source, failure, self._topic, self._payload) for failure in failures[:1]]


def reject(source: str, failure: Failure, topic: str, payload: bytes) -> RejectItem:
    """A payload for the quarantine, cut to what the hub keeps, in text every database takes."""
    kept = payload[: limits.RAW_BYTES].decode(errors="replace").replace("\0", "�")
    kept = kept.encode()[: limits.RAW_BYTES].decode(errors="ignore")
    place = topic[: limits.TOPIC_CHARS].encode(errors="replace").decode().replace("\0", "�")
    return RejectItem(source, RejectBody(failure.code, failure.detail, place, kept))


def _contexts(mapping: Mapping, context: dict[str, Any]) -> Iterator[Context]:
    """The message itself, or each item of its list."""
    if mapping.each is None:
        yield context
        return
    try:
        items = mapping.each(context)
    except ExpressionError as error:
        raise Failure("mapping", f"each: {error}") from None
    items = [items] if isinstance(items, dict) else items
    if not isinstance(items, list):
        raise Failure("mapping", f"each: {items!r:.60} is not a list")
    if len(items) > limits.PAYLOAD_ITEMS:
        raise Failure("too_large", f"{len(items)} items, at most {limits.PAYLOAD_ITEMS}")
    for item in items:
        yield {**context, "m": item}


def _observations(items: Iterable[Observation | SnapshotItem]) -> Iterator[Observation]:
    for item in items:
        yield from item.snapshot.active if isinstance(item, SnapshotItem) else [item]


def _signed(item: Observation | SnapshotItem, mapping: str, raw: Any) -> Observation | SnapshotItem:
    """Say which mapping made it and from what, as far as that is short enough to keep."""
    small = raw is not None and len(msgspec.json.encode(raw)) <= limits.RAW_BYTES
    for seen in _observations([item]):
        seen.mapping = mapping
        seen.raw = raw if small else None
    return item
