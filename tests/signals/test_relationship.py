import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.signals.relationship import (
    EVEN,
    Prior,
    Relationships,
    credible_interval,
    empirical_prior,
    posterior_mean,
)

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
    low, high = credible_interval(empirical_prior(wins, losses), wins, losses)
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
    assert pairs.trust(ann, bob) == pairs.trust(bob, ann)
