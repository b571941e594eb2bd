"""Names by pattern, welcome texts in their box, and files of templates."""

from typing import Any

import pytest

from hub.rooms.templates import exchange, welcome
from hub.rooms.templates.checks import check
from hub.rooms.templates.naming import named
from hub.wire import limits
from hub.wire.problems import Problem
from hub.wire.templates import AlarmFacts, MemberRule, RoomTemplate, TemplateMatch

FACTS = AlarmFacts("F1", None, "SMT-2", "RO-03", "safety", "critical", "F17", "high", {"en": "Too hot"})
WORLD: dict[str, Any] = {
    "number": "INC-000042",
    "machine": "RO-03",
    "line": "SMT-2",
    "severity": "critical",
    "text": "{{ 7*7 }}",
    "code": None,
    "members": [{"name": "林怡君", "role": "lead"}, {"name": "wang", "role": "responder"}],
    "checklist": [{"text": "Lock out", "due": "08:15"}],
    "runbooks": [],
}


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{number} {machine} {text}", "INC-000042 RO-03 第 5 溫區超溫"),
        ("[{line}/{area}/{machine}] {code}", "[SMT-2//RO-03] F17"),
        ("{area}", "第 5 溫區超溫"),  # never without a name
        ("{{machine}} {{ 7*7 }} ${{x}} {severity}", "{machine} { 7*7 } ${x} critical"),
        ("  {site}   {category}  ", "F1 safety"),
    ],
)
def test_a_name_by_a_pattern(pattern: str, name: str) -> None:
    assert named(pattern, "INC-000042", "第 5 溫區超溫", FACTS) == name


def test_a_name_stays_a_title() -> None:
    assert len(named("{text}" * 20, "INC-1", "很" * 150, FACTS)) == limits.TITLE_CHARS


@pytest.mark.parametrize(
    "pattern",
    ["{who}", "{text.__class__}", "{text[0]}", "{text!r}", "{text:>9999999}", "{", "}", "{}", "{0}", "{ text }"],
)
def test_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(Problem) as refused:
        named(pattern, "INC-1", "t", FACTS)
    assert (refused.value.code, refused.value.field) == ("invalid", "name_pattern")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ number }} {{ machine }}: {{ text }}", "INC-000042 RO-03: {{ 7*7 }}"),  # what machines say stays literal
        ("{{ code }}-{{ code|default('?', true) }}", "-?"),
        ("{% if severity in ['critical', 'high'] %}停機{% else %}注意{% endif %}", "停機"),
        (
            "{% for it in members %}\n- {{ it.name }} ({{ it.role }})\n{% endfor %}\n",
            "- 林怡君 (lead)\n- wang (responder)",
        ),
        ("{% for it in members if it.role == 'lead' %}{{ it.name }}{% else %}nobody{% endfor %}", "林怡君"),
        ("{% for it in runbooks %}{{ it.url }}{% else %}no runbook{% endfor %}", "no runbook"),
        ("{{ members|length }} {{ 'x' if line and not code else 'y' }} {{ machine|lower }}{# unseen #}", "2 x ro-03"),
        ("{% raw %}{{7*7}}{% endraw %} ${}", "{{7*7}} ${}"),
        ("{% for it in checklist %}{{ it.due }} {{ it.text }}{% endfor %}", "08:15 Lock out"),
    ],
)
def test_what_a_welcome_may_say(source: str, said: str) -> None:
    assert welcome.rendered(source, WORLD) == said


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ [].__class__.__base__ }}",
    "{{ text.__init__.__globals__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ text|attr('format')(1) }}",
    "{{ '{0.__class__}'.format(text) }}",
    "{{ '%s'|format(text) }}",
    "{{ members.__len__ }}",
    "{{ members[0] }}",
    "{{ members|map(attribute='__class__')|list }}",
    "{% for it in members %}{{ it.__class__ }}{% endfor %}",
    "{% for it in members %}{{ it.keys }}{% endfor %}",
    "{% for it in members %}{{ it }}{% endfor %}",
    "{% for it in members %}{{ it['name'] }}{% endfor %}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ joiner.__init__ }}",
    "{{ namespace(x=1) }}",
    "{{ dict(a=1) }}",
    "{{ config }}",
    "{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__ }}",
    "{{ loop.__class__ }}",
    "{{ range(10**9)|list }}",
    "{% for i in range(10**9) %}{% endfor %}",
    "{% for i in range(9) %}x{% endfor %}",
    "{% for a in members %}{% for b in members %}{% for c in members %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in members %}{% for b in checklist %}x{% endfor %}{% endfor %}",
    "{% for a in members recursive %}{{ loop(members) }}{% endfor %}",
    "{% for text in members %}x{% endfor %}",
    "{% for a, b in members %}x{% endfor %}",
    "{% for a in 'x' * 10**9 %}x{% endfor %}",
    "{{ 'x' * 10**9 }}",
    "{{ 10**10**10 }}",
    "{{ 2**2**2**2**2**2 }}",
    "{{ 1 // 0 }}",
    "{{ -severity }}",
    "{{ 'x'|center(1000000000) }}",
    "{{ text|replace('', 'x' ) }}",
    "{{ text|indent(1000000) }}",
    "{{ text|wordwrap(1) }}",
    "{{ members|tojson }}",
    "{{ members|pprint }}",
    "{{ members|upper }}",
    "{{ members|sort|join }}",
    "{{ text|safe }}",
    "{{ text|e }}",
    "{{ {'a': 1}.items() }}",
    "{% set x = 1 %}",
    "{% set x %}{{ text }}{% endset %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% call m() %}{% endcall %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends 'x' %}",
    "{% block b %}{{ self.b() }}{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with x = text %}{{ x }}{% endwith %}",
    "{% autoescape false %}{{ text }}{% endautoescape %}",
    "{% do text %}",
    "{% debug %}",
    "{{ text is divisibleby 0 }}",
    "{{ text is sameas self }}",
    "{{ text[::-1] }}",
    "{{ 1e999 }}",
    "{{ unknown }}",
    "{{ caller() }}",
    "{{ varargs }}",
    "{{" + "(" * 1500 + "1" + ")" * 1500 + "}}",
    "{% if 1 %}" * 180 + "{% endif %}" * 180,
    "{{",
    "{% for %}",
    "x" * (limits.WELCOME_BYTES + 1),
]


