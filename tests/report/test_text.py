import polars as pl
import pytest

from ecosystem_graph.report import (
    backtest_text,
    explanation_text,
    recommendations_text,
    run_text,
)


def assert_fits(text):
    assert max(map(len, text.splitlines())) <= 100
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_run_tells_what_it_saw_who_ranked_and_how_much_came_out(asked):
    text = run_text(asked(wins=["ann bob", "bob cy"]), everybody=True)
    assert text.splitlines()[:4] == [
        "As of 2025-01-01: 3 partners, 2 won deals, 2 pairs with joint wins.",
        "Model: default (asked for).",
        "Probabilities: none: not enough history here to say how often scores come true.",
        "2 recommendations for 2 partners.",
    ]
    assert "ann: 1 collaborator\n  1. cy\n" in text
    assert "why   1 shared collaborator: bob; 1 deal won" in text


def test_a_run_tells_what_was_left_out(asked):
    text = run_text(
        asked(partners={"ann": {}, "bob": {}, "cy": {"status": "closed"}}), everybody=True
    )
    assert "Left out: partners not active: 1." in text
    assert ": 0." not in text


def test_an_empty_answer_says_why(asked):
    text = run_text(asked(wins=["ann bob cy"]), everybody=False)
    assert "everybody has won with everybody already" in text


def test_three_partners_stand_for_many(asked):
    crowd = [f"p-{n:02}" for n in range(40)]
    done = asked(partners=crowd, wins=[crowd[:5], crowd[4:9]])
    few = run_text(done, everybody=False)
    assert few.count(": 10 collaborators") == 3
    # The one with most collaborators so far, one of the upper twentieth, and the one in the middle.
    assert all(f"{partner}: 10 collaborators" in few for partner in ("p-04", "p-01", "p-20"))
    assert run_text(done, everybody=True).count(": 10 collaborators") == 40


def test_a_partner_is_told_by_name_and_id_unless_they_are_the_same(asked):
    done = asked(partners={"ann": {"name": "Ann Ltd"}, "bob": {}})
    text = recommendations_text(done.recommendations, done.graph)
    assert "Ann Ltd (ann): 1 collaborator\n  1. bob\n" in text


def test_a_row_tells_what_moved_it(asked):
    done = asked(partners="ann bob cy")
    told = recommendations_text(done.recommendations, done.graph)
    assert "moved" not in told
    flags = pl.Series([["moved_by_reciprocity", "moved_by_diversity"]], dtype=pl.List(pl.String))
    moved = done.recommendations.head(1).with_columns(flags=flags)
    told = recommendations_text(moved, done.graph)
    assert "moved for what both sides gain, for who is like it in the list" in told


def test_a_long_list_is_cut_and_says_so(asked):
    done = asked({"partners": ["a"]}, partners="a b c d e f")
    assert run_text(done, everybody=True).endswith("     and 2 more")


def test_a_run_fits_a_terminal_whatever_the_names(wordy):
    for everybody in (True, False):
        assert_fits(run_text(wordy, everybody=everybody))


def test_a_model_that_stands_in_says_why_within_the_width(asked):
    text = run_text(asked({"model": None}, wins=["ann bob", "bob cy"]), everybody=True)
    assert "Model: default (too little history to learn from" in text
    assert_fits(text)


def test_an_explanation_adds_up_before_the_readers_eyes(asked):
    done = asked(wins=["ann bob", "bob cy"], deal_requirements={"d-1": "crm"})
    told = done.recommender.explain(done.graph, "ann", "cy")
    lines = explanation_text(told, done.graph).splitlines()
    start = lines.index(next(line for line in lines if "signal" in line)) + 1
    end = lines.index(next(line for line in lines if "score: the sum" in line))
    shares = [float(line.split()[0]) for line in lines[start:end]]
    assert sum(shares) == pytest.approx(float(lines[end].split()[0]), abs=0.01)
    assert "won together          nothing yet" in lines
    assert "shared collaborators  bob" in lines


def test_an_explanation_fits_a_terminal_and_says_what_forbids_the_pair(explanation, wordy):
    text = explanation_text(explanation, wordy.graph)
    assert_fits(text)
    assert "Not to be proposed" in text
    assert "won together          d-1 (2024-06-01, team of 3)" in text
    assert "41,235 (" in text


@pytest.mark.parametrize("k", [1, 10, 100])
def test_a_backtest_fits_a_terminal(backtest_of, k):
    assert_fits(backtest_text(backtest_of(k)))


def test_a_backtest_tells_every_method_the_ratio_and_the_cold_slice(backtest_of):
    text = backtest_text(backtest_of())
    assert text.startswith("Back-test at 2019-01-01, deals before 2020-01-01: 100,000 partners")
    assert "nDCG@10 of the model is inf x that of personalized_pagerank (0.500 to inf)." in text
    assert text.count("0.123 [0.045, 0.678]") == 2 * 9
    assert "Cold slice: 1000 of them" in text
    assert "Candidates: 400 each, holding 0.750 of the new collaborators" in text


def test_a_backtest_without_a_horizon_or_a_cold_slice_leaves_them_out(backtest_of):
    text = backtest_text(backtest_of(until=None, n_cold=0))
    assert "all later deals" in text
    assert "Cold" not in text
