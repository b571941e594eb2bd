"""A real Active Directory domain: Samba domain controllers, each on a loopback address of its own.

Samba listens on 389 and 636 and nowhere else. All of 127.0.0.0/8 is this machine, so every controller takes an address
made from our process id: many run beside each other, and none meets an LDAP server on 127.0.0.1.
"""

import fcntl
import hashlib
import itertools
import os
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ldap3

from hub.stack.process import Child, StackError, answers, port_is_free, wait_until

ROOT = Path(__file__).resolve().parents[3]
FILL = Path(__file__).with_name("provision.py")
BASE = "DC=fab,DC=example"
ADMIN = "Passw0rd!x"
PROVISION = (
    *("samba-tool", "domain", "provision", "--realm=FAB.EXAMPLE", "--domain=FAB", "--server-role=dc"),
    *("--dns-backend=NONE", "--host-name=dc1", "--host-ip=127.0.0.1", f"--adminpass={ADMIN}"),
)
CONFIGURATION = """\
[global]
    netbios name = DC1
    realm = {realm}
    workgroup = FAB
    server role = active directory domain controller
    server services = ldap
    private dir = {folder}/private
    state directory = {folder}/state
    cache directory = {folder}/cache
    lock directory = {folder}
    pid directory = {folder}/run
    ncalrpc dir = {folder}/run/ncalrpc
    binddns dir = {folder}/bind-dns
    log file = {folder}/run/log.%m
    interfaces = {address}/8
    bind interfaces only = yes
    tls enabled = yes
    tls keyfile = {folder}/tls/key.pem
    tls certfile = {folder}/tls/cert.pem
    tls cafile = {folder}/tls/ca.pem
[sysvol]
    path = {folder}/state/sysvol
[netlogon]
    path = {folder}/state/sysvol/fab.example/scripts
"""
READY_SECONDS = 30
_numbers = itertools.count(1)


def password(name: str) -> str:
    return f"Pa55-{name}-1!"


def free_address() -> str:
    """A loopback address that nobody else uses."""
    pid = os.getpid()
    return f"127.{next(_numbers)}.{pid >> 8 & 255}.{(pid & 255) or 1}"


def sh(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-500:]}")


def provisioned() -> Path:
    """The domain with its people, made once for every version of the program that fills it (about 10 s)."""
    if os.geteuid() != 0:
        raise StackError("Samba's domain controller needs root: run the tests as root.")
    if not shutil.which("samba-tool"):
        raise StackError("samba is missing: run `make debian-test`.")
    version = hashlib.sha256(FILL.read_bytes() + " ".join(PROVISION).encode()).hexdigest()[:16]
    made = ROOT / ".cache" / "samba" / version
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test workers, one domain
        if not made.exists():
            fresh = made.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            sh(*PROVISION, f"--targetdir={fresh}")
            sh("/usr/bin/python3", FILL, fresh)
            fresh.rename(made)
    return made


class Authority:
    """A certificate authority of our own."""

    def __init__(self, folder: Path, name: str):
        folder.mkdir(parents=True)
        self.key, self.certificate = folder / "key.pem", folder / "ca.pem"
        subject = ("-subj", f"/CN={name}", "-days", "30", "-nodes", "-newkey", "rsa:2048")
        sh("openssl", "req", "-x509", *subject, "-keyout", self.key, "-out", self.certificate)

    def issue(self, folder: Path, *addresses: str) -> None:
        """Key and certificate of a controller at these addresses."""
        folder.mkdir(parents=True, exist_ok=True)
        names = ",".join(f"IP:{address}" for address in addresses)
        request = (
            "-nodes",
            "-newkey",
            "rsa:2048",
            "-subj",
            f"/CN={addresses[0]}",
            "-addext",
            f"subjectAltName={names}",
        )
        signed = ("-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-copy_extensions", "copy")
        sh("openssl", "req", *request, "-keyout", folder / "key.pem", "-out", folder / "request.pem")
        sh(
            "openssl",
            "x509",
            "-req",
            "-in",
            folder / "request.pem",
            *signed,
            "-days",
            "30",
            "-out",
            folder / "cert.pem",
        )
        shutil.copy(self.certificate, folder / "ca.pem")
        (folder / "key.pem").chmod(0o600)


