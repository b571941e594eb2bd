"""Active Directory over LDAP: the only file that knows `ldap3`. Everything here blocks; it runs in worker threads.

A password goes only to a domain controller whose certificate is good for the name in LDAP_URL, never after a referral
and never in clear. One sign-in is one bind as that person, whatever happens, so that a wrong guess counts once.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from time import monotonic
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import ldap3
import msgspec
from ldap3.core.exceptions import LDAPExceptionError
from ldap3.core.results import RESULT_INVALID_CREDENTIALS, RESULT_NO_SUCH_OBJECT, RESULT_SUCCESS

from hub.people.directory import entries, names
from hub.people.directory.codes import sub_code
from hub.people.directory.door import DirectoryFault
from hub.people.directory.entries import Entry, Group
from hub.people.directory.names import Name

T = TypeVar("T")
Scope = Literal["BASE", "SUBTREE"]
CONNECT_SECONDS: Final = 2
RECEIVE_SECONDS: Final = 3
SHUNNED_SECONDS: Final = 30  # a controller that did not answer is asked last for so long
PAGE: Final = 500
GUIDS_PER_FILTER: Final = 100
PAGED: Final = "1.2.840.113556.1.4.319"
ENTRY: Final = "searchResEntry"
TLS_WORDS: Final = ("ssl", "tls", "certificate")


class Place(msgspec.Struct, frozen=True):
    """Where the directory is and as whom it is read."""

    urls: tuple[str, ...]
    base_dn: str
    bind_dn: str
    bind_password: str
    ca_file: str | None = None
    start_tls: bool = False
    domain: str = ""

    @property
    def domain_dn(self) -> str:
        """The whole domain: groups are looked for there, wherever below it people are."""
        return ",".join(part for part in self.base_dn.split(",") if part.strip()[:3].upper() == "DC=")


class StrictTls(ldap3.Tls):
    """TLS as Python does it: known CA, and a certificate for the very host that was called (ldap3 checks none)."""

    def __init__(self, context: ssl.SSLContext):
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = context

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        """Put TLS around a connection's socket."""
        connection.socket = self._context.wrap_socket(connection.socket, server_hostname=connection.server.host)


class ActiveDirectory:
    """Asks the first domain controller that answers."""

    def __init__(self, place: Place):
        self.place = place
        self._tls = StrictTls(ssl.create_default_context(cafile=place.ca_file))
        self._shunned: dict[str, float] = {}

    def find(self, name: Name) -> Entry | None:
        """The one person with this name; None when there is none, or more than one."""
        found = self._ask(lambda session: _people(session, self.place.base_dn, names.by_name(name)))
        return found[0] if len(found) == 1 else None

    def check(self, who: Entry | None, password: str) -> str | None:
        """Bind as this person; None when the password is right, else the sub-code.

        Somebody unknown costs the same bind, as nobody. A bind that succeeds is not yet a sign-in: the entry is read
        again by who was bound, and must have the same objectGUID.
        """
        if not password:
            return "52e"
        session = self._opened()
        try:
            dn = who.dn if who else f"{uuid4().hex}@{names.dns_domain(self.place.base_dn)}"
            reason = _bound(session, dn, password)
            if reason is not None or who is None:
                return reason or "525"
            again = _people(session, who.dn, f"(&{names.PERSON})", ldap3.BASE)
            return None if [entry.guid for entry in again] == [who.guid] else "525"
        except LDAPExceptionError as error:
            raise _fault("bind", error) from None
        finally:
            _closed(session)

    def groups(self, who: Entry) -> list[Group]:
        """Every group a person is in: by membership, however deep, and by the primary group."""

        def work(session: ldap3.Connection) -> list[Group]:
            primary = f"(objectSid={names.octets(who.primary_group)})"
            above = [dn for dn, _ in _found(session, self.place.domain_dn, primary, entries.GROUP_ATTRIBUTES)]
            wanted = names.groups_above([who.dn, *above], who.primary_group)
            found = _found(session, self.place.domain_dn, wanted, entries.GROUP_ATTRIBUTES)
            return [entries.group(dn, raw) for dn, raw in found]

        return self._ask(work)

    def by_guid(self, guids: Iterable[UUID]) -> dict[UUID, Entry]:
        """Those of these people who are still there, below the base DN."""

        def work(session: ldap3.Connection) -> dict[UUID, Entry]:
            found: dict[UUID, Entry] = {}
            for some in _batches(guids, GUIDS_PER_FILTER):
                people = _people(session, self.place.base_dn, names.by_guids(some))
                found |= {entry.guid: entry for entry in people}
            return found

        return self._ask(work)

    def members(self, group: str) -> set[UUID] | None:
        """objectGUIDs of a group's people, however deep; None when there is no such group."""

        def work(session: ldap3.Connection) -> set[UUID] | None:
            named = _found(session, self.place.domain_dn, names.group_named(group), entries.GROUP_ATTRIBUTES)
            if len(named) != 1:
                return None
            dn = named[0][0]
            below = _found(session, self.place.domain_dn, names.groups_below(dn), entries.GROUP_ATTRIBUTES)
            wanted = names.people_below(dn, [entries.rid(raw) for _, raw in below])
            found = _found(session, self.place.base_dn, wanted, ["objectGUID"])  # no photos: a group may hold thousands
            return {entries.guid(raw) for _, raw in found if raw.get("objectGUID")}

        return self._ask(work)

    def lock_out(self) -> tuple[int, float]:
        """After how many wrong passwords the domain locks an account (0 = never), within how many seconds."""

        def work(session: ldap3.Connection) -> tuple[int, float]:
            wanted = ("lockoutThreshold", "lockOutObservationWindow")
            found = _found(session, self.place.domain_dn, "(objectClass=*)", wanted, ldap3.BASE)
            raw = found[0][1] if found else {}
            threshold, window = (int(raw[name][0]) if raw.get(name) else 0 for name in wanted)
            return threshold, abs(window) / 1e7

        return self._ask(work)

    def _ask(self, work: Callable[[ldap3.Connection], T]) -> T:
        """Run reads as the service account; a controller that falls silent in between is left for the next one."""
        fault = DirectoryFault("connect", "LDAP_URL names no controller")
        for url in self._in_order():
            try:
                with self._reading(url) as session:
                    return work(session)
            except DirectoryFault as error:
                fault = error
        raise fault

    @contextmanager
    def _reading(self, url: str) -> Iterator[ldap3.Connection]:
        session = self._connected(url)
        try:
            reason = _bound(session, self.place.bind_dn, self.place.bind_password)
            if reason is not None:
                raise DirectoryFault("bind", f"the service account is refused ({reason})")
            yield session
        except LDAPExceptionError as error:
            self._shunned[url] = monotonic()
            raise _fault("search", error) from None
        finally:
            _closed(session)

    def _opened(self) -> ldap3.Connection:
        fault = DirectoryFault("connect", "LDAP_URL names no controller")
        for url in self._in_order():
            try:
                return self._connected(url)
            except DirectoryFault as error:
                fault = error
        raise fault

    def controllers(self) -> list[tuple[str, bool]]:
        """Every controller in the order in which they are asked; true for one that was silent lately."""
        late = {url for url, at in self._shunned.copy().items() if monotonic() - at < SHUNNED_SECONDS}
        return [(url, url in late) for url in sorted(self.place.urls, key=lambda url: url in late)]

    def _in_order(self) -> Sequence[str]:
        return [url for url, _ in self.controllers()]

    def _connected(self, url: str) -> ldap3.Connection:
        """A connection with TLS and no name yet."""
        parts = urlsplit(url)
        clear = parts.scheme == "ldap"
        if clear and not self.place.start_tls:
            raise DirectoryFault("tls", f"{url} has no TLS: no password goes there")
        server = ldap3.Server(
            parts.hostname or "",
            port=parts.port or (389 if clear else 636),
            use_ssl=not clear,
            tls=self._tls,
            get_info=ldap3.NONE,
            allowed_referral_hosts=[],
            connect_timeout=CONNECT_SECONDS,
        )
        session = ldap3.Connection(
            server,
            receive_timeout=RECEIVE_SECONDS,
            auto_referrals=False,
            auto_bind=ldap3.AUTO_BIND_NONE,
            read_only=True,
        )
        try:
            session.open(read_server_info=False)
            if clear and not (session.start_tls(read_server_info=False) and session.tls_started):
                raise DirectoryFault("tls", f"{parts.hostname} refuses StartTLS")
        except (LDAPExceptionError, DirectoryFault) as error:
            self._shunned[url] = monotonic()
            _closed(session)
            raise error if isinstance(error, DirectoryFault) else _fault("connect", error) from None
        self._shunned.pop(url, None)
        return session


