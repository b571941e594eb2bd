"""One good example of every request, for the API document and its readers; a test decodes them."""

from typing import Any, Final

ROOM: Final = "0199a7c0-0000-7000-8000-000000000042"
PERSON: Final = "0199a7c0-0000-7000-8000-000000000007"
TEAM: Final = "0199a7c0-0000-7000-8000-000000000003"
PATTERN: Final = "0199a7c0-0000-7000-8000-000000000012"
FACTS: Final = {
    "line": "SMT-3",
    "machine": "RO-03",
    "category": "safety",
    "severity": "critical",
    "code": "E001",
    "text": {"zh-TW": "緊急停止", "en": "Emergency stop"},
}
TEMPLATE: Final = {
    "name": "安全停機",
    "match": {"categories": ["safety"], "lines": ["SMT-3"]},
    "name_pattern": "{number} {machine} {text}",
    "welcome": {"zh-TW": "{{ machine }} {{ text }}", "en": "{{ machine }} {{ text }}"},
    "members": [{"by": "on_shift"}, {"by": "role", "role": "lead", "room_role": "lead"}],
    "checklist": [{"text": {"zh-TW": "掛牌上鎖", "en": "Lock out"}, "due_minutes": 10}],
    "runbooks": [],
    "closing_fields": ["cause"],
}
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
    "NamedShift": {"key": "N", "name": {"zh-TW": "夜班", "en": "Night"}, "start": "20:00", "minutes": 720},
    "Holiday": {"day": "2026-02-17", "name": "春節"},
    "NewPattern": {
        "name": {"zh-TW": "做二休二", "en": "2 on, 2 off"},
        "zone": "Asia/Taipei",
        "shifts": [
            {"key": "D", "name": {"zh-TW": "日班", "en": "Day"}, "start": "08:00", "minutes": 720},
            {"key": "N", "name": {"zh-TW": "夜班", "en": "Night"}, "start": "20:00", "minutes": 720},
        ],
        "cycle": {"A": ["D", "D", "", ""], "B": ["", "", "D", "D"], "C": ["N", "N", "", ""], "D": ["", "", "N", "N"]},
        "anchor": "2026-01-05",
    },
    "NewRoster": {"team_id": TEAM, "pattern_id": PATTERN, "crew": "A", "from_day": "2026-03-01"},
    "NewOverride": {
        "team_id": TEAM,
        "away": PERSON,
        "starts": "2026-03-05T00:00:00+08:00",
        "ends": "2026-03-06T00:00:00+08:00",
        "reason": "教育訓練",
    },
    "HolidayList": {
        "holidays": [
            {"day": "2026-02-17", "name": "春節"},
            {"day": "2026-02-07", "name": "補班", "like": "2026-02-06"},
        ]
    },
    "CalendarFile": {
        "ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Plant//Calendar//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART;VALUE=DATE:20260217\r\nSUMMARY:春節\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
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
    "TemplateMatch": {"categories": ["safety"], "lines": ["SMT-3"], "codes": ["E0*"]},
    "MemberRule": {"by": "on_shift", "only_leads": True, "room_role": "lead"},
    "ItemCondition": {"severities": ["critical"]},
    "ItemRule": {"text": {"zh-TW": "掛牌上鎖", "en": "Lock out"}, "due_minutes": 10},
    "Runbook": {
        "title": {"zh-TW": "上鎖掛牌程序", "en": "Lock-out procedure"},
        "url": "https://wiki.plant.example/loto",
    },
    "RoomTemplate": TEMPLATE,
    "RestoreTemplate": {"version": 1},
    "AlarmFacts": FACTS,
    "PreviewTemplate": {"template": TEMPLATE, "facts": FACTS},
    "TemplateFile": {"templates": [TEMPLATE], "format": "andon-templates/1"},
    "ImportTemplates": {
        "content": "templates:\n  - {name: 品質異常, match: {categories: [quality]}}\n",
        "dry_run": True,
    },
    "NewItem": {"text": {"zh-TW": "拍照存證", "en": "Take photographs"}},
    "ChangeItem": {"state": "done"},
}
