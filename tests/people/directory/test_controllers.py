"""What Samba's domain controller answers to the hub's own questions."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import ldap3
import msgspec
import pytest

from hub.base.settings import from_environment
from hub.people.directory.accounts import place_of
from hub.people.directory.codes import problem_code
from hub.people.directory.door import DirectoryFault
from hub.people.directory.entries import Entry
from hub.people.directory.ldap import ActiveDirectory, Place
from hub.people.directory.names import Name, parsed
from tests.people.directory.domain import BASE, Authority, Controller, free_address, password
from tests.people.directory.proxy import Proxy
from tests.plant.processes import SECRET


def place(domain: Controller, *urls: str, **more: str) -> Place:
    needed = {"DATABASE_URL": "postgresql://x", "ANDON_SECRET_KEY": SECRET}
    return place_of(from_environment(needed | domain.settings(*urls, **more)))


def found(directory: ActiveDirectory, given: str) -> Entry | None:
    name = parsed(given, "FAB", "fab.example")
    return directory.find(name) if name else None


@pytest.fixture(scope="module")
def directory(domain: Controller) -> ActiveDirectory:
    return ActiveDirectory(place(domain))


def test_a_person_is_found_by_every_form_of_their_name(directory: ActiveDirectory) -> None:
    everybody = [found(directory, given) for given in ("wang", "FAB\\wang", "fab.example\\WANG", "Wang@fab.example")]
    wang = everybody[0]
    assert wang is not None
    assert everybody == [wang] * 4
    facts = (wang.name, wang.mail, wang.department, wang.employee_number, wang.phone, wang.photo, wang.disabled)
    assert facts == ("王小明", "wang@fab.example", "設備課", "E00001", "+886-3-555-0001", None, False)


@pytest.mark.parametrize(
    "given", ["nobody", "*", "admin)(|(a=*", "\\2a", "w\\2ang", f"CN=wang,CN=Users,{BASE}", "王小明"]
)
def test_bad_72_what_is_typed_is_a_value_and_no_filter(directory: ActiveDirectory, given: str) -> None:
    """A display name and a distinguished name too: a controller would take both for a bind."""
    assert directory.find(Name(sam=given)) is None
    assert directory.find(Name(upn=given)) is None


@pytest.mark.parametrize(
    "given", ["OTHER\\wang", "wang@other.example", "wang@", "@fab.example", "\\", "FAB\\", "ｗaｎg"]
)
def test_bad_73_another_domain_is_nobody(directory: ActiveDirectory, given: str) -> None:
    assert found(directory, given) is None


@pytest.mark.parametrize(
    ("name", "given", "reason", "code"),
    [
        ("wang", "wrong", "52e", "invalid_credentials"),
        ("hsu", "wrong", "52e", "invalid_credentials"),
        ("lee", password("lee"), "532", "password_expired"),
        ("hsu", password("hsu"), "533", "account_disabled"),
        ("kao", password("kao"), "701", "account_disabled"),
        ("mei", password("mei"), "773", "password_expired"),
        ("wang", password("wang"), None, None),
    ],
)
def test_bad_75_sub_codes(
    directory: ActiveDirectory, name: str, given: str, reason: str | None, code: str | None
) -> None:
    assert directory.check(found(directory, name), given) == reason
    assert reason is None or problem_code(reason) == code


def test_bad_74_locked_out_whatever_the_password(domain: Controller, directory: ActiveDirectory) -> None:
    domain.add_person("locked")
    who = found(directory, "locked")
    assert {directory.check(who, "wrong") for _ in range(6)} <= {"52e", "775"}
    assert directory.check(who, password("locked")) == "775"
    assert problem_code("775") == "invalid_credentials"


def test_nobody_costs_a_bind_and_is_never_signed_in(directory: ActiveDirectory) -> None:
    assert directory.check(None, password("wang")) in {"52e", "525"}


def test_a_soft_hyphen_is_a_wrong_password(directory: ActiveDirectory) -> None:
    assert directory.check(found(directory, "wang"), "\u00ad") == "52e"


def test_groups_go_through_other_groups_and_the_primary_group(domain: Controller, directory: ActiveDirectory) -> None:
    """What one person's groups are, and who a group's people are, agree."""
    assert names_of(directory, "wang") >= {"Line3-Maint", "Canteen", "Domain Users", "Users"}
    assert names_of(directory, "lin") >= {"Shift-Leads", "Plant-Leads"}
    everybody = {name: found(directory, name) for name in ("wang", "chen", "lin", "tsai", "hsu")}
    for group in ("Line3-Maint", "Plant-Leads", "Shift-Leads", "Domain Users", "Users", f"CN=Viewers,CN=Users,{BASE}"):
        members = directory.members(group)
        assert members is not None
        sam = group.split(",")[0].removeprefix("CN=")
        by_person = {name for name in everybody if sam in names_of(directory, name)}
        assert {name for name, who in everybody.items() if who and who.guid in members} == by_person
        assert by_person
    assert directory.members("No-Such-Group") is None


def names_of(directory: ActiveDirectory, name: str) -> set[str]:
    who = found(directory, name)
    assert who is not None
    return {group.sam for group in directory.groups(who)}


def test_who_was_deleted_is_not_among_the_known(domain: Controller, directory: ActiveDirectory) -> None:
    domain.add_person("leaver")
    wang, leaver = found(directory, "wang"), found(directory, "leaver")
    assert wang
    assert leaver
    domain.remove_person("leaver")
    assert directory.by_guid([wang.guid, leaver.guid, UUID(int=1)]) == {wang.guid: wang}


def test_a_bind_alone_is_no_sign_in(directory: ActiveDirectory) -> None:
    """Somebody else's entry under the name that was bound: another objectGUID, so no."""
    wang = found(directory, "wang")
    assert wang is not None
    assert directory.check(msgspec.structs.replace(wang, guid=UUID(int=7)), password("wang")) == "525"


