import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.sparse import csr_array

from ecosystem_graph.signals.network.relationship import (
    EVEN,
    Prior,
    Relationships,
    empirical_prior,
    posterior_mean,
)
from ecosystem_graph.signals.network.shared_collaborators import Walks, shared_collaborators

COUNTS = st.floats(0, 1e3)


@given(wins=COUNTS, losses=COUNTS, more=st.floats(0.01, 100))
def test_a_win_never_lowers_trust_and_a_loss_never_raises_it(wins, losses, more):
    prior, wins, losses = Prior(3.0, 2.0), np.array([wins]), np.array([losses])
    now = posterior_mean(prior, wins, losses)
    assert posterior_mean(prior, wins + more, losses) >= now
    assert posterior_mean(prior, wins, losses + more) <= now
    assert 0 < now < 1


def test_a_pair_without_a_record_gets_the_mean_of_the_prior():
    assert posterior_mean(Prior(3.0, 1.0), np.zeros(1), np.zeros(1)) == [0.75]


def planted(n, rng, prior, n_outcomes):
    rate = rng.beta(*prior, n)
    wins = rng.binomial(n_outcomes, rate).astype(float)
    return rate, wins, n_outcomes - wins


def test_the_prior_is_learnt_back():
    rng = np.random.default_rng(0)
    _, wins, losses = planted(20_000, rng, (4.0, 2.0), rng.integers(1, 9, 20_000))
    assert empirical_prior(wins, losses) == pytest.approx((4.0, 2.0), rel=0.12)


def test_the_90_percent_interval_holds_85_to_95_percent_of_the_truths():
    rng = np.random.default_rng(1)
    rate, wins, losses = planted(5_000, rng, (4.0, 2.0), rng.integers(0, 7, 5_000))
    prior = empirical_prior(wins, losses)
    low, high = stats.beta(prior.wins + wins, prior.losses + losses).interval(0.9)
    assert 0.85 <= ((low <= rate) & (rate <= high)).mean() <= 0.95


@pytest.mark.parametrize(("wins", "losses"), [(5.0, 0.0), (0.0, 5.0), (0.5, 0.5)])
def test_where_nothing_tells_how_much_pairs_differ_the_prior_is_even(wins, losses):
    assert empirical_prior(np.full(50, wins), np.full(50, losses)) == EVEN


def test_wins_and_losses_are_read_by_team_size(make_graph):
    graph = make_graph(
        deals={"won": {}, "lost": {"outcome": "lost"}},
        deal_partners={"won": ["ann", "bob"], "lost": ["ann", "bob", "cy"]},
    )
    pairs = Relationships.from_graph(graph, half_life_days=1e12)
    ann, bob = np.array([0]), np.array([1])
    assert pairs.wins[[0], [1]] == pytest.approx(1.0)
    assert pairs.losses[[0], [1]] == pytest.approx(0.5)
    assert pairs.evidence(ann, bob) == pytest.approx(1.5)
    assert pairs.trust(ann, bob) == pytest.approx(3 / 5.5)
    assert pairs.prior.mean == 0.5
    assert pairs.trust(ann, bob) == pairs.trust(bob, ann)


def test_hearsay_counts_less_than_the_prior_however_much_there_is():
    nobody = csr_array((2, 2), dtype=float)
    pairs = Relationships(nobody, nobody, Prior(3.0, 1.0))
    heard = pairs.indirect_wins(np.array([0.0, 4.0, 1e9]))
    assert heard == pytest.approx([0.0, 2.0, 4.0])


def test_a_partner_believes_in_those_it_wins_with_again_and_again(make_graph):
    graph = make_graph(
        wins=["ann bob", "ann bob", "ann cy"],
        deals={"lost": {"outcome": "lost"}},
        deal_partners={"lost": ["ann", "cy"]},
    )
    pairs = Relationships.from_graph(graph, half_life_days=1e12)
    belief = csr_array((pairs.belief(graph.adjacency), graph.adjacency.nonzero()))
    assert belief[0, 1] == pytest.approx(2 / 4)
    assert belief[0, 2] == pytest.approx(1 / 4)


RECORD = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.floats(0.01, 3)), max_size=8)


def symmetric(record):
    matrix = np.zeros((4, 4))
    for a, b, n in record:
        matrix[a, b] += n
        matrix[b, a] += n
    np.fill_diagonal(matrix, 0.0)
    return csr_array(matrix)


def trust_of_all(wins, losses, every_pair):
    pairs = Relationships(wins, losses, Prior(3.0, 2.0))
    adjacency = csr_array((wins.toarray() > 0).astype(float))
    belief = pairs.belief(adjacency)
    shared = shared_collaborators(Walks.along(wins, belief), *every_pair(4))
    return pairs.trust(*every_pair(4), shared.vouched)


@given(wins=RECORD, losses=RECORD, more=RECORD)
def test_a_win_of_anybody_never_lowers_trust_and_a_loss_never_raises_it(
    every_pair, wins, losses, more
):
    now = trust_of_all(symmetric(wins), symmetric(losses), every_pair)
    won = trust_of_all(symmetric([*wins, *more]), symmetric(losses), every_pair)
    lost = trust_of_all(symmetric(wins), symmetric([*losses, *more]), every_pair)
    assert (won >= now - 1e-12).all()
    assert (lost <= now + 1e-12).all()
