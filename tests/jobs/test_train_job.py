"""Training is one call: the model learns from all, its figures are of a year before."""

from ecosystem_graph import train
from ecosystem_graph.recommending.fitted_model import DEFAULTS
from ecosystem_graph.recommending.fitting import fit_model


def test_a_trained_model_is_the_fitted_one_with_figures_of_the_method(taught):
    heard = []
    trained = train(taught, "2025-01-01", progress=lambda stage, *_: heard.append(stage))
    alone = fit_model(taught, "2025-01-01", DEFAULTS, for_requirements=True)
    assert trained.digest() == alone.digest()
    assert trained.figures is None  # a year before too little had been won to test on
    assert heard[0] == "learning from before the validation"
    assert heard[-1] == "learning from the past"


def test_a_seed_is_a_parameter_of_the_model(taught):
    assert train(taught, "2025-01-01", seed=7).params == {**DEFAULTS, "random_state": 7}
