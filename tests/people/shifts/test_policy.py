"""Who is on shift, as a plan tells it: classic patterns by hand, clock changes, holidays, rosters, overrides."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from hub.people.shifts.patterns import presets
from hub.people.shifts.policy import Change, Member, Plan, Rostered, Team, instant, on_shift, shifts
from hub.wire.shifts import NamedShift, NewPattern
from hub.wire.views import Person

SPACE = UUID(int=7)
TAIPEI, BERLIN, NEW_YORK = "Asia/Taipei", "Europe/Berlin", "America/New_York"
MONDAY = date(2026, 1, 5)
P = UUID(int=1)


def person(name: str) -> Person:
    return Person(uuid5(SPACE, name), name, "person")


def team(name: str, *people: str, lines: tuple[str, ...] = ()) -> Team:
    """The first one leads."""
    names = people or (name.lower(),)
    members = tuple(Member(person(it), it == names[0]) for it in names)
    return Team(uuid5(SPACE, "team " + name), name, lines, members)


def classic(key: str, zone: str = TAIPEI) -> NewPattern:
    return next(it.pattern for it in presets(zone) if it.key == key)


def covering(pattern: NewPattern) -> Plan:
    """A team of one for each crew; it has the crew's name."""
    teams = [team(crew) for crew in pattern.cycle]
    return Plan({P: pattern}, teams, [Rostered(it.id, P, it.name, MONDAY) for it in teams])


def local(zone: str, *when: int, fold: int = 0) -> datetime:
    year, month, day, hour, minute = when
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=ZoneInfo(zone))


def names(plan: Plan, at: datetime, line: str | None = None) -> list[str]:
    return [it.person.name for it in on_shift(plan, line, at)]


# Which crew works on the days from Monday 5 January 2026 on, by hand: one row for each shift, one letter for each day.
BY_HAND = {
    "3x8": {"E": "AABBCCDDAABBCCDD", "L": "DDAABBCCDDAABBCC", "N": "CCDDAABBCCDDAABB"},
    "2x12": {"D": "AABBAAABBAABBBAA", "N": "CCDDCCCDDCCDDDCC"},
    "2on2off": {"D": "AABBAABB", "N": "CCDDCCDD"},
    "5day": {"D": "AAAAA--AAAAA--A"},
}


@pytest.mark.parametrize("key", BY_HAND)
def test_the_classic_patterns_are_the_tables_plants_hang_on_the_wall(key: str) -> None:
    plan = covering(classic(key))
    for shift, row in BY_HAND[key].items():
        told = [
            [it.crew for it in shifts(plan, MONDAY + timedelta(days=day), 1) if it.key == shift]
            for day in range(len(row))
        ]
        assert "".join(crews[0] if crews else "-" for crews in told) == row
        assert all(len(crews) < 2 for crews in told)


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    plan = covering(classic("3x8"))
    (night,) = [it for it in shifts(plan, MONDAY, 1) if it.key == "N"]
    assert (night.starts, night.ends) == (local(TAIPEI, 2026, 1, 5, 23, 0), local(TAIPEI, 2026, 1, 6, 7, 0))
    for at, want in {"02:59": "a", "03:10": "a", "06:59": "a", "07:00": "d"}.items():
        assert names(plan, datetime.fromisoformat(f"2026-01-11T{at}+08:00")) == [want], "Saturday's night was crew A's"


CHANGES = {  # the nights of clock changes in 2026, and a night like any other
    BERLIN: [(2026, 3, 29), (2026, 10, 25), (2026, 6, 1)],
    NEW_YORK: [(2026, 3, 8), (2026, 11, 1), (2026, 6, 1)],
    TAIPEI: [(2026, 3, 29), (2026, 10, 25), (2026, 11, 1)],
}
NIGHTS = [(zone, date(*day)) for zone, days in CHANGES.items() for day in days]


@given(
    st.sampled_from(NIGHTS),
    st.sampled_from(["3x8", "2x12", "2on2off"]),
    st.integers(-26 * 60, 26 * 60),
    st.integers(-180, 180) | st.integers(0, 24 * 60 - 1),
)
@example((BERLIN, date(2026, 3, 29)), "3x8", -15, 3 * 60 + 30)
@example((NEW_YORK, date(2026, 11, 1)), "2on2off", -60, 5 * 60 + 30)
def test_at_every_instant_exactly_one_crew_works(night: tuple[str, date], key: str, minutes: int, moved: int) -> None:
    """Wherever the hands over fall: also into the hour that the clocks skip or tell twice."""
    zone, day = night
    pattern = classic(key, zone)
    starts = [(int(it.start[:2]) * 60 + int(it.start[3:]) + moved) % 1440 for it in pattern.shifts]
    moved_shifts = [
        replace(it, start=f"{s // 60:02}:{s % 60:02}") for it, s in zip(pattern.shifts, starts, strict=True)
    ]
    plan = covering(replace(pattern, shifts=moved_shifts))
    at = datetime(day.year, day.month, day.day, 3, tzinfo=ZoneInfo(zone)).astimezone(UTC) + timedelta(minutes=minutes)
    assert len(on_shift(plan, None, at)) == 1


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_a_time_of_day_is_when_the_clock_first_shows_it_or_skips_it(zone: str, day: date) -> None:
    for minute in range(24 * 60):
        wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
        at = instant(wanted, ZoneInfo(zone))
        before, then = (it.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for it in (at - timedelta(minutes=1), at))
        assert before < wanted <= then


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, (2026, 3, 28), 7),
        (BERLIN, (2026, 10, 24), 9),
        (BERLIN, (2026, 6, 1), 8),
        (NEW_YORK, (2026, 3, 7), 7),
        (NEW_YORK, (2026, 10, 31), 9),
        (TAIPEI, (2026, 3, 28), 8),
    ],
)
def test_the_night_of_the_change_keeps_its_wall_clock(zone: str, day: tuple[int, int, int], hours: int) -> None:
    (night,) = [it for it in shifts(covering(classic("3x8", zone)), date(*day), 1) if it.key == "N"]
    walls = [f"{it.astimezone(ZoneInfo(zone)):%H:%M}" for it in (night.starts, night.ends)]
    assert walls == ["23:00", "07:00"]
    assert night.ends - night.starts == timedelta(hours=hours)


