"""What is learnt from the horizons before a day."""

from datetime import date

import numpy as np
import pytest

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.ranking import CandidateFinder, fit_ranker, training_set
from ecosystem_graph.ranking.training import windows as learning
from ecosystem_graph.ranking.training.training_set import TrainingSet, joined
from ecosystem_graph.ranking.training.windows import (
    TrainingWindows,
    learn_pairs,
    learn_requirements,
)
from ecosystem_graph.signals import GraphFeatures

DAY = date(2025, 1, 1)


def windows_of(tables, day=DAY, horizon_days=365):
    def finder_of(graph):
        return CandidateFinder(GraphFeatures(graph))

    return TrainingWindows(tables, day, horizon_days, finder_of)


@pytest.fixture(scope="module")
def years(make_tables):
    """Forty-two partners around a table; each year, twenty win with one a step further off."""
    n = 42
    wins, deals = {}, {}
    for step, year in enumerate((2021, 2022, 2023, 2024), start=1):
        for first in range(0, n if step == 1 else 40, 1 if step == 1 else 2):
            deal = f"{year}-{first}"
            wins[deal] = [f"p{first:02}", f"p{(first + step) % n:02}"]
            deals[deal] = {"closed_on": f"{year}-06-01"}
    return make_tables(wins=wins, deals=deals)


def test_windows_tile_the_past_the_latest_first(years):
    made = list(windows_of(years))
    begins = [window.finder.features.graph.as_of for window in made]
    assert [window.until for window in made] == [DAY, *begins[:-1]]
    assert {(window.until - begin).days for window, begin in zip(made, begins, strict=True)} == {
        365
    }
    assert len(made) == 3  # before the fourth nothing had been won


def test_no_more_than_five_windows_are_made(years):
    assert len(list(windows_of(years, horizon_days=100))) == 5


def test_each_window_is_made_once(years):
    windows = windows_of(years)
    assert [*windows][1] is [*windows][1]
    assert windows.latest is next(iter(windows))


def test_a_window_sees_the_wins_of_its_own_horizon_alone(years):
    for window, year in zip(windows_of(years), (2024, 2023, 2022), strict=False):
        later = years["deals"]["closed_on"].dt.year() == year
        assert window.won_later.nnz == 2 * later.sum()


def test_few_wins_are_made_up_for_by_windows_before(years):
    """Twenty pairs a year are too few to learn from, those of three years are enough."""
    with pytest.raises(HistoryError, match="40 of"):
        fit_ranker(one_set(windows_of(years).latest))
    ranker, _ = learn_pairs(windows_of(years), "new", seed=0)
    assert np.isfinite(ranker.coefficients).all()
    assert ranker.coefficients.any()


def test_one_window_is_all_where_it_holds_enough(years, monkeypatch):
    monkeypatch.setattr(learning, "_ENOUGH_WINS", 40)
    monkeypatch.setattr("ecosystem_graph.ranking.training.training_set._FEWEST_WINS", 40)
    alone, _ = learn_pairs(windows_of(years), "new", seed=0)
    expected = fit_ranker(one_set(windows_of(years).latest))
    np.testing.assert_array_equal(alone.coefficients, expected.coefficients)
    monkeypatch.setattr(learning, "_ENOUGH_WINS", 41)
    more, _ = learn_pairs(windows_of(years), "new", seed=0)
    assert more.coefficients.tolist() != alone.coefficients.tolist()


def test_lists_of_joined_sets_stay_apart(years):
    sets = [one_set(window) for window in windows_of(years)]
    both = joined(sets)
    assert len(np.unique(both.sources)) == sum(len(np.unique(one.sources)) for one in sets)
    assert np.count_nonzero(np.diff(both.sources)) + 1 == len(np.unique(both.sources))
    for name in ("z_scores", "won", "weight", "targets"):
        expected = np.concatenate([getattr(one, name) for one in sets])
        np.testing.assert_array_equal(getattr(both, name), expected)


def test_too_few_deals_with_a_lead_are_told_over_all_windows(years):
    with pytest.raises(HistoryError, match="0 won deals with requirements"):
        learn_requirements(windows_of(years), seed=0)


def one_set(window):
    sources = np.arange(window.finder.features.graph.n_partners)
    rng = np.random.default_rng(0)
    return training_set(window.finder, window.won_later, task="new", sources=sources, rng=rng)


@pytest.mark.parametrize(
    ("n_others", "calibrated_on"), [(749, 42), (750, 750), (1_500, 1_500), (2_000, 1_500)]
)
def test_four_thousand_partners_teach_weights_and_others_probabilities_if_they_are_enough(
    years, monkeypatch, n_others, calibrated_on
):
    drawn, seen = [], []
    others = np.arange(n_others) % 42

    def draw(finder, n_sources, rng):
        drawn.append(n_sources)
        return np.arange(42), others

    def calibration(scorer, won_later, sources):
        seen.append(len(sources))
        assert won_later is windows.latest.won_later
        assert scorer.task == "new"

    monkeypatch.setattr(learning, "drawn_sources", draw)
    monkeypatch.setattr(learning, "fit_calibration", calibration)
    windows = windows_of(years)
    learn_pairs(windows, "new", seed=0)
    assert set(drawn) == {4_000}
    assert len(drawn) == len(list(windows))
    assert seen == [calibrated_on]


@pytest.mark.parametrize(("wins", "enough"), [((299,), False), ((300,), True), ((200, 100), True)])
def test_three_hundred_pairs_that_won_together_are_enough(wins, enough):
    sets = []
    for n in wins:
        won, nobody = np.arange(500) < n, np.zeros(500, dtype=np.intp)
        sets.append(TrainingSet(None, nobody, nobody, np.zeros((500, 1)), won, np.ones(500)))
    assert learning._enough(sets) is enough


def test_a_window_begins_on_the_first_day_of_the_calendar_at_the_earliest(make_tables):
    tables = make_tables(wins=["ann bob"])
    window = windows_of(tables, date(1, 3, 1), horizon_days=365).latest
    assert window.finder.features.graph.as_of == date(1, 1, 1)
    assert window.until == date(1, 3, 1)


def test_a_finder_that_is_at_hand_is_used_for_its_day(years):
    made = windows_of(years).latest.finder

    def nobody(graph):
        raise AssertionError(graph)

    windows = TrainingWindows(years, DAY, 365, nobody, [made])
    assert windows.latest.finder is made
