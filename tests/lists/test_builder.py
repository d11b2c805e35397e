"""Lists after reranking: within capacity, reciprocal, diverse, at a price on exposure."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph, GraphRanker, Recommender
from ecosystem_graph.errors import DataError
from ecosystem_graph.lists import builder as builder_module
from ecosystem_graph.lists import listing
from ecosystem_graph.lists.reranking import Reranking
from ecosystem_graph.lists.reranking.exposure_price import congestion_prices
from ecosystem_graph.lists.results.ranked_lists import RankedLists
from ecosystem_graph.ranking import candidates
from ecosystem_graph.ranking.ranker import on_grid
from ecosystem_graph.recommending import Request, load_model
from ecosystem_graph.recommending.requests.requirement import Requirement
from ecosystem_graph.signals import SIGNALS

AS_OF = "2025-01-01"
MOVED = {"moved_by_reciprocity", "moved_by_diversity", "moved_by_capacity", "moved_by_exposure"}
RERANKINGS = [
    {"reciprocal": True},
    {"diverse": True},
    {"capacity": 3},
    {"exposure_price": 1.0},
    {"reciprocal": True, "diverse": True, "capacity": 2, "exposure_price": 0.5},
]


@pytest.fixture(scope="module")
def circles(taught):
    return EcosystemGraph.from_tables(taught, AS_OF)


def load_of(answer):
    return dict(answer["collaborator_id"].value_counts().iter_rows())


@pytest.mark.parametrize("options", RERANKINGS)
def test_what_reorders_a_list_leaves_every_score_as_it_is(recommender, circles, options):
    answer = recommender.recommend(circles, k=5, **options)
    for row in answer.sample(10, seed=0).iter_rows(named=True):
        explanation = recommender.explain(circles, row["partner_id"], row["collaborator_id"])
        assert explanation.score == row["score"]


@pytest.mark.parametrize("options", RERANKINGS)
def test_a_row_without_a_moved_flag_has_the_rank_of_its_score(recommender, circles, options):
    plain = recommender.recommend(circles, k=5).select("partner_id", "collaborator_id", "rank")
    answer = recommender.recommend(circles, k=5, **options)
    both = answer.join(plain, on=["partner_id", "collaborator_id"], how="left", suffix="_plain")
    flagged = both["flags"].list.set_intersection(sorted(MOVED)).list.len() > 0
    elsewhere = (both["rank"] != both["rank_plain"]).fill_null(True)
    if len(options) == 1:
        assert (flagged == elsewhere).all()
    assert (flagged | ~elsewhere).all()
    assert elsewhere.any()


def test_without_reranking_no_row_is_flagged_as_moved(recommender, circles):
    flags = recommender.recommend(circles, k=5)["flags"].explode().unique().to_list()
    assert not MOVED & set(flags)


@settings(max_examples=20)
@given(data=st.data())
def test_no_partner_is_in_more_lists_than_its_capacity_with_any_reranking(
    recommender, make_graph, ecosystems, data
):
    rows = data.draw(ecosystems)
    limits = st.one_of(st.none(), st.integers(0, 2))
    for partner in rows["partners"].values():
        partner["intro_capacity"] = data.draw(limits)
    graph = make_graph(**rows)
    option = data.draw(limits)
    answer = recommender.recommend(
        graph,
        data.draw(st.one_of(st.none(), st.lists(st.sampled_from(list(rows["partners"]))))),
        k=data.draw(st.integers(1, 3)),
        include_known=data.draw(st.booleans()),
        capacity=option,
        diverse=data.draw(st.booleans()),
        exposure_price=data.draw(st.sampled_from([0.0, 1.0])),
        reciprocal=data.draw(st.booleans()) and bool(recommender.on(graph).features.demand.nnz),
    )
    for partner, load in load_of(answer).items():
        stated = rows["partners"][partner]["intro_capacity"]
        limit = option if stated is None else stated
        assert limit is None or load <= limit


UNDER_WAY = ("proposed", "introduced", "accepted")


@settings(max_examples=25)
@given(data=st.data())
def test_a_pair_under_way_is_not_listed_and_uses_capacity_with_any_reranking(
    recommender, make_graph, ecosystems, data
):
    rows = data.draw(ecosystems)
    everybody = list(rows["partners"])
    pair = st.lists(st.sampled_from(everybody), min_size=2, max_size=2, unique=True)
    made = data.draw(
        st.lists(st.tuples(pair, st.sampled_from([*UNDER_WAY, "declined"])), max_size=9)
    )
    rows["introductions"] = [
        {
            "partner_id": a,
            "collaborator_id": b,
            "introduced_on": "2024-12-01",
            "decided_on": "2024-12-20" if status in ("accepted", "declined") else None,
            "status": status,
        }
        for (a, b), status in made
    ]
    for partner in rows["partners"].values():
        partner["intro_capacity"] = data.draw(st.one_of(st.none(), st.integers(0, 3)))
    graph = make_graph(**rows)
    known = data.draw(st.booleans())
    answer = recommender.recommend(
        graph,
        k=data.draw(st.integers(1, 3)),
        include_known=known,
        capacity=data.draw(st.one_of(st.none(), st.integers(0, 3))),
        diverse=data.draw(st.booleans()),
    )
    won = {frozenset((a, b)) for team in rows["wins"] for a in team for b in team}
    barred = {
        frozenset(pair)
        for pair, status in made
        if status != "accepted" or not known or frozenset(pair) not in won
    }
    listed = {frozenset(row) for row in answer.select("partner_id", "collaborator_id").iter_rows()}
    assert not listed & barred
    busy = {who: set() for who in everybody}
    for (a, b), status in made:
        if status in ("proposed", "introduced"):
            busy[a].add(b)
            busy[b].add(a)
    for partner, load in load_of(answer).items():
        stated = rows["partners"][partner]["intro_capacity"]
        assert stated is None or load + len(busy[partner]) <= stated


def test_a_capacity_that_no_partner_reaches_gives_the_plain_ranking(recommender, circles):
    plain = recommender.recommend(circles, k=5)
    assert recommender.recommend(circles, k=5, capacity=1_000).equals(plain)


def test_the_capacities_of_the_table_apply_by_default(recommender, make_graph):
    rows = {"wins": ["ann bob", "cy bob", "di bob", "ed bob"]}
    stated = {"ann": 1, "ed": 0, "bob": 9, "cy": 9, "di": 9}
    graph = make_graph(**rows, partners={who: {"intro_capacity": n} for who, n in stated.items()})
    answer = recommender.recommend(graph)
    assert load_of(answer)["ann"] == 1
    assert "ed" not in load_of(answer)
    assert "ed" in answer["partner_id"].to_list()


def test_a_run_for_some_partners_allocates_among_their_lists_alone(recommender, circles):
    some = recommender.recommend(circles, ["d1", "d2"], k=3, capacity=1)
    assert some["partner_id"].value_counts().sort("partner_id")["count"].to_list() == [3, 3]
    assert set(load_of(some).values()) == {1}


def test_a_row_in_place_of_a_full_partner_is_flagged_and_has_the_evidence(recommender, circles):
    answer = recommender.recommend(circles, k=3, capacity=2)
    moved = answer.filter(pl.col("flags").list.contains("moved_by_capacity"))
    assert moved.height > 0
    sentence = moved["evidence"].list.last()
    assert sentence.str.contains(r"^instead of \d+ that can take no more introductions").all()
    others = answer.filter(~pl.col("flags").list.contains("moved_by_capacity"))
    assert not others["evidence"].list.join(";").str.contains("instead of").any()


@pytest.mark.parametrize("options", [{}, {"include_known": True, "reciprocal": True}])
def test_lists_that_the_pool_does_not_fill_get_candidates_with_room(recommender, circles, options):
    ranker = recommender.on(circles)
    builder = ranker.builder(Request.of(k=3, capacity=3, **options).on(circles))
    everybody = builder.sources(None)
    pool = RankedLists.joined(builder.pools(everybody, 3))
    made, allocation = builder.settled(pool.head(1), 3)
    assert len(made) > len(allocation.plain)
    assert np.bincount(made.targets).max() <= 3
    scored = builder.best_of(everybody, circles.n_partners, builder.finder.n_candidates)
    scores = dict(zip(pairs_of(scored), scored.scores.tolist(), strict=True))
    assert [scores[pair] for pair in pairs_of(made)] == made.scores.tolist()
    key = made.sort_key
    assert (key[1:] <= key[:-1])[made.ranks[1:] > 1].all()
    again, _ = builder.settled(pool.head(1), 3)
    np.testing.assert_array_equal(again.targets, made.targets)


def pairs_of(lists):
    return list(zip(lists.sources.tolist(), lists.targets.tolist(), strict=True))


def test_the_summary_holds_the_cost_of_capacities(recommender, circles):
    listing = recommender.on(circles).lists(Request.of(k=3, capacity=2))
    plain = recommender.recommend(circles, k=3)
    summary = listing.allocation
    assert (summary["capacity_from_table"], summary["capacity_of_others"]) == (0, 2)
    load = load_of(listing.rows)
    assert summary["partners_full"] == sum(n == 2 for n in load.values())
    lost = plain.join(listing.rows, on=["partner_id", "collaborator_id"], how="anti")
    assert summary["places_lost"] == lost.height > 0
    lengths = (
        answer["partner_id"].value_counts().rename({"count": name})
        for name, answer in (("plain", plain), ("made", listing.rows))
    )
    both = next(lengths).join(next(lengths), on="partner_id", how="left").fill_null(0)
    assert summary["lists_left_short"] == (both["made"] < both["plain"]).sum()
    expected = summary["expected_joint_wins"]
    assert expected["plain"] == pytest.approx(plain["probability"].sum(), abs=1e-3)
    assert expected["allocated"] == pytest.approx(listing.rows["probability"].sum(), abs=1e-3)


def test_reciprocal_lists_raise_the_gain_of_the_side_that_gains_less(make_graph):
    pairs = {f"w{n}": f"hub{n % 3} p{n}" for n in range(24)}
    graph = make_graph(
        wins=pairs,
        deal_requirements={deal: f"c{n % 4}" for n, deal in enumerate(pairs)},
        partner_capabilities={f"p{n}": f"c{(n + 1) % 4}" for n in range(0, 24, 2)},
    )
    default = Recommender.load("default")
    plain, both = (default.recommend(graph, k=4, reciprocal=asked) for asked in (False, True))
    smaller = pl.min_horizontal("gain", "reciprocal_gain").mean()
    assert both.select(smaller).item() > plain.select(smaller).item()


def test_reciprocal_lists_without_any_demand_are_refused(recommender, make_graph):
    with pytest.raises(DataError, match="rank without asking for reciprocity"):
        recommender.recommend(make_graph(wins=["ann bob", "bob cy"]), reciprocal=True)


def test_diverse_lists_hold_fewer_of_one_family(recommender, make_graph):
    family = {f"f{n}": {"parent_id": "f0"} for n in range(1, 6)}
    graph = make_graph(
        partners={**family, "lone": {}},
        wins=[*(f"hub {who}" for who in family), "ann hub", "hub lone"],
    )
    plain, diverse = (recommender.recommend(graph, ["ann"], k=3, diverse=d) for d in (False, True))
    n_family = [
        sum(b.startswith("f") for b in lists["collaborator_id"]) for lists in (plain, diverse)
    ]
    assert n_family[0] >= n_family[1]
    assert "lone" in diverse["collaborator_id"].to_list()


def test_a_price_on_exposure_brings_more_partners_into_lists(recommender, circles):
    plain, priced = (recommender.recommend(circles, k=3, exposure_price=x) for x in (0.0, 2.0))
    assert priced["collaborator_id"].n_unique() > plain["collaborator_id"].n_unique()


def test_a_capacity_below_nothing_is_refused(recommender, circles):
    with pytest.raises(ValueError, match=r"capacity must be 0 or more\. Got -1"):
        recommender.recommend(circles, capacity=-1)
    with pytest.raises(ValueError, match=r"exposure_price must be finite and 0 or more\. Got -1"):
        recommender.recommend(circles, exposure_price=-1)


@pytest.mark.parametrize("options", RERANKINGS)
def test_the_same_seed_and_wishes_give_the_same_lists_however_work_is_shared_out(
    recommender, circles, options
):
    whole = recommender.recommend(circles, k=4, **options)
    assert whole.equals(recommender.recommend(circles, k=4, **options))
    if not {"capacity", "exposure_price"} & options.keys():
        some = recommender.recommend(circles, ["a3", "d4"], k=4, **options)
        assert some.equals(whole.filter(pl.col("partner_id").is_in(["a3", "d4"])))


def test_no_requested_partner_gives_no_rows_with_capacities_too(recommender, circles):
    empty = recommender.recommend(circles, [], capacity=1)
    assert empty.schema == recommender.recommend(circles).schema
    assert empty.height == 0


def test_a_row_beyond_what_was_learnt_on_is_flagged(recommender, taught):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    learnt = recommender.model_.rankers.items()
    narrow, wide = (
        Recommender.of(replace(recommender.model_, rankers=rankers))
        for rankers in (
            {task: replace(one, least=one.least * 0, most=one.most * 0) for task, one in learnt},
            {
                task: replace(one, least=one.least - 1e9, most=one.most + 1e9)
                for task, one in learnt
            },
        )
    )
    flags, empty = (model.recommend(graph)["flags"].explode() for model in (narrow, wide))
    assert "beyond_learnt" in flags
    assert "beyond_learnt" not in empty


@pytest.fixture
def built(recommender, circles, monkeypatch):
    """What builds lists of all fifty from five candidates that are scored first, or from all."""
    monkeypatch.setattr(candidates, "_SCORED", 5)
    monkeypatch.setattr(builder_module, "_BENEFICIAL", 0)
    ranker = GraphRanker(recommender.model_, circles)

    def built(**more):
        return replace(ranker.builder(Request().on(circles)), **more)

    return built


def test_a_list_is_chosen_from_those_scored_first_unless_filters_leave_too_few(built, circles):
    source = np.array([circles.index.position("d4")])
    first = built().best_of(source, 50, 5).targets
    everybody = built().best_of(source, 50, 400).targets
    assert (len(first), len(everybody) > 30) == (5, True)
    assert set(built().ranked(source, 5).targets) == set(first)
    assert built().ranked(source, 4).targets.tolist() == first[:4].tolist()
    assert built().ranked(source, 6).targets.tolist() == everybody[:6].tolist()
    barred = set(first[:2].tolist())

    def others(a, b):
        return ~np.isin(b, list(barred))

    left = [one for one in everybody.tolist() if one not in barred]
    masked = built(pair_mask=others)
    assert masked.ranked(source, 5).targets.tolist() == left[:5]
    assert masked.ranked(source, 3).targets.tolist() == [
        one for one in first.tolist() if one not in barred
    ]


def test_only_lists_that_are_too_short_are_chosen_from_all(built, circles):
    everybody = np.arange(circles.n_partners)
    short = circles.index.position("d4")

    def others(a, b):
        return (a != short) | (b % 2 == 0)

    lists = built(pair_mask=others).ranked(everybody, 5)
    plain = built().ranked(everybody, 5)
    assert np.bincount(lists.sources, minlength=50).tolist() == [5] * 50
    assert (lists.targets[lists.sources == short] % 2 == 0).all()
    for source in everybody[everybody != short]:
        np.testing.assert_array_equal(
            lists.targets[lists.sources == source], plain.targets[plain.sources == source]
        )


def test_the_pool_of_a_list_that_is_reordered_is_ten_times_as_long(built, circles):
    source = np.array([circles.index.position("d4")])
    deep = built(reranking=Reranking(exposure_price=1.0))
    assert len(built().pools(source, 3)[0]) == 3
    assert len(deep.pools(source, 3)[0]) == 30
    assert deep.allocates_jointly
    assert built(reranking=Reranking(capacity=2)).allocates_jointly
    assert not built(reranking=Reranking(diverse=True)).allocates_jointly


def test_a_price_on_exposure_is_the_price_of_congestion_in_the_pool(built, circles):
    everybody = np.arange(circles.n_partners)
    builder = built(reranking=Reranking(exposure_price=0.7))
    pool = RankedLists.joined(builder.pools(everybody, 2))
    lists, allocation = builder.settled(pool, 2)
    prices = congestion_prices(pool.sources, pool.targets, pool.scores, 2, 50, 0.7)
    assert allocation is None
    key = pool.scores - prices[pool.targets]
    for source in everybody:
        here = np.flatnonzero(pool.sources == source)
        best = here[np.argsort(-key[here], kind="stable")][:2]
        np.testing.assert_array_equal(lists.targets[lists.sources == source], pool.targets[best])
        np.testing.assert_allclose(lists.sort_key[lists.sources == source], key[best])


def test_a_partner_that_takes_no_part_gets_no_list(recommender, make_graph):
    graph = make_graph(partners={"cy": {"status": "closed"}}, wins=["ann bob", "bob cy", "cy di"])
    builder = GraphRanker(recommender.model_, graph).builder(Request().on(graph))
    ann, bob, _, di = range(4)
    assert builder.sources(None).tolist() == [ann, bob, di]
    assert builder.sources(["di", "cy", "ann", "di"]).tolist() == [ann, di]
    assert builder.task_of(ann, bob) == "repeat"
    assert builder.task_of(ann, di) == "new"
    assert not builder.includes_known


def test_a_list_for_a_requirement_is_its_own_and_tells_whom_the_lead_knows(make_graph):
    graph = make_graph(
        wins=["ann bob", "bob cy", "cy di"],
        deal_requirements={"d-1": "crm", "d-2": "crm", "d-3": "crm"},
        partner_capabilities={name: {"crm": "certified"} for name in ("bob", "cy", "di")},
    )
    asked = Request(requirement=Requirement({"crm": 1.0}, lead="ann"))
    builder = GraphRanker(load_model("default"), graph).builder(asked.on(graph))
    ann, bob, cy, di = range(4)
    assert builder.includes_known
    assert {builder.task_of(ann, other) for other in (bob, cy, di)} == {"requirement"}
    limited = replace(builder, reranking=Reranking(capacity=1, exposure_price=1.0))
    assert not limited.allocates_jointly
    lists = builder.best_of(np.array([ann]), 10, 10)
    assert sorted(lists.targets.tolist()) == [bob, cy, di]
    assert dict(zip(lists.targets.tolist(), lists.known.tolist(), strict=True)) == {
        bob: True,
        cy: False,
        di: False,
    }


@pytest.mark.parametrize("n_compared", [1, 3, 50])
def test_expected_joint_wins_are_compared_over_lists_spread_evenly(
    recommender, circles, monkeypatch, n_compared
):
    monkeypatch.setattr(listing, "_COMPARED", n_compared)
    made = recommender.on(circles).lists(Request.of(k=3, capacity=2))
    plain = recommender.recommend(circles, k=3)
    sources = sorted(plain["partner_id"].unique())
    places = np.linspace(0, len(sources) - 1, n_compared).round().astype(int)
    some = [sources[place] for place in places]
    expected = made.allocation["expected_joint_wins"]
    assert expected["lists"] == n_compared
    for name, rows in (("plain", plain), ("allocated", made.rows)):
        of_some = rows.filter(pl.col("partner_id").is_in(some))
        assert expected[name] == pytest.approx(of_some["probability"].sum(), abs=1e-3)


def found_by(ranker, n_candidates, **asked):
    """Pairs that a request scores for everybody, with their scores."""
    builder = ranker.builder(Request(**asked).on(ranker.graph))
    everybody = np.arange(ranker.graph.n_partners)
    lists = builder.best_of(everybody, 1_000, n_candidates)
    pairs = zip(lists.sources.tolist(), lists.targets.tolist(), strict=True)
    return builder, dict(zip(pairs, lists.scores.tolist(), strict=True))


@pytest.fixture(scope="module")
def skilled(recommender, make_graph):
    """Forty partners in a chain of wins; what each deal asked for is held far away along it."""
    pairs = {f"d-{n:02}": f"p{n:02} p{n + 1:02}" for n in range(39)}
    graph = make_graph(
        wins=pairs,
        deal_requirements={deal: f"c{n % 7} c{(n + 3) % 7}" for n, deal in enumerate(pairs)},
        partner_capabilities={
            f"p{n:02}": {f"c{n % 5}": "certified", f"c{n % 3 + 4}": "reference"}
            for n in range(0, 40, 3)
        },
        offerings={f"p{n:02}": f"o{n % 2}" for n in range(40)},
    )
    return GraphRanker(recommender.model_, graph)


def test_candidates_of_most_benefit_are_scored_beside_those_likely_to_join(skilled):
    _, likely = found_by(skilled, 2, uplift_weight=0)
    builder, both = found_by(skilled, 2, uplift_weight=6)
    finder, benefit = builder.finder, skilled.benefit
    everybody = np.arange(skilled.graph.n_partners)
    fresh = finder.through(finder.open_lookup(benefit.lookup), everybody, 24)
    beneficial = set(zip(fresh.sources.tolist(), fresh.targets.tolist(), strict=True))
    assert set(both) == set(likely) | beneficial
    assert beneficial - set(likely)
    assert set(likely) - beneficial


@pytest.mark.parametrize("weight", [0, 6])
def test_a_score_is_its_log_odds_of_joining_and_what_the_policy_adds(skilled, weight):
    builder, scores = found_by(skilled, 2, uplift_weight=weight)
    pairs = tuple(np.array(side) for side in zip(*scores, strict=True))
    joining = builder.scorers["new"].log_odds(*pairs)
    benefit = skilled.benefit.terms(*pairs, 6.0) if weight else {}
    competition = SIGNALS["competition"].values(skilled.features, *pairs)
    priced = on_grid(-skilled.model.params["competition_price"] * competition)
    rivalry = np.minimum(priced, benefit.pop("competition", priced))
    assert competition.any()
    assert np.array_equal(list(scores.values()), joining + sum(benefit.values()) + rivalry)


def test_who_may_not_be_proposed_is_not_found_by_benefit_either(skilled):
    open_to = [f"p{n:02}" for n in range(0, 40, 4)]
    builder, scores = found_by(skilled, 2, uplift_weight=6, candidates=open_to)
    allowed = set(skilled.graph.index.positions(open_to).tolist())
    assert {target for _, target in scores} <= allowed
    adjacency = skilled.graph.adjacency
    assert not any(adjacency[pair] for pair in scores)
    assert builder.policy.counts_benefit


def test_a_list_for_a_requirement_does_not_count_the_benefit(make_graph):
    graph = make_graph(
        wins=["ann bob", "bob cy", "cy di"],
        deal_requirements={"d-1": "crm", "d-2": "crm", "d-3": "crm"},
        partner_capabilities={name: {"crm": "certified"} for name in ("bob", "cy", "di")},
    )
    ranker = GraphRanker(load_model("default"), graph)
    need = Requirement({"crm": 1.0}, lead="ann")
    plain, weighed = (
        ranker.lists(Request(requirement=need, uplift_weight=weight)).rows for weight in (0, 50)
    )
    assert plain.height == 3
    assert plain.equals(weighed)
    assert "uplift" not in plain.columns


def test_candidates_of_most_benefit_are_new_ones(skilled):
    """With known collaborators included, no pair is scored twice."""
    builder = skilled.builder(Request(uplift_weight=6, include_known=True).on(skilled.graph))
    lists = builder.best_of(np.arange(skilled.graph.n_partners), 1_000, 2)
    pairs = list(zip(lists.sources.tolist(), lists.targets.tolist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    assert lists.known.tolist() == [skilled.graph.adjacency[pair] > 0 for pair in pairs]
    assert 0 < lists.known.sum() < len(pairs)
