import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import unit_rows
from ecosystem_graph.graph import Eligibility
from ecosystem_graph.lists.reranking.diversity import Likeness, likeness_priced, within_lists
from ecosystem_graph.signals import GraphFeatures


@st.composite
def lists(draw):
    """Likeness of nine partners, and a list of some of them for each of a few."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    profiles = tuple(
        unit_rows(csr_array(rng.random((9, 4)) * (rng.random((9, 4)) < 0.6)))
        for _ in range(draw(st.integers(0, 3)))
    )
    likeness = Likeness(rng.integers(0, 7, 9), profiles)
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=3))
    sources = np.repeat(np.arange(len(sizes)), sizes)
    targets = np.concatenate([np.sort(rng.permutation(9)[:size]) for size in sizes])
    return likeness, sources, targets, rng.integers(-3, 3, len(sources)) / 2


def picked_one_by_one(likeness, targets, scores, price):
    """Maximal marginal relevance, word by word."""
    order, values, left = [], {}, sorted(range(len(targets)))
    while left:
        for place in left:
            near = [likeness.between(targets[[place]], targets[[other]])[0] for other in order]
            values[place] = scores[place] - price * max(near, default=0.0)
        best = max(left, key=lambda place: (values[place], -targets[place]))
        order.append(best)
        left.remove(best)
    return values


@settings(max_examples=60)
@given(lists(), st.sampled_from([0.0, 0.5, 1.0, 4.0]))
def test_lists_are_those_of_maximal_marginal_relevance_picked_one_by_one(drawn, price):
    likeness, sources, targets, scores = drawn
    priced = likeness_priced(likeness, sources, targets, scores, 9, price)
    for source in np.unique(sources):
        here = sources == source
        expected = picked_one_by_one(likeness, targets[here], scores[here], price)
        np.testing.assert_allclose(
            priced[here], [expected[place] for place in range(here.sum())], atol=1e-12
        )


@settings(max_examples=30)
@given(lists(), st.integers(1, 9))
def test_the_first_picks_do_not_depend_on_how_many_there_are(drawn, n_picked):
    likeness, sources, targets, scores = drawn
    few, all_ = (likeness_priced(likeness, sources, targets, scores, n, 1.0) for n in (n_picked, 9))
    for source in np.unique(sources):
        here = np.flatnonzero(sources == source)
        first = [
            here[np.lexsort((targets[here], -np.round(utility[here], 9)))][:n_picked].tolist()
            for utility in (few, all_)
        ]
        assert first[0] == first[1]


@settings(max_examples=30)
@given(lists())
def test_likeness_is_the_same_both_ways_and_one_with_oneself_or_family(drawn):
    likeness = drawn[0]
    a, b = (side.ravel() for side in np.indices((9, 9)))
    alike = likeness.between(a, b)
    np.testing.assert_allclose(alike, likeness.between(b, a), atol=1e-12)
    assert ((alike >= 0) & (alike <= 1)).all()
    assert (alike[likeness.family[a] == likeness.family[b]] == 1).all()


def test_a_price_of_nothing_changes_nothing():
    likeness = Likeness(np.zeros(4, dtype=int), ())
    scores = np.array([3.0, 2.0, 1.0])
    same = likeness_priced(likeness, np.zeros(3, int), np.array([1, 2, 3]), scores, 3, 0.0)
    np.testing.assert_array_equal(same, scores)


@pytest.fixture
def likeness(make_graph):
    def likeness(**rows):
        graph = make_graph(**rows)
        features = GraphFeatures(graph)
        return graph, Likeness.of(features, Eligibility.from_graph(graph))

    return likeness


PARTNERS = {
    "ann": {"country": "DE", "type": "reseller"},
    "bob": {"country": "DE", "type": "reseller"},
    "cy": {"country": "FR", "type": "reseller"},
    "di": {"country": "DE", "type": "integrator", "parent_id": "cy"},
    "ed": {"country": "DE", "type": "reseller"},
}


def test_partners_of_the_same_capabilities_territories_and_type_are_alike(likeness):
    skills = dict.fromkeys(("ann", "bob", "cy", "di"), "crm") | {"ed": "erp"}
    graph, alike = likeness(partners=PARTNERS, partner_capabilities=skills)
    others = graph.index.positions(["bob", "cy", "di", "ed"])
    ann = np.full(4, graph.index.position("ann"))
    assert alike.between(ann, others).tolist() == pytest.approx([1, 0, 0, 0])


def test_partners_under_one_owner_are_alike_whatever_they_do(likeness):
    graph, alike = likeness(partners=PARTNERS, partner_capabilities={"cy": "crm", "di": "erp"})
    assert alike.between(*graph.index.positions(["cy", "di"]).reshape(2, 1)).tolist() == [1.0]


def test_an_empty_profile_does_not_lower_likeness(likeness):
    graph, alike = likeness(partners="cy", partner_capabilities={"ann": "crm", "bob": "crm"})
    assert alike.between(*graph.index.positions(["ann", "bob"]).reshape(2, 1)) == pytest.approx(1)
    graph, alike = likeness(partners="ann bob")
    assert alike.between(*graph.index.positions(["ann", "bob"]).reshape(2, 1)) == [0.0]


def test_likeness_within_lists_is_the_mean_over_pairs_of_one_list(make_graph):
    profile = csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0], [0.6, 0.8]]))
    likeness = Likeness(np.array([0, 1, 2, 3]), (profile,))
    # 0 and 1: .6, 0 and 2: 0, 1 and 2: .8; the second list is shorter, the third holds one.
    lists = np.array([[0, 1, 2], [2, 3, -1], [0, -1, -1]])
    assert within_lists(likeness, lists) == pytest.approx((0.6 + 0.0 + 0.8 + 0.8) / 4)
    assert within_lists(likeness, lists[2:]) == 0.0


def test_likeness_is_the_product_of_cosines_and_1_in_a_family():
    one = csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [1.0, 0.0]]))
    other = csr_array(np.array([[0.8, 0.6], [1.0, 0.0], [0.0, 1.0]]))
    likeness = Likeness(np.array([0, 1, 1]), (one, other))
    left, right = np.array([0, 0, 1]), np.array([1, 2, 2])
    assert likeness.between(left, right) == pytest.approx([0.6 * 0.8, 1.0 * 0.6, 1.0])
    assert Likeness(np.array([0, 1, 1]), ()).between(left, right).tolist() == [0.0, 0.0, 1.0]


def test_within_lists_the_partner_at_the_first_position_counts_wherever_it_stands():
    likeness = Likeness(np.array([4, 4, 5]), ())
    assert (
        within_lists(likeness, np.array([[1, 0]]))
        == within_lists(likeness, np.array([[0, 1]]))
        == 1
    )
    assert within_lists(likeness, np.array([[2, 0, -1], [1, 0, -1]])) == 0.5


def test_a_price_is_for_the_likeness_to_the_nearest_picked_before_in_units_of_the_price():
    """At a price of 2 the second pick is 2 (0.1 against 0.8 - 2 * 0.6), at 1 it is 1 (0.2)."""
    one = csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
    likeness = Likeness(np.arange(3), (one,))
    here, others = np.zeros(3, dtype=int), np.arange(3)
    scores = np.array([0.9, 0.8, 0.1])
    priced = likeness_priced(likeness, here, others, scores, 3, 2.0)
    assert priced == pytest.approx([0.9, 0.8 - 2 * 0.8, 0.1])
    by_default = likeness_priced(likeness, here, others, scores, 3)
    assert by_default == pytest.approx([0.9, 0.8 - 0.6, 0.1 - 0.8])


@pytest.mark.parametrize("n_profiles", [1, 2, 3])
def test_each_profile_counts_in_the_price(n_profiles):
    profiles = tuple(
        csr_array(np.array([[1.0, 0.0], [cosine, np.sqrt(1 - cosine**2)]]))
        for cosine in (0.5, 0.6, 0.8)
    )
    likeness = Likeness(np.arange(2), profiles[:n_profiles])
    priced = likeness_priced(
        likeness, np.zeros(2, dtype=int), np.arange(2), np.array([1.0, 0.5]), 2
    )
    assert priced == pytest.approx([1.0, 0.5 - np.prod([0.5, 0.6, 0.8][:n_profiles])])
