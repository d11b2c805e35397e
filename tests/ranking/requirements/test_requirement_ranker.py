"""Who is found for needs: the same whichever need comes first, and however many there are."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, Signal, load_dataset, registered_signal
from ecosystem_graph.ranking import CandidateFinder
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.recommending.model_files import load_model
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.features.requirements import Requirements

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
