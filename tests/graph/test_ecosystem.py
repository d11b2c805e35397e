from datetime import date

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import Eligibility

FOREVER = 1e12
ARRAYS = ("incidence", "requirements", "declared", "inferred", "offerings", "territories")

team = st.sets(st.sampled_from("abcdefgh"), min_size=1, max_size=6).map(sorted).map(" ".join)
wins = st.lists(team, min_size=1, max_size=8)


def bipartite(graph):
    """Partners and deals as a networkx graph, an edge for each seat."""
    both = nx.Graph()
    both.add_nodes_from(graph.index.ids)
    rows, columns = graph.incidence.nonzero()
    both.add_edges_from(zip(graph.index.ids[rows], columns.tolist(), strict=True))
    return both


def dense(graph, projected):
    return nx.to_numpy_array(projected, nodelist=graph.index.ids.tolist())


def table_of(matrix, graph, columns):
    """Nonzero entries by partner id and the column's label."""
    rows, places = matrix.nonzero()
    values = np.asarray(matrix[rows, places]).tolist() if len(rows) else []
    labels = zip(graph.index.ids[rows], np.asarray(columns)[places], strict=True)
    return dict(zip(map(" ".join, labels), values, strict=True))


def assert_same_arrays(ours, theirs, order=slice(None)):
    """Arrays of one graph are those of the other, its partners taken in another order."""
    for name in ARRAYS:
        expected = getattr(theirs, name).toarray()
        expected = expected if name == "requirements" else expected[order]
        np.testing.assert_allclose(getattr(ours, name).toarray(), expected)
    np.testing.assert_array_equal(ours.has_history, theirs.has_history[order])
    for name in ("products", "market_codes"):
        assert getattr(ours, name).tolist() == getattr(theirs, name).tolist()
    for name in ("ids", "names", "parent"):
        assert list(getattr(ours.taxonomy, name)) == list(getattr(theirs.taxonomy, name))
    assert ours.deals.equals(theirs.deals)


@settings(max_examples=20)
@given(wins=wins)
def test_joint_wins_are_the_weighted_projection_of_who_was_on_which_deal(make_graph, wins):
    graph = make_graph(partners="a b", wins=wins)
    projected = nx.bipartite.weighted_projected_graph(bipartite(graph), graph.index.ids)
    np.testing.assert_array_equal(graph.joint_wins.toarray(), dense(graph, projected))
    np.testing.assert_array_equal(graph.adjacency.toarray(), dense(graph, projected) > 0)
    assert graph.degree.tolist() == [degree for _, degree in sorted(projected.degree)]


@settings(max_examples=20)
@given(wins=wins)
def test_undecayed_joint_wins_weigh_as_newman_has_it(make_graph, wins):
    graph = make_graph(partners="a b", wins=wins)
    projected = nx.bipartite.collaboration_weighted_projected_graph(
        bipartite(graph), graph.index.ids
    )
    ours = graph.joint_win_weight(FOREVER).toarray()
    np.testing.assert_allclose(ours, dense(graph, projected))


def test_a_win_adds_one_to_each_partner_however_large_the_team(make_graph):
    consortium = [f"p{n}" for n in range(186)]
    graph = make_graph(wins=[consortium, "ann bob"])
    total = np.asarray(graph.joint_win_weight(FOREVER).sum(axis=1))
    np.testing.assert_allclose(total, np.ones(188))


def test_a_deal_of_one_partner_has_no_joint_win(make_graph):
    graph = make_graph(wins=["ann"])
    assert graph.n_deals == 1
    assert graph.team_size.tolist() == [1.0]
    assert graph.joint_wins.nnz == graph.joint_win_weight(540.0).nnz == 0


def test_a_deal_of_nobody_is_still_a_won_deal(make_graph):
    graph = make_graph(partners="ann bob", deals=["d"])
    assert graph.n_deals == 1
    assert graph.team_size.tolist() == [0.0]
    assert graph.joint_win_weight(540.0).nnz == 0


def test_a_win_counts_half_after_the_half_life(make_graph):
    graph = make_graph(wins=["ann bob"], deals={"d-1": {"closed_on": "2024-12-02"}})
    assert graph.age_days.tolist() == [30.0]
    assert graph.decay(30.0).tolist() == [0.5]
    assert graph.joint_win_weight(30.0).toarray().tolist() == [[0, 0.5], [0.5, 0]]


