"""Learning: what a model is fitted on, and for which tasks."""

import pytest

from ecosystem_graph import HistoryError
from ecosystem_graph.recommending.fitted_model import DEFAULTS
from ecosystem_graph.recommending.fitting import fit_model

AS_OF = "2025-01-01"


def test_a_model_says_where_and_until_when_it_learnt_with_which_parameters(taught):
    params = {**DEFAULTS, "n_candidates": 50}
    model = fit_model(taught, AS_OF, params)
    assert (model.fitted_as_of.isoformat(), model.fitted_on) == (AS_OF, taught.source)
    assert model.params == params
    assert model.requirement_ranker is None
    assert "new" in model.rankers


def test_a_graph_at_hand_is_taken_up_and_changes_nothing(taught):
    from ecosystem_graph import EcosystemGraph
    from ecosystem_graph.recommending.fitted_model import candidate_finder

    before = EcosystemGraph.from_tables(taught, "2024-01-02")
    finder = candidate_finder(DEFAULTS, before)
    at_hand = fit_model(taught, AS_OF, DEFAULTS, at_hand=[finder])
    assert at_hand.digest() == fit_model(taught, AS_OF, DEFAULTS).digest()
    assert finder.features.__dict__  # what it derived was derived for the fit


def test_tables_that_teach_nothing_and_tables_that_are_none_are_refused(make_tables):
    with pytest.raises(HistoryError, match="too little history to learn from"):
        fit_model(make_tables(wins=["ann bob"]), AS_OF, DEFAULTS)
    with pytest.raises(TypeError, match="tables must be Tables"):
        fit_model({}, AS_OF, DEFAULTS)
