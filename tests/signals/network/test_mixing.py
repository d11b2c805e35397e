"""Joint wins of kinds and what chance would have, against the definitions in plain loops."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from ecosystem_graph.signals.network.mixing import Meetings, meeting_rates

PARTNERS = [f"p{n:02}" for n in range(9)]
MARKETS = ["DE", "FR", None]
N_KINDS = 3


def deals_of(seed, n_deals=40):
    """Teams of one to four; three pairs win together again and again, the last two never."""
    rng = np.random.default_rng(seed)
    teams = [rng.choice(PARTNERS, rng.integers(1, 5), replace=False) for _ in range(n_deals)]
    teams = [team for team in teams if not {"p07", "p08"} <= set(team)]
    teams += [["p00", "p01"], ["p02", "p03"], ["p04", "p05"]] * 15
    return {
        f"d-{n:03}": (sorted(team), MARKETS[rng.integers(len(MARKETS))])
        for n, team in enumerate(teams)
    }


@pytest.fixture(params=[0, 1, 2])
def ecosystem(request, make_graph):
    """Deals, kinds of each partner on each, and their mixing.

    Two kinds are held in part, by the first seven partners; the last is that of the other two.
    """
    deals = deals_of(request.param)
    graph = make_graph(
        partners=PARTNERS,
        wins={deal: team for deal, (team, _) in deals.items()},
        deals={deal: {"territory": market} for deal, (_, market) in deals.items()},
    )
    meetings = Meetings.of(graph)
    rng = np.random.default_rng(7)
    kinds = rng.dirichlet(np.ones(N_KINDS), len(meetings.seats[0]))
    last = meetings.seats[0] >= 7
    kinds[~last, 2], kinds[last] = 0.0, [0.0, 0.0, 1.0]
    ids, deal_ids = graph.index.ids, graph.deals["deal_id"].to_list()
    seats = zip(*meetings.seats, strict=True)
    of_seat = {(ids[a], deal_ids[d]): row for (a, d), row in zip(seats, kinds, strict=True)}
    return deals, of_seat, meetings.between(csr_array(kinds))


def halved(ordered):
    """Unordered pairs of kinds, from ordered pairs of partners."""
    return ordered - np.diag(np.diag(ordered) / 2)


def seats_in_markets(deals, of_seat):
    """Kinds of each partner's seats in each market on deals won with others."""
    found = {}
    for deal, (team, market) in deals.items():
        for partner in team if len(team) > 1 else ():
            found.setdefault(market or "", {}).setdefault(partner, []).append(
                of_seat[partner, deal]
            )
    return found


def rates(by_partner):
    wins = np.array([float(len(seats)) for seats in by_partner.values()])
    return dict(zip(by_partner, meeting_rates(wins, np.zeros(len(wins), np.intp)), strict=True))


def test_joint_wins_are_counted_by_pair_of_kinds(ecosystem):
    deals, of_seat, mixing = ecosystem
    seen = np.zeros((N_KINDS, N_KINDS))
    for deal, (team, _) in deals.items():
        for a in team:
            for b in team:
                if a != b:
                    shares = np.outer(of_seat[a, deal], of_seat[b, deal])
                    seen += shares / (len(team) - 1)
    np.testing.assert_allclose(mixing.seen, halved(seen), atol=1e-9)


def expected_by_hand(deals, of_seat):
    expected = np.zeros((N_KINDS, N_KINDS))
    for by_partner in seats_in_markets(deals, of_seat).values():
        x = rates(by_partner)
        for a in by_partner:
            for b in by_partner:
                if a != b:
                    kinds = np.outer(np.mean(by_partner[a], 0), np.mean(by_partner[b], 0))
                    expected += x[a] * x[b] * kinds
    return halved(expected)


def test_chance_pairs_partners_of_a_market_by_their_rates(ecosystem):
    deals, of_seat, mixing = ecosystem
    np.testing.assert_allclose(mixing.expected, expected_by_hand(deals, of_seat), atol=1e-9)


def test_dispersion_is_the_mean_squared_deviation_over_what_is_expected(ecosystem):
    deals, of_seat, mixing = ecosystem
    markets = seats_in_markets(deals, of_seat)
    ratio = mixing.seen / mixing.expected
    of_partner = {
        partner: np.mean([np.mean(m[partner], 0) for m in markets.values() if partner in m], 0)
        for partner in {p for m in markets.values() for p in m}
    }
    apart = n_pairs = 0.0
    all_rates = [rates(by_partner) for by_partner in markets.values()]
    for a, b in combinations(PARTNERS, 2):
        wins = sum(1 / (len(team) - 1) for team, _ in deals.values() if a in team and b in team)
        if wins:
            expected = sum(x[a] * x[b] for x in all_rates if a in x and b in x)
            expected *= 1 + of_partner[a] @ (ratio - 1) @ of_partner[b]
            apart += 2 * (wins**2 / expected - wins)
    for by_partner in markets.values():
        n_pairs += len(by_partner) * (len(by_partner) - 1)
        of_kind = sum(np.mean(seats, 0) for seats in by_partner.values())
        n_pairs -= (np.outer(of_kind, of_kind) * (ratio == 0)).sum()
    assert mixing.dispersion == pytest.approx(apart / n_pairs)
    assert mixing.dispersion > 1.2
    assert (ratio == 0).sum() == 1


