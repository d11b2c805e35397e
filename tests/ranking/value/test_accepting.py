"""Terms of whether an introduction is accepted, and the rate where too few were decided."""

import numpy as np
import pytest

from ecosystem_graph.ranking.value.accepting import (
    ACCEPTING_SIGNALS,
    SIGNS,
    TERMS,
    acceptance_terms,
    constant_acceptance,
)
from ecosystem_graph.signals import SIGNALS, GraphFeatures


@pytest.mark.parametrize(
    ("accepted", "decided", "rate"), [(0, 0, 0.5), (4, 4, 0.75), (0, 12, 0.125), (30, 96, 0.32)]
)
def test_a_rate_is_shrunk_as_if_four_more_were_decided_evenly(accepted, decided, rate):
    model = constant_acceptance(accepted, decided)
    np.testing.assert_allclose(model.probability(np.zeros((3, 0))), rate)
    # Of log-odds: 1 / yes + 1 / no.
    n = decided + 4
    np.testing.assert_allclose(model.covariance, [[1 / (n * rate) + 1 / (n * (1 - rate))]])
    assert (model.names, model.n) == ((), decided)


@pytest.fixture(scope="module")
def features(make_graph):
    """Ann has won with Bob, Cy and Di; Eve with nobody; Ann and Eve sell the same in Germany."""
    return GraphFeatures(
        make_graph(
            wins=["ann bob", "ann cy", "ann di", "bob cy"],
            partners="ann bob cy di eve",
            offerings={"ann": "vpn", "eve": "vpn", "bob": "erp"},
            territories={"ann": {"DE": 1.0}, "eve": {"DE": 1.0}, "bob": {"FR": 1.0}},
            partner_capabilities={"ann": "crm", "eve": "crm erp"},
        )
    )


def test_terms_are_the_signals_and_the_gap_in_stature(features):
    n = features.graph.n_partners
    a, b = np.indices((n, n)).reshape(2, -1)
    terms = acceptance_terms(features, a, b)
    assert terms.shape == (n * n, len(TERMS))
    for name in ACCEPTING_SIGNALS:
        by_signal = SIGNALS[name].values(features, a, b)
        assert np.array_equal(terms[:, TERMS.index(name)], by_signal), name
    collaborators = np.array([3, 2, 2, 1, 0])
    gap = np.abs(np.log((collaborators[a] + 1) / (collaborators[b] + 1)))
    np.testing.assert_allclose(terms[:, TERMS.index("stature_gap")], gap)


def test_rivals_of_one_territory_have_both_terms(features):
    ((territory, _, _, _, competition, _),) = acceptance_terms(
        features, np.array([0]), np.array([4])
    )
    assert territory > 0
    assert competition > 0


def test_directions_are_of_terms_and_say_which_way():
    assert dict(SIGNS) == {
        "territory_overlap": 1,
        "embedding_affinity": 1,
        "competition": -1,
        "stature_gap": -1,
    }
    assert set(SIGNS) <= set(TERMS)
