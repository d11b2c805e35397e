import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, Recommender
from ecosystem_graph.lists.results.made_list import MadeList
from ecosystem_graph.lists.why_not import WhyNot
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


def an_answer(**more):
    return WhyNot("ann", "bob", 3, **more)


def made(**more):
    common = {"run_id": None, "asked_for": True, "listed": ("cy",), "rank": None}
    return MadeList(**{**common, "moved_by": (), "lists_of_it": 2, "n_lists": 9, **more})


@pytest.mark.parametrize(
    ("answer", "listed"),
    [
        (an_answer(candidate=True, rank=3), True),
        (an_answer(candidate=True, rank=4), False),
        (an_answer(candidate=True), False),
        (an_answer(candidate=False, rank=1), False),
        (an_answer(candidate=True, rank=1, barred=("closed",)), False),
        (an_answer(candidate=True, rank=1, made=made()), False),
        (an_answer(candidate=False, made=made(rank=9)), True),
    ],
)
def test_it_is_listed_by_its_rank_or_as_the_lists_that_were_made_have_it(answer, listed):
    assert answer.listed is listed


@pytest.mark.parametrize(
    ("answer", "full"),
    [
        (an_answer(capacity=2, made=made()), True),
        (an_answer(capacity=3, made=made()), False),
        (an_answer(capacity=3, places_taken=1, made=made()), True),
        (an_answer(capacity=4, places_taken=1, made=made()), False),
        (an_answer(capacity=0), False),
        (an_answer(made=made()), False),
    ],
)
def test_it_is_full_where_lists_and_introductions_take_all_its_places(answer, full):
    assert answer.full is full


@pytest.mark.parametrize(
    ("capacity", "reason"),
    [
        (1, ("1 of 1 places of busy are taken by introductions under way",)),
        (2, ()),
    ],
)
def test_one_whose_places_introductions_under_way_take_is_proposed_to_nobody(
    recommender, make_graph, capacity, reason
):
    graph = make_graph(
        partners={"busy": {"intro_capacity": capacity}},
        wins=["ann bob", "bob busy", "cy"],
        introductions=[
            {"partner_id": "cy", "collaborator_id": "busy", "introduced_on": "2024-12-20"}
        ],
    )
    answer = why_not(recommender, graph, "ann", "busy")
    assert answer.barred == reason
    assert (answer.capacity, answer.places_taken) == (capacity, 1)
    assert (answer.score is None) == bool(reason)


def test_of_equals_the_rank_is_that_of_the_list(recommender, make_graph):
    """A star: each two of its points are as far from each other as any two."""
    graph = make_graph(wins=[f"hub p{n}" for n in range(8)])
    listed = recommender.recommend(graph, ["p3"], k=7)
    assert listed["score"].n_unique() == 1
    for row in listed.iter_rows(named=True):
        for k in (1, 4, 7):
            answer = why_not(recommender, graph, "p3", row["collaborator_id"], k=k)
            assert answer.rank == row["rank"]
            assert answer.listed == (row["rank"] <= k)
            assert answer.last_id == (None if answer.listed else listed["collaborator_id"][k - 1])
            assert answer.n_candidates == 7


@pytest.mark.parametrize("capacity", [1, 2])
def test_who_is_left_out_for_its_capacity_was_moved_out_and_who_is_far_behind_was_not(
    recommender, circles, capacity
):
    plain = recommender.recommend(circles, ["d4"], k=1_000)["collaborator_id"].to_list()
    rows = recommender.recommend(circles, k=3, capacity=capacity)
    own = rows.filter(pl.col("partner_id") == "d4").sort("rank")["collaborator_id"].to_list()
    last = max(plain.index(one) for one in own)
    for place, one in enumerate(plain):
        answer = why_not(recommender, circles, "d4", one, k=3, capacity=capacity)
        assert answer.listed == (one in own)
        assert answer.moved_out == (one not in own and (place < last or len(own) < 3))
        if one not in own and not answer.moved_out:
            assert answer.last_id == plain[last]
        else:
            assert answer.last_id is None


def test_a_known_pair_is_not_compared_signal_by_signal_with_a_new_one(recommender, circles):
    everybody = recommender.recommend(circles, ["a3"], k=60, include_known=True)
    known = {one for one in everybody["collaborator_id"] if one in ("a2", "a4")}
    for k in (1, 2, 3):
        last = everybody["collaborator_id"][k - 1]
        for one in everybody["collaborator_id"][k:8]:
            answer = why_not(recommender, circles, "a3", one, k=k, include_known=True)
            assert answer.last_id == last
            graph = circles
            places = [graph.index.position(who) for who in ("a3", last, one)]
            same = (graph.adjacency[places[0], places[1]] > 0) == (
                graph.adjacency[places[0], places[2]] > 0
            )
            assert bool(answer.differences) == same
    assert known <= set(everybody["collaborator_id"])
