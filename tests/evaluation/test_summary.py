"""Means with intervals, and the model beside the best baseline."""

import numpy as np
import pytest

from ecosystem_graph.evaluation.summary import against_best, intervals

RNG = np.random.default_rng(0)
VALUES = {
    "model": RNG.uniform(0.4, 0.6, 200),
    "weak": RNG.uniform(0.0, 0.2, 200),
    "strong": RNG.uniform(0.2, 0.3, 200),
    "real": np.ones(200),
}


def test_the_best_baseline_is_the_one_of_the_highest_mean_among_the_baselines_alone():
    best, ratio = against_best(VALUES, ["weak", "strong"], seed=0)
    assert best == "strong"
    assert ratio.estimate == pytest.approx(VALUES["model"].mean() / VALUES["strong"].mean())
    assert ratio.low < ratio.estimate < ratio.high


def test_figures_are_means_with_intervals_that_depend_on_the_seed_alone():
    figures = intervals(VALUES, seed=1)
    assert {name: one.estimate for name, one in figures.items()} == pytest.approx(
        {name: values.mean() for name, values in VALUES.items()}
    )
    assert all(one.low <= one.estimate <= one.high for one in figures.values())
    assert figures == intervals(VALUES, seed=1)
    assert figures["model"] != intervals(VALUES, seed=2)["model"]