def test_what_never_repeats_is_not_dispersed(make_graph):
    graph = make_graph(wins=[f"{a} {b}" for a, b in combinations(PARTNERS[:6], 2)])
    mixing = Meetings.of(graph).between(csr_array(np.ones((30, 1))))
    assert mixing.dispersion == 1.0
    assert mixing.seen == pytest.approx(15)
    assert mixing.expected == pytest.approx(15)


def test_wins_alone_are_no_meetings(make_graph):
    meetings = Meetings.of(make_graph(wins=["ann", "ann bob", "cy"]))
    assert meetings.partner.tolist() == [0, 1]
    assert meetings.weight.tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize("seed", range(20))
def test_rates_of_several_markets_are_those_of_each(seed):
    rng = np.random.default_rng(seed)
    market = np.sort(rng.integers(0, 4, 25))
    wins = rng.integers(1, 9, 25).astype(float)
    found = meeting_rates(wins, market)
    for place in np.unique(market):
        x, wanted = found[market == place], wins[market == place]
        if len(x) > 1 and 2 * wanted.max() < wanted.sum():
            np.testing.assert_allclose(x * (x.sum() - x), wanted, rtol=1e-6)


def test_partners_with_equally_many_wins_meet_at_the_square_root_of_what_each_gives_another():
    one_market = np.zeros(5, dtype=np.intp)
    np.testing.assert_allclose(meeting_rates(np.full(5, 3.0), one_market), np.sqrt(3.0 / 4))
    np.testing.assert_allclose(meeting_rates(np.full(2, 9.0), one_market[:2]), 3.0, rtol=1e-6)


@pytest.mark.parametrize("wins", [[4.0, 2.0, 2.0, 1.5], [1.0, 1.0, 1.9], [30.0, 11.0, 11.0, 11.0]])
def test_one_that_wins_almost_as_often_as_all_others_meets_at_the_larger_rate(wins):
    wins = np.array(wins)
    rates = meeting_rates(wins, np.zeros(len(wins), dtype=np.intp))
    np.testing.assert_allclose(rates * (rates.sum() - rates), wins, rtol=1e-9)
    assert rates[wins.argmax()] > rates.sum() / 2


def test_where_one_wins_as_often_as_all_others_the_sum_ends_at_its_limit():
    wins = np.array([1.0, 3.0, 1.0, 1.0, 4.0, 4.0])
    rates = meeting_rates(wins, np.array([0, 0, 0, 0, 1, 1]))
    limit = 2 * np.sqrt(3.0) * np.exp(7.0)
    assert rates[:4].sum() == pytest.approx(limit, rel=1e-6)
    np.testing.assert_allclose(rates[[0, 2, 3]], 1 / limit, rtol=1e-6)
    np.testing.assert_allclose(rates[4:], 2.0, rtol=1e-6)


def test_seats_weights_and_shares_of_a_few_deals(make_graph):
    graph = make_graph(
        partners="ann bob cy",
        wins={"d1": "ann bob", "d2": "ann bob cy", "d3": "ann cy", "d4": "ann"},
        deals={
            "d1": {"territory": "FR"},
            "d2": {"territory": "DE"},
            "d3": {"territory": "FR"},
            "d4": {"territory": "FR"},
        },
    )
    meetings = Meetings.of(graph)
    assert meetings.weight.tolist() == [1.0, 0.5, 1.0, 0.0]
    assert meetings.seats[0].tolist() == [0, 0, 0, 0, 1, 1, 2, 2]
    assert meetings.seats[1].tolist() == [0, 1, 2, 3, 0, 1, 1, 2]
    assert meetings.partner.tolist() == [0, 0, 1, 1, 2, 2]
    assert meetings.market.tolist() == [0, 1, 0, 1, 0, 1]
    np.testing.assert_array_equal(
        meetings.active.toarray(),
        [
            [0, 1, 0, 0, 0, 0, 0, 0],
            [0.5, 0, 0.5, 0, 0, 0, 0, 0],
            [0, 0, 0, 0, 0, 1, 0, 0],
            [0, 0, 0, 0, 1, 0, 0, 0],
            [0, 0, 0, 0, 0, 0, 1, 0],
            [0, 0, 0, 0, 0, 0, 0, 1],
        ],
    )
    np.testing.assert_allclose(meetings.rate[[0, 2, 4]], np.sqrt(0.5))  # three that won once
    assert meetings.rate[1] > 100 * meetings.rate[3] == pytest.approx(100 * meetings.rate[5])


def test_without_a_joint_win_nothing_is_seen_expected_or_dispersed(make_graph):
    mixing = Meetings.of(make_graph(wins=["ann", "bob"])).between(csr_array(np.eye(2)))
    assert mixing.seen.tolist() == mixing.expected.tolist() == [[0, 0], [0, 0]]
    assert mixing.dispersion == 1.0


def test_two_that_win_together_again_and_again_are_dispersed(make_graph):
    """Two pairs, four times each, and each kind is held by all: 8 expected among 6 pairs."""
    graph = make_graph(wins=["ann bob"] * 4 + ["cy di"] * 4)
    mixing = Meetings.of(graph).between(csr_array(np.ones((16, 1))))
    assert mixing.seen == pytest.approx(8)
    assert mixing.expected == pytest.approx(8)
    each = 8 / 6
    assert mixing.dispersion == pytest.approx((2 * (4 - each) ** 2 / each + 4 * each) / 6)
