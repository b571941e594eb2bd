"""The figures kept in docs/benchmarks are those the specification asks for (8.3.1), and the page shows them."""

import json

from tests.docs.pages import page

FANOUT = json.loads(page("docs/benchmarks/fanout.json"))


def test_the_kept_figures_reach_the_specification() -> None:
    assert FANOUT["sockets"] >= 100
    assert FANOUT["hub"]["burst_messages_per_s"]["median"] * 60 >= 1000
    assert FANOUT["hub"]["p99_ms"]["median"] < 100


def test_the_page_shows_the_kept_figures() -> None:
    text = page("docs/benchmarks/fanout.md")
    assert FANOUT["machine"] in text
    assert all(str(figure["median"]) in text for figure in FANOUT["hub"].values())
