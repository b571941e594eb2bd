"""What needs no domain: sub-codes, names, filters, rules, what has changed."""

from uuid import UUID

import msgspec
import pytest

from hub.people.directory import names
from hub.people.directory.changes import differences, planned
from hub.people.directory.codes import problem_code, sub_code
from hub.people.directory.entries import Entry, Group, person, photo_type
from hub.people.directory.mapping import Grant, Rule, granted, read_rules
from hub.people.directory.names import Name, parsed
from hub.people.directory.queries import Known

# As Windows Server writes it; Samba never says 525, 530 and 531.
RECORDED = "80090308: LdapErr: DSID-0C090{dsid}, comment: AcceptSecurityContext error, data {data}, v{version}\0"
GUID = UUID("b65d42aa-cf97-3f4c-8577-6c47768ec26b")
WANG = Entry(
    GUID, "CN=wang,DC=fab", "wang", "wang@fab.example", "王小明", None, None, None, None, None, False, None, b""
)
GRANT = Grant("responder", {"maint-3": False})
KNOWN = Known(GUID, GUID, "wang", "王小明", "responder", None, None, None, None, None, True, False, {"maint-3": False})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("525", "invalid_credentials"),
        ("52e", "invalid_credentials"),
        ("775", "invalid_credentials"),
        ("530", "logon_restricted"),
        ("531", "logon_restricted"),
        ("532", "password_expired"),
        ("533", "account_disabled"),
        ("701", "account_disabled"),
        ("773", "password_expired"),
        ("57", "invalid_credentials"),
    ],
)
def test_recorded_messages(data: str, code: str) -> None:
    for dsid, version in (("400", "1db1"), ("447", "3839"), ("4DC", "4563")):
        assert sub_code(RECORDED.format(dsid=dsid, data=data, version=version)) == data
    assert sub_code(f"Simple Bind Failed: NT_STATUS_X data {data.upper()}, v1db1") == data
    assert problem_code(data) == code


def test_a_message_without_a_sub_code() -> None:
    assert sub_code("") == sub_code("Invalid credentials") == sub_code("metadata 12, v1") == ""


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("wang", Name(sam="wang")),
        (" wang ", Name(sam="wang")),
        ("fab\\wang", Name(sam="wang")),
        ("FAB.example\\wang", Name(sam="wang")),
        ("wang@FAB.example", Name("wang", "wang@FAB.example")),
        ("wang@fab-alias.example", Name(None, "wang@fab-alias.example")),
        ("OTHER\\wang", None),
        ("FAB\\", None),
        ("@fab.example", None),
        ("", None),
    ],
)
def test_names(given: str, name: Name | None) -> None:
    assert parsed(given, "FAB", "fab.example") == name
    assert names.dns_domain("OU=Plant, DC=fab,dc=example") == "fab.example"


def test_filters_hold_values_only() -> None:
    assert names.escaped("*)(uid=*))(|(uid=*") == "\\2a\\29\\28uid=\\2a\\29\\29\\28|\\28uid=\\2a"
    assert names.escaped("\\2a\0王") == "\\5c2a\\00王"
    assert names.by_name(Name(sam="a*")) == f"(&{names.PERSON}(|(sAMAccountName=a\\2a)))"
    assert names.by_guids([GUID]).endswith(
        "(|(objectGUID=\\aa\\42\\5d\\b6\\97\\cf\\4c\\3f\\85\\77\\6c\\47\\76\\8e\\c2\\6b)))"
    )


def test_rules() -> None:
    rules = read_rules("CN=Line3-Maint=responder:maint-3; CN=Leads,OU=G,DC=fab,DC=example=lead\nNight=:night")
    assert rules == [
        Rule("CN=Line3-Maint", "responder", "maint-3"),
        Rule("CN=Leads,OU=G,DC=fab,DC=example", "lead"),
        Rule("Night", None, "night"),
    ]
    maint, leads, night = (
        Group("CN=x,DC=fab", "LINE3-maint"),
        Group("cn=leads, ou=g,dc=fab,DC=example", "l"),
        Group("", "Night"),
    )
    assert granted(rules, [maint]) == Grant("responder", {"maint-3": False})
    assert granted(rules, [night]) == Grant("viewer", {"night": False})
    assert granted(rules, [maint, leads, night]) == Grant("lead", {"maint-3": False, "night": False})
    assert granted(rules, [Group("CN=Line3-Maint,OU=Mine,DC=fab", "other")]) is None  # anybody's group of that CN
    assert granted(rules, [], "viewer") == Grant("viewer", {})
    for bad in ("x", "x=owner", "=admin", "x=", "x=:"):
        with pytest.raises(ValueError, match=bad):
            read_rules(bad)


def test_an_entry_of_raw_attributes() -> None:
    raw = {
        "objectGUID": [GUID.bytes_le],
        "objectSid": [b"\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00" + b"d" * 12 + b"\x4f\x04\x00\x00"],
        "primaryGroupID": [b"513"],
        "sAMAccountName": [b"wang"],
        "userAccountControl": [b"514"],
        "accountExpires": [b"116444736010000000"],
        "thumbnailPhoto": [b"<svg/>"],
        "displayName": ["王\0小明".encode() + b"\xff"],
    }
    entry = person("CN=wang", raw)
    assert (entry.guid, entry.name, entry.photo, entry.gone(0)) == (GUID, "王小明\ufffd", None, "disabled")
    assert entry.primary_group.endswith(b"dddd\x01\x02\x00\x00")
    alive = person("CN=wang", raw | {"userAccountControl": [b"512"]})
    assert (alive.gone(0.9), alive.gone(1)) == (None, "expired")
    assert photo_type(b"\x89PNG\r\n\x1a\n...") == "image/png"
    with pytest.raises(KeyError):
        person("CN=x", {})


def test_only_what_differs_is_changed() -> None:
    assert differences(KNOWN, WANG, GRANT) == {}
    renamed = msgspec.structs.replace(WANG, sam="W2", name="王大明")
    assert differences(KNOWN, renamed, Grant("lead", {})) == {
        "name": ("王小明", "王大明"),
        "role": ("responder", "lead"),
        "username": ("wang", "w2"),
        "teams": ({"maint-3": False}, {}),
    }
    assert differences(msgspec.structs.replace(KNOWN, enabled=False, let_go=True), WANG, GRANT) == {
        "enabled": (False, True)
    }


def test_a_plan_of_one() -> None:
    hits = {GUID: [Rule("x", "responder")]}
    assert [stay.known for stay in planned([KNOWN], {GUID: WANG}, hits, None, 0).stays] == [KNOWN]
    gone = msgspec.structs.replace(WANG, disabled=True)
    for entries, rules, why in (({GUID: gone}, hits, "disabled"), ({}, hits, "absent"), ({GUID: WANG}, {}, "no_group")):
        assert [leave.why for leave in planned([KNOWN], entries, rules, None, 0).leaves] == [why]
