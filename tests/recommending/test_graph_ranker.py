"""A model at work on a graph: asking changes nothing, whoever asks, and however many at a time."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest

from ecosystem_graph import (
    EcosystemGraph,
    GraphRanker,
    Recommender,
    Request,
    UnknownPartnerError,
    read_tables,
)
from ecosystem_graph.synthetic import synthetic

AS_OF = "2025-01-01"


@pytest.fixture(scope="module")
def circles(taught):
    return EcosystemGraph.from_tables(taught, AS_OF)


@pytest.fixture(scope="module")
def others():
    return EcosystemGraph.from_tables(read_tables(synthetic(300, seed=5).tables), "2026-01-01")


def questions(graph, n, seed):
    """Lists, explanations and why-nots about partners drawn at random."""
    rng = np.random.default_rng(seed)
    for number in range(n):
        a, b = rng.choice(graph.index.ids, 2, replace=False)
        known, k = bool(rng.integers(2)), int(rng.integers(1, 6))
        if number % 4 == 0:
            yield lambda ranker, a=a, b=b: repr(ranker.explain(a, b))
        elif number % 4 == 1:
            yield lambda ranker, a=a, b=b, k=k: repr(ranker.why_not(a, b, Request(k=k)))
        else:
            request = Request(partners=[a], k=k, include_known=known)
            yield lambda ranker, request=request: ranker.lists(request).rows.write_json()


@pytest.mark.parametrize("n", [100, pytest.param(2_000, marks=pytest.mark.exhaustive)])
def test_questions_of_six_threads_about_two_graphs_are_answered_as_alone(
    recommender, circles, others, n
):
    asked = [
        (graph, question)
        for graph, seed in ((circles, 1), (others, 2))
        for question in questions(graph, n // 2, seed)
    ]
    order = np.random.default_rng(0).permutation(len(asked))
    shared = {id(graph): GraphRanker(recommender.model_, graph) for graph in (circles, others)}

    def answer(place):
        graph, question = asked[place]
        return question(shared[id(graph)])

    with ThreadPoolExecutor(6) as threads:
        together = dict(zip(order, threads.map(answer, order), strict=True))
    alone = {id(graph): GraphRanker(recommender.model_, graph) for graph in (circles, others)}
    for place, (graph, question) in enumerate(asked):
        assert together[place] == question(alone[id(graph)]), place


def test_one_recommender_asked_about_two_graphs_by_six_threads_never_mixes_them(
    recommender, circles, others
):
    alone = {id(graph): recommender.recommend(graph, k=5) for graph in (circles, others)}

    def right(number):
        graph = (circles, others)[number % 2]
        return recommender.recommend(graph, k=5).equals(alone[id(graph)])

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(right, range(24)))


def test_a_model_weighs_after_use_what_it_weighed_before(taught, circles):
    recommender = Recommender().fit(taught, AS_OF)
    before = len(pickle.dumps(recommender)), len(pickle.dumps(recommender.model_))
    recommender.recommend(circles, k=3, include_known=True)
    recommender.explain(circles, "d4", "a3")
    assert (len(pickle.dumps(recommender)), len(pickle.dumps(recommender.model_))) == before
    again = pickle.loads(pickle.dumps(recommender))
    assert again.recommend(circles).equals(recommender.recommend(circles))


def test_the_ranker_of_the_graph_asked_last_is_kept(recommender, circles, others):
    assert recommender.on(circles) is recommender.on(circles)
    assert recommender.on(others).graph is others
    assert recommender.on(circles).graph is circles


def test_a_parameter_set_later_counts_and_another_ranker_stands_by_its_own(taught, make_graph):
    graph = make_graph(
        wins=["ann cy", "bob cy", "di cy"], offerings={"ann": ["vpn"], "bob": ["vpn"]}
    )
    recommender = Recommender().fit(taught, AS_OF)
    before = recommender.on(graph)
    priced = before.explain("ann", "bob").score
    free = recommender.set_params(competition_price=0.0).explain(graph, "ann", "bob").score
    assert free > priced
    assert before.explain("ann", "bob").score == priced


# Filters of a request: by id, by what a partner is, by an own rule.


def listed(ranker, **options):
    rows = ranker.lists(Request.of(**options)).rows
    return set(rows.select("partner_id", "collaborator_id").iter_rows())


@pytest.fixture(scope="module")
def ranker(recommender, circles):
    return GraphRanker(recommender.model_, circles)


def test_only_candidates_are_proposed_and_nobody_excluded(ranker, circles):
    some = circles.index.ids[::3].tolist()
    pairs = listed(ranker, k=50, candidates=some, exclude=[some[0]])
    assert {b for _, b in pairs} <= set(some[1:])
    assert len({b for _, b in pairs}) > 5


def test_filters_by_what_a_partner_is_leave_those_alone(ranker, taught):
    of = {row["partner_id"]: row for row in taught["partners"].iter_rows(named=True)}
    pairs = listed(ranker, k=50, types=["reseller"], countries=["Germany", "FR"])
    assert pairs
    for _, b in pairs:
        assert of[b]["type"] == "reseller"
        assert of[b]["country"] in ("DE", "FR")


def test_an_own_rule_bars_pairs_and_is_told_whom_it_is_about(ranker):
    asked = []

    def of_other_circles(partners, collaborators):
        asked.append((partners, collaborators))
        return (partners.str.head(1) != collaborators.str.head(1)).to_numpy()

    pairs = listed(ranker, k=50, pair_rule=of_other_circles)
    assert pairs
    assert all(a[0] != b[0] for a, b in pairs)
    assert isinstance(asked[0][0], pl.Series)
    why = ranker.why_not("d1", "d5", Request(pair_rule=of_other_circles))
    assert why.barred == ("Partner d5 is left out by the requirement or by your own pair rule",)
    assert not ranker.explain("d1", "d5", Request(pair_rule=of_other_circles)).may_be_proposed


@pytest.mark.parametrize("answer", [True, [True], np.ones(10_000), None])
def test_a_rule_that_does_not_answer_for_each_pair_is_refused(ranker, answer):
    with pytest.raises(ValueError, match=r"pair_rule must return .* booleans, one per pair"):
        ranker.lists(Request(pair_rule=lambda a, b: answer))


def test_what_is_explained_may_be_proposed_under_the_filters_asked_for(ranker):
    assert ranker.explain("d4", "a3").may_be_proposed
    for options in ({"exclude": ["a3"]}, {"candidates": ["a4"]}, {"countries": ["FR"]}):
        assert not ranker.explain("d4", "a3", Request.of(**options)).may_be_proposed
        assert not ranker.why_not("d4", "a3", Request.of(**options)).listed


def test_a_pair_of_one_partner_is_refused(ranker):
    with pytest.raises(UnknownPartnerError, match="are the same partner"):
        ranker.explain("a1", "Partner a1")
    with pytest.raises(UnknownPartnerError, match="are the same partner"):
        ranker.why_not("a1", "a1")
