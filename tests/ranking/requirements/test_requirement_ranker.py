"""Who is found for needs: the same whichever need comes first, and however many there are."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, Signal, load_dataset, registered_signal
from ecosystem_graph.ranking import CandidateFinder
from ecosystem_graph.ranking.requirements import requirement_ranker as module
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.standardizer import Scale
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.recommending.model_files import load_model
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.signals import REQUIREMENT_SIGNALS, SIGNALS, GraphFeatures
from ecosystem_graph.signals.features.requirements import RequirementPairs, Requirements

PARTNERS = ["ann", "bob", "cy", "di", "eve", "fay"]
SKILLS = ["crm", "erp", "iam"]


@pytest.fixture(scope="module")
def matcher(make_graph):
    """Everybody has won a deal with its neighbour, asking for one of three things."""
    teams = {f"d-{n}": f"{a} {b}" for n, (a, b) in enumerate(pairwise(PARTNERS))}
    asked = {deal: SKILLS[n % 3] for n, deal in enumerate(teams)}
    graph = make_graph(wins=teams, deal_requirements=asked, restrictions={"ann": ["cy"]})
    return RequirementRanker(CandidateFinder(GraphFeatures(graph), n_candidates=1))


def found(matcher, needs):
    """Who is found for each (lead, capability)."""
    ids = [f"n-{place:03}" for place in range(len(needs))]
    empty = pl.Series([None] * len(needs), dtype=pl.String)
    facts = pl.DataFrame({"need_id": ids, "territory": empty, "industry": empty})
    asked = pl.DataFrame({"need_id": ids, "capability_id": [skill for _, skill in needs]})
    asked = asked.with_columns(weight=pl.lit(1.0))
    leads = matcher.finder.features.graph.index.encode(pl.Series([lead for lead, _ in needs]))
    matches = matcher.candidates(Requirements.of(matcher.finder.features, leads, facts, asked))
    named = matcher.finder.features.graph.index.ids[matches.targets]
    return [set(named[matches.rows == place]) for place in range(len(needs))]


NEEDS = [(lead, skill) for lead in PARTNERS for skill in SKILLS]


def test_more_needs_than_partners_are_each_served_as_if_asked_alone(matcher):
    assert len(NEEDS) > len(PARTNERS)
    assert found(matcher, NEEDS) == [found(matcher, [need])[0] for need in NEEDS]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_needs_changes_nobodys_candidates(matcher, seed):
    order = np.random.default_rng(seed).permutation(len(NEEDS)) if seed else np.arange(18)[::-1]
    expected = found(matcher, NEEDS)
    assert found(matcher, [NEEDS[place] for place in order]) == [expected[p] for p in order]


def test_whoever_serves_a_need_is_found_the_first_partner_too(matcher):
    served = dict(zip(NEEDS, found(matcher, NEEDS), strict=True))
    assert {"ann", "bob"} <= served["fay", "crm"]  # they won the first deal that asked for it
    for (lead, _), partners in served.items():
        assert lead not in partners
    assert "cy" not in served["ann", "iam"]


def test_a_signal_registered_after_fitting_changes_no_list_for_a_requirement():
    """The weights are those of the signals that were learnt, whatever else there is by now."""
    ranker = GraphRanker(
        load_model("default"), EcosystemGraph.from_tables(load_dataset("channel-demo"))
    )
    request = Request(deal="d-5810", k=5)
    before = ranker.lists(request).rows
    later = Signal(
        name="registered_later",
        description="a number that no weight was learnt for",
        unit="unitless",
        group="program",
        scale="linear",
        of=lambda pairs: np.full(len(pairs.sources), 1e3),
    )
    with registered_signal(later):
        fresh = GraphRanker(ranker.model, ranker.graph)
        assert fresh.lists(request).rows.equals(before)


def needs_of_deals(matcher, deals):
    """The needs of won deals as if the member of the lowest fingerprint led each."""
    features = matcher.finder.features
    graph = features.graph
    leads = []
    for deal in deals:
        members = graph.incidence[:, [deal]].toarray().ravel().nonzero()[0]
        leads.append(min(members, key=lambda who: graph.fingerprints[who]))
    facts = graph.deals[deals].select("territory", "industry", need_id="deal_id")
    asked = graph.tables["deal_requirements"].select("capability_id", "weight", need_id="deal_id")
    asked = asked.filter(asked["need_id"].is_in(facts["need_id"].to_list()))
    return Requirements.of(features, np.array(leads), facts, asked)


@pytest.fixture(scope="module")
def various(make_graph):
    """Deals of one, two and three on different days; one of two asks for nothing."""
    wins = {"d-0": "ann", "d-1": "ann bob", "d-2": "bob cy di", "d-3": "di eve", "d-4": "eve fay"}
    graph = make_graph(
        wins=wins,
        deals={f"d-{n}": {"closed_on": f"2024-0{9 - n}-01"} for n in range(5)},
        deal_requirements={"d-0": "crm", "d-1": "crm erp", "d-2": "erp", "d-4": "iam"},
        partner_capabilities={name: SKILLS for name in PARTNERS[::2]},
    )
    return RequirementRanker(CandidateFinder(GraphFeatures(graph), n_candidates=3))


@pytest.mark.parametrize(
    ("most", "deals"), [(200, [1, 2, 4]), (3, [1, 2, 4]), (2, [1, 2]), (1, [1])]
)
def test_what_is_usual_is_that_of_the_latest_joint_deals_that_ask_for_something(
    various, monkeypatch, most, deals
):
    monkeypatch.setattr(module, "_USUAL_DEALS", most)
    needs = needs_of_deals(various, deals)
    matches = various.candidates(needs)
    expected = Scale.of(various.names, various.values(needs, matches))
    scale = various.usual_scale()
    np.testing.assert_array_equal(scale.typical, expected.typical)
    np.testing.assert_array_equal(scale.centre, expected.centre)
    np.testing.assert_array_equal(scale.spread, expected.spread)
    assert (scale.centre != 0).sum() > 5


def test_two_hundred_deals_tell_what_is_usual():
    assert module._USUAL_DEALS == 200


def test_signals_of_a_pair_come_first_then_those_of_the_requirement(various):
    needs = needs_of_deals(various, [1, 2, 4])
    matches = various.candidates(needs)
    values = various.values(needs, matches)
    assert values.shape == (len(matches.rows), len(various.names))
    assert not {"gain", "reciprocal_gain", "mutual_gain"} & set(various.names)
    pairs = RequirementPairs(needs, matches.rows, matches.targets)
    for column, name in enumerate(various.names):
        if name in REQUIREMENT_SIGNALS:
            expected = REQUIREMENT_SIGNALS[name].of(pairs)
        else:
            features = various.finder.features
            expected = SIGNALS[name].values(features, matches.leads, matches.targets)
        np.testing.assert_array_equal(values[:, column], expected, err_msg=name)
    np.testing.assert_array_equal(various.values_in_chunks(needs, matches), values)


def test_candidates_are_those_new_to_the_lead_those_it_knows_and_those_that_serve(various):
    needs = needs_of_deals(various, [1, 2, 4])
    finder, delivered = various.finder, various.finder.features.delivered.toarray()
    matches = various.candidates(needs)
    for row, lead in enumerate(needs.leads):
        alone = np.array([lead])
        serving = (delivered @ needs.asked.toarray()[row] > 0) & (np.arange(6) != lead)
        expected = {
            *finder.new(alone).targets.tolist(),
            *finder.known(alone).targets.tolist(),
            *np.flatnonzero(serving).tolist(),
        }
        assert set(matches.targets[matches.rows == row].tolist()) == expected
    assert (matches.leads == needs.leads[matches.rows]).all()
    assert matches.chosen(matches.rows == 1).targets.tolist() == (
        matches.targets[matches.rows == 1].tolist()
    )
