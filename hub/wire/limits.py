"""Every limit of the product, in one place.

`hello`, OpenAPI, the documentation and the tests read this module. Sizes are bytes, times are seconds,
unless the name says otherwise.
"""

from typing import Final

# Messages
TEXT_BYTES: Final = 10 * 1024
STRUCTURED_BYTES: Final = 100 * 1024
IDEMPOTENCY_KEY_CHARS: Final = 128
EDIT_SECONDS: Final = 15 * 60
MENTIONS: Final = 20
EMOJI_CHARS: Final = 16
EMOJI_PER_MESSAGE: Final = 50
REACTION_NAMES: Final = 20

# Signals and broadcasts
TYPING_SECONDS: Final = 6  # how long «is writing» lasts unless it is repeated
TYPING_REPEAT_SECONDS: Final = 3
TYPING_NAMES: Final = 3
PRESENCE_SECONDS: Final = 60
NAMES_HERE: Final = 100
BROADCAST_CHARS: Final = 1000
BROADCAST_SECONDS: Final = 7 * 24 * 3600

# Rooms
NOTE_CHARS: Final = 500
LOST_MINUTES: Final = 100_000
ROOM_QUERY_CHARS: Final = 100
SAVED_VIEWS: Final = 50
SHORT_STOP_SECONDS: Final = 5 * 60  # over so soon, a stop needs no closing form
ARCHIVE_AFTER_SECONDS: Final = 90 * 24 * 3600  # since it was closed

# Search
QUERY_BYTES: Final = 512
SEARCH_PAGE: Final = 20

# Request bodies
BODY_BYTES: Final = 1024 * 1024
ALARM_BODY_BYTES: Final = 4 * 1024 * 1024
ALARM_BATCH: Final = 500
JSON_DEPTH: Final = 32

# Device payloads on the broker
PAYLOAD_BYTES: Final = 256 * 1024
PAYLOAD_ITEMS: Final = 500
TOPIC_CHARS: Final = 1024
RAW_BYTES: Final = 16 * 1024
ALARM_KEY_CHARS: Final = 256
EVENT_ID_CHARS: Final = 128
ALARM_TEXT_CHARS: Final = 500
PLACE_CHARS: Final = 64

# WebSocket
FRAME_BYTES: Final = 160 * 1024
FRAME_BYTES_UNAUTHENTICATED: Final = 4 * 1024
AUTH_SECONDS: Final = 5
HEARTBEAT_SECONDS: Final = 25
DEAD_AFTER_SECONDS: Final = 60
BAD_FRAMES: Final = 10
SOCKETS_PER_USER: Final = 10
SUBSCRIPTIONS_PER_SOCKET: Final = 200
IN_FLIGHT_PER_SOCKET: Final = 64
FRAME_BACKLOG: Final = 200  # frames that wait while one before them is being done
BACKLOG_BYTES: Final = 1024 * 1024
BACKLOG_BYTES_UNAUTHENTICATED: Final = 16 * 1024
FRAMES_PER_SECOND: Final = 100
SEND_BUFFER_BYTES: Final = 256 * 1024  # in the process; over it for SLOW_SECONDS, or over SLOW_BYTES, a reader is slow
SLOW_SECONDS: Final = 0.5
SLOW_BYTES: Final = 2 * 1024 * 1024
REPLAY_PART_BYTES: Final = 64 * 1024  # of a replay, before the peer must have read what came before
DRAIN_SECONDS: Final = 10  # how long a replay waits for that
KERNEL_BUFFER_BYTES: Final = 128 * 1024  # Linux doubles it; left alone it would hide 4 MiB per stalled phone
FANOUT_SLICE: Final = 250  # sockets of one room written before the loop serves others
RING_EVENTS: Final = 200
RING_BYTES: Final = 1024 * 1024
REPLAY_PAGE: Final = 500
REPLAY_MAX: Final = 1000
REVOKED_WITHIN_SECONDS: Final = 5

# Reading
PAGE: Final = 50
PAGE_MAX: Final = 200
SNAPSHOT_MESSAGES: Final = 100

