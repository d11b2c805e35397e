import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.sparse import csr_array

from ecosystem_graph.signals.network import relationship
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


def test_outcomes_fade_and_a_loss_counts_by_the_size_of_its_team(make_graph):
    """A half-life is 200 days: of the wins a quarter and a half are left, of the loss 1/8."""
    graph = make_graph(
        deals={
            "old": {"closed_on": "2023-11-28"},
            "new": {"closed_on": "2024-06-15"},
            "lost": {"outcome": "lost", "closed_on": "2023-05-12"},
            "open": {"outcome": "open"},
        },
        deal_partners={
            "old": "ann bob",
            "new": "ann bob cy",
            "lost": "ann bob cy di eve",
            "open": "ann bob",
        },
    )
    pairs = Relationships.from_graph(graph, half_life_days=200.0)
    wins, losses = pairs.record(np.array([0, 0, 3]), np.array([1, 2, 4]))
    assert wins == pytest.approx([0.25 + 0.5 / 2, 0.5 / 2, 0.0])
    assert losses == pytest.approx([0.125 / 4] * 3)
    assert not pairs.losses.diagonal().any()
    assert pairs.known
    assert not Relationships.from_graph(make_graph(wins=["ann", "bob"]), 200.0).known
    lost_alone = make_graph(deals={"d": {"outcome": "lost"}}, deal_partners={"d": "ann bob"})
    assert Relationships.from_graph(lost_alone, 200.0).known


def test_trust_and_evidence_are_of_outcomes_and_hearsay_by_their_formulas():
    wins, losses = csr_array([[0.0, 3.0], [3.0, 0.0]]), csr_array([[0.0, 0.5], [0.5, 0.0]])
    pairs = Relationships(wins, losses, Prior(4.0, 2.0))
    ann, bob, vouched = np.array([0]), np.array([1]), np.array([12.0])
    heard = 6 * 12 / (6 + 12)
    assert pairs.trust(ann, bob, vouched) == pytest.approx((4 + 3 + heard) / (6 + 3 + heard + 0.5))
    assert pairs.evidence(ann, bob, vouched) == pytest.approx(3 + 0.5 + heard)
    assert pairs.belief(csr_array([[0.0, 1.0], [0.0, 0.0]])) == pytest.approx(3 / (3 + 0.5 + 2))
    assert EVEN == (2.0, 2.0)


def test_twenty_pairs_with_two_outcomes_are_enough_to_tell_how_much_pairs_differ():
    won = np.tile([2.0, 0.0], 10)
    assert empirical_prior(won, 2.0 - won) != EVEN
    assert empirical_prior(won[1:], (2.0 - won)[1:]) == EVEN
    assert empirical_prior(np.append(won[1:], 1.9), np.append((2.0 - won)[1:], 0.0)) == EVEN


@pytest.mark.parametrize(
    ("won", "lost", "strength"),
    [
        (np.full(60, 3.0), np.full(60, 3.0), 10.0),  # no two pairs differ: as strong as allowed
        (np.tile([50.0, 0.0], 30), np.tile([0.0, 50.0], 30), 1.0),  # all or nothing: as weak
    ],
)
def test_a_prior_counts_like_one_to_ten_outcomes(won, lost, strength):
    prior = empirical_prior(won, lost)
    assert prior.wins + prior.losses == pytest.approx(strength)
    assert prior.mean == pytest.approx(0.5, abs=1e-4)


def test_of_very_many_pairs_every_so_many_are_read(monkeypatch):
    rng = np.random.default_rng(5)
    _, wins, losses = planted(90, rng, (4.0, 2.0), rng.integers(2, 9, 90))
    monkeypatch.setattr(relationship, "_MOST_PAIRS", 30)
    assert empirical_prior(wins, losses) == empirical_prior(wins[::3], losses[::3])
    monkeypatch.setattr(relationship, "_MOST_PAIRS", 46)
    assert empirical_prior(wins, losses) != empirical_prior(wins[::2], losses[::2])


def test_each_pair_with_outcomes_teaches_the_prior_once(make_graph):
    wins = [f"a{n} b{n}" for n in range(40) for _ in range(3)]
    lost = {f"lost-{n}": [f"a{n}", f"b{n}"] for n in range(0, 40, 2)}
    graph = make_graph(
        wins=wins,
        deals={deal: {"outcome": "lost"} for deal in lost},
        deal_partners=lost,
    )
    prior = Relationships.from_graph(graph, half_life_days=1e12).prior
    expected = empirical_prior(np.full(40, 3.0), np.tile([1.0, 0.0], 20))
    assert list(prior) == pytest.approx(list(expected), rel=1e-4)
