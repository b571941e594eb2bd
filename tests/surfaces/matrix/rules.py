"""The table of rights. A new operation or WebSocket command is one line in OPERATIONS; without it the build fails.
What stands behind a `|` is a way of asking the same operation that has a rule of its own.

`ok` is an answer of the 200s; a number is the status of the refusal, which over a socket is that of its code. Rules
with a comma stand twice: for a room the line may read, and for one that only its members may (`members`).
"""

from typing import Any, Final

ACTORS: Final = (
    *("anonymous", "viewer", "responder", "owner", "other", "removed"),
    *("guest", "stranger", "bot", "machine", "lead", "admin"),
)
# owner: of the room. other: of another room. removed: was a member. guest: of the room. stranger: of a team that looks
# after another line. bot, machine: with tokens of their own. lead, admin: of the site, in no room.

RULES: Final = """
rule              anonymous viewer responder owner other removed guest stranger bot machine lead admin
public            ok        ok     ok        ok    ok    ok      ok    ok       ok  ok      ok   ok
by cookie         401       401    401       401   401   401     401   401      401 401     401  401
another site      403       403    403       403   403   403     403   403      403 403     403  403
another site, in  401       403    403       403   403   403     403   403      403 403     403  403
signed in         401       ok     ok        ok    ok    ok      ok    ok       ok  ok      ok   ok
responders        401       403    ok        ok    ok    ok      ok    ok       ok  ok      ok   ok
people            401       403    ok        ok    ok    ok      ok    ok       ok  403     ok   ok
leads             401       403    403       403   403   403     403   403      403 403     ok   ok
admins            401       403    403       403   403   403     403   403      403 403     403  ok
machines          401       403    403       403   403   403     403   403      403 ok      403  403
told              401       ok     ok        ok    ok    ok      ok    ok       ok  404     ok   ok
asks who saw      401       403    403       403   403   403     403   403      403 404     ok   ok
owners alone      401       404    404       ok    404   404     404   404      404 404     404  404
read, line        401       ok     ok        ok    ok    ok      ok    404      ok  404     ok   ok
read, members     401       404    404       ok    404   404     ok    404      404 404     404  ok
write, line       401       403    ok        ok    ok    ok      403   404      ok  404     ok   ok
write, members    401       404    404       ok    404   404     403   404      404 404     404  403
join, line        401       403    ok        ok    ok    ok      ok    404      ok  404     ok   ok
join, members     401       404    404       ok    404   404     ok    404      404 404     404  403
post, line        401       403    ok        ok    ok    ok      403   404      ok  404     ok   ok
post, members     401       403    404       ok    404   404     403   404      404 404     404  403
call all, line    401       403    403       ok    403   403     403   404      403 404     ok   ok
call all, members 401       403    404       ok    404   404     403   404      404 404     404  403
manage, line      401       403    403       ok    403   403     403   404      403 404     ok   ok
manage, members   401       404    404       ok    404   404     403   404      404 404     404  ok
promote, line     401       403    403       ok    403   403     403   404      403 404     ok   ok
promote, members  401       404    404       ok    404   404     403   404      404 404     404  403
open up, line     401       403    403       403   403   403     403   404      403 404     ok   ok
open up, members  401       404    404       403   404   404     403   404      404 404     404  ok
delete, line      401       403    403       ok    403   403     403   404      403 404     403  ok
delete, members   401       404    404       ok    404   404     403   404      404 404     404  ok
author, line      401       404    404       ok    404   404     404   404      404 404     404  404
author, members   401       404    404       ok    404   404     404   404      404 404     404  404
announce, line    401       403    403       403   403   403     403   403      403 403     ok   ok
announce, members 401       403    403       403   403   403     403   403      403 403     404  ok
"""