class Controller:
    """One running domain controller on a copy of the domain."""

    def __init__(self, folder: Path, authority: Authority, *also: str, realm: str = "FAB.EXAMPLE"):
        """Start it; its certificate is good for its own address and for those in `also`."""
        self.address = free_address()
        self.ca_file = authority.certificate
        for port in (389, 636):
            if not port_is_free(port, self.address):
                raise StackError(f"Port {port} of {self.address} is taken: stop what listens there.")
        shutil.copytree(provisioned(), folder)
        (folder / "run" / "ncalrpc").mkdir(parents=True)
        authority.issue(folder / "tls", self.address, *also)
        configuration = folder / "etc" / "smb.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, address=self.address, realm=realm))
        command: list[str | Path] = ["samba", "-i", "-M", "single", "-s", configuration, "--debug-stdout"]
        self._child = Child(command, folder.with_suffix(".log"))
        if not wait_until(lambda: answers(636, self.address), self._child, READY_SECONDS):
            raise StackError(f"samba did not start: {self._child.output()[-1000:]}")

    @property
    def url(self) -> str:
        return f"ldaps://{self.address}"

    def settings(self, *urls: str, **more: str) -> dict[str, str]:
        """A hub's settings for this controller, or for others in its domain."""
        return {
            "LDAP_URL": " ".join(urls or (self.url,)),
            "LDAP_BASE_DN": BASE,
            "LDAP_BIND_DN": "svc-andon@fab.example",
            "LDAP_BIND_PASSWORD": password("svc-andon"),
            "LDAP_CA_FILE": str(self.ca_file),
            "LDAP_DOMAIN": "FAB",
            "LDAP_SYNC_SECONDS": "1",
            **more,
        }

    @contextmanager
    def admin(self) -> Iterator[Any]:
        """The domain's administrator, who raises when something is refused."""
        tls = ldap3.Tls(validate=ssl.CERT_NONE)
        server = ldap3.Server(self.address, port=636, use_ssl=True, tls=tls, get_info=ldap3.NONE)
        with ldap3.Connection(server, "Administrator@fab.example", ADMIN, raise_exceptions=True) as session:
            yield session

    def dn(self, name: str) -> str:
        with self.admin() as session:
            session.search(BASE, f"(sAMAccountName={name})", attributes=["objectGUID"])
            return str(next(item["dn"] for item in session.response or () if item["type"] == "searchResEntry"))

    def read(self, name: str, attribute: str) -> Any:
        with self.admin() as session:
            session.search(BASE, f"(sAMAccountName={name})", attributes=[attribute])
            found = next(item for item in session.response or () if item["type"] == "searchResEntry")
            return found["raw_attributes"].get(attribute)

    def change(self, name: str, **values: Any) -> None:
        """Set attributes of an account."""
        dn = self.dn(name)
        with self.admin() as session:
            session.modify(dn, {key: [(ldap3.MODIFY_REPLACE, [value])] for key, value in values.items()})

    def enable(self, name: str, enabled: bool = True) -> None:
        self.change(name, userAccountControl=512 if enabled else 514)

    def group(self, name: str, member: str, *, joins: bool) -> None:
        """Put somebody into a group, or out of it."""
        dn, who = self.dn(name), self.dn(member)
        with self.admin() as session:
            session.modify(dn, {"member": [(ldap3.MODIFY_ADD if joins else ldap3.MODIFY_DELETE, [who])]})

    def empty(self, group: str) -> None:
        """Everybody out of a group, at once."""
        dn = self.dn(group)
        with self.admin() as session:
            session.modify(dn, {"member": [(ldap3.MODIFY_REPLACE, [])]})

    def rename(self, name: str, cn: str, sam: str) -> None:
        """Give somebody another name, in all three places."""
        dn = self.dn(name)
        with self.admin() as session:
            session.modify_dn(dn, f"CN={cn}")
        self.change(name, userPrincipalName=f"{sam}@fab.example", mail=f"{sam}@fab.example")
        self.change(name, sAMAccountName=sam)

    def add_person(self, name: str, *groups: str) -> None:
        dn = f"CN={name},CN=Users,{BASE}"
        upn = f"{name}@fab.example"
        with self.admin() as session:
            attributes = {"sAMAccountName": name, "userPrincipalName": upn, "userAccountControl": 544}
            session.add(dn, ["top", "person", "organizationalPerson", "user"], attributes)
            session.extend.microsoft.modify_password(dn, password(name))
        self.enable(name)
        for group in groups:
            self.group(group, name, joins=True)

    def move(self, name: str, folder: str) -> None:
        dn = self.dn(name)
        with self.admin() as session:
            session.modify_dn(dn, dn.partition(",")[0], new_superior=f"{folder},{BASE}")

    def remove_person(self, name: str) -> None:
        dn = self.dn(name)
        with self.admin() as session:
            session.delete(dn)

    def stop(self) -> None:
        self._child.stop()

    def restart(self) -> None:
        self._child.restart()
        assert wait_until(lambda: answers(636, self.address), self._child, READY_SECONDS)


Make = Callable[..., Controller]
