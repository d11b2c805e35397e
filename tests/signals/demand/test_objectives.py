import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.signals.demand.objectives import alignment, objective_shares, serves


def test_an_objective_is_served_by_holding_or_working_there_and_else_by_nobody(make_graph):
    graph = make_graph(
        objectives=[
            {"partner_id": "ann", "kind": "capability", "target": "crm", "weight": 2.0},
            {"partner_id": "ann", "kind": "territory", "target": "FR", "weight": 1.0},
            {"partner_id": "ann", "kind": "capability", "target": "unheard-of", "weight": 1.0},
        ],
        partner_capabilities={"bob": {"crm": "certified"}},
        territories={"cy": "FR"},
    )
    objectives = objective_shares(graph)
    serving = serves(graph)
    ann = np.zeros(2, dtype=int)
    served = alignment(objectives, serving, ann, np.array([1, 2]))
    assert served == pytest.approx([0.5, 0.25])


def test_where_nobody_states_an_objective_none_is_served(make_graph):
    graph = make_graph(wins=["ann bob"])
    objectives = objective_shares(graph)
    serving = serves(graph)
    assert alignment(objectives, serving, np.array([0]), np.array([1])).tolist() == [0]


def shares_of(graph, partner):
    """Shares of a partner's objectives, by what is served."""
    names = [*graph.taxonomy.ids, *graph.market_codes, *graph.industries[0]]
    row = objective_shares(graph)[[graph.index.position(partner)]]
    return {names[place]: share for place, share in zip(row.indices, row.data, strict=True)}


def aim(kind, target, weight=None, partner="ann"):
    return {"partner_id": partner, "kind": kind, "target": target, "weight": weight}


def test_objectives_are_shares_of_their_weight_and_one_without_a_weight_counts_1(make_graph):
    graph = make_graph(
        partners={"bob": {"country": "DE"}},
        wins={"d": "ann bob"},
        deals={"d": {"industry": "retail"}},
        partner_capabilities={"bob": "crm erp"},
        objectives=[
            aim("capability", "crm", 2.5),
            aim("territory", "Germany"),
            aim("industry", "retail", 0.5),
            aim("territory", "Atlantis", 1.0),
            aim("capability", "erp", 3.0, "bob"),
        ],
    )
    assert shares_of(graph, "ann") == pytest.approx({"crm": 0.5, "DE": 0.2, "retail": 0.1})
    assert shares_of(graph, "bob") == {"erp": 1.0}


def test_a_capability_serves_by_its_strength_a_territory_or_industry_in_full(make_graph):
    graph = make_graph(
        wins={"d": "ann bob"},
        deals={"d": {"industry": "retail"}},
        partner_capabilities={"bob": {"crm": "self_declared"}},
        territories={"bob": {"DE": 0.7, "FR": 0.3}},
    )
    bob = serves(graph).toarray()[graph.index.position("bob")]
    assert list(graph.market_codes) == ["DE", "FR"]
    assert bob.tolist() == [0.6, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("seed", range(4))
def test_both_ways_are_a_harmonic_mean_and_one_way_stands_alone(seed):
    """Of six partners the first three state objectives."""
    rng = np.random.default_rng(seed)
    objectives = rng.random((6, 5)) * (rng.random((6, 5)) < 0.7)
    objectives[:3, 0] += 0.1
    objectives[3:] = 0.0
    serving = rng.random((6, 5)) * (rng.random((6, 5)) < 0.7)
    a, b = (side.ravel() for side in np.indices((6, 6)))
    told = alignment(csr_array(objectives), csr_array(serving), a, b).reshape(6, 6)
    way = objectives @ serving.T
    for one in range(6):
        for other in range(6):
            ours, theirs = way[one, other], way[other, one]
            if one < 3 and other < 3:
                expected = 2 * ours * theirs / (ours + theirs) if ours + theirs else 0.0
            else:
                expected = ours if one < 3 else theirs if other < 3 else 0.0
            assert told[one, other] == pytest.approx(expected)
