import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from ecosystem_graph import EcosystemGraph, load_dataset, read_tables
from ecosystem_graph.arrays.csr import row_shares
from ecosystem_graph.signals.competition.competition import (
    Markets,
    competition,
    head_on,
    opposite_sides,
    standing_in,
)

NOBODY = csr_array((4, 4), dtype=float)


def shares(n_columns, density, rng):
    return row_shares(csr_array(random_array((4, n_columns), density=density, rng=rng)))


def in_cells(markets, a, b):
    """The same, over explicit cells: shares of what is sold x where x to whom."""

    def business(partner):
        parts = (markets.sold, markets.territories, markets.industries)
        rows = [part[[partner]].toarray()[0] for part in parts]
        return [row if row.sum() else np.ones(1) for row in rows]

    mine, theirs = business(a), business(b)
    for place in (1, 2):
        if len(mine[place]) != len(theirs[place]):
            mine[place] = theirs[place] = np.ones(1)
    cells = np.einsum("i,j,k->ijk", *mine)
    present = np.einsum("i,j,k->ijk", *[row > 0 for row in theirs])
    return cells[present].sum() if markets.sold[[a]].nnz and markets.sold[[b]].nnz else 0.0


def well_known(sold, territories, industries, against=NOBODY):
    """Markets of partners whose industries are known for certain."""
    return Markets(sold, territories, industries, np.ones(sold.shape[0]), against)


@given(seed=st.integers(0, 2**16), density=st.floats(0, 1))
def test_head_on_is_the_share_of_business_in_cells_where_the_other_sells_too(seed, density):
    rng = np.random.default_rng(seed)
    markets = well_known(shares(5, 0.6, rng), shares(3, density, rng), shares(2, density, rng))
    sources, targets = np.repeat(np.arange(4), 4), np.tile(np.arange(4), 4)
    expected = [in_cells(markets, a, b) for a, b in zip(sources, targets, strict=True)]
    np.testing.assert_allclose(
        head_on(markets, sources, targets), expected * markets.belief[sources], atol=1e-12
    )


def test_it_is_0_without_a_shared_cell(make_graph):
    graph = make_graph(
        offerings={"ann": ["crm"], "bob": ["crm"], "cy": ["erp"], "di": ["crm"]},
        territories={"ann": "DE", "bob": "DE", "cy": "DE", "di": "FR"},
    )
    markets = Markets.from_graph(graph, 540.0)
    rivals = competition(markets, np.zeros(4, int), np.arange(4))
    assert rivals[0] == rivals[1] > 0.6
    assert rivals[2:].tolist() == [0, 0]


def test_a_small_partner_may_live_wholly_in_a_large_ones_market(make_graph):
    graph = make_graph(offerings={"ann": ["crm"], "bob": ["crm", "erp"]})
    markets = Markets.from_graph(graph, 540.0)
    small, large = head_on(markets, np.array([0, 1]), np.array([1, 0]))
    assert (small, large) == pytest.approx(markets.belief * [1.0, 0.5])
    assert competition(markets, np.array([1]), np.array([0])).tolist() == [small]


def one_line(make_graph, n_lines=1, n_others=30):
    """Bob sells things, and so does ann; others sell what nobody else does."""
    lines = [f"line-{n}" for n in range(n_lines)]
    others = {f"other-{n}": [f"own-{n}"] for n in range(n_others)}
    return Markets.from_graph(make_graph(offerings={"ann": lines, "bob": lines, **others}), 540.0)


def test_the_fewer_lines_of_business_the_less_a_wholly_shared_one_proves(make_graph):
    told = [
        competition(one_line(make_graph, n), np.array([0]), np.array([1]))[0] for n in (1, 2, 5, 50)
    ]
    assert told == pytest.approx([1 / 1.5, 2 / 2.5, 5 / 5.5, 50 / 50.5], abs=0.01)


def test_one_line_listed_anew_moves_no_score_by_the_whole_price(make_graph):
    before = make_graph(offerings={"ann": ["crm"], "bob": ["vpn"]})
    after = make_graph(offerings={"ann": ["crm", "vpn"], "bob": ["vpn"]})
    told = [
        competition(Markets.from_graph(graph, 540.0), np.array([0]), np.array([1]))[0]
        for graph in (before, after)
    ]
    assert told[0] == 0.0
    assert 1.5 * told[1] < 1.05


