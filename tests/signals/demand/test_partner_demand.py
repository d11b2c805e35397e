"""Demand on each partner, worked out by hand."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.signals.demand.partner_demand import (
    DealDemand,
    demand_by_partner,
    needs_by_partner,
    prior_deals,
)

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


def in_shares(rows):
    total = rows.sum(axis=-1, keepdims=True)
    return np.divide(rows, total, out=np.zeros_like(rows), where=total > 0)


def deals_behind(shares, weight, members, mean, unknown):
    """Bühlmann and Straub's estimate with the sums of squares written out group by group."""
    within = between = exposure = freedom = n_groups = 0.0
    for group, here in enumerate(members > 0):
        here = here & (weight > 0)
        if not here.any():
            continue
        w, s = weight[here], shares[here]
        own = (w[:, None] * s).sum(axis=0) / w.sum()
        within += (w * ((s - own) ** 2).sum(axis=1)).sum()
        between += w.sum() * ((own - mean[group]) ** 2).sum()
        exposure, freedom, n_groups = exposure + w.sum(), freedom + here.sum() - 1, n_groups + 1
    if freedom == 0:
        return unknown
    within /= freedom
    between = (between - n_groups * within) / exposure
    if between <= 0 or within >= 1e4 * between:
        return 1e4
    return max(within, 0.0) / between


def by_place(shares, weight, places):
    """Demand of all, and of each place shrunk towards it."""
    everywhere = in_shares(weight @ shares)
    mean = np.tile(everywhere, (len(places), 1))
    prior = deals_behind(shares, weight, places, mean, 0.0)
    return everywhere, in_shares(places @ (weight[:, None] * shares) + prior * mean)


def by_definition(graph, facts, teams, required, aims, half_life):
    """Demand on each partner over full arrays, from what the test wrote into the tables."""
    deals = [deal for deal, row in facts.items() if row["outcome"] != "withdrawn"]
    ids, capabilities = graph.index.ids.tolist(), graph.taxonomy.ids.to_list()
    asked = np.array([[required[d].get(c, 0.0) for c in capabilities] for d in deals])
    age = [(AS_OF - date.fromisoformat(facts[d]["closed_on"])).days for d in deals]
    unmet = [facts[d].get("lost_reason") == "capability_gap" for d in deals]
    weight = 2.0 ** (-np.array(age) / half_life) * np.where(unmet, 2.0, 1.0) * asked.any(axis=1)
    shares = in_shares(asked)

    def placed(column, names):
        return np.array([[facts[d][column] == name for d in deals] for name in names], float)

    everywhere, of_market = by_place(
        shares, weight, placed("territory", graph.market_codes).reshape(-1, len(deals))
    )
    business = graph.territories.toarray()
    elsewhere = 1 - business @ of_market.any(axis=1)
    market = in_shares(business @ of_market + elsewhere[:, None] * everywhere)
    own = np.array([[who in teams[d] for d in deals] for who in ids], float)
    names = sorted({facts[d]["industry"] for d in deals} - {None})
    if names:
        industry = placed("industry", names)
        _, of_industry = by_place(shares, weight, industry)
        lift = of_industry / np.where(everywhere > 0, everywhere, 1)
        told = weight * industry.any(axis=0)
        overall = np.tile(in_shares(told @ industry.T), (len(ids), 1))
        unseen = deals_behind(industry.T, told, own, overall, np.inf)
        n_deals = own @ told
        tilt = n_deals / np.maximum(n_deals + unseen, 1e-300)
        lifted = in_shares(own @ (told[:, None] * industry.T)) @ lift
        market = in_shares(market * np.maximum(1 + tilt[:, None] * (lifted - 1), 0))
    behind = max(deals_behind(shares, weight, own, market, 2.0), 1e-6)
    objectives = in_shares(
        np.array([[aims.get((who, c), 0.0) for c in capabilities] for who in ids])
    )
    return in_shares(own @ (weight[:, None] * shares) + objectives + behind * market)


