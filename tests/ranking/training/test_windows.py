"""What is learnt from the horizons before a day."""

from datetime import date

import numpy as np
import pytest

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.ranking import CandidateFinder, fit_ranker, training_set
from ecosystem_graph.ranking.training import windows as learning
from ecosystem_graph.ranking.training.training_set import joined
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
