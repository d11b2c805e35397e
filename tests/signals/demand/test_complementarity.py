"""Demand, and who fills it, worked out by hand; the loops against dense arrays."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.signals import SIGNALS, GraphFeatures
from ecosystem_graph.signals.demand.complementarity import (
    firmly_held,
    gain,
    gain_in_return,
    met_already,
    open_gaps,
    profile_similarity,
    rarity_profile,
)

AS_OF = date(2025, 1, 1)
HALF_LIFE = 100

strengths = st.sampled_from([0.0, 0.0, 0.25, 0.6, 0.8, 1.0])


@st.composite
def markets(draw):
    """Demand, whose rows sum to 1 or 0, and strengths held."""
    n, n_capabilities = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    asked = draw(hnp.arrays(float, (n, n_capabilities), elements=strengths))
    total = asked.sum(axis=1, keepdims=True)
    held = draw(hnp.arrays(float, (n, n_capabilities), elements=strengths))
    return asked / np.where(total > 0, total, 1), held


def signal(name, graph, pair):
    """One signal of one pair."""
    (value,) = SIGNALS[name].values(GraphFeatures(graph), *pair)
    return value


def closed(days_ago, territory=None):
    return {"closed_on": str(AS_OF - timedelta(days=days_ago)), "territory": territory}


@given(market=markets())
def test_gain_is_the_demand_that_the_other_meets_better(every_pair, market):
    demanded, held = market
    sources, targets = every_pair(len(held))
    expected = (demanded[sources] * np.maximum(held[targets] - held[sources], 0)).sum(axis=1)
    ours = gain(csr_array(demanded), csr_array(held), sources, targets)
    np.testing.assert_allclose(ours, expected, atol=1e-12)
    assert (ours >= 0).all()
    assert (ours <= 1 + 1e-12).all()


@given(market=markets())
def test_gain_in_return_is_the_gain_with_the_sides_swapped(every_pair, market):
    demanded, held = csr_array(market[0]), csr_array(market[1])
    sources, targets = every_pair(held.shape[0])
    ours = gain_in_return(demanded, met_already(demanded, held), held, sources, targets)
    np.testing.assert_allclose(ours, gain(demanded, held, targets, sources), atol=1e-12)


def test_a_certificate_for_all_a_partner_lacks_and_needs_gains_everything():
    demanded, held = csr_array([[0.3, 0.7], [0.0, 0.0]]), csr_array([[0.0, 0.0], [1.0, 1.0]])
    assert gain(demanded, held, np.array([0]), np.array([1])) == 1


@pytest.mark.parametrize("theirs", [[0.0, 0.0], [0.6, 0.0], [0.5, 0.0], [0.0, 1.0]])
def test_nothing_new_or_not_in_demand_gains_nothing(theirs):
    demanded, held = csr_array([[1.0, 0.0], [0.0, 0.0]]), csr_array([[0.6, 0.0], theirs])
    assert gain(demanded, held, np.array([0]), np.array([1])) == 0


@pytest.mark.parametrize(
    ("valid", "held"),
    [
        ({"valid_from": "2025-01-01"}, True),
        ({"valid_from": "2025-01-02"}, False),
        ({"valid_to": "2025-01-01"}, True),
        ({"valid_to": "2024-12-31"}, False),
    ],
)
def test_a_certificate_counts_on_the_days_it_is_valid(make_graph, pair, valid, held):
    graph = make_graph(
        partners="ann",
        deal_requirements={"d": "crm"},
        partner_capabilities={"bob": {"crm": {"evidence": "certified", **valid}}},
        as_of="2025-01-01",
    )
    assert signal("gain", graph, pair(graph, "ann", "bob")) == held
    assert signal("reciprocal_gain", graph, pair(graph, "bob", "ann")) == held


def test_ones_own_word_counts_more_than_any_number_of_wins(make_graph, pair):
    many = {f"d{n}": "bob" for n in range(20)}
    graph = make_graph(
        partners="ann",
        wins=many,
        deal_requirements=dict.fromkeys(many, "crm"),
        partner_capabilities={"cy": {"crm": "self_declared"}},
    )
    proven = signal("gain", graph, pair(graph, "ann", "bob"))
    assert proven == pytest.approx(0.5 * (1 - 2**-20))
    assert signal("gain", graph, pair(graph, "ann", "cy")) == pytest.approx(0.6)
    assert signal("gain", graph, pair(graph, "cy", "bob")) == 0


def test_one_deal_won_with_it_is_enough_to_hold_a_capability(make_graph):
    graph = make_graph(
        wins={"d": "ann", "e": "bob"},
        deal_requirements={"d": "crm", "e": "erp"},
    )
    features = GraphFeatures(graph)
    ann, bob = 0, 1
    crm, erp = 0, 1
    assert features.firmly_held[ann].toarray().nonzero()[0].tolist() == [crm]
    assert features.gaps[ann].toarray().nonzero()[0].tolist() == [erp]
    assert features.gaps[bob].toarray().nonzero()[0].tolist() == [crm]


def test_what_is_held_too_weakly_is_a_gap_and_fills_none():
    held = csr_array([[0.25, 0.2499]])
    demanded = csr_array([[0.5, 0.5]])
    gaps = open_gaps(demanded, met_already(demanded, held))
    np.testing.assert_array_equal(gaps.toarray(), [[0.0, 0.5]])
    np.testing.assert_array_equal(firmly_held(held).toarray(), [[0.25, 0.0]])


@given(market=markets())
def test_what_is_met_is_what_is_held_where_there_is_demand(market):
    demanded, held = csr_array(market[0]), csr_array(market[1])
    met = met_already(demanded, held)
    np.testing.assert_array_equal(met.indptr, demanded.indptr)
    np.testing.assert_array_equal(met.indices, demanded.indices)
    np.testing.assert_array_equal(met.toarray(), np.where(market[0] > 0, market[1], 0))


def test_shared_demand_is_the_deals_both_could_be_asked_to(make_graph, pair):
    asking = {f"x{n}": "crm" for n in range(8)}
    old = {deal: closed(540) for deal in ("a1", "a2", "b1")}
    graph = make_graph(
        wins={"a1": "ann cy", "a2": "ann cy", "b1": "bob di"},
        deals=old | {deal: closed(1) for deal in asking},
        deal_requirements={"a1": "crm", "a2": "crm erp", "b1": "crm erp"} | asking,
        as_of=AS_OF,
    )
    crm = (0.5 + 0.5) * 0.5 / 11  # eleven deals asked for it
    erp = 0.5 * 0.5 / 5  # two did, which count as five
    assert signal("shared_demand", graph, pair(graph, "ann", "bob")) == pytest.approx(crm + erp)


def test_deals_won_alone_are_no_shared_demand(make_graph, pair):
    graph = make_graph(wins={"d": "ann", "e": "bob"}, deal_requirements={"d": "crm", "e": "crm"})
    assert signal("shared_demand", graph, pair(graph, "ann", "bob")) == 0


@given(held=hnp.arrays(float, (5, 4), elements=strengths))
def test_profiles_are_alike_by_the_cosine_of_what_is_rare(every_pair, held):
    rarity = np.log(6 / (1 + (held > 0).sum(axis=0)))
    weighted = held * rarity
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    unit = weighted / np.where(length > 0, length, 1)
    sources, targets = every_pair(5)
    ours = profile_similarity(rarity_profile(csr_array(held)), sources, targets)
    np.testing.assert_allclose(ours, (unit @ unit.T)[sources, targets], atol=1e-12)


def test_sharing_what_is_rare_makes_more_alike():
    held = csr_array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 1.0]])
    profile = rarity_profile(held)  # the third is common
    rare, common = profile_similarity(profile, np.array([0, 1]), np.array([1, 2]))
    assert rare > common > 0


def test_what_everybody_holds_makes_nobody_alike():
    profile = rarity_profile(csr_array([[1.0, 0.0], [1.0, 0.5], [1.0, 0.5]]))
    alike = profile_similarity(profile, np.array([0, 1]), np.array([0, 2]))
    np.testing.assert_allclose(alike, [0.0, 1.0])