def test_the_domain_tells_when_it_locks(directory: ActiveDirectory) -> None:
    assert directory.lock_out() == (6, 1800)


def test_start_tls_and_never_in_clear(domain: Controller) -> None:
    clear = f"ldap://{domain.address}"
    directory = ActiveDirectory(place(domain, clear, LDAP_START_TLS="true"))
    assert directory.check(found(directory, "wang"), password("wang")) is None
    bare = ActiveDirectory(msgspec.structs.replace(place(domain), urls=(clear,)))
    with pytest.raises(DirectoryFault, match=r"^tls: .* has no TLS"):
        found(bare, "wang")
    server = ldap3.Server(domain.address, port=389, get_info=ldap3.NONE)
    session = ldap3.Connection(server, "wang@fab.example", password("wang"))
    assert not session.bind()
    assert session.result["description"] == "strongerAuthRequired"  # the controller itself refuses it too


def test_certificates(domain: Controller, server_folder: Path) -> None:
    """Of another host, and of an authority nobody knows: no password is sent."""
    with Proxy(domain.address, 636) as proxy:
        elsewhere = ActiveDirectory(place(domain, proxy.url))
        with pytest.raises(DirectoryFault, match=r"^tls: .*certificate"):
            found(elsewhere, "wang")
        with pytest.raises(DirectoryFault, match=r"^tls: "):
            elsewhere.check(None, "secret")
    other = Authority(server_folder / "other-authority", "Other CA").certificate
    for ca_file in (str(other), ""):
        stranger = ActiveDirectory(place(domain, LDAP_CA_FILE=ca_file))
        with pytest.raises(DirectoryFault, match=r"^tls: .*certificate"):
            found(stranger, "wang")


def test_the_next_controller_is_asked_when_one_is_down_or_silent(domain: Controller, authority: Authority) -> None:
    with Proxy(domain.address, 636, silent=True) as silent:
        urls = (f"ldaps://{domain.address}:1", silent.url, domain.url)
        directory = ActiveDirectory(place(domain, *urls))
        assert found(directory, "wang") is not None
        before = silent.connections
        assert directory.check(found(directory, "wang"), password("wang")) is None
        assert silent.connections == before  # asked last for a while
        assert directory.controllers() == [(domain.url, False), (urls[0], True), (urls[1], True)]
    with pytest.raises(DirectoryFault, match=r"^connect: "):
        found(ActiveDirectory(place(domain, f"ldaps://{domain.address}:1")), "wang")


def test_wrong_service_account_and_base(domain: Controller) -> None:
    with pytest.raises(DirectoryFault, match=r"^bind: the service account is refused"):
        found(ActiveDirectory(place(domain, LDAP_BIND_PASSWORD="wrong")), "wang")
    with pytest.raises(DirectoryFault, match=r"^search: noSuchObject"):
        found(ActiveDirectory(place(domain, LDAP_BASE_DN=f"OU=Nowhere,{BASE}")), "wang")


def test_a_referral_is_not_followed(server_folder: Path, authority: Authority) -> None:
    """A controller whose answers refer to another host: that host never hears of us."""
    elsewhere = free_address()
    with listening(elsewhere, 636) as heard:
        domain = Controller(server_folder / "referring", authority, realm=elsewhere)
        try:
            directory = ActiveDirectory(place(domain))
            with domain.admin() as session:
                session.search(BASE, "(sAMAccountName=wang)", attributes=["cn"])
                referred = [item["uri"] for item in session.response or () if item["type"] == "searchResRef"]
            assert referred[0][0].startswith(f"ldaps://{elsewhere}/")
            assert directory.check(found(directory, "wang"), password("wang")) is None
            assert names_of(directory, "wang")
        finally:
            domain.stop()
        assert heard == []


@contextmanager
def listening(address: str, port: int) -> Iterator[list[bytes]]:
    """A host that notes who comes."""
    heard: list[bytes] = []
    with socket.create_server((address, port)) as server:

        def accept() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                heard.append(client.recv(100))
                client.close()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield heard
        server.shutdown(socket.SHUT_RDWR)
