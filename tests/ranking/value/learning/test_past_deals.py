"""Teams of deals that ended, by hand: what was known before each was opened."""

from datetime import date, timedelta
from itertools import combinations
from math import log, log1p

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from ecosystem_graph import EcosystemGraph
from ecosystem_graph.ranking.value.learning import past_deals as module
from ecosystem_graph.ranking.value.learning.past_deals import (
    PastDeals,
    closed_deals,
    past_deals,
)
from ecosystem_graph.ranking.value.learning.snapshots import Snapshot
from ecosystem_graph.ranking.value.winning import TERMS
from ecosystem_graph.signals import SIGNALS, GraphFeatures

SINCE, UNTIL, DAY = date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1)

DEALS = {
    "past": {"closed_on": "2023-06-01"},
    "again": {"closed_on": "2023-07-01"},
    "trio": {
        "opened_on": "2024-02-01",
        "closed_on": "2024-09-01",
        "territory": "DE",
        "amount": 1000.0,
        "customer_id": "k1",
        "industry": "retail",
    },
    "pair": {"outcome": "lost", "opened_on": "2024-01-01", "closed_on": "2024-12-31"},
    "alone": {"closed_on": "2024-06-30", "territory": "FR", "amount": 0.0},
    "late": {"closed_on": "2024-07-01"},
    "early": {"closed_on": "2023-12-31"},
    "bare": {"closed_on": "2024-03-01"},
    "open": {"outcome": "open", "opened_on": "2024-03-01"},
    "next": {"opened_on": "2024-03-01", "closed_on": "2025-01-01"},
}
TEAMS = {
    "past": "ann bob",
    "again": "ann bob",
    "trio": "ann bob cy",
    "pair": "bob cy",
    "alone": "cy",
    "late": "ann",
    "early": "ann",
    "bare": "ann",
    "open": "ann",
    "next": "ann",
}
REQUIRED = {
    "trio": {"crm": 3.0, "erp": 1.0},
    "pair": {"iam": 1.0, "iot": 1.0},
    "alone": {"erp": 2.0},
    **{deal: {"crm": 1.0} for deal in ("late", "early", "open", "next")},
}
HELD = {
    "ann": {"crm": {"evidence": "certified"}},
    "bob": {"crm": {"evidence": "self_declared"}, "erp": {"evidence": "reference"}},
    "cy": {
        "iam": {"evidence": "certified", "valid_from": "2024-08-01"},
        "iot": {"evidence": "self_declared", "valid_from": "2023-01-01"},
        "erp": {"evidence": "certified", "valid_from": "2025-01-01"},
    },
}


@pytest.fixture(scope="module")
def tables(make_tables):
    return make_tables(
        capabilities="crm erp iam iot",
        deals=DEALS,
        deal_partners=TEAMS,
        deal_requirements=REQUIRED,
        partner_capabilities=HELD,
        offerings={"ann": "vpn", "cy": "vpn"},
        territories={"ann": "DE", "bob": "FR", "cy": {"DE": 0.5, "IT": 0.5}},
        csat=[
            {"partner_id": who, "score": score, "responded_on": "2023-05-01"}
            for who, score in {"ann": 5.0, "bob": 2.0, "cy": 4.0}.items()
        ],
    )


@pytest.fixture(scope="module")
def snapshot(tables):
    return Snapshot(GraphFeatures(EcosystemGraph.from_tables(tables, SINCE)), SINCE, UNTIL)


@pytest.fixture(scope="module")
def told(tables, snapshot):
    return past_deals(tables, closed_deals(tables, DAY), snapshot, DAY)


def test_closed_are_those_won_or_lost_before_the_day(tables):
    closed = closed_deals(tables, DAY)
    ended = sorted(set(DEALS) - {"open", "next"})
    assert closed["deal_id"].to_list() == ended
    assert closed["won"].to_list() == [name != "pair" for name in ended]
    opened = dict(zip(closed["deal_id"], closed["opened_on"], strict=True))
    assert opened["trio"] == date(2024, 2, 1)
    assert opened["late"] == date(2024, 7, 1)


def test_deals_opened_in_the_time_of_the_snapshot_that_ask_for_something_are_told(told):
    assert told.facts["deal_id"].to_list() == ["alone", "pair", "trio"]
    assert told.facts["won"].to_list() == [True, False, True]
    assert told.facts["territory"].to_list() == ["FR", None, "DE"]
    assert told.facts["customer_id"].to_list() == [None, None, "k1"]
    amounts = told.facts["log_amount"].to_list()
    assert amounts == [None, None, pytest.approx(log(1000.0))]
    assert told.x.shape == (3, len(TERMS))


def column(told, name):
    return told.x[:, TERMS.index(name)].tolist()


