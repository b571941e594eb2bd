"""The table of rights. A new operation or WebSocket command is one line in OPERATIONS; without it the build fails.

`ok` is an answer of the 200s; a number is the status of the refusal, which over a socket is that of its code. Rules
with a comma stand twice: for a room the line may read, and for one that only its members may (`members`).
"""

from typing import Any, Final

ACTORS: Final = ("anonymous", "viewer", "responder", "owner", "other", "removed", "bot", "machine", "admin")
# owner: of the room. other: of another room. removed: was a member. bot, machine: with tokens of their own.

RULES: Final = """
rule              anonymous viewer responder owner other removed bot machine admin
public            ok        ok     ok        ok    ok    ok      ok  ok      ok
by cookie         401       401    401       401   401   401     401 401     401
signed in         401       ok     ok        ok    ok    ok      ok  ok      ok
responders        401       403    ok        ok    ok    ok      ok  ok      ok
leads             401       403    403       403   403   403     403 403     ok
admins            401       403    403       403   403   403     403 403     ok
machines          401       403    403       403   403   403     403 ok      403
owners alone      401       404    404       ok    404   404     404 404     404
read, line        401       ok     ok        ok    ok    ok      ok  404     ok
read, members     401       404    404       ok    404   404     404 404     ok
write, line       401       403    ok        ok    ok    ok      ok  404     ok
write, members    401       404    404       ok    404   404     404 404     403
manage, line      401       403    403       ok    403   403     403 404     ok
manage, members   401       404    404       ok    404   404     404 404     ok
author, line      401       404    404       ok    404   404     404 404     404
author, members   401       404    404       ok    404   404     404 404     404
follow            401       ok     ok        ok    ok    ok      ok  ok      ok
"""

OPERATIONS: Final[dict[str, str]] = {
    # signing in
    "POST /api/auth/login": "public",
    "POST /api/auth/refresh": "by cookie",
    "POST /api/auth/logout": "signed in",
    "GET /api/auth/me": "signed in",
    "GET /api/auth/sessions": "signed in",
    "DELETE /api/auth/sessions/{session_id}": "owners alone",
    "POST /api/ws-ticket": "signed in",
    # people
    "GET /api/users": "responders",
    # the audit
    "GET /api/audit": "admins",
    "GET /api/audit/export": "admins",
    "GET /api/audit/state": "admins",
    # rooms
    "GET /api/rooms": "signed in",
    "POST /api/rooms": "responders",
    "GET /api/rooms/{room_id}": "read",
    "PATCH /api/rooms/{room_id}": "write",
    "POST /api/rooms/{room_id}/transitions": "write",
    "GET /api/rooms/{room_id}/snapshot": "read",
    "GET /api/rooms/{room_id}/events": "read",
    "PUT /api/rooms/{room_id}/read": "read",
    "GET /api/rooms/{room_id}/online": "read",
    "GET /api/rooms/{room_id}/typing": "read",
    "GET /api/rooms/{room_id}/members": "read",
    "POST /api/rooms/{room_id}/members": "write",
    "PATCH /api/rooms/{room_id}/members/{user_id}": "manage",
    "DELETE /api/rooms/{room_id}/members/{user_id}": "manage",
    # messages
    "GET /api/rooms/{room_id}/messages": "read",
    "POST /api/rooms/{room_id}/messages": "write",
    "GET /api/rooms/{room_id}/messages/{message_id}": "read",
    "GET /api/rooms/{room_id}/messages/search": "read",
    "GET /api/search": "signed in",
    "PATCH /api/messages/{message_id}": "author",
    "DELETE /api/messages/{message_id}": "manage",
    "GET /api/messages/{message_id}/history": "read",
    "POST /api/messages/{message_id}/reactions": "write",
    "DELETE /api/messages/{message_id}/reactions/{emoji}": "write",
    # alarms and broadcasts
    "POST /api/alarms": "machines",
    "GET /api/quarantine": "leads",
    "GET /api/broadcasts": "signed in",
    "POST /api/broadcasts": "leads",
    "PUT /api/broadcasts/{broadcast_id}/seen": "signed in",
    "GET /api/broadcasts/{broadcast_id}/seen": "leads",
    # operations
    "GET /health/live": "public",
    "GET /health/ready": "public",
    # the socket
    "ws auth": "follow",
    "ws hb": "public",
    "ws subscribe": "read",
    "ws unsubscribe": "follow",
    "ws send": "write",
    "ws edit": "author",
    "ws delete": "manage",
    "ws react": "write",
    "ws unreact": "write",
    "ws read": "read",
    "ws typing": "read",
}

# What an example of the API document does not say for the stage it is played on; {names} are those of the stage.
BODIES: Final[dict[str, dict[str, Any]]] = {
    "POST /api/auth/login": {"username": "m-viewer", "password": "{password}"},
    "PATCH /api/rooms/{room_id}": {"title": "Zone 5 SSR is burnt"},
    "POST /api/rooms/{room_id}/members": {"user_id": "{newcomer_id}", "role": "responder"},
    "PATCH /api/rooms/{room_id}/members/{user_id}": {"role": "viewer"},
    "POST /api/rooms/{room_id}/messages": {"content": "hello"},
    "PUT /api/rooms/{room_id}/read": {"seq": 1},
}
QUERIES: Final[dict[str, str]] = {
    "DELETE /api/messages/{message_id}": "reason=wrong+room",
    "GET /api/search": "q=pump",
    "GET /api/rooms/{room_id}/messages/search": "q=pump",
}
# Ends the session it comes with, so it gets one of its own.
ENDS_THE_SESSION: Final = frozenset({"POST /api/auth/logout"})


def table() -> dict[str, dict[str, str]]:
    """The rules: for each of them what everybody gets."""
    head, *rows = RULES.strip().splitlines()
    assert tuple(head.split()[1:]) == ACTORS
    told = {" ".join(row.split()[: -len(ACTORS)]): row.split()[-len(ACTORS) :] for row in rows}
    return {rule: dict(zip(ACTORS, codes, strict=True)) for rule, codes in told.items()}
