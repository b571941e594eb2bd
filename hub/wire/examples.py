"""One good example of every request, for the API document and its readers; a test decodes them."""

from typing import Any, Final

ROOM: Final = "0199a7c0-0000-7000-8000-000000000042"
PERSON: Final = "0199a7c0-0000-7000-8000-000000000007"
EXAMPLES: Final[dict[str, Any]] = {
    "Login": {"username": "wang", "password": "correct-horse-battery"},
    "OpenRoom": {
        "title": "第 5 溫區超溫",
        "line": "SMT-3",
        "machine": "RO-03",
        "category": "machine",
        "severity": "high",
    },
    "ChangeRoom": {"title": "第 5 溫區 SSR 燒毀", "severity": "critical"},
    "Transition": {"to": "acknowledged"},
    "AddMember": {"user_id": PERSON, "role": "responder"},
    "HandOver": {"user_id": PERSON},
    "Merge": {"into": ROOM, "reason": "同一台馬達"},
    "ClosingForm": {
        "cause": "machine",
        "countermeasures": "換 SSR，備品補一顆",
        "part": "SSR-40DA",
        "lost_minutes": 12,
    },
    "NewView": {"name": "我的產線", "filters": {"line": "SMT-3", "severity": ["critical", "high"], "sort": "severity"}},
    "ChangeMember": {"role": "lead"},
    "PostMessage": {"content": "我過去看，請@陳怡君備料", "client_msg_id": "b7f6a2de-1f0c-4c53-9d33-6f3a0c1f7d10"},
    "EditMessage": {"content": "我過去看，保險絲也帶著"},
    "NewReaction": {"emoji": "👍"},
    "MarkRead": {"seq": 18},
    "NewBroadcast": {
        "scope": "line",
        "line": "SMT-3",
        "text": "14:00 起停線換料",
        "severity": "medium",
        "expires_in": 7200,
    },
    "AlarmBatch": {
        "observations": [
            {
                "source": "press-line",
                "key": "overtemp",
                "active": True,
                "machine": "RO-03",
                "line": "SMT-3",
                "text": {"zh-TW": "第 5 溫區超溫", "en": "Zone 5 over-temperature"},
                "severity": "high",
                "value": 261.2,
                "limit": 255,
                "unit": "°C",
            }
        ]
    },
}