def test_coverage_is_by_the_member_that_holds_each_requirement_most_strongly(told):
    # Alone: cy has no erp yet. Pair: iot declared, iam later. Trio: crm certified, erp vouched for.
    assert column(told, "covered") == [0.0, 0.5, 1.0]
    assert column(told, "covered_declared") == [0.0, 0.5, 1.0]
    assert column(told, "covered_reference") == [0.0, 0.0, 1.0]
    assert column(told, "covered_certified") == [0.0, 0.0, 0.75]
    assert told.facts["covered_later"].to_list() == [0.0, 0.5, 0.0]


def test_pairs_of_members_are_averaged_and_a_partner_alone_has_none(told, snapshot):
    features = snapshot.features
    place = {name: n for n, name in enumerate(features.graph.index.ids.tolist())}
    rivalry = {
        pair: SIGNALS["competition"].values(
            features, np.array([place[pair[0]]]), np.array([place[pair[1]]])
        )[0]
        for pair in combinations(("ann", "bob", "cy"), 2)
    }
    assert column(told, "trust") == pytest.approx([0.0, 0.0, log1p(2) / 3])
    assert column(told, "competition") == pytest.approx(
        [0.0, rivalry["bob", "cy"], sum(rivalry.values()) / 3]
    )
    assert rivalry["ann", "cy"] > 0.1


def test_satisfaction_is_a_mean_presence_is_of_anybody_and_size_is_a_logarithm(told, snapshot):
    ann, bob, cy = snapshot.features.satisfaction.above_average
    assert column(told, "satisfaction") == pytest.approx([cy, (bob + cy) / 2, (ann + bob + cy) / 3])
    assert column(told, "presence") == [0.0, 0.0, 1.0]
    assert column(told, "size") == pytest.approx([0.0, log(2), log(3)])


def test_teams_beyond_the_largest_are_left_out(tables, snapshot, monkeypatch):
    closed = closed_deals(tables, DAY)
    for largest, deals in ((3, 3), (2, 2), (1, 1)):
        monkeypatch.setattr(module, "_LARGEST_TEAM", largest)
        assert len(past_deals(tables, closed, snapshot, DAY).facts) == deals


def test_no_deals_have_no_terms_and_parts_are_joined(tables, snapshot, told):
    nobody = Snapshot(snapshot.features, UNTIL, UNTIL)
    empty = past_deals(tables, closed_deals(tables, DAY), nobody, DAY)
    assert empty.x.shape == (0, len(TERMS))
    both = PastDeals.joined([told, empty, told])
    np.testing.assert_array_equal(both.x, np.vstack([told.x, told.x]))
    assert both.facts["deal_id"].to_list() == ["alone", "pair", "trio"] * 2


@pytest.mark.parametrize("seed", range(4))
def test_pairs_of_teams_of_any_size_are_all_told_once(seed):
    rng = np.random.default_rng(seed)
    members = rng.random((9, 7)) < 0.4
    deal, a, b = module._pairs_of(csr_array(members.astype(float)))
    expected = [
        (one, left, right)
        for one, team in enumerate(members)
        for left, right in combinations(np.flatnonzero(team).tolist(), 2)
    ]
    assert sorted(zip(deal.tolist(), a.tolist(), b.tolist(), strict=True)) == expected
    assert (np.diff(a) >= 0).all()


# What comes after a deal was opened.

ASKED = {"opened_on": "2024-08-01", "closed_on": "2024-12-01", "outcome": "lost"}

#: Ann, Bob and Cy go for one deal; Ann and Bob have won three together; Di stands by.
TRIO = {
    "wins": {"w-1": "ann bob", "w-2": "ann bob", "w-3": "ann bob", "w-4": "cy"},
    "partners": "ann bob cy di",
    "deals": {
        "w-4": {"closed_on": "2024-02-01"},
        "x": {**ASKED, "territory": "DE", "industry": "retail", "amount": 500.0},
    },
    "deal_partners": [{"deal_id": "x", "partner_id": who} for who in ("ann", "bob", "cy")],
    "deal_requirements": {"x": {"crm": 1.0, "erp": 3.0, "iam": 2.0, "soc": 2.0}, "w-4": "soc"},
    "partner_capabilities": {
        "ann": {"crm": "certified", "erp": "self_declared"},
        "bob": {"erp": "reference"},
        "cy": {"iam": {"evidence": "certified", "valid_from": "2024-08-02"}},
        "di": {"iam": "certified"},
    },
    "offerings": {"ann": "vpn", "bob": "vpn", "cy": "mdm"},
    "territories": {"ann": "DE", "bob": "DE", "cy": "FR"},
    "csat": [
        {"partner_id": who, "customer_id": f"c-{n}", "score": score, "responded_on": "2024-05-01"}
        for who, score in {"ann": 5.0, "bob": 2.0, "di": 3.0}.items()
        for n in range(5)
    ],
}


