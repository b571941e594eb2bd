"""What the directory knows of a person and of a group, out of raw attributes. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

Raw = Mapping[str, Sequence[bytes]]
DISABLED: Final = 0x2  # userAccountControl: ACCOUNTDISABLE
PHOTO_BYTES: Final = 100 * 1024  # what Active Directory takes for a thumbnailPhoto
PHOTO_TYPES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
TEXT_CHARS: Final = 200
PERSON_ATTRIBUTES: Final = (
    "objectGUID",
    "objectSid",
    "primaryGroupID",
    "sAMAccountName",
    "userPrincipalName",
    "displayName",
    "cn",
    "mail",
    "department",
    "employeeNumber",
    "employeeID",
    "telephoneNumber",
    "mobile",
    "thumbnailPhoto",
    "userAccountControl",
    "accountExpires",
)
GROUP_ATTRIBUTES: Final = ("objectSid", "sAMAccountName")
NEVER: Final = {0, 0x7FFFFFFFFFFFFFFF}
EPOCH_SECONDS: Final = 11_644_473_600  # from 1601 to 1970


class Entry(msgspec.Struct, frozen=True):
    """A person in the directory. `guid` is who they are; everything else may change."""

    guid: UUID
    dn: str
    sam: str
    upn: str | None
    name: str
    mail: str | None
    department: str | None
    employee_number: str | None
    phone: str | None
    photo: bytes | None
    disabled: bool
    expires: float | None
    primary_group: bytes

    def gone(self, now: float) -> str | None:
        """Why this account may not sign in at `now` (Unix time): `disabled`, `expired` or None."""
        if self.disabled:
            return "disabled"
        return "expired" if self.expires is not None and self.expires <= now else None


class Group(msgspec.Struct, frozen=True):
    """A group of the directory by its two names."""

    dn: str
    sam: str


def guid(raw: Raw) -> UUID:
    """The objectGUID of an entry."""
    return UUID(bytes_le=bytes(raw["objectGUID"][0]))


def person(dn: str, raw: Raw) -> Entry:
    """Read a person; raises KeyError or ValueError for an entry that is none."""
    sam = _text(raw, "sAMAccountName") or ""
    sid, rid = raw["objectSid"][0], int(raw["primaryGroupID"][0])
    expires = int(_text(raw, "accountExpires") or 0)
    return Entry(
        guid=guid(raw),
        dn=dn,
        sam=sam,
        upn=_text(raw, "userPrincipalName"),
        name=_text(raw, "displayName") or _text(raw, "cn") or sam,
        mail=_text(raw, "mail"),
        department=_text(raw, "department"),
        employee_number=_text(raw, "employeeNumber") or _text(raw, "employeeID"),
        phone=_text(raw, "telephoneNumber") or _text(raw, "mobile"),
        photo=_photo(raw),
        disabled=bool(int(raw["userAccountControl"][0]) & DISABLED),
        expires=None if expires in NEVER else expires / 1e7 - EPOCH_SECONDS,
        primary_group=sid[:-4] + rid.to_bytes(4, "little"),
    )


def group(dn: str, raw: Raw) -> Group:
    """Read a group."""
    return Group(dn, _text(raw, "sAMAccountName") or "")


def rid(raw: Raw) -> int:
    """The last part of a group's SID, by which people name their primary group."""
    return int.from_bytes(raw["objectSid"][0][-4:], "little")


def photo_type(photo: bytes) -> str | None:
    """Media type of a picture by its first bytes; None for what is neither JPEG nor PNG."""
    return next((media for start, media in PHOTO_TYPES.items() if photo.startswith(start)), None)


def _text(raw: Raw, name: str) -> str | None:
    values = raw.get(name)
    text = values[0].decode("utf-8", "replace").replace("\0", "").strip()[:TEXT_CHARS] if values else ""
    return text or None


def _photo(raw: Raw) -> bytes | None:
    values = raw.get("thumbnailPhoto")
    found = bytes(values[0]) if values else b""
    return found if 0 < len(found) <= PHOTO_BYTES and photo_type(found) else None
