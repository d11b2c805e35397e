import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.ranking import CandidateFinder, Policy, Scorer
from ecosystem_graph.ranking.explanation.comparison import differences
from ecosystem_graph.ranking.explanation.contribution import contributions_of
from ecosystem_graph.signals import GraphFeatures

POLICY = Policy(competition_price=1.7)


def scorer_of(graph, ranker):
    return Scorer(CandidateFinder(GraphFeatures(graph)), ranker, "new")


@settings(max_examples=12)
@given(data=st.data())
def test_differences_add_up_to_the_difference_of_the_scores(
    make_graph, ecosystems, any_ranker, data
):
    graph = make_graph(**data.draw(ecosystems))
    scorer, n = scorer_of(graph, any_ranker), graph.n_partners
    source, target, other = (data.draw(st.integers(0, n - 1)) for _ in range(3))
    pairs = np.array([source, source]), np.array([target, other])
    term, _ = POLICY.terms(scorer.finder.features, *pairs)
    score = scorer.log_odds(*pairs) + term
    told = differences(scorer, POLICY, source, target, other)
    assert sum(part.log_odds for part in told) == score[1] - score[0]
    assert [part.log_odds for part in told] == sorted(
        (part.log_odds for part in told), reverse=True
    )


CHAIN = {
    "wins": ["ann bob", "bob cy", "bob cy", "ann di", "di cy", "di ed", "ed fay", "fay gus"],
    "deal_requirements": {"d-1": "crm", "d-2": "crm erp", "d-6": "iam"},
}


def test_the_value_that_is_needed_would_bring_the_pair_level(make_graph, any_ranker):
    graph = make_graph(**CHAIN)
    scorer = scorer_of(graph, any_ranker)
    ann, *others = graph.index.positions(["ann", "cy", "ed", "fay", "gus"])
    checked = 0
    for target in others:
        for other in others:
            told = differences(scorer, POLICY, ann, target, other)
            gap = sum(part.log_odds for part in told)
            shares = {
                part.signal: part.log_odds for part in contributions_of(scorer, POLICY, ann, target)
            }
            for part in told:
                if part.needed is not None:
                    column = any_ranker.names.index(part.signal)
                    values = np.zeros((1, len(any_ranker.names)))
                    values[0, column] = part.needed
                    sources = np.array([ann])
                    share = any_ranker.contributions(values, sources, scorer.lists(sources))
                    assert share[0, column] == pytest.approx(shares[part.signal] + gap, abs=1e-4)
                    checked += 1
    assert checked > 3


def test_only_what_some_candidate_has_is_within_reach(make_graph, any_ranker):
    graph = make_graph(**CHAIN)
    scorer = scorer_of(graph, any_ranker)
    ann, cy, gus = graph.index.positions(["ann", "cy", "gus"])
    pairs, _ = scorer.candidates(np.array([ann]))
    values = {part.signal: [] for part in contributions_of(scorer, POLICY, ann, cy)}
    for target in pairs.targets:
        for part in contributions_of(scorer, POLICY, ann, int(target)):
            values[part.signal].append(part.value)
    for part in differences(scorer, POLICY, ann, gus, cy):
        if part.needed is not None:
            assert min(values[part.signal]) - 1e-9 <= part.needed <= max(values[part.signal]) + 1e-9


def test_nothing_separates_a_pair_from_itself(make_graph, any_ranker):
    graph = make_graph(**CHAIN)
    told = differences(scorer_of(graph, any_ranker), POLICY, 0, 2, 2)
    assert all(part.log_odds == 0 and part.needed is None for part in told)