def test_wins_of_two_add_up_by_age_and_team_size(make_graph):
    deals = {"d-1": {"closed_on": "2024-12-02"}, "d-2": {"closed_on": "2024-11-02"}}
    graph = make_graph(wins={"d-1": "ann bob", "d-2": "ann bob cy"}, deals=deals)
    assert graph.joint_win_weight(30.0)[0, 1] == 0.5 + 0.25 / 2


@pytest.mark.parametrize("half_life_days", [0, -1, np.inf, np.nan])
def test_a_half_life_is_positive_and_finite(make_graph, half_life_days):
    with pytest.raises(ValueError, match="half_life_days must be positive and finite"):
        make_graph(wins=["ann bob"]).decay(half_life_days)


@pytest.mark.parametrize("closed_on", ["2025-01-01", "2025-07-01"])
def test_a_deal_that_closes_on_the_day_or_later_is_not_won_yet(make_graph, closed_on):
    deals = {"d-2": {"opened_on": "2024-01-01", "closed_on": closed_on}}
    graph = make_graph(wins=["ann bob", "ann cy"], deals=deals)
    assert graph.deals["deal_id"].to_list() == ["d-1"]
    assert table_of(graph.joint_wins, graph, graph.index.ids) == {"ann bob": 1, "bob ann": 1}
    later = graph.tables["deals"].filter(deal_id="d-2")
    assert later["outcome"].to_list() == ["open"]
    assert later["closed_on"].to_list() == [None]


def test_a_won_deal_without_a_date_is_left_out_and_counted(make_graph):
    graph = make_graph(wins=["ann bob", "cy"], deals={"d-1": {"closed_on": None}})
    assert graph.deals["deal_id"].to_list() == ["d-2"]
    assert graph.tables.left_out == {
        "won or lost deals without closed_on": 1,
        "rows of deal_partners of deals left out": 2,
    }


@pytest.mark.parametrize("outcome", ["lost", "open", "withdrawn"])
def test_only_won_deals_are_in_the_graph(make_graph, outcome):
    graph = make_graph(wins=["ann bob"], deals={"d-1": {"outcome": outcome}})
    assert graph.n_deals == graph.joint_wins.nnz == 0


@settings(max_examples=12)
@given(data=st.data())
def test_what_happens_on_the_day_or_later_changes_nothing(make_graph, ecosystems, data):
    rows = data.draw(ecosystems)
    day = st.sampled_from(["2025-01-01", "2026-03-31"])
    after = {
        "partners": {**rows["partners"], "new": {"joined_on": data.draw(day)}},
        "deals": {**rows["deals"], "later": {"closed_on": data.draw(day), "territory": "IT"}},
        "wins": {**rows["wins"], "later": "p0 p1 new"},
        "csat": [{"partner_id": "p0", "responded_on": data.draw(day)}],
        "introductions": [
            {"partner_id": "p0", "collaborator_id": "p1", "introduced_on": data.draw(day)}
        ],
    }
    ours, theirs = make_graph(**{**rows, **after}), make_graph(**rows)
    assert ours.index == theirs.index
    assert_same_arrays(ours, theirs)


