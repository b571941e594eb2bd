"""How people write their account, and the filters that find it. Pure.

Every value goes through `escaped` (RFC 4515): what somebody types is a value, never a part of a filter.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

PERSON: Final = "(objectCategory=person)(objectClass=user)"
CHAIN: Final = "1.2.840.113556.1.4.1941"  # matching rule «in chain»: through nested groups
SPECIAL: Final = frozenset("\\*()\0")


class Name(msgspec.Struct, frozen=True):
    """An account as the directory knows it: `wang` (sAMAccountName), `wang@fab.example` (UPN), or both."""

    sam: str | None = None
    upn: str | None = None


def parsed(given: str, domain: str, dns_domain: str) -> Name | None:
    """Read `wang`, `FAB\\wang` or `wang@fab.example`; None when it names another domain or nobody.

    `domain` is the short (NetBIOS) name, `dns_domain` the long one. A UPN of our own domain may be an implicit one,
    which is the sAMAccountName in front of the domain.
    """
    given = given.strip()
    if "\\" in given:
        realm, _, sam = given.partition("\\")
        ours = realm.casefold() in {domain.casefold(), dns_domain.casefold()} - {""}
        return Name(sam=sam) if ours and sam else None
    if "@" in given:
        local, _, realm = given.rpartition("@")
        if not local or not realm:
            return None
        return Name(local if realm.casefold() == dns_domain.casefold() else None, given)
    return Name(sam=given) if given else None


def dns_domain(base_dn: str) -> str:
    """`fab.example` of `OU=Plant,DC=fab,DC=example`."""
    parts = [part.strip() for part in base_dn.split(",")]
    return ".".join(part[3:] for part in parts if part[:3].upper() == "DC=")


def escaped(value: str) -> str:
    """A value in a filter."""
    return "".join(f"\\{ord(sign):02x}" if sign in SPECIAL else sign for sign in value)


def octets(value: bytes) -> str:
    """Bytes in a filter."""
    return "".join(f"\\{byte:02x}" for byte in value)


def any_of(parts: Iterable[str]) -> str:
    """One of these filters; nothing at all when there are none."""
    return f"(|{''.join(parts)})"


def by_name(name: Name) -> str:
    """Filter of the person with this name."""
    ways = []
    if name.upn is not None:
        ways.append(f"(userPrincipalName={escaped(name.upn)})")
    if name.sam is not None:
        ways.append(f"(sAMAccountName={escaped(name.sam)})")
    return f"(&{PERSON}{any_of(ways)})"


def by_guids(guids: Iterable[UUID]) -> str:
    """Filter of people by objectGUID."""
    return f"(&{PERSON}{any_of(f'(objectGUID={octets(guid.bytes_le)})' for guid in guids)})"


def groups_above(dns: Iterable[str], primary: bytes) -> str:
    """Filter of every group that holds one of these members, however deep, and of the primary group itself."""
    ways = [f"(member:{CHAIN}:={escaped(dn)})" for dn in dns]
    return f"(&(objectCategory=group){any_of([*ways, f'(objectSid={octets(primary)})'])})"


def group_named(name: str) -> str:
    """Filter of a group by its distinguished name, or by its sAMAccountName (with or without `CN=`), which a domain has
    once."""
    if "," in name:
        return f"(&(objectCategory=group)(distinguishedName={escaped(name)}))"
    plain = name[3:] if name[:3].casefold() == "cn=" else name
    return f"(&(objectCategory=group)(sAMAccountName={escaped(plain)}))"


def groups_below(dn: str) -> str:
    """Filter of a group and of every group inside of it."""
    return f"(&(objectCategory=group)(|(distinguishedName={escaped(dn)})(memberOf:{CHAIN}:={escaped(dn)})))"


def people_below(dn: str, primaries: Iterable[int]) -> str:
    """Filter of the people in a group, however deep, also of those whose primary group (by its RID) it is."""
    ways = [f"(memberOf:{CHAIN}:={escaped(dn)})", *(f"(primaryGroupID={rid})" for rid in primaries)]
    return f"(&{PERSON}{any_of(ways)})"
