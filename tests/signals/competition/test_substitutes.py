import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_array
from scipy.stats import chi2

from ecosystem_graph import EcosystemGraph, read_tables
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.lists.results.rows import rows
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.competition.competition import competition, standing_in
from ecosystem_graph.signals.competition.substitutes import (
    Substitutes,
    by_role,
    by_type,
    substitutes_of,
)
from ecosystem_graph.signals.network.mixing import Meetings, meeting_rates


def world(teams, types, *, countries=None, roles=None, territory=None):
    """Graph of partners with types, and deals won by teams of positions."""
    ids = [f"p{n:03d}" for n in range(len(types))]
    seats = [
        (f"d{deal:05d}", ids[one], seat)
        for deal, team in enumerate(teams)
        for seat, one in enumerate(team)
    ]
    deals = sorted({seat[0] for seat in seats})
    tables = {
        "partners": pl.DataFrame(
            {
                "partner_id": ids,
                "name": ids,
                "type": types,
                "country": countries or ["DE"] * len(ids),
            }
        ),
        "deals": pl.DataFrame(
            {
                "deal_id": deals,
                "outcome": "won",
                "closed_on": "2024-06-01",
                "territory": territory or ["DE"] * len(deals),
            }
        ),
        "deal_partners": pl.DataFrame(
            {
                "deal_id": [deal for deal, _, _ in seats],
                "partner_id": [who for _, who, _ in seats],
                "role": [None if roles is None else roles(deal, seat) for deal, _, seat in seats],
            },
            schema_overrides={"role": pl.String},
        ),
    }
    return EcosystemGraph.from_tables(read_tables(tables), "2025-01-01")


def drawn(rng, n_deals, n_partners, allowed=lambda team: True, size=2, weights=None):
    """Teams drawn at random among those allowed."""
    teams = []
    while len(teams) < n_deals:
        team = rng.choice(n_partners, size, replace=False, p=weights)
        if allowed(team):
            teams.append(team)
    return teams


TYPES = np.array(["reseller", "ISV", "MSP"] * 20)


def never(*kinds):
    """Whether a team holds no two partners of the kinds."""
    return lambda team: np.isin(TYPES[team], kinds).sum() < 2


def test_kinds_that_never_win_together_are_substitutes_and_others_are_not():
    teams = drawn(np.random.default_rng(0), 1_200, 60, never("reseller"))
    found = by_type(Meetings.of(world(teams, TYPES.tolist())))
    assert found.names.tolist() == ["ISV", "MSP", "reseller"]
    assert found.seen[2, 2] == 0
    assert found.expected[2, 2] > 60
    assert found.strength[2, 2] > 0.7
    assert found.strength.sum() == found.strength[2, 2]


def test_two_different_kinds_may_be_substitutes():
    teams = drawn(
        np.random.default_rng(1),
        1_200,
        60,
        lambda team: set(TYPES[team]) != {"ISV", "MSP"},
    )
    strength = by_type(Meetings.of(world(teams, TYPES.tolist()))).strength
    assert strength[0, 1] == strength[1, 0] > 0.7
    assert np.count_nonzero(strength) == 2


def test_chance_alone_makes_no_substitutes():
    rng = np.random.default_rng(2)
    for n_deals in (30, 300):
        for size in (2, 4):
            for _ in range(20):
                weights = rng.pareto(1.5, 60) + 0.01
                teams = drawn(rng, n_deals, 60, size=size, weights=weights / weights.sum())
                kinds = rng.choice(["a", "b", "c", "d"], 60, p=[0.6, 0.2, 0.1, 0.1]).tolist()
                assert not substitutes_of(world(teams, kinds))


def test_pairs_that_win_together_again_and_again_make_no_substitutes_of_kinds():
    rng = np.random.default_rng(3)
    for _ in range(20):
        order = rng.permutation(20)
        teams = [order[2 * n % 20 : 2 * n % 20 + 2] for n in range(300)]  # ten loyal pairs
        kinds = rng.choice(["a", "b"], 20).tolist()
        assert not substitutes_of(world(teams, kinds))


