"""Fills a fresh Samba domain with the people and groups of the tests. Runs under Debian's python3 (it has `samba`).

usage: python3 provision.py FOLDER    (the domain that `samba-tool domain provision` made there)
"""

import sys

import ldb  # type: ignore[import-not-found]
from samba.auth import system_session  # type: ignore[import-not-found]
from samba.param import LoadParm  # type: ignore[import-not-found]
from samba.samdb import SamDB  # type: ignore[import-not-found]

DAY = 24 * 3600 * 10**7  # in the directory's 100 ns
LONG_AGO = 1  # 1601: any password age is over
PEOPLE = {
    "svc-andon": ("Andon", "Service"),
    "wang": ("小明", "王"),
    "chen": ("美玲", "陳"),
    "lin": ("志豪", "林"),
    "lee": ("Old", "Lee"),  # password expired
    "hsu": ("Gone", "Hsu"),  # disabled
    "kao": ("Late", "Kao"),  # account expired
    "mei": ("New", "Mei"),  # must change the password
    "tsai": ("Some", "Tsai"),  # in no group that leads anywhere
}
GROUPS = {
    "Line3-Maint": ["wang", "lee", "hsu", "kao", "mei"],
    "Shift-Leads": ["lin"],
    "Plant-Leads": ["Shift-Leads"],  # nested: lin is a member through Shift-Leads alone
    "Viewers": ["chen"],
    "Canteen": ["tsai", "wang"],
}


def main(folder: str) -> None:
    settings = LoadParm()
    settings.load(f"{folder}/etc/smb.conf")
    db = SamDB(f"{folder}/private/sam.ldb", session_info=system_session(), lp=settings)
    base = str(db.domain_dn())
    db.set_maxPwdAge(str(-9999 * DAY))
    changed(
        db, base, lockoutThreshold="6", lockoutDuration=str(-3600 * 10**7), lockOutObservationWindow=str(-1800 * 10**7)
    )
    for number, (name, (given, surname)) in enumerate(PEOPLE.items()):
        db.newuser(
            name,
            f"Pa55-{name}-1!",
            givenname=given,
            surname=surname,
            mailaddress=f"{name}@fab.example",
            department="設備課",
            telephonenumber=f"+886-3-555-{number:04}",
            force_password_change_at_next_login_req=name == "mei",
        )
        dn = str(db.search(base, expression=f"(sAMAccountName={name})", attrs=[])[0].dn)
        changed(db, dn, employeeNumber=f"E{number:05}", displayName=f"{surname}{given}")
    for group, members in GROUPS.items():
        db.newgroup(group)
        db.add_remove_group_members(group, members, add_members_operation=True)
    db.disable_account("(sAMAccountName=hsu)")
    db.setexpiry("(sAMAccountName=kao)", -24 * 3600)
    old = db.search(base, expression="(sAMAccountName=lee)", attrs=[])[0].dn
    partition = ldb.Ldb(f"{folder}/private/sam.ldb.d/{base.upper()}.ldb", options=["modules:"])  # below all rules
    changed(partition, str(old), pwdLastSet=str(LONG_AGO))


def changed(db: ldb.Ldb, dn: str, **values: str) -> None:
    message = ldb.Message()
    message.dn = ldb.Dn(db, dn)
    for name, value in values.items():
        message[name] = ldb.MessageElement(value.encode(), ldb.FLAG_MOD_REPLACE, name)
    db.modify(message)


if __name__ == "__main__":
    main(sys.argv[1])