def _bound(session: ldap3.Connection, dn: str, password: str) -> str | None:
    """A simple bind; None when it succeeded, else the sub-code. Bytes, so that no normal form changes a password."""
    session.authentication, session.user, session.password = ldap3.SIMPLE, dn, password.encode("utf-8")
    if session.bind(read_server_info=False):
        return None
    result = session.result
    if result["result"] == RESULT_INVALID_CREDENTIALS:
        return sub_code(result["message"]) or "52e"
    raise DirectoryFault("bind", result["description"])


def _found(
    session: ldap3.Connection, base: str, wanted: str, attributes: Iterable[str], scope: Scope = ldap3.SUBTREE
) -> list[tuple[str, entries.Raw]]:
    """Entries of a search, page by page. References to other servers are left alone; a search that did not come to
    its end is a fault, never an empty answer."""
    found: list[tuple[str, entries.Raw]] = []
    cookie: bytes | None = None
    while cookie is None or cookie:
        session.search(base, wanted, scope, attributes=list(attributes), paged_size=PAGE, paged_cookie=cookie)
        result = session.result
        if result["result"] == RESULT_NO_SUCH_OBJECT and scope == ldap3.BASE:
            return []
        if result["result"] != RESULT_SUCCESS:
            raise DirectoryFault("search", f"{result['description']} below {base}")
        found += [(item["dn"], item["raw_attributes"]) for item in session.response or () if item["type"] == ENTRY]
        cookie = result.get("controls", {}).get(PAGED, {}).get("value", {}).get("cookie") or b""
    return found


def _people(session: ldap3.Connection, base: str, wanted: str, scope: Scope = ldap3.SUBTREE) -> list[Entry]:
    found = []
    for dn, raw in _found(session, base, wanted, entries.PERSON_ATTRIBUTES, scope):
        with suppress(KeyError, ValueError, IndexError):  # the service account may not read it: as good as absent
            found.append(entries.person(dn, raw))
    return found


def _fault(step: Any, error: LDAPExceptionError) -> DirectoryFault:
    words = str(error) or type(error).__name__
    if step == "connect" and any(word in words.lower() for word in TLS_WORDS):
        step = "tls"
    return DirectoryFault(step, words[:300])


def _closed(session: ldap3.Connection) -> None:
    with suppress(LDAPExceptionError, OSError):
        session.unbind()


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