@pytest.mark.parametrize("n_deals", [10, 1_000])
def test_one_type_alone_is_no_substitute_of_itself(n_deals):
    teams = drawn(np.random.default_rng(4), n_deals, 60)
    assert not substitutes_of(world(teams, ["reseller"] * 60))


def test_a_hub_that_is_in_on_every_deal_makes_no_substitutes_of_the_others():
    teams = [(0, 1 + n % 59) for n in range(400)]
    found = by_type(Meetings.of(world(teams, ["distributor", *["reseller"] * 59])))
    assert found.expected[1, 1] < 1
    assert not found.strength.any()


def test_kinds_of_different_markets_are_no_substitutes():
    teams = [
        *drawn(np.random.default_rng(5), 300, 30),
        *(team + 30 for team in drawn(np.random.default_rng(6), 300, 30)),
    ]
    kinds = ["a"] * 30 + ["b"] * 30
    apart = world(teams, kinds, territory=["DE"] * 300 + ["BR"] * 300)
    assert not substitutes_of(apart)


def test_each_joint_win_more_makes_them_less_of_substitutes():
    teams = drawn(np.random.default_rng(7), 1_200, 60, never("reseller"))
    resellers = np.flatnonzero(TYPES == "reseller")
    told = []
    for n in range(10):
        more = [resellers[[k, k + 1]] for k in range(n)]
        told.append(by_type(Meetings.of(world([*teams, *more], TYPES.tolist()))).strength[2, 2])
    steps = -np.diff(told)
    assert told[0] > 0.7 > told[-1] == 0
    assert np.all((steps > 0) | (np.array(told[1:]) == 0))
    assert steps.max() < 0.15


def test_partners_of_a_role_that_never_win_together_are_substitutes():
    usual = np.where(TYPES == "ISV", "Product", np.where(TYPES == "MSP", "service", "resale"))
    teams = drawn(np.random.default_rng(8), 1_200, 60, never("reseller"))
    members = {f"d{deal:05d}": team for deal, team in enumerate(teams)}
    graph = world(teams, ["x"] * 60, roles=lambda deal, seat: usual[members[deal][seat]])
    found = by_role(Meetings.of(graph))
    assert found.names.tolist() == ["product", "resale", "service"]
    assert found.strength[1, 1] > 0.7
    assert found.strength.sum() == found.strength[1, 1]


def test_that_a_deal_has_one_seat_for_each_role_makes_no_substitutes():
    teams = drawn(np.random.default_rng(9), 1_200, 60, size=3)
    roles = ("Lead", "resale", "delivery")
    graph = world(teams, ["x"] * 60, roles=lambda deal, seat: roles[seat])
    found = by_role(Meetings.of(graph))
    assert found.names.tolist() == ["delivery", "resale"]
    assert found.expected[1, 1] > 15
    assert not found.strength.any()


def test_substitutes_compete_where_they_meet_and_the_row_can_say_so():
    teams = drawn(np.random.default_rng(0), 1_200, 60, never("reseller"))
    countries = ["DE"] * 30 + ["FR"] * 30
    features = GraphFeatures(world(teams, TYPES.tolist(), countries=countries))
    a, b = np.array([0, 0, 0]), np.array([3, 57, 1])  # a reseller, one in France, an ISV
    instead = standing_in(features.markets, a, b)
    assert instead[0] > 0.7
    assert instead[1:].tolist() == [0, 0]
    assert competition(features.markets, a, b) == pytest.approx(instead)
    assert features.markets.known


def test_substitutes_are_named_and_flagged(substitute_rows):
    told = substitute_rows
    assert "substitutes" in told["flags"]
    assert told["evidence"][-1].startswith(
        "reseller and reseller hardly ever win together: 0 joint wins of "
    )


@pytest.fixture
def substitute_rows():
    teams = drawn(np.random.default_rng(0), 1_200, 60, never("reseller"))
    here = np.array([0])
    ranked = RankedLists(here, here + 3, here.astype(np.int32), here.astype(float), here > 0)
    return rows(GraphFeatures(world(teams, TYPES.tolist())), ranked).row(0, named=True)


