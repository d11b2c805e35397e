"""Scores of those that could join a lead, against the ranker's own."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.ranking import AdditiveRanker, CandidateFinder
from ecosystem_graph.ranking.requirements.requirement_ranker import RequirementRanker
from ecosystem_graph.ranking.requirements.requirement_scorer import RequirementScorer
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.features.requirements import Requirements

PARTNERS = [f"p{n}" for n in range(10)]


@pytest.fixture(scope="module")
def matcher(make_graph):
    teams = {f"d-{n}": f"{a} {b}" for n, (a, b) in enumerate(pairwise(PARTNERS))}
    asked = {deal: ["crm", "erp", "iam"][n % 3] for n, deal in enumerate(teams)}
    graph = make_graph(wins=teams, deal_requirements=asked)
    return RequirementRanker(CandidateFinder(GraphFeatures(graph)))


@pytest.fixture(scope="module")
def need(matcher):
    facts = pl.DataFrame({"need_id": ["n"], "territory": ["DE"], "industry": ["retail"]})
    asked = pl.DataFrame({"need_id": ["n"], "capability_id": ["crm"], "weight": [1.0]})
    lead = matcher.finder.features.graph.index.positions(["p4"])
    return Requirements.of(matcher.finder.features, lead, facts, asked)


@pytest.fixture(scope="module")
def ranker(matcher):
    rng, n = np.random.default_rng(1), len(matcher.names)
    reach = np.full(n, -2.0), np.full(n, 2.0)
    return AdditiveRanker(matcher.names, rng.normal(size=n), -1.0, matcher.usual_scale(), *reach)


def test_candidates_are_those_of_the_need_with_the_scores_of_their_list(matcher, need, ranker):
    scorer = RequirementScorer(matcher, ranker, need)
    found = matcher.candidates(need)
    pairs, scores = scorer.candidates(need.leads, matcher.finder, 1)
    assert pairs.targets.tolist() == found.targets.tolist()
    assert (pairs.sources == need.leads[0]).all()
    _, expected = ranker.listed(matcher.values(need, found), found.rows)
    np.testing.assert_array_equal(scores, expected)
    assert len(np.unique(scores)) > 3


def test_a_finder_that_proposes_some_changes_nobodys_score(matcher, need, ranker):
    scorer = RequirementScorer(matcher, ranker, need)
    pairs, scores = scorer.candidates(need.leads, matcher.finder, 10)
    open_to = np.arange(10) % 2 == 1
    narrow = matcher.finder.open_only_to(open_to)
    some, theirs = scorer.candidates(need.leads, narrow, 10)
    assert some.targets.tolist() == [t for t in pairs.targets if open_to[t]]
    np.testing.assert_array_equal(theirs, scores[np.isin(pairs.targets, some.targets)])


def test_there_are_no_probabilities(matcher, need, ranker):
    scorer = RequirementScorer(matcher, ranker, need)
    assert scorer.probability(need.leads, np.array([0])) is None