@pytest.mark.parametrize("with_industries", [True, False])
@pytest.mark.parametrize("seed", range(8))
def test_demand_is_what_its_definition_says_of_any_ecosystem(make_graph, seed, with_industries):
    rng = np.random.default_rng(seed)
    n_deals, partners = int(rng.integers(12, 60)), [f"p{n}" for n in range(7)]
    capabilities = [f"c{n}" for n in range(5)]
    facts, teams, required = {}, {}, {}
    for number in range(n_deals):
        deal, kind = f"d{number:02}", int(rng.integers(3))
        outcome = str(rng.choice(["won", "won", "lost", "withdrawn"]))
        facts[deal] = {
            "outcome": outcome,
            "closed_on": str(AS_OF - timedelta(days=int(rng.integers(1, 500)))),
            "territory": [None, "DE", "FR"][kind],
            "industry": str(rng.choice(["bank", "school"])) if with_industries and kind else None,
            "lost_reason": str(rng.choice(["price", "capability_gap"]))
            if outcome == "lost"
            else None,
        }
        teams[deal] = rng.choice(partners, int(rng.integers(1, 4)), replace=False).tolist()
        likely = np.roll([0.8, 0.5, 0.3, 0.2, 0.1], 2 * kind)
        required[deal] = {
            c: float(rng.integers(1, 4))
            for c, chance in zip(capabilities, likely, strict=True)
            if rng.random() < chance
        }
    required["d00"] = {"c0": 1.0}
    aims = {("p0", "c1"): 2.0, ("p0", "c3"): 1.0, ("p5", "c4"): 1.0}
    graph = make_graph(
        partners=partners,
        capabilities=capabilities,
        deals=facts,
        deal_partners=teams,
        deal_requirements=required,
        territories={
            "p0": {"DE": 0.6, "FR": 0.4},
            "p1": "DE",
            "p2": "FR",
            "p3": {"IT": 0.5, "DE": 0.5},
        },
        objectives=[
            {"partner_id": who, "kind": "capability", "target": c, "weight": weight}
            for (who, c), weight in aims.items()
        ],
        as_of=AS_OF,
    )
    told = demand_by_partner(graph, HALF_LIFE).toarray()
    expected = by_definition(graph, facts, teams, required, aims, HALF_LIFE)
    np.testing.assert_allclose(told, expected, atol=1e-7)


@pytest.mark.parametrize("seed", range(6))
def test_the_weight_of_what_is_expected_is_that_of_the_sums_of_squares(seed):
    rng = np.random.default_rng(seed)
    shares = in_shares(rng.random((40, 4)) * (rng.random((40, 4)) < 0.6) + 1e-9)
    weight = np.where(rng.random(40) < 0.2, 0.0, rng.random(40))
    members = (rng.random((6, 40)) < 0.3).astype(float)
    members[5] = 0.0
    mean = in_shares(rng.random((1, 4)))
    asked = DealDemand(csr_array(shares), weight)
    groups = csr_array(members)
    found = prior_deals(asked, groups, asked.total(groups), csr_array(mean), unknown=2.0)
    by_hand = deals_behind(shares, weight, members, np.tile(mean, (6, 1)), 2.0)
    assert found == pytest.approx(by_hand)


def needs(graph, partner, half_life_days=1e9):
    """Shares of what a partner's next deals are expected to require, by capability."""
    row = needs_by_partner(graph, half_life_days)[[graph.index.position(partner)]]
    ids = graph.taxonomy.ids.gather(row.indices).to_list()
    return pytest.approx(dict(zip(ids, row.data.tolist(), strict=True)), rel=1e-6)


def test_needs_are_own_deals_beside_a_market_that_counts_like_twelve(make_graph):
    graph = make_graph(
        partners="cy",
        wins={"d-1": "ann", "d-2": "ann", "d-3": "bob", "d-4": "bob"},
        deals={
            "d-2": {"outcome": "lost"},
            "d-4": {"outcome": "lost", "lost_reason": "capability_gap"},
            "d-5": {"outcome": "withdrawn"},
            "d-6": {"outcome": "open", "opened_on": "2024-12-01"},
        },
        deal_partners=[{"deal_id": deal, "partner_id": "cy"} for deal in ("d-5", "d-6")],
        deal_requirements={
            "d-1": "crm",
            "d-2": "crm erp",
            "d-3": "erp",
            "d-4": "iam",
            "d-5": "soc",
            "d-6": "soc",
        },
    )
    # Of six, as unmet demand counts twice: crm 1.5, erp 1.5, iam 2, soc 1.
    market = {"crm": 1.5 / 6, "erp": 1.5 / 6, "iam": 2 / 6, "soc": 1 / 6}
    own = {
        "ann": {"crm": 1.5, "erp": 0.5},
        "bob": {"erp": 1.0, "iam": 2.0},
        "cy": {"soc": 1.0},
    }
    for partner, deals in own.items():
        n = 12 + sum(deals.values())
        expected = {name: (12 * market[name] + deals.get(name, 0)) / n for name in market}
        assert needs(graph, partner) == expected


def test_a_hundred_needs_are_kept_and_fifty_of_what_gaps_are_named_by(make_graph):
    many = " ".join(f"c-{n:03}" for n in range(130))
    graph = make_graph(wins=["ann"], deal_requirements={"d-1": many})
    for found, kept in ((needs_by_partner, 100), (demand_by_partner, 50)):
        row = found(graph, 540.0)
        assert row.nnz == kept
        assert row.sum() == pytest.approx(1)


@settings(max_examples=15)
@given(data=st.data())
def test_needs_are_shares_of_a_whole_or_nothing(make_graph, ecosystems, data):
    graph = make_graph(**data.draw(ecosystems))
    total = needs_by_partner(graph, HALF_LIFE).sum(axis=1)
    known = graph.requirements.nnz > 0 or graph.held.nnz > 0
    np.testing.assert_allclose(total, 1.0 if known else 0.0, atol=1e-12)
