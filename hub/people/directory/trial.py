"""Trying a sign-in step by step, for whoever sets the directory up: which step fails, and what would come of it."""

import time
from collections.abc import Iterator
from typing import Final

from hub.base.settings import Settings
from hub.people.directory.accounts import default_role, place_of
from hub.people.directory.codes import problem_code
from hub.people.directory.door import DirectoryFault
from hub.people.directory.entries import Entry, Group
from hub.people.directory.ldap import ActiveDirectory
from hub.people.directory.mapping import Rule, granted
from hub.people.directory.names import dns_domain, parsed

HINTS: Final = {
    "connect": "no controller of LDAP_URL answers: look at names, ports and firewalls",
    "tls": "look at LDAP_CA_FILE, and that the certificate names the host as LDAP_URL does",
    "bind": "look at LDAP_BIND_DN and LDAP_BIND_PASSWORD_FILE",
    "search": "look at LDAP_BASE_DN, and that the service account may read there",
}


class Failed(Exception):
    """A step has failed; the message says which, and what to look at."""


def tried(settings: Settings, username: str, password: str, rules: list[Rule], teams: set[str]) -> Iterator[str]:
    """Do what a sign-in does, a line for each step; raises Failed at the first that fails.

    Without a password nobody is bound; `teams` are the keys of the teams there are. Blocks.
    """
    place = place_of(settings)
    domain = ActiveDirectory(place)
    name = parsed(username, place.domain, dns_domain(place.base_dn))
    if name is None:
        raise Failed(f"name: «{username}» is of another domain than LDAP_DOMAIN and LDAP_BASE_DN")
    try:
        who = domain.find(name)
        yield f"connect, tls, bind: ok, as {place.bind_dn}"
        if who is None:
            raise Failed(f"search: nobody, or more than one, below {place.base_dn}")
        yield f"search: {who.name}, {who.dn}, objectGUID {who.guid}"
        yield _password(domain, who, password)
        groups = domain.groups(who)
        yield f"groups: {', '.join(sorted(group.sam for group in groups)) or 'none'}"
        threshold, seconds = domain.lock_out()
    except DirectoryFault as fault:
        raise Failed(f"{fault.step}: {fault.detail} ({HINTS[fault.step]})") from None
    yield from _mapping(settings, rules, teams, groups)
    yield f"lock-out: after {threshold} wrong passwords in {seconds / 60:g} min" if threshold else "lock-out: never"


def _password(domain: ActiveDirectory, who: Entry, password: str) -> str:
    if not password:
        return "password: not tried"
    reason = domain.check(who, password)
    reason = reason or who.gone(time.time())
    if reason is not None:
        code = problem_code(reason) if reason not in {"disabled", "expired"} else "account_disabled"
        raise Failed(f"password: refused, {reason} ({code})")
    return "password: right"


def _mapping(settings: Settings, rules: list[Rule], teams: set[str], groups: list[Group]) -> Iterator[str]:
    grant = granted(rules, groups, default_role(settings))
    if grant is None:
        raise Failed("mapping: none of the groups leads into the hub (LDAP_GROUPS, or the group mappings)")
    named = [key + (" (lead)" if lead else "") for key, lead in grant.teams.items() if key in teams]
    yield f"mapping: role {grant.role}, teams {', '.join(named) or 'none'}"
    for key in sorted(grant.teams.keys() - teams):
        yield f"mapping: there is no team {key}, make it first"