def test_rates_meet_everybody_as_often_as_each_won():
    rng = np.random.default_rng(9)
    wins, market = rng.integers(1, 9, 40).astype(float), np.repeat([0, 1, 2, 4], 10)
    rates = meeting_rates(wins, market)
    meets = np.outer(rates, rates) * (market[:, None] == market) * (1 - np.eye(40))
    np.testing.assert_allclose(meets.sum(axis=1), wins, rtol=1e-6)


def test_expected_joint_wins_add_up_to_those_seen():
    teams = drawn(np.random.default_rng(10), 300, 60, size=3)
    mixing = by_type(Meetings.of(world(teams, TYPES.tolist())))
    pairs = np.triu_indices(3)
    assert mixing.expected[pairs].sum() == pytest.approx(mixing.seen[pairs].sum(), rel=1e-6)
    assert mixing.seen[pairs].sum() == pytest.approx(300 * 3 / 2)


def test_no_wins_at_all_make_no_substitutes(make_graph):
    assert substitutes_of(make_graph(partners="ann bob")) == ()


def kinds_of(seen, expected, dispersion=1.0):
    shares = csr_array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0], [0.0, 0.0]])
    names = np.array(["ISV", "MSP"], dtype=object)
    return Substitutes(names, shares, np.array(seen), np.array(expected), dispersion)


def test_strength_is_how_far_the_upper_bound_of_the_ratio_is_below_a_fifth():
    kinds = kinds_of([[0.0, 2.0], [2.0, 400.0]], [[100.0, 90.0], [90.0, 30.0]])
    none, two = -np.log(0.05), chi2.ppf(0.95, 6.0) / 2
    expected = [1 - none / 100 / 0.2, 1 - two / 90 / 0.2]
    np.testing.assert_allclose(kinds.strength, [expected, [expected[1], 0.0]])
    twice = kinds_of([[0.0, 2.0], [2.0, 400.0]], [[100.0, 90.0], [90.0, 30.0]], dispersion=2.0)
    one = chi2.ppf(0.95, 4.0) / 2
    expected = [1 - none / 50 / 0.2, 1 - one / 45 / 0.2]
    np.testing.assert_allclose(twice.strength, [expected, [expected[1], 0.0]])


def test_the_kinds_that_contribute_most_to_a_pair_are_named_and_minus_one_where_none_do():
    kinds = kinds_of([[0.0, 0.0], [0.0, 900.0]], [[200.0, 60.0], [60.0, 300.0]])
    a, b = np.array([0, 1, 0, 1, 2, 3, 2]), np.array([0, 0, 2, 2, 1, 0, 2])
    far, ours, theirs = kinds.foremost(a, b)
    isv, both = kinds.strength[0]
    assert isv > both > 0
    # A partner that is half ISV and half MSP, and one that is an ISV: twice the half.
    np.testing.assert_allclose(far, [isv, isv / 2, both, both / 2, both / 2, 0.0, 0.0])
    assert ours.tolist() == [0, 0, 0, 0, 1, -1, -1]
    assert theirs.tolist() == [0, 0, 1, 1, 0, -1, -1]
    between = [isv, (isv + both) / 2, both, both / 2, both / 2, 0.0, 0.0]
    np.testing.assert_allclose(kinds.between(a, b), between)
    assert kinds.words[0, 1] == (
        "ISV and MSP hardly ever win together: 0 joint wins of 60 to be expected"
    )
    assert set(kinds.words) == {(0, 0), (0, 1), (1, 0)}


def test_only_roles_on_won_deals_of_partners_that_are_there_are_usual_roles(make_graph):
    graph = make_graph(
        partners={"late": {"joined_on": "2025-06-01"}},
        wins={"d-1": [], "d-2": []},
        deals={"lost": {"outcome": "lost"}},
        deal_partners={
            "d-1": {"ann": "service", "bob": "resale", "cy": None},
            "d-2": {"ann": "resale", "bob": "lead"},
            "lost": {"ann": "product", "bob": "product", "cy": "product"},
        },
    )
    found = by_role(Meetings.of(graph))
    assert found.names.tolist() == ["resale", "service"]
    shares = found.shares.toarray()[graph.index.positions(["ann", "bob", "cy"])]
    assert shares.tolist() == [[0.5, 0.5], [0.5, 0.0], [0.0, 0.0]]
