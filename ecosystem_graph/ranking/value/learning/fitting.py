"""Fitting of the models of winning and of accepting to what is on record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arrays.labels import encode
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking.value import accepting
from ecosystem_graph.ranking.value.learning.past_deals import PastDeals, closed_deals, past_deals
from ecosystem_graph.ranking.value.learning.past_introductions import (
    decided_introductions,
    past_introductions,
)
from ecosystem_graph.ranking.value.learning.snapshots import Snapshot, snapshots
from ecosystem_graph.ranking.value.logit import Logit, Prior, fit_logit
from ecosystem_graph.ranking.value.winning import (
    ASSUMED,
    LEVELS,
    SIGNS,
    TERMS,
    assumed_winning,
)
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.tables import Tables

#: Closed deals, and lost ones among them, from which winning is learnt; else it is assumed.
FEWEST_DEALS, FEWEST_LOST = 300, 50

#: Decided introductions from which accepting is learnt; else it is a constant.
FEWEST_DECIDED = 200

#: Share of the deals, the latest, that a fit to the others is checked on.
_CHECKED = 0.25

#: Territories and industries that get a term of their own, the most frequent ones.
_MOST_LABELS = 25

#: Standard deviation of the prior of terms that are no part of the model: they vary that much.
_NUISANCE = 0.5

FeaturesOf = Callable[[EcosystemGraph], GraphFeatures]


def fit_value_models(tables: Tables, day: date, features_of: FeaturesOf) -> tuple[Logit, Logit]:
    """Models of winning and of accepting, by what was known before a day.

    Parameters
    ----------
    tables : Tables
    day : datetime.date
    features_of : callable
        Features of a graph, for graphs of past days.

    Returns
    -------
    tuple of (Logit, Logit)
        Assumed weights of winning with fewer than 300 closed deals or 50 lost ones on record; a
        constant rate of accepting with fewer than 200 decided introductions.
    """
    deals, decided = closed_deals(tables, day), decided_introductions(tables, day)
    enough_deals = deals.height >= FEWEST_DEALS and (~deals["won"]).sum() >= FEWEST_LOST
    enough_decided = decided.height >= FEWEST_DECIDED
    seen: list[Snapshot] = []
    if enough_deals or enough_decided:
        seen = list(snapshots(tables, day, features_of))
    winning, acceptance = (
        assumed_winning(),
        accepting.constant_acceptance(int(decided["accepted"].sum()), decided.height),
    )
    if enough_deals:
        parts = [past_deals(tables, deals, one, day) for one in seen]
        winning = fit_winning(PastDeals.joined(parts)) or winning
    if enough_decided:
        acceptance = fit_accepting(*past_introductions(decided, seen)) or acceptance
    return winning, acceptance


def fit_winning(deals: PastDeals) -> Logit | None:
    """Log-odds of winning by the terms of a team, learnt from deals won and lost.

    Territory, industry and amount of the deals, and what teams held only later, are accounted for
    by terms that are no part of the model. The prior of each coefficient is its assumption, twice
    as uncertain as stated.

    Returns
    -------
    Logit or None
        None with too few deals, or too few lost ones, that can be described.
    """
    won = deals.facts["won"].to_numpy()
    if len(won) < FEWEST_DEALS or (~won).sum() < FEWEST_LOST:
        return None
    nuisance = _nuisance(deals.facts)
    prior = _prior(nuisance.shape[1])
    clusters = _clusters(deals.facts)
    x = np.column_stack([deals.x, nuisance])
    intercept, coefficients, covariance = fit_logit(x, won, prior, clusters)
    # The intercept that is kept is that of the average deal.
    intercept += float(nuisance.mean(axis=0) @ coefficients[len(TERMS) :])
    n = len(TERMS) + 1
    fitted = Logit(TERMS, coefficients[: n - 1], intercept, covariance[:n, :n], len(won))
    return replace(fitted, figures=_checked(x, won, prior, clusters, deals.facts["opened_on"]))


def _prior(n_nuisance: int) -> Prior:
    mean = np.array([ASSUMED[name][0] for name in TERMS] + [0.0] * n_nuisance)
    deviation = np.array([2 * ASSUMED[name][1] for name in TERMS] + [_NUISANCE] * n_nuisance)
    sign = np.array([SIGNS.get(name, 0) for name in TERMS] + [0] * n_nuisance)
    return Prior(mean, deviation, sign)


def _nuisance(facts: pl.DataFrame) -> NDArray[np.float64]:
    """Amount, what was held only later, and the most frequent territories and industries."""
    amount = facts["log_amount"]
    spread = amount.std() or 1.0
    centred = ((amount - amount.mean()) / spread).fill_null(0.0) if amount.count() else amount
    columns = [centred.fill_null(0.0).to_numpy(), facts["covered_later"].to_numpy()]
    for name in ("territory", "industry"):
        counted = (
            facts[name].drop_nulls().value_counts().sort("count", name, descending=[True, False])
        )
        for label in counted[name].head(_MOST_LABELS):
            is_label = (facts[name] == label).fill_null(False).to_numpy()
            columns.append(is_label.astype(np.float64))
    return np.stack(columns, axis=1).astype(np.float64)


def _clusters(facts: pl.DataFrame) -> NDArray[np.intp]:
    """Deals of one customer depend on each other; a deal without a customer stands alone."""
    customer = pl.coalesce(pl.lit("c ") + pl.col("customer_id"), pl.lit("d ") + pl.col("deal_id"))
    names = facts.select(customer.alias("cluster"))["cluster"]
    return encode(names, names.unique().sort())


def _checked(
    x: NDArray[np.float64],
    won: NDArray[np.bool_],
    prior: Prior,
    clusters: NDArray[np.intp],
    opened_on: pl.Series,
) -> dict[str, float]:
    """AUC, log-loss and calibration slope on the latest deals, of a fit to the earlier ones."""
    from sklearn.metrics import log_loss, roc_auc_score

    order = np.argsort(opened_on.to_numpy(), kind="stable")
    cut = int(len(order) * (1 - _CHECKED))
    past, latest = order[:cut], order[cut:]
    if len(set(won[past].tolist())) < 2 or len(set(won[latest].tolist())) < 2:
        return {}
    intercept, weights, _ = fit_logit(x[past], won[past], prior, clusters[past])
    n_terms, n_levels = len(TERMS), len(LEVELS)
    by_team = x[latest][:, :n_terms] @ weights[:n_terms]
    by_coverage = x[latest][:, :n_levels] @ weights[:n_levels]
    u = intercept + x[latest] @ weights
    chance = 1.0 / (1.0 + np.exp(-u))
    free = Prior(np.zeros(1), np.full(1, 10.0), np.zeros(1, dtype=np.int64))
    _, slope, _ = fit_logit(u[:, None], won[latest], free, clusters[latest])
    rate = won[past].mean()
    figures = {
        "deals": len(latest),
        "auc": roc_auc_score(won[latest], by_team),
        "auc_of_coverage": roc_auc_score(won[latest], by_coverage),
        "log_loss": log_loss(won[latest], chance),
        "log_loss_of_intercept": log_loss(won[latest], np.full(len(latest), rate)),
        "calibration_slope": float(slope[0]),
    }
    return {name: round(float(value), 4) for name, value in figures.items()}


def fit_accepting(
    x: NDArray[np.float64], accepted: NDArray[np.bool_], pairs: NDArray[np.intp]
) -> Logit | None:
    """Log-odds that an introduction is accepted, by the terms of the pair.

    Parameters
    ----------
    x : ndarray of shape (n_introductions, n_terms)
        Terms, in the order of :data:`~ecosystem_graph.ranking.value.accepting.TERMS`.
    accepted : ndarray of bool, shape (n_introductions,)
    pairs : ndarray of int, shape (n_introductions,)
        The introduced partner: its decisions depend on each other.

    Returns
    -------
    Logit or None
        None with fewer than 200 introductions that can be described, or one outcome alone.
    """
    if len(accepted) < FEWEST_DECIDED or accepted.all() or not accepted.any():
        return None
    spread = x.std(axis=0)
    scale = np.where(spread > 1e-9, spread, 1.0)  # a constant term varies by rounding errors
    sign = np.array([accepting.SIGNS.get(name, 0) for name in accepting.TERMS])
    prior = Prior(np.zeros(len(sign)), np.full(len(sign), 0.5), sign)
    intercept, weights, covariance = fit_logit(x / scale, accepted, prior, pairs)
    unscaled = np.concatenate([[1.0], 1.0 / scale])
    covariance = covariance * np.outer(unscaled, unscaled)
    return Logit(accepting.TERMS, weights / scale, intercept, covariance, len(accepted))
