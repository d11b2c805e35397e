"""The price on competition, and the limit to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.ranking import Policy
from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.ranking.value.accepting import constant_acceptance
from ecosystem_graph.ranking.value.benefit import Benefit
from ecosystem_graph.ranking.value.logit import Logit
from ecosystem_graph.ranking.value.winning import ASSUMED
from ecosystem_graph.signals import SIGNALS, GraphFeatures


@pytest.fixture(scope="module")
def rivals(make_graph):
    """Ann and Bob sell the same, a great deal; Cy half of that; Di something else."""
    lines, others = ([f"{name}-{n}" for n in range(200)] for name in ("line", "other"))
    offerings = {
        "ann": " ".join(lines),
        "bob": " ".join(lines),
        "cy": " ".join(lines[:100] + others[:100]),
        "di": "iam",
    }
    return GraphFeatures(
        make_graph(offerings={who: what.split() for who, what in offerings.items()})
    )


FROM_ANN = np.zeros(4, dtype=np.intp), np.arange(4)


def test_the_price_is_in_proportion_to_competition(rivals):
    term, allowed = Policy(competition_price=3.0).terms(rivals, *FROM_ANN)
    np.testing.assert_allclose(term, [-3.0, -3.0, -1.5, 0.0], atol=0.01)
    assert allowed.all()


@pytest.mark.parametrize(("limit", "allowed"), [(1.0, 4), (0.99, 2), (0.5, 2), (0.49, 1), (0, 1)])
def test_pairs_beyond_the_limit_do_not_pass(rivals, limit, allowed):
    _, passing = Policy(max_competition=limit).terms(rivals, *FROM_ANN)
    assert passing.sum() == allowed


def test_where_nothing_is_known_of_sales_nothing_is_priced(make_graph):
    features = GraphFeatures(make_graph(wins=["ann bob"]))
    term, allowed = Policy(3.0, 0.0).terms(features, np.array([0]), np.array([1]))
    assert term == [0]
    assert allowed.all()


@pytest.mark.parametrize("price", [-1.0, np.inf, np.nan])
def test_a_price_is_finite_and_not_negative(price):
    with pytest.raises(ValueError, match="competition_price"):
        Policy(price)


@pytest.mark.parametrize("limit", [-0.1, 1.1, np.nan])
def test_a_limit_is_a_share(limit):
    with pytest.raises(ValueError, match="max_competition"):
        Policy(max_competition=limit)


@settings(max_examples=15)
@given(data=st.data(), price=st.floats(0, 5), limit=st.floats(0, 1))
def test_in_every_ecosystem_the_more_competition_the_less_score(
    make_graph, ecosystems, data, price, limit
):
    features = GraphFeatures(make_graph(**data.draw(ecosystems)))
    n = features.graph.n_partners
    pairs = np.indices((n, n)).reshape(2, -1)
    term, allowed = Policy(price, limit).terms(features, *pairs)
    competition = SIGNALS["competition"].values(features, *pairs)
    assert (np.diff(term[np.argsort(competition, kind="stable")]) <= 0).all()
    assert (competition[allowed] <= limit + 1e-9).all() or not features.markets.known


@pytest.fixture(scope="module")
def benefit(rivals):
    """Everybody needs something, and competition lowers the odds of winning by .9."""
    graph = rivals.graph
    needs = csr_array(np.ones((graph.n_partners, 1)))
    stated = {name: (weight, 0.1) for name, (weight, _, _) in ASSUMED.items()}
    winning = Logit.assumed({**stated, "competition": (-0.9, 0.1)}, -1.0)
    one = Benefit(rivals, winning, constant_acceptance(0, 0))
    one.__dict__["needs"] = needs
    one.__dict__["worth"] = csr_array(needs.shape)
    return one


@pytest.mark.parametrize("price", [0.0, 0.5, 1.5, 2.7, 3.0, 9.0])
@pytest.mark.parametrize("weight", [1.0, 6.0])
def test_competition_takes_off_the_larger_of_its_price_and_its_term(rivals, benefit, price, weight):
    parts = Policy(price, None, benefit, weight).parts(rivals, *FROM_ANN)
    priced = on_grid(-price * SIGNALS["competition"].values(rivals, *FROM_ANN))
    alone = benefit.terms(*FROM_ANN, weight)["competition"]
    taken_off = parts["competition"] + parts.get("price", 0.0)
    assert np.array_equal(taken_off, np.minimum(priced, alone))
    assert np.array_equal(parts["competition"], alone)
    # Of log-odds .9 times the weight, half of which is accepted.
    np.testing.assert_allclose(alone[0], -0.45 * weight, atol=0.01)


def test_the_term_of_a_policy_is_the_sum_of_its_parts(rivals, benefit):
    policy = Policy(1.5, 0.6, benefit, 2.0)
    parts = policy.parts(rivals, *FROM_ANN)
    assert set(parts) == {"coverage", "satisfaction", "trust", "competition", "size", "price"}
    term, allowed = policy.terms(rivals, *FROM_ANN)
    assert np.array_equal(term, sum(parts.values()))
    assert np.array_equal(allowed, Policy(1.5, 0.6).terms(rivals, *FROM_ANN)[1])


def test_a_price_of_nothing_leaves_the_benefit_alone(rivals, benefit):
    parts = Policy(0.0, None, benefit, 2.0).parts(rivals, *FROM_ANN)
    assert set(parts) == set(benefit.terms(*FROM_ANN, 2.0))