OPERATIONS: Final[dict[str, str]] = {
    # signing in
    "POST /api/auth/login": "public",
    "POST /api/auth/login | another site": "another site",
    "POST /api/auth/password": "public",
    "POST /api/auth/password | another site": "another site",
    "POST /api/auth/refresh": "by cookie",
    "POST /api/auth/refresh | another site": "another site",
    "POST /api/auth/logout": "signed in",
    "POST /api/auth/logout | another site": "another site, in",
    "GET /api/auth/me": "signed in",
    "PATCH /api/auth/me": "signed in",
    "GET /api/auth/sessions": "signed in",
    "DELETE /api/auth/sessions": "signed in",
    "DELETE /api/auth/sessions/{session_id}": "owners alone",
    "POST /api/ws-ticket": "signed in",
    # people
    "GET /api/users": "responders",
    "GET /api/users | everyone": "admins",
    "POST /api/users": "admins",
    "GET /api/users/{user_id}": "admins",
    "PATCH /api/users/{user_id}": "admins",
    "GET /api/users/{user_id}/photo": "signed in",
    "POST /api/users/{user_id}/password": "admins",
    "POST /api/users/{user_id}/unlock": "admins",
    "GET /api/users/{user_id}/sessions": "admins",
    "DELETE /api/users/{user_id}/sessions": "admins",
    "DELETE /api/users/{user_id}/sessions/{session_id}": "admins",
    "GET /api/users/{user_id}/tokens": "admins",
    "POST /api/users/{user_id}/tokens": "admins",
    "DELETE /api/users/{user_id}/tokens/{token_id}": "admins",
    # teams and the directory
    "GET /api/teams": "responders",
    "POST /api/teams": "admins",
    "GET /api/teams/{team_id}": "responders",
    "PATCH /api/teams/{team_id}": "admins",
    "PUT /api/teams/{team_id}/members/{user_id}": "leads",
    "DELETE /api/teams/{team_id}/members/{user_id}": "leads",
    "GET /api/directory": "admins",
    "GET /api/directory/mappings": "admins",
    "POST /api/directory/mappings": "admins",
    "DELETE /api/directory/mappings/{mapping_id}": "admins",
    # shifts
    "GET /api/on-shift": "signed in",
    "GET /api/shifts/calendar": "signed in",
    "GET /api/shifts/presets": "signed in",
    "GET /api/shifts/patterns": "signed in",
    "POST /api/shifts/patterns": "leads",
    "PUT /api/shifts/patterns/{pattern_id}": "leads",
    "DELETE /api/shifts/patterns/{pattern_id}": "leads",
    "GET /api/shifts/rosters": "signed in",
    "POST /api/shifts/rosters": "leads",
    "PUT /api/shifts/rosters/{roster_id}": "leads",
    "DELETE /api/shifts/rosters/{roster_id}": "leads",
    "GET /api/shifts/overrides": "signed in",
    "POST /api/shifts/overrides": "leads",
    "DELETE /api/shifts/overrides/{override_id}": "leads",
    "GET /api/shifts/holidays": "signed in",
    "PUT /api/shifts/holidays": "leads",
    "POST /api/shifts/holidays/import": "leads",
    "DELETE /api/shifts/holidays/{day}": "leads",
    # templates
    "GET /api/templates": "people",
    "POST /api/templates": "leads",
    "GET /api/templates/export": "people",
    "POST /api/templates/import": "leads",
    "POST /api/templates/import | nothing": "leads",
    "POST /api/templates/preview": "leads",
    "GET /api/templates/{template_id}": "people",
    "PUT /api/templates/{template_id}": "leads",
    "DELETE /api/templates/{template_id}": "leads",
    "GET /api/templates/{template_id}/versions": "people",
    "POST /api/templates/{template_id}/restore": "leads",
    # the audit
    "GET /api/audit": "admins",
    "GET /api/audit/export": "admins",
    "GET /api/audit/state": "admins",
    # rooms
    "GET /api/rooms": "signed in",
    "POST /api/rooms": "people",
    "GET /api/rooms/counts": "signed in",
    "GET /api/views": "signed in",
    "POST /api/views": "signed in",
    "DELETE /api/views/{view_id}": "owners alone",
    "GET /api/rooms/{room_id}": "read",
    "PATCH /api/rooms/{room_id}": "write",
    "PATCH /api/rooms/{room_id} | visibility": "open up",
    "POST /api/rooms/{room_id}/transitions": "write",
    "GET /api/rooms/{room_id}/snapshot": "read",
    "GET /api/rooms/{room_id}/events": "read",
    "PUT /api/rooms/{room_id}/read": "read",
    "GET /api/rooms/{room_id}/online": "read",
    "GET /api/rooms/{room_id}/typing": "read",
    "GET /api/rooms/{room_id}/members": "read",
    "POST /api/rooms/{room_id}/members": "write",
    "POST /api/rooms/{room_id}/members | join": "join",
    "POST /api/rooms/{room_id}/members | lead": "promote",
    "PATCH /api/rooms/{room_id}/members/{user_id}": "manage",
    "DELETE /api/rooms/{room_id}/members/{user_id}": "manage",
    "POST /api/rooms/{room_id}/owner": "manage",
    "GET /api/rooms/{room_id}/checklist": "read",
    "POST /api/rooms/{room_id}/checklist": "write",
    "PATCH /api/rooms/{room_id}/checklist/{item_id}": "write",
    "GET /api/rooms/{room_id}/closing": "read",
    "PUT /api/rooms/{room_id}/closing": "write",
    "POST /api/rooms/{room_id}/merge": "manage",
    "PUT /api/rooms/{room_id}/links/{other_id}": "write",
    "DELETE /api/rooms/{room_id}/links/{other_id}": "write",
    "PUT /api/rooms/{room_id}/archive": "manage",
    "DELETE /api/rooms/{room_id}/archive": "open up",
    # messages
    "GET /api/rooms/{room_id}/messages": "read",
    "POST /api/rooms/{room_id}/messages": "post",
    "POST /api/rooms/{room_id}/messages | @room": "call all",
    "GET /api/rooms/{room_id}/messages/{message_id}": "read",
    "GET /api/rooms/{room_id}/messages/search": "read",
    "GET /api/search": "signed in",
    "PATCH /api/messages/{message_id}": "author",
    "DELETE /api/messages/{message_id}": "delete",
    "GET /api/messages/{message_id}/history": "read",
    "POST /api/messages/{message_id}/reactions": "write",
    "DELETE /api/messages/{message_id}/reactions/{emoji}": "write",
    # alarms and broadcasts
    "POST /api/alarms": "machines",
    "GET /api/quarantine": "leads",
    "GET /api/broadcasts": "signed in",
    "POST /api/broadcasts": "leads",
    "POST /api/broadcasts | room": "announce",
    "PUT /api/broadcasts/{broadcast_id}/seen": "told",
    "GET /api/broadcasts/{broadcast_id}/seen": "asks who saw",
    # operations
    "GET /health/live": "public",
    "GET /health/ready": "public",
    # the socket
    "ws auth": "signed in",
    "ws hb": "public",
    "ws subscribe": "read",
    "ws unsubscribe": "signed in",
    "ws send": "post",
    "ws edit": "author",
    "ws delete": "delete",
    "ws react": "write",
    "ws unreact": "write",
    "ws read": "read",
    "ws typing": "read",
}

