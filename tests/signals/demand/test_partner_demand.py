"""Demand on each partner, worked out by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.signals.demand.partner_demand import DealDemand, demand_by_partner, prior_deals

AS_OF = date(2025, 1, 1)
HALF_LIFE = 100


def demand(graph, partner, half_life_days=HALF_LIFE):
    """Shares of demand on a partner, by capability; those in no demand are left out."""
    row = demand_by_partner(graph, half_life_days)[[graph.index.position(partner)]]
    ids = graph.taxonomy.ids.gather(row.indices).to_list()
    return pytest.approx(dict(zip(ids, row.data.tolist(), strict=True)), rel=1e-9)


def signal(name, graph, pair):
    """One signal of one pair."""
    (value,) = SIGNALS[name].values(GraphFeatures(graph), *pair)
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


def test_who_had_no_deal_faces_what_the_market_asks_for_though_deals_are_all_alike(make_graph):
    graph = make_graph(
        partners="dee eve",
        wins={"old": "ann", "new": "ann bob cy"},
        deals={"old": {"closed_on": "2019-03-01"}, "new": {"closed_on": "2024-12-31"}},
        deal_requirements={"old": "crm", "new": "crm"},
    )
    for half_life in (365.0, 540.0):
        assert demand_by_partner(graph, half_life).toarray().tolist() == [[1.0]] * 5


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
    six = [f"c{n}" for n in range(6)]  # six sixths add up to 0.9999999999999999
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "bob": {"country": "FR"}},
        deals={"in-de": {"territory": "DE"}, "in-fr": {"territory": "FR"}},
        deal_requirements={"in-de": six, "in-fr": "iam"},
    )
    assert demand(graph, "ann") == dict.fromkeys(six, 1 / 6)


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


def asking(make_graph, **deal):
    """One deal won, one as told, a capability each; seen before any counts less."""
    graph = make_graph(
        partners="ann",
        deals={"won": closed(1), "other": {**closed(1), **deal}},
        deal_requirements={"won": "crm", "other": "erp"},
        as_of=AS_OF,
    )
    return demand(graph, "ann")


@pytest.mark.parametrize(
    ("deal", "counts_like"),
    [
        ({"outcome": "lost", "lost_reason": "price"}, 1),
        ({"outcome": "lost"}, 1),
        ({"outcome": "lost", "lost_reason": "capability_gap"}, 2),
        ({"outcome": "withdrawn"}, 0),
        ({"outcome": "open", "closed_on": None, "opened_on": "2024-12-31"}, 1),
        ({"outcome": "won", "opened_on": "2024-01-01", "closed_on": "2025-01-01"}, None),
    ],
)
def test_what_customers_ask_counts_whoever_wins(make_graph, deal, counts_like):
    if counts_like is None:  # seen as open since the day it was opened
        counts_like = 2 ** (-366 / HALF_LIFE) / 2 ** (-1 / HALF_LIFE)
    wanted = {"crm": 1 / (1 + counts_like), "erp": counts_like / (1 + counts_like)}
    assert asking(make_graph, **deal) == {c: share for c, share in wanted.items() if share}


def test_what_a_partner_aims_at_counts_like_a_deal_of_its_own(make_graph):
    graph = make_graph(
        deal_requirements={"d": "crm iot"},
        objectives=[
            {"partner_id": "ann", "kind": "capability", "target": "iot"},
            {"partner_id": "ann", "kind": "territory", "target": "DE"},
            {"partner_id": "ann", "kind": "capability", "target": "unheard-of"},
        ],
    )
    assert demand(graph, "ann") == {"crm": 1 / 3, "iot": 2 / 3}


def test_partners_face_what_is_wanted_in_their_industries(make_graph):
    """Banks want crm, schools erp; ann and bob each serve one of them, many times."""
    deals = {f"{kind}-{n}": kind for kind in ("bank", "school") for n in range(30)}
    graph = make_graph(
        partners={"ann": {}, "bob": {}, "cy": {}},
        wins={deal: {"bank": "ann", "school": "bob"}[kind] for deal, kind in deals.items()},
        deals={deal: {"industry": kind} for deal, kind in deals.items()},
        deal_requirements={
            deal: {"bank": "crm", "school": "erp"}[kind] for deal, kind in deals.items()
        },
    )
    features = GraphFeatures(graph)
    crm = features.demand[:, [0]].toarray().ravel()
    np.testing.assert_allclose(crm, [1.0, 0.0, 0.5], atol=1e-3)


def planted(rng, spread, n_places=400, n_deals=25):
    """Deals of places whose true shares are drawn around the same mean."""
    mean = np.array([0.4, 0.3, 0.2, 0.1])
    true = rng.dirichlet(mean * spread, n_places)
    one_of = [rng.choice(4, n_deals, p=place) for place in true]
    shares = csr_array(np.eye(4)[np.concatenate(one_of)])
    members = csr_array(np.kron(np.eye(n_places), np.ones(n_deals)))
    asked = DealDemand(shares, np.ones(n_places * n_deals))
    return asked, members, asked.total(members), csr_array([mean])


@pytest.mark.parametrize("spread", [5.0, 20.0, 80.0])
def test_the_weight_of_what_is_expected_is_learnt_back(spread):
    """A Dirichlet of concentration s differs as if s deals stood behind its mean."""
    rng = np.random.default_rng(0)
    found = [prior_deals(*planted(rng, spread), unknown=2.0) for _ in range(20)]
    assert np.median(found) == pytest.approx(spread, rel=0.2)


def test_places_alike_but_for_chance_are_drawn_together():
    assert prior_deals(*planted(np.random.default_rng(1), spread=1e9), unknown=2.0) > 200


def test_where_no_place_has_two_deals_nothing_tells():
    each, mean = csr_array(np.eye(3)), csr_array([[1 / 3] * 3])
    asked = DealDemand(each, np.ones(3))
    assert prior_deals(asked, each, asked.total(each), mean, unknown=7.0) == 7.0
