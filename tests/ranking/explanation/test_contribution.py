"""What each signal adds to one score, against the ranker's own sums."""

from dataclasses import replace

import numpy as np
import pytest

from ecosystem_graph.ranking import CandidateFinder, Policy, Scorer
from ecosystem_graph.ranking.explanation.contribution import contributions_of
from ecosystem_graph.signals import SIGNALS, GraphFeatures

WINS = ["ann bob", "bob cy", "ann di"]


def told_by(graph, ranker, policy=Policy(), a="ann", b="cy"):  # noqa: B008
    scorer = Scorer(CandidateFinder(GraphFeatures(graph)), ranker, "new")
    return scorer, contributions_of(scorer, policy, *graph.index.positions([a, b]).tolist())


def test_a_contribution_is_weight_times_clipped_z_score_of_the_value_named(make_graph, any_ranker):
    graph = make_graph(wins=WINS, deal_requirements={"d-1": "crm"})
    scorer, parts = told_by(graph, any_ranker)
    sources, targets = graph.index.positions(["ann", "cy"]).reshape(2, 1)
    lists = scorer.lists(sources)
    for part in parts:
        column = any_ranker.names.index(part.signal)
        value = SIGNALS[part.signal].values(scorer.finder.features, sources, targets)
        assert part.value == value[0]
        z = any_ranker.scale.column_z_scores(column, value)[0]
        z = (z - lists.centre[0, column]) / lists.spread[0, column]
        clipped = np.clip(z, any_ranker.least[column], any_ranker.most[column])
        assert part.log_odds == pytest.approx(any_ranker.coefficients[column] * clipped, abs=1e-6)
        assert part.clipped == (clipped != z)
        assert not part.policy


def test_all_is_within_a_wide_range_and_nothing_counts_in_none(make_graph, any_ranker):
    graph = make_graph(wins=WINS)
    narrow = replace(any_ranker, least=any_ranker.least * 0, most=any_ranker.most * 0)
    _, parts = told_by(graph, narrow)
    assert any(part.clipped for part in parts)
    assert all(part.log_odds == 0 for part in parts)
    wide = replace(any_ranker, least=any_ranker.least - 1e9, most=any_ranker.most + 1e9)
    assert not any(part.clipped for part in told_by(graph, wide)[1])


def test_competition_is_a_contribution_of_policy_where_offerings_are_known(make_graph, any_ranker):
    graph = make_graph(wins=WINS, offerings={"ann": "vpn", "cy": "vpn"})
    scorer, parts = told_by(graph, any_ranker, Policy(competition_price=1.7))
    (priced,) = [part for part in parts if part.policy]
    pair = graph.index.positions(["ann", "cy"]).reshape(2, 1)
    competition = SIGNALS["competition"].values(scorer.finder.features, *pair)[0]
    assert competition > 0.1
    assert (priced.signal, priced.value, priced.clipped) == ("competition", competition, False)
    assert priced.log_odds == pytest.approx(-1.7 * competition)


def test_every_signal_is_told_the_largest_share_first(make_graph, any_ranker):
    graph = make_graph(wins=["ann bob", "bob cy", "ann di"], deal_requirements={"d-1": "crm"})
    _, told = told_by(graph, any_ranker)
    parts = {part.signal: part for part in told}
    assert parts.keys() == set(any_ranker.names)
    sizes = [abs(part.log_odds) for part in told]
    assert sizes == sorted(sizes, reverse=True)
    shared = parts["own_popularity"]
    assert (shared.value, shared.unit, shared.description) == (
        2.0,
        "partners, >= 0",
        "number of partners the partner itself has won with",
    )
