"""A list as it was made: what became of one collaborator in it."""

import pytest

from ecosystem_graph import EcosystemGraph, GraphRanker, Request


@pytest.fixture(scope="module")
def ranker(recommender, taught):
    return GraphRanker(recommender.model_, EcosystemGraph.from_tables(taught, "2025-01-01"))


@pytest.mark.parametrize("options", [{"capacity": 2}, {"diverse": True}, {"exposure_price": 1.0}])
def test_it_is_what_the_lists_made_so_hold(ranker, options):
    request = Request.of(k=3, **options)
    rows = ranker.lists(request).rows
    own = rows.filter(rows["partner_id"] == "d4").sort("rank")["collaborator_id"].to_list()
    for collaborator in (own[0], "a3", "e9"):
        made = ranker.why_not("d4", collaborator, request).made
        assert made.asked_for
        assert list(made.listed) == own
        assert made.rank == (own.index(collaborator) + 1 if collaborator in own else None)
        if "capacity" in options:
            assert made.lists_of_it == (rows["collaborator_id"] == collaborator).sum()
            assert made.n_lists == rows["partner_id"].n_unique()


def test_by_score_alone_no_list_is_made(ranker):
    assert ranker.why_not("d4", "a3").made is None
