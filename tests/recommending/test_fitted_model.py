"""What was learnt: frozen, with parameters that are checked and numbers that have a digest."""

from dataclasses import FrozenInstanceError, replace

import pytest

from ecosystem_graph import HistoryError, load_model
from ecosystem_graph.recommending.fitted_model import DEFAULTS, candidate_finder


@pytest.fixture(scope="module")
def model():
    return load_model("default")


def test_it_cannot_be_changed_and_is_changed_by_a_copy(model):
    with pytest.raises(FrozenInstanceError):
        model.figures = {}
    dearer = model.with_params(competition_price=3.0)
    assert (model.params["competition_price"], dearer.params["competition_price"]) == (1.5, 3.0)
    assert dearer.rankers is model.rankers


def test_its_digest_is_of_what_was_learnt_and_of_nothing_else(model):
    assert model.with_params(n_candidates=7).digest() == model.digest()
    assert replace(model, figures=None, fitted_on="elsewhere").digest() == model.digest()
    assert replace(model, calibrations={}).digest() != model.digest()
    new = model.rankers["new"]
    other = replace(new, most=new.most + 1)
    assert replace(model, rankers={**model.rankers, "new": other}).digest() != model.digest()


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"n_candidates": 0}, ValueError, "n_candidates must be at least 1"),
        ({"half_life_days": "9"}, TypeError, "half_life_days must be a number"),
        ({"random_state": 2**32}, ValueError, "random_state must be at most"),
        ({"candidates": 9}, TypeError, "Missing or unknown: candidates"),
    ],
)
def test_parameters_out_of_range_or_unknown_are_refused(model, changed, error, message):
    with pytest.raises(error, match=message):
        model.with_params(**changed)


def test_a_task_that_was_not_learnt_is_refused_with_what_can_be_done(model):
    novice = replace(model, rankers={"new": model.rankers["new"]}, requirement_ranker=None)
    assert list(novice.all_rankers()) == ["new"]
    assert list(model.all_rankers()) == ["new", "repeat", "requirement"]
    with pytest.raises(HistoryError, match=r"too little history .* again"):
        novice.ranker("repeat")


def test_its_parameters_reach_the_finder_of_a_graph(make_graph):
    graph = make_graph(wins=["ann bob"])
    params = {**DEFAULTS, "n_candidates": 3, "half_life_days": 90.0, "random_state": 4}
    finder = candidate_finder(params, graph)
    features = finder.features
    assert (finder.n_candidates, features.half_life_days, features.random_state) == (3, 90.0, 4)
