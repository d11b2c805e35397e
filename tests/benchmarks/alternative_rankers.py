"""Rankers that could take the place of the conditional logit, learnt from the same lists."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from ecosystem_graph.ranking import AdditiveRanker, fit_ranker
from ecosystem_graph.signals import SIGNALS

#: Signals of the heaviest weights whose products are tried.
_MULTIPLIED = 10


@dataclass(frozen=True, eq=False)
class Alternative(AdditiveRanker):
    """Scores by any model of how pairs stand out in their lists."""

    model: Callable = None

    def _summed(self, z):
        return self.model(z)


def alternative(training, model):
    """The model in the place of a ranker."""
    names = training.scale.names
    return Alternative(names, np.zeros(len(names)), 0.0, training.scale, model)


def pointwise(training):
    """Logistic regression of pairs, whatever list they are of."""
    fitted = LogisticRegression(C=1.0, max_iter=1_000)
    fitted.fit(training.z_scores, training.won, sample_weight=training.weight)
    return alternative(training, fitted.decision_function)


def boosted(**options):
    """Boosted trees, up or down where the meaning of a signal demands it."""

    def fit(training):
        sign = [SIGNALS[name].direction for name in training.scale.names]
        trees = HistGradientBoostingClassifier(
            max_iter=300,
            learning_rate=0.05,
            max_leaf_nodes=16,
            min_samples_leaf=200,
            l2_regularization=10.0,
            monotonic_cst=sign,
            early_stopping=False,
            random_state=0,
            **options,
        )
        trees.fit(training.z_scores, training.won, sample_weight=training.weight)
        return alternative(training, trees.decision_function)

    return fit


def with_products(training):
    """The conditional logit, with the products of its ten heaviest signals as well."""
    plain = fit_ranker(training)
    heavy = np.sort(np.argsort(-np.abs(plain.coefficients), kind="stable")[:_MULTIPLIED])
    a, b = np.triu_indices(_MULTIPLIED, 1)

    def products(z):
        return np.column_stack([z, z[:, heavy[a]] * z[:, heavy[b]]])

    more = products(training.z_scores)
    counts = training.won / np.maximum(list_sums(training, training.won), 1)
    fitted = LogisticRegression(C=1.0, max_iter=2_000)
    balance = np.where(training.won, counts / counts.mean(), training.weight)
    fitted.fit(more, training.won, sample_weight=balance)
    return alternative(training, lambda z: fitted.decision_function(products(z)))


def listwise(training):
    """LightGBM that optimises the head of each list, free in its interactions."""
    import lightgbm

    _, sizes = np.unique(training.sources, return_counts=True)
    trees = lightgbm.LGBMRanker(
        objective="rank_xendcg",
        n_estimators=300,
        learning_rate=0.05,
        num_leaves=31,
        min_child_samples=200,
        reg_lambda=10.0,
        random_state=0,
        verbose=-1,
    )
    trees.fit(training.z_scores, training.won, group=sizes)
    return alternative(training, trees.booster_.predict)


def list_sums(training, values):
    """Sum of the values over the list of each pair."""
    _, place = np.unique(training.sources, return_inverse=True)
    return np.bincount(place, weights=values)[place]


RANKERS = {
    "logistic regression of pairs": pointwise,
    "with products of ten signals": with_products,
    "GA2M (trees of two signals)": boosted(interaction_cst="pairwise"),
    "GAM (trees of one signal)": boosted(interaction_cst="no_interactions"),
    "boosted trees": boosted(),
}
if find_spec("lightgbm") is not None:
    RANKERS["LightGBM, listwise"] = listwise
