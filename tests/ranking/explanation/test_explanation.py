"""Explanations are the score taken apart, and name the evidence."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.ranking import CandidateFinder, Policy, Scorer, pair_explanation
from ecosystem_graph.ranking.explanation.explanation import SharedDeal
from ecosystem_graph.signals import GraphFeatures

POLICY = Policy(competition_price=1.7)


def explained(graph, ranker, a="ann", b="bob", permitted=True):
    source, target = graph.index.positions([a, b])
    scorer = scorer_of(graph, ranker)
    return pair_explanation(scorer, POLICY, source, target, permitted=permitted)


def scorer_of(graph, ranker):
    return Scorer(CandidateFinder(GraphFeatures(graph)), ranker, "new")


@settings(max_examples=12)
@given(data=st.data())
def test_an_explanation_adds_up_to_the_score_of_the_list(make_graph, ecosystems, any_ranker, data):
    graph = make_graph(**data.draw(ecosystems))
    scorer, n = scorer_of(graph, any_ranker), graph.n_partners
    everybody = np.arange(n)
    source = data.draw(st.integers(0, n - 1))
    pairs = np.full(n, source), everybody
    term, _ = POLICY.terms(scorer.finder.features, *pairs)
    scores = scorer.log_odds(*pairs) + term
    for target in everybody:
        told = pair_explanation(scorer, POLICY, source, target, permitted=True)
        shares = [part.log_odds for part in told.contributions]
        assert told.score == scores[target]
        assert told.intercept + sum(shares) == sum(reversed(shares)) + told.intercept == told.score


def test_it_is_of_one_partner_and_its_collaborator(make_graph, any_ranker):
    told = explained(make_graph(partners="ann bob"), any_ranker, "bob", "ann", permitted=False)
    assert (told.partner_id, told.collaborator_id) == ("bob", "ann")
    assert told.intercept == any_ranker.intercept
    assert not told.may_be_proposed


def test_deals_both_won_are_listed_latest_first(make_graph, any_ranker):
    graph = make_graph(
        wins={
            "b": "ann bob",
            "a": "ann bob",
            "old": "ann bob cy",
            "new": "ann bob",
            "other": "ann",
        },
        deals={
            "old": {"closed_on": "2021-01-01"},
            "new": {"closed_on": "2024-12-31"},
            "too-new": {"closed_on": "2025-01-01"},
            "lost": {"outcome": "lost"},
        },
        deal_partners={"too-new": "ann bob", "lost": "ann bob"},
        as_of="2025-01-01",
    )
    assert explained(graph, any_ranker).shared_deals == (
        SharedDeal("new", date(2024, 12, 31), 2),
        SharedDeal("a", date(2024, 6, 1), 2),
        SharedDeal("b", date(2024, 6, 1), 2),
        SharedDeal("old", date(2021, 1, 1), 3),
    )
    assert explained(graph, any_ranker, "bob", "cy").shared_deals == (
        SharedDeal("old", date(2021, 1, 1), 3),
    )


def test_where_nothing_is_shared_nothing_is_named(make_graph, any_ranker):
    told = explained(make_graph(wins=["ann cy", "bob di"]), any_ranker)
    assert told.shared_deals == told.shared_collaborators == told.gaps_filled == told.brings == ()


def test_shared_collaborators_are_named_the_strongest_ties_first(make_graph, any_ranker):
    graph = make_graph(
        partners={"cy": {"name": "Cy Ltd"}},
        wins=["ann cy", "bob cy", "ann di", "bob di", "ann di", "ann eve"],
    )
    assert explained(graph, any_ranker).shared_collaborators == ("di", "Cy Ltd")


def test_what_each_side_would_bring_is_named_the_most_wanted_first(make_graph, any_ranker):
    graph = make_graph(
        capabilities={"crm": {"name": "Customer relations"}, "erp": {}, "iam": {}, "iot": {}},
        deal_requirements={"d": {"crm": 1.0, "erp": 3.0, "iam": 2.0, "iot": 1.0}},
        partner_capabilities={"ann": "iam iot", "bob": "crm erp iot"},
    )
    told = explained(graph, any_ranker)
    assert told.gaps_filled == ("erp", "Customer relations")
    assert told.brings == ("iam",)
    back = explained(graph, any_ranker, "bob", "ann")
    assert (back.gaps_filled, back.brings) == (told.brings, told.gaps_filled)


@pytest.mark.parametrize("n", [10, 11])
def test_ten_are_named_at_most(make_graph, any_ranker, n):
    both = [f"{one} c{place:02}" for place in range(n) for one in ("ann", "bob")]
    graph = make_graph(
        wins=both,
        deal_requirements={"d": [f"k{place:02}" for place in range(n)]},
        partner_capabilities={"bob": [f"k{place:02}" for place in range(n)]},
    )
    told = explained(graph, any_ranker)
    assert told.shared_collaborators == tuple(f"c{place:02}" for place in range(10))
    assert told.gaps_filled == tuple(f"k{place:02}" for place in range(10))


#: What one line both sell is worth: half a line more is unlisted, shared as often as is usual
#: among two that share theirs and a hundred pairs that share nothing.
ONE_LINE = (1 + 0.5 * 2 / 102) / 1.5


def sellers(make_graph, **rows):
    both = {partner: ["vpn"] for partner in ("ann", "bob")}
    return make_graph(offerings=both, territories={"ann": "DE", "bob": "DE FR"}, **rows)


def test_the_price_on_competition_is_a_contribution_of_policy(make_graph, any_ranker):
    told = explained(sellers(make_graph), any_ranker)
    (policy,) = [part for part in told.contributions if part.policy]
    assert (policy.signal, policy.value) == ("competition", pytest.approx(ONE_LINE))
    assert policy.log_odds == pytest.approx(-1.7 * ONE_LINE)


def test_where_and_how_far_two_compete_is_told(make_graph, any_ranker):
    rivalry = explained(sellers(make_graph), any_ranker).rivalry
    assert rivalry.competition == rivalry.share == pytest.approx(ONE_LINE)
    assert rivalry.share_of_collaborator == pytest.approx(ONE_LINE / 2)
    assert (rivalry.lines, rivalry.lines_of_collaborator) == (1.0, 1.0)
    assert rivalry.substitutes == 0
    assert rivalry.instead is None
    assert rivalry.contested == ("vpn @ DE",)


def test_what_the_tables_tell_nothing_of_is_not_told(make_graph, any_ranker):
    told = explained(make_graph(partners="ann bob"), any_ranker)
    assert told.trust is told.satisfaction is told.own_satisfaction is told.rivalry is None
    assert told.paths == ()


def test_trust_is_told_by_what_it_rests_on(make_graph, any_ranker):
    told = explained(make_graph(wins=["ann cy", "bob cy", "ann di", "bob di"]), any_ranker)
    trust = told.trust
    assert trust.wins == trust.losses == 0
    assert trust.hearsay > 0
    wins = trust.prior_wins + trust.hearsay
    assert trust.mean == pytest.approx(wins / (wins + trust.prior_losses))
    assert 0 < trust.propagated < 1


def test_satisfaction_of_both_sides_is_told(make_graph, any_ranker):
    graph = make_graph(partners="bob", csat=[{"partner_id": "ann", "score": 5.0}] * 1)
    told = explained(graph, any_ranker)
    assert (told.own_satisfaction.n_responses, told.satisfaction.n_responses) == (1, 0)
