"""Demand on each partner, worked out by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.signals import SIGNALS, Evidence
from ecosystem_graph.signals.demand import demand_by_partner

AS_OF = date(2025, 1, 1)
HALF_LIFE = 100


def demand(graph, partner, half_life_days=HALF_LIFE):
    """Shares of demand on a partner, by capability; those in no demand are left out."""
    row = demand_by_partner(graph, half_life_days)[[graph.index.position(partner)]]
    ids = graph.taxonomy.ids.gather(row.indices).to_list()
    return pytest.approx(dict(zip(ids, row.data.tolist(), strict=True)), rel=1e-9)


def signal(name, graph, pair):
    """One signal of one pair."""
    (value,) = SIGNALS[name].values(Evidence(graph), *pair)
    return value


def closed(days_ago, territory=None):
    return {"closed_on": str(AS_OF - timedelta(days=days_ago)), "territory": territory}


@settings(max_examples=20)
@given(data=st.data())
def test_demand_is_shares_of_a_whole_or_nothing(make_graph, ecosystems, data):
    graph = make_graph(**data.draw(ecosystems))
    total = demand_by_partner(graph, HALF_LIFE).sum(axis=1)
    asked = graph.requirements.nnz > 0
    stands_in = graph.held.nnz > 0
    np.testing.assert_allclose(total, 1.0 if asked or stands_in else 0.0, atol=1e-12)


def test_demand_is_what_deals_in_a_territory_required(make_graph):
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "bob": {"country": "FR"}},
        deals={"in-de": {"territory": "DE"}, "in-fr": {"territory": "FR"}},
        deal_requirements={"in-de": {"crm": 3.0, "erp": 1.0}, "in-fr": "iam"},
    )
    assert demand(graph, "ann") == {"crm": 0.75, "erp": 0.25}
    assert demand(graph, "bob") == {"iam": 1.0}


def test_demand_in_several_territories_is_mixed_by_their_shares(make_graph):
    graph = make_graph(
        territories={"ann": {"DE": 0.2, "FR": 0.8}},
        deals={"in-de": {"territory": "DE"}, "in-fr": {"territory": "FR"}},
        deal_requirements={"in-de": "crm", "in-fr": "erp"},
    )
    assert demand(graph, "ann") == {"crm": 0.2, "erp": 0.8}


@pytest.mark.parametrize("partner", [{"country": "IT"}, {}])
def test_where_no_deal_was_the_demand_of_all_deals_counts(make_graph, partner):
    graph = make_graph(
        partners={"ann": partner, "bob": {"country": "DE"}},
        deals={"in-de": {"territory": "DE"}, "elsewhere": {}},
        deal_requirements={"in-de": "crm", "elsewhere": "erp"},
    )
    assert demand(graph, "ann") == {"crm": 0.5, "erp": 0.5}
    assert demand(graph, "bob") == {"crm": 1.0}


def test_a_territory_no_deal_was_in_counts_by_its_share(make_graph):
    graph = make_graph(
        partners={"bob": {"country": "FR"}},
        territories={"ann": {"DE": 0.5, "IT": 0.5}},
        deals={"in-de": {"territory": "DE"}, "in-fr": {"territory": "FR"}},
        deal_requirements={"in-de": "crm", "in-fr": "erp"},
    )
    assert demand(graph, "ann") == {"crm": 0.5 + 0.25, "erp": 0.25}


def test_what_is_asked_for_elsewhere_leaves_no_trace(make_graph):
    six = {f"d{n}": f"c{n}" for n in range(6)}  # six sixths add up to 0.9999999999999999
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "bob": {"country": "FR"}},
        deals={deal: {"territory": "DE"} for deal in six} | {"in-fr": {"territory": "FR"}},
        deal_requirements=six | {"in-fr": "iam"},
    )
    assert demand(graph, "ann") == {f"c{n}": 1 / 6 for n in range(6)}


def test_requirements_count_half_after_a_half_life(make_graph):
    graph = make_graph(
        partners="ann",
        deals={"new": closed(HALF_LIFE), "old": closed(2 * HALF_LIFE)},
        deal_requirements={"new": "crm", "old": "erp"},
        as_of=AS_OF,
    )
    assert demand(graph, "ann") == {"crm": 2 / 3, "erp": 1 / 3}


def test_deals_count_alike_however_much_they_require(make_graph):
    graph = make_graph(partners="ann", deal_requirements={"d": {"crm": 9.0}, "e": "erp iam"})
    assert demand(graph, "ann") == {"crm": 0.5, "erp": 0.25, "iam": 0.25}


def test_the_market_counts_like_two_deals_of_the_partners_own(make_graph):
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "bob": {"country": "DE"}},
        wins={"own": "ann"},
        deals={"own": closed(HALF_LIFE), "other": closed(HALF_LIFE, "DE")},
        deal_requirements={"own": "crm", "other": "erp"},
        as_of=AS_OF,
    )
    own = 0.5
    assert demand(graph, "ann") == {"crm": own / (own + 2), "erp": 2 / (own + 2)}
    assert demand(graph, "bob") == {"erp": 1.0}


def test_of_a_market_the_fifty_most_wanted_count(make_graph):
    weights = {f"c{n:02}": 1.0 + n for n in range(51)}
    graph = make_graph(partners="ann", deal_requirements={"d": weights})
    total = sum(list(weights.values())[1:])
    assert demand(graph, "ann") == {c: w / total for c, w in weights.items() if c != "c00"}


def test_what_partners_hold_stands_in_where_no_deal_says_what_it_required(make_graph):
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "bob": {"country": "FR"}, "cy": {"country": "IT"}},
        partner_capabilities={
            "ann": {"crm": "certified", "erp": "self_declared"},
            "bob": {"iam": "certified"},
        },
    )
    assert demand(graph, "ann") == {"crm": 1 / 1.6, "erp": 0.6 / 1.6}
    assert demand(graph, "bob") == {"iam": 1.0}
    assert demand(graph, "cy") == {"crm": 1.0 / 2.6, "erp": 0.6 / 2.6, "iam": 1.0 / 2.6}


def test_where_nothing_is_required_or_held_there_is_no_demand(make_graph, pair):
    graph = make_graph(wins=["ann bob"])
    assert demand(graph, "ann") == {}
    assert signal("gain", graph, pair(graph, "ann", "bob")) == 0
    assert signal("reciprocal_gain", graph, pair(graph, "ann", "bob")) == 0