@pytest.mark.parametrize("source", ESCAPES, ids=lambda it: it[:50])
def test_nothing_else_gets_out_of_the_box(source: str) -> None:
    with pytest.raises(Problem) as refused:
        welcome.check(source)
    assert refused.value.code == "invalid"
    with pytest.raises(Problem):
        welcome.rendered(source, WORLD)


def test_a_fault_is_told_with_its_line() -> None:
    for source in ("ok\n{{ machine }}\n{{ nobody }}", "ok\nok\n{% for i in range(3) %}{% endfor %}", "\n\n{% if %}"):
        with pytest.raises(Problem, match="Line 3: "):
            welcome.check(source)


def test_a_welcome_stays_small() -> None:
    many = WORLD | {"members": [{"name": "很" * 80, "role": "lead"}] * limits.TEMPLATE_MEMBERS}
    said = welcome.rendered("{% for it in members %}{{ it.name }}{% endfor %}", many)
    assert 0 < len(said.encode()) <= limits.WELCOME_BYTES


@pytest.mark.parametrize(
    ("template", "field"),
    [
        (RoomTemplate(" "), "name"),
        (RoomTemplate("t", name_pattern="{x}"), "name_pattern"),
        (RoomTemplate("t", welcome={"en": "{{ x }}"}), "welcome.en"),
        (RoomTemplate("t", members=[MemberRule("team")]), "members[0].team"),
        (RoomTemplate("t", members=[MemberRule("on_shift"), MemberRule("role")]), "members[1].role"),
        (RoomTemplate("t", members=[MemberRule("on_shift", role="lead")]), "members[0].role"),
        (RoomTemplate("t", members=[MemberRule("role", role="lead", only_leads=True)]), "members[0].only_leads"),
    ],
)
def test_a_template_that_cannot_be_applied(template: RoomTemplate, field: str) -> None:
    with pytest.raises(Problem) as refused:
        check(template)
    assert (refused.value.code, refused.value.field) == ("invalid", field)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("templates: [{name: a, lines: x}]", "unknown_field"),
        ("templates: [{name: 7}]", "type"),
        ("templates: [{name: a, name: b}]", "invalid"),
        ("templates: &a [{name: a}]\nformat: *a", "invalid"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]", "invalid"),
        ("!!python/object/apply:os.system ['id']", "invalid"),
        ("templates: !!set {a}", "invalid"),
        ("templates: [", "invalid"),
        ("{" * 2000, "json_too_deep"),
        ("[" * 40 + "]" * 40, "json_too_deep"),
        ("{}", "missing_field"),
        ("[]", "type"),
        ("x", "type"),
        ("", "type"),
        ('{"templates": [{"name": "\\ud800"}]}', "invalid"),
        ("templates: [{name: 2026-01-01}]", "type"),
        ("? [a]\n: b", "invalid"),
        ("<<: {a: b}", "invalid"),
        ("--- a\n--- b", "invalid"),
        ("x" * (limits.IMPORT_BYTES + 1), "body_too_large"),
    ],
    ids=lambda it: it[:30],
)
def test_a_file_that_is_none(content: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        exchange.read(content)
    assert refused.value.code == code


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_what_is_written_is_read_again(form: exchange.Format) -> None:
    template = RoomTemplate(
        "安全停機",
        match=TemplateMatch(codes=["E0*", "on", "0x1", "2026-01-01"]),
        welcome={"zh-TW": "第一行\n第二行 {{ text }}"},
        members=[MemberRule("role", role="lead", room_role="lead")],
    )
    written = exchange.written([template, RoomTemplate("b", enabled=False)], form)
    assert exchange.read(written).templates == [template, RoomTemplate("b", enabled=False)]
    assert "安全停機" in written
