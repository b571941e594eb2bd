"""What Active Directory says when it refuses a bind. Pure."""

import re
from typing import Final

# Win32 error codes behind `data` in the diagnostic message ([MS-ADTS] 5.1.1.1.1; `AcceptSecurityContext error`).
# All but 52e, 525 and 775 come only after the right password, so only those tell their reason.
CODES: Final = {
    "525": "invalid_credentials",  # no such user
    "52e": "invalid_credentials",  # wrong password
    "775": "invalid_credentials",  # locked out: also said to a wrong password
    "532": "password_expired",
    "773": "password_expired",  # must be changed at the next sign-in
    "533": "account_disabled",
    "701": "account_disabled",  # the account has expired
    "530": "logon_restricted",  # not at this hour
    "531": "logon_restricted",  # not from this machine
}
DATA: Final = re.compile(r"\bdata ([0-9a-fA-F]{1,8})\b")


def sub_code(message: str) -> str:
    """The sub-code in a diagnostic message like «80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext
    error, data 52e, v1db1», in lower case; empty when there is none."""
    found = DATA.search(message or "")
    return found[1].lower() if found else ""


def problem_code(reason: str) -> str:
    """The code a client gets for a sub-code; whatever is not known is a wrong password."""
    return CODES.get(reason, "invalid_credentials")