@settings(max_examples=12)
@given(data=st.data(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_changes_nothing(make_tables, ecosystems, data, seed):
    tables = make_tables(**data.draw(ecosystems))
    shuffled = {
        name: frame.sample(fraction=1.0, shuffle=True, seed=seed) for name, frame in tables.items()
    }
    ours = EcosystemGraph.from_tables(tables.replaced(shuffled), "2025-01-01")
    theirs = EcosystemGraph.from_tables(tables, "2025-01-01")
    assert ours.index == theirs.index
    assert_same_arrays(ours, theirs)


@settings(max_examples=12)
@given(data=st.data())
def test_relabelling_partners_only_relabels_the_answer(make_tables, ecosystems, data):
    tables = make_tables(**data.draw(ecosystems))
    ids = tables["partners"]["partner_id"].to_list()
    new = dict(zip(ids, data.draw(st.permutations(ids)), strict=True))
    roles = ("partner_id", "collaborator_id", "parent_id")
    relabelled = {
        name: frame.with_columns(
            frame[role].replace(new)
            for role in roles
            if role in frame.columns and (role != "parent_id" or name == "partners")
        )
        for name, frame in tables.items()
    }
    ours = EcosystemGraph.from_tables(tables.replaced(relabelled), "2025-01-01")
    theirs = EcosystemGraph.from_tables(tables, "2025-01-01")
    old = {label: partner_id for partner_id, label in new.items()}
    order = theirs.index.positions([old[label] for label in ours.index.ids])
    assert_same_arrays(ours, theirs, order)
    permitted, expected = (Eligibility.from_graph(graph) for graph in (ours, theirs))
    a, b = np.indices((ours.n_partners, ours.n_partners)).reshape(2, -1)
    assert permitted.permits(a, b).tolist() == expected.permits(order[a], order[b]).tolist()


def test_who_joins_on_the_day_or_later_is_not_there(make_graph):
    graph = make_graph(
        partners={"ann": {"joined_on": "2024-12-31"}, "bob": {"joined_on": "2025-01-01"}, "cy": {}}
    )
    assert graph.index.ids.tolist() == ["ann", "cy"]
    assert graph.tables["partners"]["partner_id"].to_list() == ["ann", "cy"]


def test_partners_stand_in_the_order_of_their_ids_whatever_the_rows(make_graph):
    graph = make_graph(partners={"b": {"country": "FR"}, "a": {"country": "DE"}})
    assert table_of(graph.territories, graph, graph.market_codes) == {"a DE": 1, "b FR": 1}


def known(graph):
    return set(graph.index.ids[graph.has_history])


@pytest.mark.parametrize("dates", [{"opened_on": "2024-01-01"}, {"closed_on": "2024-06-01"}])
@pytest.mark.parametrize("outcome", ["won", "lost", "open", "withdrawn"])
def test_a_dated_deal_makes_its_partners_known(make_graph, outcome, dates):
    deal = {"opened_on": None, "closed_on": None, "outcome": outcome, **dates}
    graph = make_graph(partners="cy", wins={"d": "ann bob", "e": "di"}, deals={"d": deal})
    # One decided on no date is left out, and the day one is expected to close is no event.
    left_out = outcome in ("won", "lost") and deal["closed_on"] is None
    expected = outcome == "open" and deal["opened_on"] is None
    assert known(graph) == {"di"} | (set() if left_out or expected else {"ann", "bob"})


def test_a_deal_without_dates_makes_nobody_known(make_graph):
    graph = make_graph(wins={"d": "ann bob"}, deals={"d": {"outcome": "open"}})
    assert graph.tables["deal_partners"].height == 2
    assert known(graph) == set()


def test_responses_introductions_and_joining_make_partners_known(make_graph):
    graph = make_graph(
        partners={"ann": {"joined_on": "2024-01-01"}, "zoe": {}},
        csat=[{"partner_id": "bob"}],
        introductions=[{"partner_id": "cy", "collaborator_id": "di"}],
    )
    assert known(graph) == {"ann", "bob", "cy", "di"}


def test_a_declared_capability_counts_by_its_best_evidence(make_graph):
    graph = make_graph(
        partner_capabilities=[
            {"partner_id": "ann", "capability_id": "crm", "evidence": "self_declared"},
            {
                "partner_id": "ann",
                "capability_id": "crm",
                "evidence": "certified",
                "valid_from": "2024-01-01",
            },
            {"partner_id": "bob", "capability_id": "crm", "evidence": "reference"},
            {"partner_id": "cy", "capability_id": "crm"},
            {"partner_id": "di", "capability_id": "crm", "evidence": "inferred"},
        ]
    )
    expected = {"ann crm": 1.0, "bob crm": 0.8, "cy crm": 0.6, "di crm": 0.4}
    assert table_of(graph.declared, graph, graph.taxonomy.ids) == expected


def test_an_expired_certificate_counts_no_more(make_graph):
    expired = {"evidence": "certified", "valid_to": "2024-12-31"}
    graph = make_graph(partner_capabilities={"ann": {"crm": expired}})
    assert graph.declared.nnz == 0


def test_won_deals_show_capabilities_the_more_the_surer(make_graph):
    graph = make_graph(
        wins=["ann bob", "ann"],
        deal_requirements={"d-1": {"crm": 9.0}, "d-2": {"crm": 1.0, "erp": 0.0}},
    )
    as_a_pair, and_alone = 0.5 * (1 - 2**-0.5), 0.5 * (1 - 2**-1.5)
    expected = {"ann crm": pytest.approx(and_alone), "bob crm": pytest.approx(as_a_pair)}
    assert table_of(graph.inferred, graph, graph.taxonomy.ids) == expected


def test_a_partner_holds_the_better_of_what_it_declares_and_what_it_shows(make_graph):
    graph = make_graph(
        wins=["ann bob"] * 2,
        deal_requirements={"d-1": "crm", "d-2": "crm"},
        partner_capabilities={"ann": {"crm": "certified"}},
    )
    expected = {"ann crm": 1.0, "bob crm": 0.25}
    assert table_of(graph.held, graph, graph.taxonomy.ids) == expected


def test_a_part_covers_the_whole_by_half_and_what_was_replaced_its_successor_by_most(make_graph):
    graph = make_graph(
        capabilities={
            "wifi-6": {"parent_id": "wifi"},
            "wifi": {"parent_id": "networks"},
            "networks": {},
            "wifi-5": {"replaced_by": "wifi-6"},
        },
        partner_capabilities={
            "ann": {"wifi-6": "certified"},
            "bob": {"wifi-5": "certified", "wifi": "certified"},
        },
    )
    expected = {
        "ann wifi-6": 1.0,
        "ann wifi": 0.5,
        "ann networks": 0.25,
        "bob wifi-5": 1.0,
        "bob wifi-6": 0.8,
        "bob wifi": 1.0,
        "bob networks": 0.5,
    }
    assert table_of(graph.held, graph, graph.taxonomy.ids) == expected


def test_a_requirement_without_a_weight_weighs_one(make_graph):
    graph = make_graph(wins=["ann"], deal_requirements={"d-1": {"crm": None, "erp": 2.0}})
    assert graph.requirements.toarray().tolist() == [[1.0, 2.0]]


def test_a_product_sold_in_two_roles_is_sold_once(make_graph):
    graph = make_graph(
        offerings=[
            {"partner_id": "ann", "product_id": "vpn", "role": role} for role in ("resell", "build")
        ]
    )
    assert table_of(graph.offerings, graph, graph.products) == {"ann vpn": 1}


def test_an_offer_that_ended_is_gone(make_graph):
    graph = make_graph(offerings={"ann": {"vpn": {"until": "2024-12-31"}}})
    assert graph.products.tolist() == []


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({"DE": 0.2, "FR": 0.6}, {"ann DE": 0.25, "ann FR": 0.75}),
        ("DE FR", {"ann DE": 0.5, "ann FR": 0.5}),
        ({"DE": 1.0, "FR": 0.0}, {"ann DE": 1.0}),
        ({"DE": 0.0}, {"ann IT": 1.0}),
        ("", {"ann IT": 1.0}),
    ],
)
def test_territories_are_shares_and_the_country_stands_in(make_graph, shares, expected):
    graph = make_graph(partners={"ann": {"country": "IT"}}, territories={"ann": shares})
    assert table_of(graph.territories, graph, graph.market_codes) == pytest.approx(expected)
    assert len(graph.market_codes) == len(expected)


def test_nothing_but_names_is_a_graph_too(make_graph):
    graph = make_graph(partners="ann bob")
    assert repr(graph) == (
        "EcosystemGraph as of 2025-01-01: 2 partners, 0 won deals, 0 pairs with joint wins, "
        "0 capabilities, 0 products, 0 territories"
    )
    for name in (*ARRAYS, "joint_wins", "adjacency", "held"):
        assert getattr(graph, name).nnz == 0
    assert graph.joint_win_weight(540.0).shape == (2, 2)
    assert graph.age_days.shape == graph.team_size.shape == (0,)
    assert not graph.has_history.any()


def test_by_default_it_is_seen_from_the_day_after_the_last_event(make_tables):
    tables = make_tables(wins=["ann bob"], deals={"d-1": {"closed_on": "2024-02-28"}})
    assert EcosystemGraph.from_tables(tables).as_of == date(2024, 2, 29)


def test_without_a_single_date_the_day_must_be_named(make_tables):
    with pytest.raises(HistoryError, match="say up to which date"):
        EcosystemGraph.from_tables(make_tables(partner_capabilities={"ann": "crm"}))
