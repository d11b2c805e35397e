import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, Recommender
from ecosystem_graph.recommending import load_model

AS_OF = "2025-01-01"


def why_not(recommender, graph, partner, collaborator, k=10, **how):
    return recommender.why_not(graph, partner, collaborator, k=k, **how)


@pytest.fixture(scope="module")
def circles(taught):
    return EcosystemGraph.from_tables(taught, AS_OF)


def test_a_listed_collaborator_has_the_rank_of_its_list(recommender, circles):
    answer = recommender.recommend(circles, ["d4"], k=5)
    for row in answer.iter_rows(named=True):
        result = why_not(recommender, circles, "d4", row["collaborator_id"], k=5)
        assert result.listed
        assert (result.rank, result.score, result.last_id) == (row["rank"], row["score"], None)


def test_an_unlisted_collaborator_has_its_rank_and_the_differences_from_the_last(
    recommender, circles
):
    longest = recommender.recommend(circles, ["d4"], k=1_000)
    last = longest.row(4, named=True)
    for row in longest[5:].iter_rows(named=True):
        result = why_not(recommender, circles, "Partner d4", row["collaborator_id"], k=5)
        assert not result.listed
        assert result.candidate
        assert (result.rank, result.score) == (row["rank"], row["score"])
        assert (result.last_id, result.last_score) == (last["collaborator_id"], last["score"])
        assert sum(part.log_odds for part in result.differences) == last["score"] - row["score"]
        assert result.n_candidates == longest.height


BARRED = {
    "partners": {
        "ann": {},
        "opted": {"participates": False},
        "closed": {"status": "closed"},
        "busy": {"intro_capacity": 0},
        "mother": {},
        "child": {"parent_id": "mother"},
        "other": {"parent_id": "mother"},
    },
    "wins": ["ann met"],
    "restrictions": {"bound": {"somebody": "exclusive"}, "foe": {"ann": "do_not_pair"}},
    "offerings": {"ann": ["vpn"], "rival": ["vpn"]},
}


@pytest.mark.parametrize(
    ("pair", "reason"),
    [
        (("ann", "opted"), "opted has opted out"),
        (("opted", "ann"), "opted has opted out"),
        (("ann", "closed"), "closed is closed"),
        (("ann", "bound"), "bound is bound exclusively to 'somebody'"),
        (("ann", "foe"), "the two are not to be paired (do_not_pair)"),
        (("child", "other"), "the two are of one family"),
        (("ann", "busy"), "busy takes no introductions"),
        (("ann", "rival"), "the competition of the two is 67%, more than 50%"),
        (
            ("met", "ann"),
            "the two know each other: 1 joint win so far (known collaborators are proposed where "
            "they are asked for)",
        ),
    ],
)
def test_the_answer_names_the_hard_filter_that_excludes_a_pair(
    recommender, make_graph, pair, reason
):
    graph = make_graph(**BARRED)
    result = why_not(recommender, graph, *pair, max_competition=0.5)
    assert result.barred == (reason,)
    assert not result.listed
    listed = recommender.recommend(graph, [pair[0]], k=100, max_competition=0.5)
    assert pair[1] not in listed["collaborator_id"].to_list()


def test_the_answer_names_all_reasons_together(recommender, make_graph):
    graph = make_graph(partners={"a": {"status": "closed", "participates": False}, "b": {}})
    assert why_not(recommender, graph, "b", "a").barred == ("a has opted out", "a is closed")


def test_a_collaborator_without_evidence_differs_from_one_beyond_the_candidate_limit(make_graph):
    crowd = [f"c{n}" for n in range(6)]
    graph = make_graph(
        partners={"ann": {"country": "DE"}, "far": {"country": "FR"}},
        wins=["ann bob", *(f"bob {who}" for who in crowd)],
    )
    frugal = Recommender.of(load_model("default").with_params(n_candidates=2))
    near = recommended = frugal.recommend(graph, ["ann"], k=10)["collaborator_id"].to_list()
    outside = next(who for who in crowd if who not in near)
    assert len(recommended) == 2
    result = why_not(frugal, graph, "ann", outside)
    assert (result.candidate, result.connected, result.barred) == (False, True, ())
    assert result.rank >= 1
    assert why_not(frugal, graph, "ann", near[0]).connected


def test_a_list_that_is_not_full_has_no_last_to_compare_with(recommender, make_graph):
    graph = make_graph(wins=["ann bob", "bob cy"])
    result = why_not(recommender, graph, "ann", "cy")
    assert result.listed
    assert (result.last_id, result.differences) == (None, ())


def test_the_answer_holds_the_capacity(recommender, make_graph):
    graph = make_graph(partners={"cy": {"intro_capacity": 4}}, wins=["ann bob", "bob cy"])
    assert why_not(recommender, graph, "ann", "cy").capacity == 4
    assert why_not(recommender, graph, "cy", "ann").capacity == 4  # the median of those stated
    unlimited = make_graph(wins=["ann bob", "bob cy"])
    assert why_not(recommender, unlimited, "cy", "ann").capacity is None


def test_it_speaks_of_the_plain_list(recommender, circles):
    plain = recommender.recommend(circles, ["d4"], k=3)
    assert why_not(recommender, circles, "d4", plain["collaborator_id"][2], k=3).listed
    assert plain.select(pl.col("rank").max()).item() == 3
