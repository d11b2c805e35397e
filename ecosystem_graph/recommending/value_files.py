"""The models of winning and of accepting in a model's files."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ecosystem_graph.ranking.value import accepting, winning
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.recommending.weights_file import Weights

#: Terms of each model; a model of accepting may have none.
_TERMS = {"winning": winning.TERMS, "accepting": accepting.TERMS}

_ARRAYS = ("intercept", "coefficients", "covariance")

#: Largest weight, so that scores are exact sums.
_HEAVIEST = 1e4

#: Largest number of outcomes that a model may say it was learnt from.
_MOST = 10**12


def value_arrays(models: Mapping[str, Logit]) -> dict[str, Any]:
    """Arrays of both models, by name; the covariance row by row."""
    arrays: dict[str, Any] = {}
    for kind, model in models.items():
        arrays[f"{kind}.intercept"] = np.array(model.intercept)
        arrays[f"{kind}.coefficients"] = model.coefficients
        arrays[f"{kind}.covariance"] = model.covariance.ravel()
    return arrays


def value_facts(models: Mapping[str, Logit]) -> dict[str, Any]:
    """Entries of both models in a manifest: terms, outcomes learnt from, figures."""
    return {
        kind: {"terms": list(model.names), "learnt_from": model.n, "figures": dict(model.figures)}
        for kind, model in models.items()
    }


def sizes(facts: Mapping[str, Any]) -> dict[str, int]:
    """Numbers that each array of both models may hold, by the entries of the manifest.

    Raises
    ------
    ValueError
        If an entry is not what :func:`value_facts` writes.
    """
    most: dict[str, int] = {}
    for kind, terms in _TERMS.items():
        named = facts[kind]["terms"]
        if named != list(terms) and not (kind == "accepting" and named == []):
            raise ValueError(f"the terms of {kind} must be {', '.join(terms)}")
        n = facts[kind]["learnt_from"]
        if not isinstance(n, int) or isinstance(n, bool) or not 0 <= n <= _MOST:
            raise ValueError(f"learnt_from of {kind} must be a whole number, 0 or more")
        if not isinstance(facts[kind]["figures"], dict):
            raise ValueError(f"the figures of {kind} must be an object")
        lengths = (1, len(named), (len(named) + 1) ** 2)
        most |= {f"{kind}.{name}": size for name, size in zip(_ARRAYS, lengths, strict=True)}
    return most


def value_models(facts: Mapping[str, Any], weights: Weights) -> dict[str, Logit]:
    """Both models, from the entries of a manifest and the arrays.

    Raises
    ------
    ValueError
        If an array is not of its shape, or a weight is out of bounds.
    """
    models = {}
    for kind in _TERMS:
        names = tuple(facts[kind]["terms"])
        intercept, coefficients, covariance = (
            weights[f"{kind}.{name}"].astype(np.float64) for name in _ARRAYS
        )
        if intercept.shape != () or coefficients.shape != (len(names),):
            raise ValueError(f"{kind} must have an intercept and {len(names)} coefficients")
        if covariance.shape != ((len(names) + 1) ** 2,):
            raise ValueError(f"{kind}.covariance must be {(len(names) + 1) ** 2} numbers")
        if max(np.abs(coefficients).max(initial=0.0), abs(float(intercept))) > _HEAVIEST:
            raise ValueError(f"the weights of {kind} must be within {_HEAVIEST:,}")
        square = covariance.reshape(len(names) + 1, -1)
        if not np.allclose(square, square.T) or (np.diag(square) < 0).any():
            raise ValueError(f"{kind}.covariance must be symmetric, with variances of 0 or more")
        for name, sign in winning.SIGNS.items():
            if kind == "winning" and sign * coefficients[names.index(name)] < 0:
                raise ValueError(f"the weight of {name} must be {sign} times a number of 0 or more")
        models[kind] = Logit(
            names,
            coefficients,
            float(intercept),
            square,
            facts[kind]["learnt_from"],
            facts[kind]["figures"],
        )
    return models


def assumptions(model: Logit) -> list[str]:
    """Lines of a recipe that state each assumed weight of winning, and the reason for it."""
    if model.learnt:
        return []
    lines = ["", "# Assumed, as too few lost deals were on record to learn from.", "[winning]"]
    for name, (weight, deviation, reason) in winning.ASSUMED.items():
        lines.append(f"{name} = {{ weight = {weight}, deviation = {deviation} }}  # {reason}")
    return lines
