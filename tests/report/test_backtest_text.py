import pytest

from ecosystem_graph.report import backtest_text
from ecosystem_graph.report.layout import WIDTH


def assert_fits(text):
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize("k", [1, 10, 100])
def test_a_backtest_fits_a_terminal(backtest_of, k):
    assert_fits(backtest_text(backtest_of(k)))


#: Every figure of the pairs listed.
OF_PAIRS = {
    "gain": 0.25,
    "smaller_gain": 0.125,
    "both_gain": 0.5,
    "competition": 0.0625,
    "uplift": -0.0712,
    "satisfaction": 0.6875,
}


@pytest.mark.parametrize("of_pairs", [{}, OF_PAIRS])
def test_the_pairs_listed_have_the_columns_that_the_tables_allow(backtest_of, of_pairs):
    text = backtest_text(backtest_of(of_pairs=of_pairs))
    assert_fits(text)
    (heading,) = [line for line in text.splitlines() if line.split()[1:2] == ["cover"]]
    shown = "uplift csat gain less both compete" if of_pairs else "gain"
    assert heading.split() == f"method cover Gini load similar {shown}".split()
    assert ("-0.0712  0.688" in text) == bool(of_pairs)
    assert ("expected to add (uplift)" in text.replace("\n     ", " ")) == bool(of_pairs)


def test_a_backtest_shows_every_method_the_ratio_and_the_cold_slice(backtest_of):
    text = backtest_text(backtest_of())
    assert text.startswith("Back-test at 2019-01-01, deals before 2020-01-01: 100,000 partners")
    assert "nDCG@10 of the model is inf x that of personalized_pagerank (0.500 to inf)." in text
    assert text.count("0.123 [0.045, 0.678]") == 2 * 9
    assert "Cold slice: 1,000 of these partners" in text
    assert "Candidates: 400 each, holding 0.750 of the new collaborators" in text


def test_a_backtest_without_a_horizon_or_a_cold_slice_leaves_them_out(backtest_of):
    text = backtest_text(backtest_of(until=None, n_cold=0))
    assert "all later deals" in text
    assert "Cold" not in text


def test_a_backtest_without_probabilities_gives_the_reason(backtest_of):
    assert "too little history to calibrate" in backtest_text(backtest_of(reliability=None))
