import json
import tomllib
from copy import copy

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph, Recommender
from ecosystem_graph.errors import ArtifactError, OutputError
from ecosystem_graph.recommending.model_files import describe_models


@pytest.fixture
def saved(recommender, tmp_path):
    recommender.save(tmp_path / "model")
    return tmp_path / "model"


def test_a_model_brought_back_gives_the_same_lists(saved, recommender, taught):
    again = Recommender.load(saved)
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    for known in (False, True):
        before, after = (one.recommend(graph, include_known=known) for one in (recommender, again))
        assert before.equals(after)
    assert again.get_params() == recommender.get_params()
    assert again.fitted_as_of_ == recommender.fitted_as_of_
    assert again.fitted_on_ == recommender.fitted_on_


def test_the_recipe_is_the_arguments_of_the_constructor(saved, recommender):
    recipe = tomllib.loads((saved / "recipe.toml").read_text())
    assert recipe == {"recommender": recommender.get_params()}


def test_the_weights_are_plain_numbers(saved):
    with np.load(saved / "weights.npz", allow_pickle=False) as weights:
        assert {weights[name].dtype.kind for name in weights.files} <= {"f", "i"}


def test_saving_the_same_model_twice_writes_the_same_bytes(saved, recommender, tmp_path):
    recommender.save(tmp_path / "again")
    for path in saved.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_the_card_tells_what_was_compared(recommender, tmp_path):
    compared = {
        "embeddings": {
            "another": {"2017-01-01": {"ndcg_at_10": 0.12345, "cold_ndcg_at_10": 0.5}},
        }
    }
    trial = dict.fromkeys(
        ("ndcg_at_10", "best_baseline_ndcg_at_10", "ratio", "ratio_low", "ratio_high"), 1.0
    )
    trial |= {"cutoff": "2016-01-01", "horizon_days": 365, "lists": 9, "best_baseline": "x"}
    model = copy(recommender)
    model.figures_ = {**trial, "comparisons": compared}
    model.save(tmp_path / "told")
    card = (tmp_path / "told" / "MODEL_CARD.md").read_text()
    assert "| embeddings | 2017-01-01 |\n|---|---|\n| another | 0.1235 (0.5000) |" in card
    assert Recommender.load(tmp_path / "told").figures_["comparisons"] == compared


def test_the_card_tells_every_weight(saved, recommender):
    card = (saved / "MODEL_CARD.md").read_text()
    for name, weight in zip(
        recommender.rankers_["new"].names, recommender.rankers_["new"].coefficients, strict=True
    ):
        assert f"| {name} | {weight:+.3f} |" in card


def test_a_model_that_is_there_is_kept_unless_it_may_go(saved, recommender):
    with pytest.raises(OutputError, match="exists already"):
        recommender.save(saved)
    recommender.save(saved, overwrite=True)
    Recommender.load(saved)


def test_a_model_that_has_not_learnt_cannot_be_saved(tmp_path):
    with pytest.raises(ValueError, match="call fit"):
        Recommender().save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_the_model_that_ships_ranks_any_ecosystem(make_graph):
    default = Recommender.load("default")
    assert default.recommend(make_graph(wins=["ann bob", "bob cy"])).height == 2
    assert "default" in {fact["name"] for fact in describe_models()}


def test_a_model_that_is_not_there_names_those_that_are(tmp_path):
    for name in ("defualt", str(tmp_path), str(tmp_path / "no")):
        with pytest.raises(ArtifactError, match=r"no model .*ships \(default\)"):
            Recommender.load(name)


def with_manifest(**changes):
    def spoil(folder):
        path = folder / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return spoil


def with_weight(name, change):
    def spoil(folder):
        weights = dict(np.load(folder / "weights.npz"))
        np.savez(folder / "weights.npz", **{**weights, name: change(weights[name])})

    return spoil


DAMAGES = [
    (lambda folder: (folder / "weights.npz").unlink(), "not a model that can be read"),
    (lambda folder: (folder / "recipe.toml").unlink(), "not a model that can be read"),
    (lambda folder: (folder / "recipe.toml").write_text("[recommender]\nn = 4"), "argument 'n'"),
    (lambda folder: (folder / "recipe.toml").write_text("n_candidates ="), "not a model"),
    (lambda folder: (folder / "manifest.json").write_text("{"), "not a model that can be read"),
    (with_manifest(format=99), "format 99; this version reads 2"),
    (with_manifest(tasks={"new": ["charm"]}), "signals this version does not have: charm"),
    (with_manifest(fitted_as_of="soon"), "soon"),
    (with_weight("new.coefficients", lambda old: old * np.nan), r"must be \d+ finite numbers"),
    (with_weight("new.centre", lambda old: old[1:]), r"must be \d+ finite numbers"),
    (with_weight("new.centre", lambda old: np.array([print])), "allow_pickle=False"),
    (lambda folder: (folder / "weights.npz").write_bytes(b"PK\x03\x04 torn"), "not a model that"),
    (with_manifest(tasks=["new"]), "not a model that can be read"),
    (with_manifest(tasks={}), "no ranker of new collaborators"),
    (with_weight("new.intercept", lambda old: old * np.nan), "must be a finite number"),
    (with_weight("new.spread", lambda old: old * 0.0), "must be positive"),
    (with_weight("new.calibration.low", lambda old: old + 1), "between their bounds"),
    (with_weight("new.calibration.n", lambda old: old[1:]), "as many numbers as there are steps"),
    (with_manifest(calibrated=["repeat", "old"]), "not a model that can be read"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_a_damaged_model_is_refused_with_its_reason(saved, damage, message):
    damage(saved)
    with pytest.raises(ArtifactError, match=message):
        Recommender.load(saved)