def described(tables, since=date(2024, 7, 1), until=DAY, day=DAY):
    features = GraphFeatures(EcosystemGraph.from_tables(tables, since))
    snapshot = Snapshot(features, since, until)
    return past_deals(tables, closed_deals(tables, day), snapshot, day), features


@pytest.fixture(scope="module")
def trio(make_tables):
    return described(make_tables(**TRIO))


def rows_later(day):
    """Everything that may happen on a day or later, by table."""
    return {
        "partner_capabilities": [
            {"partner_id": who, "capability_id": what, "evidence": how, "valid_from": day}
            for who, what, how in (("bob", "soc", "certified"), ("cy", "erp", "certified"))
        ],
        "csat": [
            {"partner_id": who, "customer_id": f"later-{n}", "score": score, "responded_on": day}
            for who, score in (("ann", 1.0), ("cy", 1.0))
            for n in range(9)
        ],
        "deals": [
            {"deal_id": "later", "outcome": "won", "closed_on": day},
            {"deal_id": "later too", "outcome": "lost", "opened_on": day, "closed_on": day},
        ],
        "deal_partners": [
            {"deal_id": deal, "partner_id": who}
            for deal in ("later", "later too")
            for who in ("ann", "cy")
        ],
        "deal_requirements": [{"deal_id": "later", "capability_id": "iam"}],
        "introductions": [
            {"partner_id": "ann", "collaborator_id": "cy", "introduced_on": day, "status": "won"}
        ],
    }


KINDS = tuple(rows_later("2024-08-01"))


@settings(max_examples=15)
@given(
    kinds=st.sets(st.sampled_from([kind for kind in KINDS if kind != "deal_requirements"])),
    days=st.integers(0, 600),
)
def test_what_comes_after_the_opening_does_not_change_a_deal(trio, make_tables, kinds, days):
    later = rows_later((date(2024, 8, 1) + timedelta(days=days)).isoformat())
    if "deals" in kinds or "deal_partners" in kinds:
        kinds = kinds | {"deals", "deal_partners", "deal_requirements"}
    deals, _ = described(make_tables(**joined(later, kinds)))
    place = deals.facts["deal_id"].to_list().index("x")
    assert np.array_equal(deals.x[place], trio[0].x[0])


def joined(later, kinds):
    """The rows of the trio, spelled out, and those of some tables that come later."""
    links = {
        "deal_partners": [
            *TRIO["deal_partners"],
            *(
                {"deal_id": deal, "partner_id": who}
                for deal, team in TRIO["wins"].items()
                for who in team.split()
            ),
        ],
        "deal_requirements": [
            {"deal_id": "x", "capability_id": what, "weight": weight}
            for what, weight in TRIO["deal_requirements"]["x"].items()
        ]
        + [{"deal_id": "w-4", "capability_id": "soc"}],
        "partner_capabilities": [
            {
                "partner_id": who,
                "capability_id": what,
                **(how if isinstance(how, dict) else {"evidence": how}),
            }
            for who, held in TRIO["partner_capabilities"].items()
            for what, how in held.items()
        ],
        "deals": [
            {"deal_id": deal, **TRIO["deals"].get(deal, {})}
            for deal in ("w-1", "w-2", "w-3", "w-4", "x")
        ],
    }
    rows = {**TRIO, **links, "introductions": []}
    del rows["wins"]
    return rows | {kind: rows[kind] + later[kind] for kind in kinds}


def test_the_same_events_before_the_opening_do_change_it(trio, make_tables):
    for kind in ("partner_capabilities", "csat", "deal_partners"):
        kinds = {kind} if kind != "deal_partners" else {"deals", "deal_partners"}
        deals, _ = described(make_tables(**joined(rows_later("2024-06-01"), kinds)))
        place = deals.facts["deal_id"].to_list().index("x")
        assert not np.array_equal(deals.x[place], trio[0].x[0]), kind


def test_a_requirement_nobody_had_heard_of_is_not_covered(make_tables):
    asked = {"deal_requirements": {"x": {"crm": 1.0, "llm": 3.0}}}
    held = {"bob": {"llm": {"evidence": "certified", "valid_from": "2024-08-15"}}}
    held |= {"ann": {"crm": "certified"}}
    deals, _ = described(make_tables(**{**TRIO, **asked, "partner_capabilities": held}))
    terms = dict(zip(TERMS, deals.x[0].tolist(), strict=True))
    assert (terms["covered"], terms["covered_certified"]) == (0.25, 0.25)
    assert deals.facts["covered_later"].to_list() == [0.75]