@given(seed=st.integers(0, 2**16))
def test_meeting_in_one_more_line_never_lowers_it_and_it_stays_within_0_and_1(seed):
    rng = np.random.default_rng(seed)
    sold = rng.random((4, 5)) * (rng.random((4, 5)) < 0.5)
    more = sold.copy()
    more[1] = np.maximum(more[1], (sold[0] > 0) * 1e-9)  # present there, its own lines as before
    nowhere = csr_array((4, 1), dtype=float)
    a, b = np.array([0]), np.array([1])
    one, other = (
        head_on(well_known(row_shares(csr_array(some)), nowhere, nowhere), a, b)
        for some in (sold, more)
    )
    assert 0 <= one[0] <= other[0] + 0.02 <= 1.02  # what is usual moves as well, by a trace


def test_what_is_usual_is_the_mean_share_met_drawn_towards_none(make_graph):
    markets = one_line(make_graph, n_lines=1, n_others=2)
    assert markets.usual == pytest.approx(2 / (4 * 3 + 100))


@pytest.mark.parametrize("n_deals", [1, 9, 10, 11, 40])
def test_industries_tell_partners_apart_by_degrees(make_graph, n_deals):
    wins = {f"{who}-{n}": who for who in ("ann", "bob") for n in range(n_deals)}
    deals = {deal: {"industry": f"industry of {who}"} for deal, who in wins.items()}
    lines = {"ann": ["crm"], "bob": ["crm"]}
    markets = Markets.from_graph(make_graph(offerings=lines, wins=wins, deals=deals), 540.0)
    known = n_deals / (n_deals + 10)
    told = head_on(markets, np.array([0]), np.array([1]))
    assert told == pytest.approx(markets.belief[:1] * (1 - known**2))


def tender(make_graph, closed_on):
    return make_graph(
        deals={
            "won": {"customer_id": "c"},
            "lost": {"customer_id": "c", "outcome": "lost", "closed_on": closed_on},
        },
        deal_partners={"won": "ann", "lost": "bob"},
        deal_requirements={"won": "crm", "lost": "crm"},
    )


def test_opposite_sides_of_one_tender_make_rivals(make_graph):
    against = opposite_sides(tender(make_graph, "2024-05-20"), half_life_days=1e12)
    np.testing.assert_allclose(against.toarray(), [[0, 0.5], [0.5, 0]])


def test_deals_far_apart_are_no_tender(make_graph):
    assert opposite_sides(tender(make_graph, "2023-05-20"), half_life_days=540.0).nnz == 0


def test_overlap_and_opposition_combine_by_noisy_or():
    half = csr_array([[0.5, 0.0, 0.5], [0.5, 0.5, 0.0]])
    unknown = csr_array((2, 1), dtype=float)
    markets = well_known(half, unknown, unknown, csr_array([[0.0, 0.5], [0.5, 0.0]]))
    overlap = head_on(markets, np.array([0]), np.array([1]))
    told = competition(markets, np.array([0]), np.array([1]))
    assert told == pytest.approx(1 - (1 - overlap) * 0.5)


def test_the_order_of_the_tables_changes_no_bit_of_having_been_on_opposite_sides():
    tables = load_dataset("channel-demo")
    frames = {name: tables[name] for name in tables}
    for name in ("deals", "deal_partners", "deal_requirements"):
        frames[name] = frames[name].sample(fraction=1.0, shuffle=True, seed=1)
    one, other = (
        opposite_sides(EcosystemGraph.from_tables(some, "2025-01-01"), 540.0)
        for some in (tables, read_tables(frames))
    )
    assert one.nnz > 1_000
    np.testing.assert_array_equal(one.indices, other.indices)
    np.testing.assert_array_equal(one.data, other.data)


def test_a_rival_that_joined_after_the_tender_is_a_rival_all_the_same(make_graph):
    graph = make_graph(
        partners={"cy": {"joined_on": "2026-05-01"}},
        wins={"d-1": "ann bob", "d-2": "cy"},
        deals={"d-1": {"customer_id": "k"}, "d-2": {"customer_id": "k", "outcome": "lost"}},
        deal_requirements={"d-1": "crm", "d-2": "crm"},
    )
    assert graph.index.ids.tolist() == ["ann", "bob", "cy"]
    assert (opposite_sides(graph, 540.0).toarray()[2] > 0).tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("closed_on", "one_tender"),
    [("2024-11-28", True), ("2024-11-29", False), ("2023-12-04", True), ("2023-12-03", False)],
)
def test_deals_that_closed_within_180_days_are_one_tender(make_graph, closed_on, one_tender):
    against = opposite_sides(tender(make_graph, closed_on), half_life_days=1e12)
    assert bool(against.nnz) == one_tender