NEW_PASSWORD: Final = {"username": "{username}", "password": "{password}", "new_password": "three trams past noon"}
ROSTER: Final = {"team_id": "{team_id}", "pattern_id": "{pattern_id}", "crew": "A", "from_day": "2026-03-01"}
OVERRIDE: Final = {
    "team_id": "{team_id}",
    "away": "{user_id}",
    "starts": "2026-03-05T00:00:00+08:00",
    "ends": "2026-03-06T00:00:00+08:00",
}
IMPORTED: Final = '{{"templates": [{{"name": "{unique}", "match": {{"lines": ["SMT-8"]}}}}]}}'
TEMPLATE: Final[dict[str, Any]] = {"name": "{unique}", "match": {"lines": ["SMT-8"]}}
# What an example of the API document does not say for the stage it is played on; {names} are those of the stage.
BODIES: Final[dict[str, dict[str, Any]]] = {
    "POST /api/auth/password": NEW_PASSWORD,
    "POST /api/auth/password | another site": NEW_PASSWORD,
    "POST /api/users": {"username": "{unique}", "name": "Huang"},
    "PATCH /api/users/{user_id}": {"role": "lead"},
    "POST /api/teams": {"key": "{unique}", "name": "Line 3"},
    "POST /api/directory/mappings": {"group": "{unique}", "role": "responder"},
    "POST /api/shifts/rosters": ROSTER,
    "PUT /api/shifts/rosters/{roster_id}": ROSTER | {"crew": "B"},
    "POST /api/shifts/overrides": OVERRIDE,
    "POST /api/templates": TEMPLATE,
    "POST /api/templates/import": {"content": IMPORTED, "dry_run": False},
    "POST /api/templates/import | nothing": {"content": "templates: []", "dry_run": False},
    "POST /api/templates/preview": {"template": TEMPLATE, "facts": {"line": "SMT-8"}},
    "PUT /api/templates/{template_id}": TEMPLATE | {"priority": 7},
    "POST /api/rooms/{room_id}/owner": {"user_id": "{user_id}"},
    "POST /api/rooms/{room_id}/merge": {"into": "{other_id}", "reason": "the same motor"},
    "POST /api/auth/login": {"username": "m-viewer", "password": "{password}"},
    "POST /api/auth/login | another site": {"username": "m-viewer", "password": "{password}"},
    "PATCH /api/rooms/{room_id}": {"title": "Zone 5 SSR is burnt"},
    "PATCH /api/rooms/{room_id} | visibility": {"visibility": "plant"},
    "POST /api/rooms/{room_id}/members": {"user_id": "{newcomer_id}", "role": "responder"},
    "POST /api/rooms/{room_id}/members | join": {},
    "POST /api/rooms/{room_id}/members | lead": {"user_id": "{newcomer_id}", "role": "lead"},
    "PATCH /api/rooms/{room_id}/members/{user_id}": {"role": "viewer"},
    "POST /api/rooms/{room_id}/messages": {"content": "hello"},
    "POST /api/rooms/{room_id}/messages | @room": {"content": "@room leave the line"},
    "PUT /api/rooms/{room_id}/read": {"seq": 1},
    "POST /api/broadcasts | room": {"scope": "room", "room_id": "{room_id}", "text": "hello"},
}
QUERIES: Final[dict[str, str]] = {
    "GET /api/users | everyone": "everyone=true",
    "DELETE /api/messages/{message_id}": "reason=wrong+room",
    "GET /api/search": "q=pump",
    "GET /api/rooms/{room_id}/messages/search": "q=pump",
}
ANOTHER_SITE: Final = "another site"  # asked from there
# Ends the session it comes with, so it gets one of its own.
ENDS_THE_SESSION: Final = frozenset({"POST /api/auth/logout"})


def table() -> dict[str, dict[str, str]]:
    """The rules: for each of them what everybody gets."""
    head, *rows = RULES.strip().splitlines()
    assert tuple(head.split()[1:]) == ACTORS
    told = {" ".join(row.split()[: -len(ACTORS)]): row.split()[-len(ACTORS) :] for row in rows}
    return {rule: dict(zip(ACTORS, codes, strict=True)) for rule, codes in told.items()}


def filled(value: Any, names: dict[str, str]) -> Any:
    """A body with the names of the stage in it."""
    if isinstance(value, dict):
        return {name: filled(member, names) for name, member in value.items()}
    return value.format(**names) if isinstance(value, str) and value.startswith("{") else value
