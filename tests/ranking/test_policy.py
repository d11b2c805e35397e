"""The price on competition, and the limit to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.ranking import Policy
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
