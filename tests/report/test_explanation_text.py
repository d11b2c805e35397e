from dataclasses import replace

import pytest

from ecosystem_graph.recommending import GraphRanker
from ecosystem_graph.report import explanation_text
from ecosystem_graph.report.layout import WIDTH


def assert_fits(text):
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(line == line.rstrip() for line in text.splitlines())


def test_the_contributions_shown_add_up_to_the_score(asked):
    done = asked(wins=["ann bob", "bob cy"], deal_requirements={"d-1": "crm"})
    explanation = GraphRanker(done.model, done.graph).explain("ann", "cy")
    lines = explanation_text(explanation).splitlines()
    start = lines.index(next(line for line in lines if "signal" in line)) + 1
    end = lines.index(next(line for line in lines if "score: the sum" in line))
    rows = [
        line for line in lines[start:end] if line.startswith(" ") and line.split()[0][0] in "+-"
    ]
    total = float(lines[end].split()[0])
    headings = [float(line.split()[0]) for line in rows if line.split(None, 1)[1].isupper()]
    parts = [line for line in rows if not line.split(None, 1)[1].isupper()]
    assert headings
    assert sum(headings) == pytest.approx(total, abs=0.001)
    assert sum(float(line.split()[0]) for line in parts) == pytest.approx(total, abs=0.01)
    assert "won together          nothing yet" in lines
    assert "shared collaborators  bob" in lines


def test_an_explanation_fits_a_terminal_and_warns_of_a_forbidden_pair(explanation, wordy):
    text = explanation_text(explanation)
    assert_fits(text)
    assert "Not to be proposed" in text
    assert "won together          d-1 (2024-06-01, team of 3)" in text
    assert "41,235 (" in text


def test_chains_that_vouch_are_joined_so_that_they_can_be_read(asked):
    done = asked(wins=["ann bob", "bob cy", "ann dan", "dan cy"])
    text = explanation_text(GraphRanker(done.model, done.graph).explain("ann", "cy"))
    line = " ".join(text[text.index("vouched for by") :].split()).removesuffix(";")
    chains = line.removeprefix("vouched for by ").split(" trust ")[0].split("; ")
    assert len(chains) == 2
    for chain, between in zip(sorted(chains), ("bob", "dan"), strict=True):
        first, second = chain.split(" -> ")
        assert first.startswith(f"{between} (1 win, ")
        assert second.startswith("cy (1 win, ")


def test_a_clipped_signal_is_marked_and_the_mark_explained(explanation, wordy):
    part = explanation.contributions[0]
    clipped = replace(explanation, contributions=(replace(part, clipped=True),))
    plain = replace(explanation, contributions=(part,))
    assert "*: outside the range seen in training" in explanation_text(clipped)
    assert "*" not in explanation_text(plain)