# Room templates
TEMPLATE_NAME_CHARS: Final = 80
TEMPLATE_PATTERN_CHARS: Final = 200
TEMPLATE_WORDS: Final = 100  # places, codes or the like of one condition
TEMPLATE_MEMBER_RULES: Final = 20
TEMPLATE_ITEMS: Final = 50
TEMPLATE_RUNBOOKS: Final = 20
TEMPLATE_MEMBERS: Final = 200  # people one template puts into a room
TEMPLATES: Final = 500
WELCOME_BYTES: Final = 4 * 1024  # of a welcome text, as written and as rendered
IMPORT_BYTES: Final = 256 * 1024
ITEM_CHARS: Final = 300
CHECKLIST_ITEMS: Final = 100  # of one room
URL_CHARS: Final = 500
TITLE_CHARS: Final = 200

# Shifts
SHIFT_KEY_CHARS: Final = 16
SHIFT_NAME_CHARS: Final = 100
SHIFT_REASON_CHARS: Final = 200
SHIFTS_PER_PATTERN: Final = 12
CREWS: Final = 26
CYCLE_DAYS: Final = 366
CALENDAR_DAYS: Final = 42
OVERRIDE_DAYS: Final = 366
HOLIDAYS: Final = 1000
FIRST_YEAR: Final = 2000  # of dates that people enter: beyond, somebody mistyped
LAST_YEAR: Final = 2199

# Sessions
ACCESS_TOKEN_SECONDS: Final = 10 * 60
SESSION_IDLE_SECONDS: Final = 12 * 3600  # a session not refreshed for so long has ended
SESSION_SECONDS: Final = 30 * 24 * 3600  # the longest life of a session, however busy
KIOSK_IDLE_SECONDS: Final = 30 * 24 * 3600
KIOSK_SECONDS: Final = 365 * 24 * 3600
REFRESH_GRACE_SECONDS: Final = 10
TICKET_SECONDS: Final = 30
PASSWORD_CHARS: Final = 256
USERNAME_CHARS: Final = 128
LOGIN_FAILURES: Final = 5  # of one account within LOGIN_WINDOW_SECONDS; keep it below the directory's lock-out
LOGIN_FAILURES_PER_ADDRESS: Final = 30
LOGIN_FAILURES_IN_ALL: Final = 1000
LOGIN_WINDOW_SECONDS: Final = 15 * 60
LOGIN_PATIENCE_SECONDS: Final = 10  # how long a try waits for the outcome of those before it
LOGIN_OPEN_SECONDS: Final = 60  # a try without an outcome for so long has failed
PASSWORD_MIN_CHARS: Final = 10
TOKEN_SECONDS: Final = 5 * 365 * 24 * 3600  # the longest life of an API token that has an end
TOKEN_USE_SECONDS: Final = 60  # how exactly the last use of an API token is noted

# Directory
DIRECTORY_LOGIN_SECONDS: Final = 5  # how long one question of a sign-in may take
DIRECTORY_SYNC_SECONDS: Final = 5 * 60  # between two looks at everybody; the age at which a refresh looks itself
DIRECTORY_ABSENT_PERCENT: Final = 20  # more people missing at once is taken for a fault of the directory
DIRECTORY_ABSENT_FEW: Final = 2  # so many may always be missing
GROUP_CHARS: Final = 256
TEAM_KEY_CHARS: Final = 64
TEAM_NAME_CHARS: Final = 128
TEAM_LINES: Final = 100

# Rates: a token bucket per user
MESSAGES_PER_SECOND: Final = 10
MESSAGES_BURST: Final = 50
CHANGES_PER_SECOND: Final = 5  # edits, deletions and reactions together
CHANGES_BURST: Final = 20
SEARCHES_PER_SECOND: Final = 2
SEARCHES_BURST: Final = 10
SAME_TEXTS: Final = 5  # of one person in one room within SPAM_SECONDS
MENTIONS_SPAM: Final = 60
SPAM_SECONDS: Final = 60
REFUSALS_BEFORE_CLOSE: Final = 200  # rate refusals of one socket within SPAM_SECONDS

# Alarm rules (defaults; ISA-18.2 and what real plants showed, see docs/alarms.md)
REOPEN_WINDOW_SECONDS: Final = 15 * 60
QUIET_GAP_SECONDS: Final = 30 * 60
CLOCK_SKEW_SECONDS: Final = 2 * 60