def test_tenders_add_up_and_fade_with_the_day_the_deal_was_won(make_graph):
    """Two tenders of which a half and a quarter are left: 1 - 2 ** -0.75."""
    graph = make_graph(
        deals={
            "won-1": {"customer_id": "k", "closed_on": "2024-09-23"},
            "lost-1": {"customer_id": "k", "outcome": "lost", "closed_on": "2024-10-01"},
            "won-2": {"customer_id": "m", "closed_on": "2024-06-15"},
            "lost-2": {"customer_id": "m", "outcome": "lost", "closed_on": "2024-06-20"},
        },
        deal_partners={
            "won-1": "ann cy",
            "lost-1": "bob cy",
            "won-2": "bob",
            "lost-2": "ann",
        },
        deal_requirements={
            "won-1": "crm erp",
            "lost-1": "crm erp",
            "won-2": "crm",
            "lost-2": "crm",
        },
    )
    against = opposite_sides(graph, half_life_days=100.0).toarray()
    one = 1 - 2**-0.5
    both = 1 - 2**-0.75
    np.testing.assert_allclose(against, [[0, both, one], [both, 0, one], [one, one, 0]])


@pytest.mark.parametrize(
    "change",
    [
        {"customer_id": "other"},
        {"customer_id": None},
        {"outcome": "won"},
        {"outcome": "withdrawn"},
    ],
)
def test_deals_of_other_customers_or_outcomes_are_no_tender(make_graph, change):
    graph = make_graph(
        deals={
            "won": {"customer_id": "c"},
            "lost": {"customer_id": "c", "outcome": "lost", **change},
        },
        deal_partners={"won": "ann", "lost": "bob"},
        deal_requirements={"won": "crm", "lost": "crm"},
    )
    assert opposite_sides(graph, half_life_days=540.0).nnz == 0


def test_deals_that_asked_for_different_things_are_no_tender(make_graph):
    graph = make_graph(
        deals={"won": {"customer_id": "c"}, "lost": {"customer_id": "c", "outcome": "lost"}},
        deal_partners={"won": "ann", "lost": "bob"},
        deal_requirements={"won": "crm", "lost": "erp"},
    )
    assert opposite_sides(graph, half_life_days=540.0).nnz == 0


def test_lines_and_belief_follow_from_how_business_is_spread():
    sold = csr_array([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.25, 0.25, 0.5], [0.0, 0.0, 0.0]])
    markets = well_known(sold, NOBODY[:, :1], NOBODY[:, :1])
    assert markets.lines == pytest.approx([1.0, 2.0, 1 / (2 / 16 + 1 / 4), 0.0])
    # Of what each sells, others sell it too: 2 others of 1; .5 * 2 + .5 * 1; .25 * 2 + .25 * 1.
    met = 2.0 + (1.0 + 0.5) + (0.5 + 0.25)
    assert markets.usual == pytest.approx(met / (3 * 2 + 100))
    expected = (markets.lines + markets.usual / 2) / (markets.lines + 0.5)
    assert markets.belief == pytest.approx(expected)


def test_the_kinds_that_are_substitutes_more_count_where_either_meets_the_other():
    class Kinds:
        def __init__(self, far):
            self.far = np.array(far)

        def between(self, sources, targets):
            return self.far

    places = csr_array([[1.0, 0.0], [0.25, 0.75], [0.0, 1.0], [0.0, 0.0]])
    kinds = Kinds([0.6, 0.1, 0.3, 0.0]), Kinds([0.2, 0.4, 0.3, 0.0])
    markets = Markets(NOBODY, places, NOBODY[:, :1], np.ones(4), NOBODY, kinds)
    a, b = np.array([0, 0, 0, 1]), np.array([1, 3, 2, 2])
    told = standing_in(markets, a, b)
    assert told == pytest.approx([0.6 * 1.0, 0.4 * 1.0, 0.3 * 0.0, 0.0])
    assert standing_in(markets, b, a) == pytest.approx(told)
    assert competition(markets, a, b) == pytest.approx(told)