def test_a_roster_counts_from_midnight_on() -> None:
    """The night that began before runs out; the first shift of the new date is the new roster's."""
    pattern = NewPattern(
        {"en": "x"},
        TAIPEI,
        [NamedShift("a", {"en": "a"}, "00:00", 720), NamedShift("b", {"en": "b"}, "12:00", 1080)],
        {"1": ["a"], "2": ["b"]},
        MONDAY,
    )
    old, new = team("Old"), team("New")
    change = date(2026, 2, 1)
    for crew, at, want in (
        ("1", "00:00", ["new"]),
        ("2", "00:00", ["old"]),
        ("2", "05:59", ["old"]),
        ("2", "12:00", ["new"]),
    ):
        plan = Plan(
            {P: pattern},
            [old, new],
            [Rostered(old.id, P, crew, MONDAY, change - timedelta(days=1)), Rostered(new.id, P, crew, change)],
        )
        assert names(plan, datetime.fromisoformat(f"2026-02-01T{at}+08:00")) == want
    assert names(plan, datetime.fromisoformat("2026-01-05T11:59+08:00")) == [], "before the first roster nobody"


def test_holidays_close_what_observes_them_and_a_make_up_day_is_worked() -> None:
    """大年初一 closed; Saturday 7 February made up like the Friday before."""
    office = covering(classic("5day"))
    plan = replace(office, holidays={date(2026, 2, 17): None, date(2026, 2, 7): date(2026, 2, 6)})
    assert [names(plan, local(TAIPEI, 2026, 2, day, 9, 0)) for day in (6, 7, 8, 16, 17, 18)] == [
        ["a"],
        ["a"],
        [],
        ["a"],
        [],
        ["a"],
    ]
    fab = replace(covering(classic("3x8")), holidays={date(2026, 2, 17): None})
    assert len(names(fab, local(TAIPEI, 2026, 2, 17, 9, 0))) == 1, "a fab runs through"


def test_lines_pick_the_teams() -> None:
    three, four, site = team("Three", lines=("L3",)), team("Four", lines=("L4", "L5")), team("Site")
    plan = Plan(
        {P: classic("5day")}, [three, four, site], [Rostered(it.id, P, "A", MONDAY) for it in (three, four, site)]
    )
    at = local(TAIPEI, 2026, 1, 5, 9, 0)
    assert [names(plan, at, line) for line in ("L3", "L5", "none", None)] == [
        ["site", "three"],
        ["four", "site"],
        ["site"],
        ["four", "site", "three"],
    ]


def test_overrides_win_over_the_roster() -> None:
    day = team("Day", "chief", "ann", "bob")
    night = local(TAIPEI, 2026, 1, 5, 22, 0)
    hours = [local(TAIPEI, 2026, 1, 5, hour, 0) for hour in (8, 10, 12, 16, 17)]
    plan = Plan({P: classic("5day")}, [day], [Rostered(day.id, P, "A", MONDAY)])
    away = Change(hours[1], hours[2], None, person("ann"))
    swap = Change(hours[1], local(TAIPEI, 2026, 1, 9, 0, 0), day.id, person("chief"), person("zed"))
    extra = Change(hours[3], night, day.id, None, person("eve"))
    other = Change(hours[0], night, uuid5(SPACE, "another team"), person("bob"))
    told = replace(plan, changes=[swap, away, extra, other])
    assert names(told, hours[0]) == ["chief", "ann", "bob"]
    assert names(told, hours[1]) == ["zed", "bob"]
    assert names(told, hours[2]) == ["zed", "ann", "bob"]
    assert names(told, hours[3]) == ["zed", "ann", "bob", "eve"]
    assert names(told, hours[4]) == ["eve"], (
        "the shift is over, who was called in stays; nobody stands in for one who is off"
    )
    (first, *_) = on_shift(told, None, hours[1])
    assert (first.lead, first.instead_of, first.shift) == (True, person("chief"), "D")
    assert first.ends == hours[4]
    assert [it.shift for it in on_shift(told, None, hours[4])] == ["extra"]
