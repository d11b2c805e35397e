"""Which model a job ranks with, and why."""

from datetime import date

import pytest

from ecosystem_graph import ArtifactError
from ecosystem_graph.recommending.model_source import ASKED_FOR, LEARNT, choose_model, kept_model

AS_OF = date(2025, 1, 1)


def test_without_a_name_one_is_fitted_and_the_one_that_ships_stands_in(taught, make_tables):
    fitted = choose_model(taught, AS_OF)
    assert (fitted.facts["name"], fitted.facts["why"]) == ("fitted", LEARNT)
    assert "weights" not in fitted.facts
    thin = choose_model(make_tables(wins=["ann bob"]), AS_OF)
    assert thin.facts["name"] == "default"
    assert "too little history" in thin.facts["why"]
    assert thin.facts["weights"] == thin.model.digest()


def test_a_model_that_ships_keeps_its_probabilities_at_home(taught):
    named = choose_model(taught, AS_OF, "default")
    assert named.facts["why"] == ASKED_FOR
    assert named.model.calibrations == {}
    assert named.facts["probabilities"] == "none: the model is not calibrated on these tables"
    with pytest.raises(ArtifactError, match="no model 'defualt'"):
        choose_model(taught, AS_OF, "defualt")


def test_for_requirements_a_model_that_cannot_rank_for_them_is_no_model(taught):
    chosen = choose_model(taught, AS_OF, for_requirements=True)
    assert chosen.facts["name"] == "default"
    assert "too few deals name their lead" in chosen.facts["why"]
    assert chosen.model.requirement_ranker is not None


def test_a_model_is_chosen_once_and_kept(taught, tmp_path):
    chosen = []

    def choose():
        chosen.append(choose_model(taught, AS_OF))
        return chosen[-1]

    first, second = kept_model(tmp_path, choose), kept_model(tmp_path, choose)
    assert len(chosen) == 1
    assert second.model.digest() == first.model.digest()
    assert second.facts == first.facts
    (tmp_path / "model" / "weights.npz").write_bytes(b"torn")
    assert kept_model(tmp_path, choose).model.digest() == first.model.digest()
    assert len(chosen) == 2
