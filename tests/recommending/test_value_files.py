"""Models of winning and of accepting as entries of a manifest and arrays, and back."""

import tomllib
from dataclasses import replace

import numpy as np
import pytest

from ecosystem_graph.ranking.value import accepting, winning
from ecosystem_graph.ranking.value.accepting import constant_acceptance
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import assumed_winning
from ecosystem_graph.recommending.value_files import (
    assumptions,
    sizes,
    value_arrays,
    value_facts,
    value_models,
)


def learnt(terms, sign, n):
    rng = np.random.default_rng(n)
    weights = np.abs(rng.normal(size=len(terms)))
    weights *= [sign.get(name, -1) for name in terms]
    root = rng.normal(size=(len(terms) + 1, len(terms) + 1))
    return Logit(terms, weights, -0.75, root @ root.T, n, {"auc": 0.75, "deals": n // 4})


MODELS = {
    "assumed": {"winning": assumed_winning(), "accepting": constant_acceptance(7, 20)},
    "learnt": {
        "winning": learnt(winning.TERMS, winning.SIGNS, 400),
        "accepting": learnt(accepting.TERMS, accepting.SIGNS, 200),
    },
}


@pytest.mark.parametrize("models", MODELS.values(), ids=MODELS)
def test_models_written_and_read_are_the_same(models):
    facts, arrays = value_facts(models), value_arrays(models)
    for kind, model in value_models(facts, arrays).items():
        old = models[kind]
        assert (model.names, model.intercept, model.n) == (old.names, old.intercept, old.n)
        assert np.array_equal(model.coefficients, old.coefficients)
        assert np.array_equal(model.covariance, old.covariance)
        assert dict(model.figures) == dict(old.figures)


@pytest.mark.parametrize("models", MODELS.values(), ids=MODELS)
def test_every_array_is_announced_with_its_size(models):
    most = sizes(value_facts(models))
    assert most == {name: array.size for name, array in value_arrays(models).items()}


def facts_with(kind, **changes):
    facts = value_facts(MODELS["learnt"])
    return {**facts, kind: {**facts[kind], **changes}}


@pytest.mark.parametrize("kind", ["winning", "accepting"])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"terms": ["charm"]}, "the terms of {} must be "),
        ({"terms": list(winning.TERMS[::-1])}, "the terms of {} must be "),
        ({"terms": None}, "the terms of {} must be "),
        ({"learnt_from": -1}, "learnt_from of {} must be a whole number"),
        ({"learnt_from": 1.5}, "learnt_from of {} must be a whole number"),
        ({"learnt_from": True}, "learnt_from of {} must be a whole number"),
        ({"learnt_from": "400"}, "learnt_from of {} must be a whole number"),
        ({"learnt_from": 10**13}, "learnt_from of {} must be a whole number"),
        ({"figures": []}, "the figures of {} must be an object"),
        ({"figures": None}, "the figures of {} must be an object"),
    ],
)
def test_entries_that_are_not_those_of_a_model_are_refused(kind, changes, message):
    with pytest.raises(ValueError, match=message.format(kind)):
        sizes(facts_with(kind, **changes))


def test_only_a_model_of_accepting_may_have_no_terms():
    assert sizes(facts_with("accepting", terms=[]))["accepting.coefficients"] == 0
    with pytest.raises(ValueError, match="the terms of winning must be covered, "):
        sizes(facts_with("winning", terms=[]))


def changed(name, change):
    arrays = value_arrays(MODELS["learnt"])
    return {**arrays, name: change(arrays[name])}


def with_entry(place, value):
    def change(array):
        array = array.copy()
        array[place] = value
        return array

    return change


@pytest.mark.parametrize("kind", ["winning", "accepting"])
@pytest.mark.parametrize(
    ("array", "change", "message"),
    [
        ("intercept", np.atleast_1d, "must have an intercept and"),
        ("coefficients", lambda old: old[1:], "must have an intercept and"),
        ("covariance", lambda old: old[1:], "covariance must be "),
        ("intercept", lambda old: old * 0 - 10_001.0, "weights of {} must be within 10,000"),
        ("coefficients", lambda old: old * 1e6, "weights of {} must be within 10,000"),
        ("covariance", with_entry(1, 50.0), "covariance must be symmetric"),
        ("covariance", with_entry(0, -1.0), "variances of 0 or more"),
    ],
)
def test_arrays_that_are_not_those_of_a_model_are_refused(kind, array, change, message):
    arrays = changed(f"{kind}.{array}", change)
    with pytest.raises(ValueError, match=message.format(kind)):
        value_models(value_facts(MODELS["learnt"]), arrays)


@pytest.mark.parametrize("name", winning.SIGNS)
def test_a_weight_of_winning_against_its_direction_is_refused(name):
    place, sign = winning.TERMS.index(name), winning.SIGNS[name]
    facts = value_facts(MODELS["learnt"])
    arrays = changed("winning.coefficients", with_entry(place, -0.01 * sign))
    with pytest.raises(ValueError, match=f"the weight of {name} must be {sign} times"):
        value_models(facts, arrays)
    arrays = changed("winning.coefficients", with_entry(place, 0.0))
    assert value_models(facts, arrays)["winning"].weight(name) == 0


def test_weights_at_the_bound_are_permitted():
    arrays = changed("winning.intercept", lambda old: old * 0 - 1e4)
    assert value_models(value_facts(MODELS["learnt"]), arrays)["winning"].intercept == -1e4


def test_assumptions_are_stated_with_their_reasons_and_what_was_learnt_is_not():
    lines = assumptions(assumed_winning())
    stated = tomllib.loads("\n".join(lines))["winning"]
    assert stated == {
        name: {"weight": weight, "deviation": deviation}
        for name, (weight, deviation, _) in winning.ASSUMED.items()
    }
    for _, _, reason in winning.ASSUMED.values():
        assert any(line.endswith(f"# {reason}") for line in lines)
    assert assumptions(replace(assumed_winning(), n=300)) == []
