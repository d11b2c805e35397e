from dataclasses import replace
from datetime import date, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.errors import HistoryError, UnknownPartnerError
from ecosystem_graph.graph.partner_index import PartnerIndex
from ecosystem_graph.ranking import Scale, fit_ranker
from ecosystem_graph.ranking.training import training_set as training_module
from ecosystem_graph.recommending import load_model
from ecosystem_graph.synthetic import synthetic

AS_OF = "2025-01-01"


@pytest.fixture(scope="module")
def circles(taught):
    return EcosystemGraph.from_tables(taught, AS_OF)


def test_a_second_role_on_a_deal_changes_nothing(make_tables, taught):
    lost = {f"lost-{a}{b}": [f"{a}1", f"{b}1"] for a in "abc" for b in "de"}
    asked = {deal: "cap-x" for deal in lost} | dict.fromkeys(taught["deals"]["deal_id"], "cap-y")
    won = taught["deals"]
    outcome = pl.lit("lost", won.schema["outcome"])
    tables = read_tables(
        {
            **{name: taught[name] for name in taught.provided},
            "deals": pl.concat(
                [
                    won,
                    won.head(len(lost)).with_columns(
                        deal_id=pl.Series(list(lost)), outcome=outcome
                    ),
                ]
            ),
            "deal_partners": pl.concat(
                [
                    taught["deal_partners"],
                    pl.DataFrame(
                        {
                            "deal_id": [deal for deal, team in lost.items() for _ in team],
                            "partner_id": [partner for team in lost.values() for partner in team],
                        }
                    ).with_columns(role=pl.lit("lead")),
                ],
                how="diagonal",
            ),
            "deal_requirements": pl.DataFrame(
                {"deal_id": list(asked), "capability_id": list(asked.values())}
            ),
        }
    )
    seats = tables["deal_partners"]
    again = seats.with_columns(role=pl.lit("second role"))
    both = {"deal_partners": pl.concat([seats, again])}
    twice = read_tables({name: tables[name] for name in tables.provided} | both)
    assert twice["deal_partners"].height == 2 * seats.height
    lists = [
        Recommender().fit(each, AS_OF).recommend(EcosystemGraph.from_tables(each, AS_OF), k=5)
        for each in (tables, twice)
    ]
    assert lists[0].equals(lists[1])


# What may stand in a list, worked out from the rows by hand.


def won_before(rows):
    teams = enumerate(rows["wins"], 1)
    return [team for n, team in teams if rows["deals"][f"d-{n}"]["closed_on"] < AS_OF]


def known(rows):
    return {(a, b) for team in won_before(rows) for a in team for b in team if a != b}


def taking_part(rows):
    bound = {key for key, kinds in rows["restrictions"].items() if "exclusive" in kinds.values()}
    return {
        key
        for key, partner in rows["partners"].items()
        if partner["status"] != "suspended" and partner["participates"] is not False
    } - bound


def kept_apart(rows):
    pairs = {(a, b) for a, others in rows["restrictions"].items() for b in others}
    return pairs | {(b, a) for a, b in pairs}


def owner(rows, partner):
    above = rows["partners"][partner]["parent_id"]
    return partner if above is None else owner(rows, above)


def permitted(rows):
    return {
        (a, b)
        for a in taking_part(rows)
        for b in taking_part(rows)
        if owner(rows, a) != owner(rows, b) and (a, b) not in kept_apart(rows)
    }


def pairs_of(recommendations):
    return set(recommendations.select("partner_id", "collaborator_id").iter_rows())


@settings(max_examples=20)
@given(data=st.data())
def test_lists_hold_everybody_who_may_be_proposed_and_nobody_else(
    recommender, make_graph, ecosystems, data
):
    rows = data.draw(ecosystems)
    graph = make_graph(**rows)
    asked = recommender.recommend(graph, include_known=True)
    new = pairs_of(recommender.recommend(graph))
    if not graph.adjacency.nnz:  # who fills no gap is not proposed: nothing speaks for it
        assert new <= permitted(rows)
        return
    assert new == permitted(rows) - known(rows)
    assert pairs_of(asked) == permitted(rows)


@settings(max_examples=10)
@given(data=st.data())
def test_a_list_is_the_order_of_score_with_ties_by_the_gap_and_ranks_without_gaps(
    recommender, make_graph, ecosystems, data
):
    graph = make_graph(**data.draw(ecosystems))
    answer = recommender.recommend(graph, k=4, include_known=True)
    gap = [-pl.col("gain").round(9)] if "gain" in answer.columns else []
    in_order = answer.sort("partner_id", -pl.col("score"), *gap, "rank")
    assert answer.equals(in_order)
    ranks = pl.int_range(1, pl.len() + 1).over("partner_id")
    assert answer["rank"].to_list() == answer.select(ranks).to_series().to_list()
    assert answer["score"].is_finite().all()


@settings(max_examples=10)
@given(data=st.data())
def test_the_order_of_rows_changes_nothing(
    recommender, make_tables, ecosystems, data, tmp_path_factory
):
    tables = make_tables(**data.draw(ecosystems))
    seed = data.draw(st.integers(0, 2**32 - 1))
    shuffled = read_tables(
        {
            name: tables[name].sample(fraction=1.0, shuffle=True, seed=seed)
            for name in tables.provided
        }
    )
    answers = []
    for these in (tables, shuffled):
        answer = recommender.recommend(EcosystemGraph.from_tables(these, AS_OF))
        answers.append(answer.write_ndjson())
    assert answers[0] == answers[1]


@settings(max_examples=10)
@given(data=st.data())
def test_relabelling_partners_only_relabels_the_answer(recommender, make_graph, ecosystems, data):
    rows = data.draw(ecosystems)
    ids = list(rows["partners"])
    new = dict(
        zip(ids, data.draw(st.permutations([f"q{n}" for n in range(len(ids))])), strict=True)
    )
    new[None] = None
    relabelled = {
        **rows,
        "partners": {
            new[key]: {**row, "parent_id": new[row["parent_id"]]}
            for key, row in rows["partners"].items()
        },
        "wins": [[new[partner] for partner in team] for team in rows["wins"]],
        "partner_capabilities": {new[key]: v for key, v in rows["partner_capabilities"].items()},
        "restrictions": {
            new[key]: {new[other]: kind for other, kind in kinds.items()}
            for key, kinds in rows["restrictions"].items()
        },
    }
    before, after = (scores(recommender, make_graph(**these)) for these in (rows, relabelled))
    expected = {(new[a], new[b]): score for (a, b), score in before.items()}
    assert after == pytest.approx(expected, abs=1e-4)  # the embedding is in single precision


def scores(recommender, graph):
    answer = recommender.recommend(graph).select("partner_id", "collaborator_id", "score")
    return {(a, b): score for a, b, score in answer.iter_rows()}


def with_rows(tables, added):
    """Tables with more rows, given as dicts."""
    rows = {
        name: tables[name].to_dicts() + added.get(name, []) for name in {*tables.provided, *added}
    }
    return read_tables(
        {name: pl.DataFrame(some, infer_schema_length=None) for name, some in rows.items()}
    )


DAY, DAY_AFTER = date(2025, 1, 1), date(2025, 1, 2)

#: A deal as it looked before; the day then closes it.
BEFORE = {
    "deals": [{"deal_id": "closing", "opened_on": date(2024, 6, 1), "outcome": "open"}],
    "deal_partners": [{"deal_id": "closing", "partner_id": partner} for partner in ("p1", "p2")],
}

#: Something that as_of, or a day after it, brings in each table.
LATER = {
    "partners": [{"partner_id": "newcomer", "name": "Newcomer", "joined_on": DAY}],
    "deals": [
        {"deal_id": "later", "closed_on": DAY, "outcome": "won"},
        {"deal_id": "closing", "opened_on": date(2024, 6, 1), "closed_on": DAY, "outcome": "won"},
    ],
    "deal_partners": [
        {"deal_id": deal, "partner_id": partner}
        for deal, team in (("later", ["p0", "p1", "newcomer"]), ("closing", ["p1", "p2"]))
        for partner in team
    ],
    "deal_requirements": [{"deal_id": "later", "capability_id": "crm"}],
    "csat": [
        {
            "response_id": "r",
            "partner_id": "p0",
            "responded_on": DAY,
            "score": 1.0,
            "scale_min": 1.0,
            "scale_max": 5.0,
            "kind": "csat_mean",
        }
    ],
    "introductions": [
        {
            "introduction_id": "i",
            "partner_id": "p0",
            "collaborator_id": "p1",
            "introduced_on": DAY,
            "status": "introduced",
        }
    ],
    "restrictions": [
        {
            "partner_id": "p3",
            "collaborator_id": "p5",
            "kind": "do_not_pair",
            "valid_from": DAY_AFTER,
        }
    ],
    "partner_capabilities": [{"partner_id": "p0", "capability_id": "crm", "valid_from": DAY_AFTER}],
    "offerings": [{"partner_id": "p0", "product_id": "vpn", "role": "resell", "since": DAY_AFTER}],
}


@settings(max_examples=10)
@given(data=st.data())
def test_what_as_of_and_later_days_bring_changes_nothing(
    recommender, make_tables, ecosystems, data
):
    tables = make_tables(**data.draw(ecosystems), capabilities="crm erp iam")
    answers = [
        recommender.recommend(EcosystemGraph.from_tables(these, AS_OF)).write_ndjson()
        for these in (with_rows(tables, BEFORE), with_rows(tables, LATER))
    ]
    assert answers[0] == answers[1]


def test_nothing_that_as_of_or_later_days_bring_is_learnt_from(taught, recommender):
    circle = [{"deal_id": "later", "partner_id": f"d{n}"} for n in range(10)]
    later = with_rows(taught, {"deals": LATER["deals"][:1], "deal_partners": circle})
    again = Recommender().fit(later, AS_OF)
    for task, ranker in recommender.model_.rankers.items():
        np.testing.assert_array_equal(ranker.coefficients, again.model_.rankers[task].coefficients)


def test_the_same_seed_gives_the_same_model_and_the_same_lists(taught, recommender, circles):
    again = Recommender().fit(taught, AS_OF)
    assert again.recommend(circles).equals(recommender.recommend(circles))


def test_it_learns_that_a_circle_wins_together(recommender, circles):
    best = recommender.recommend(circles, partners=["d4"], k=7)["collaborator_id"]
    assert all(partner.startswith("d") for partner in best)


def test_an_explanation_adds_up_to_the_score_in_the_list_exactly(recommender, circles):
    answer = recommender.recommend(circles, partners=["d4", "a3"], k=5, include_known=True)
    for row in answer.iter_rows(named=True):
        explanation = recommender.explain(circles, row["partner_id"], row["collaborator_id"])
        assert explanation.score == row["score"]
        assert (
            explanation.intercept + sum(part.log_odds for part in explanation.contributions)
            == row["score"]
        )
        assert explanation.may_be_proposed


@settings(max_examples=10)
@given(data=st.data())
def test_an_explanation_tells_the_score_of_any_pair_in_a_list(
    recommender, make_graph, ecosystems, data
):
    graph = make_graph(**data.draw(ecosystems))
    for row in recommender.recommend(graph, k=2, include_known=True)[:6].iter_rows(named=True):
        explanation = recommender.explain(graph, row["partner_id"], row["collaborator_id"])
        assert explanation.score == row["score"]
        assert (
            explanation.intercept + sum(part.log_odds for part in explanation.contributions)
            == row["score"]
        )


def test_an_explanation_says_when_a_pair_may_not_be_proposed(recommender, make_graph):
    graph = make_graph(wins=["ann bob"], restrictions={"bob": {"cy": "do_not_pair"}})
    assert not recommender.explain(graph, "cy", "bob").may_be_proposed
    assert recommender.explain(graph, "cy", "ann").may_be_proposed
    met = make_graph(
        wins=["ann bob"], introductions=[{"partner_id": "bob", "collaborator_id": "cy"}]
    )
    assert not recommender.explain(met, "cy", "bob").may_be_proposed


def test_an_explanation_shows_the_deals_behind_a_pair(recommender, make_graph):
    graph = make_graph(wins={"d-7": "ann bob cy", "d-8": "ann bob", "d-9": "bob cy"})
    explanation = recommender.explain(graph, "ann", "bob")
    assert [(deal.deal_id, deal.team_size) for deal in explanation.shared_deals] == [
        ("d-7", 3),
        ("d-8", 2),
    ]
    assert explanation.shared_collaborators == ("cy",)


@pytest.mark.parametrize("k", [1, 3, 1000])
def test_k_cuts_lists_and_nothing_else(recommender, circles, k):
    longest = recommender.recommend(circles, k=1000)
    assert recommender.recommend(circles, k=k).equals(longest.filter(pl.col("rank") <= k))


def test_lists_of_some_are_the_lists_they_have_among_all(recommender, circles):
    everybody = recommender.recommend(circles)
    some = recommender.recommend(circles, partners=["e5", "Partner b2", "b2"])
    assert some.equals(everybody.filter(pl.col("partner_id").is_in(["b2", "e5"])))


def test_nobody_asked_for_is_an_empty_answer_with_the_same_columns(recommender, circles):
    nobody = recommender.recommend(circles, partners=[])
    assert nobody.schema == recommender.recommend(circles).schema
    assert nobody.height == 0


def test_candidates_are_few_where_they_are_meant_to_be(taught, circles):
    frugal = Recommender(n_candidates=3).fit(taught, AS_OF)
    assert frugal.recommend(circles)["rank"].max() <= 3


def test_unknown_partners_are_all_named_at_once(recommender, circles):
    with pytest.raises(UnknownPartnerError, match=r"'a33'.*\n.*'zz'"):
        recommender.recommend(circles, partners=["a33", "a3", "zz"])


def test_known_collaborators_need_history_of_them(taught, circles):
    model = Recommender().fit(taught, AS_OF).model_
    novice = Recommender.of(replace(model, rankers={"new": model.rankers["new"]}))
    with pytest.raises(HistoryError, match="too little history of partners winning together again"):
        novice.recommend(circles, include_known=True)
    with pytest.raises(HistoryError, match="default"):
        novice.explain(circles, "a1", "a2")
    assert novice.recommend(circles).height > 0


def test_too_little_history_is_told_with_its_numbers(make_tables):
    with pytest.raises(HistoryError, match=r"0 of .* candidate pairs.*at least 50.*`default`"):
        Recommender().fit(make_tables(wins=["ann bob"]), AS_OF)


def test_pairs_that_all_won_teach_nothing(monkeypatch, recommender, circles):
    monkeypatch.setattr(training_module, "_FEWEST_WINS", 1)
    ones, places = np.ones((3, 1)), np.arange(3)
    scale = Scale.of(("gain",), ones)
    everything = training_module.TrainingSet(
        scale, places, places, ones, np.ones(3, bool), np.ones(3)
    )
    with pytest.raises(HistoryError, match="3 of 3"):
        fit_ranker(everything)


@pytest.mark.parametrize("day", ["1970-01-01", "2200-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_too_little_history(taught, day):
    with pytest.raises(HistoryError, match="too little history"):
        Recommender(horizon_days=36_500).fit(taught, day)
    with pytest.raises(HistoryError, match="too little history"):
        Recommender(horizon_days=1).fit(taught, day)


@pytest.mark.parametrize(
    "parameters",
    [{"n_candidates": 0}, {"horizon_days": 0}, {"half_life_days": 0.0}, {"n_components": 0}],
)
def test_a_parameter_out_of_range_is_refused_when_learning(taught, parameters):
    ((name, value),) = parameters.items()
    with pytest.raises(ValueError, match=f"{name} must be .* Got {value}"):
        Recommender(**parameters).fit(taught, AS_OF)


def test_a_recommender_that_has_not_learnt_says_so(circles):
    with pytest.raises(ValueError, match="call fit, or load a model"):
        Recommender().recommend(circles)


def test_a_list_of_no_length_is_refused(recommender, circles):
    with pytest.raises(ValueError, match=r"k must be at least 1\. Got 0"):
        recommender.recommend(circles, k=0)


def test_a_newcomer_without_history_still_gets_a_list(recommender, make_graph):
    graph = make_graph(partners="newcomer", wins=["ann bob", "bob cy"])
    assert pairs_of(recommender.recommend(graph, ["newcomer"])) == {
        ("newcomer", other) for other in ("ann", "bob", "cy")
    }


def test_a_consortium_ties_its_members_loosely(recommender, make_graph):
    crowd = [f"c{n:03}" for n in range(186)]
    graph = make_graph(wins=[crowd, "ann bob"])
    ties = graph.joint_win_weight(540.0)
    index: PartnerIndex = graph.index
    loose = ties[index.position("c000"), index.position("c001")]
    close = ties[index.position("ann"), index.position("bob")]
    assert loose == pytest.approx(close / 185)
    assert recommender.recommend(graph, ["ann"], k=200).height == 186


def test_recommendations_speak_arrow(recommender, circles):
    answer = recommender.recommend(circles, ["d4"])
    assert hasattr(answer, "__arrow_c_stream__")


def test_a_probability_is_the_same_from_both_sides_and_for_whoever_is_asked(recommender, circles):
    everybody = recommender.recommend(circles, k=40)
    both = everybody.join(
        everybody.rename({"partner_id": "collaborator_id", "collaborator_id": "partner_id"}),
        on=["partner_id", "collaborator_id"],
        suffix="_back",
    )
    assert both.height > 100
    assert (both["probability"] == both["probability_back"]).all()
    some = recommender.recommend(circles, ["d4"], k=40)
    assert some.equals(everybody.filter(pl.col("partner_id") == "d4"))


def test_narrowing_whom_to_propose_changes_no_score(recommender, circles):
    narrow = recommender.recommend(circles, k=100, candidates=circles.index.ids[::2])
    everybody = recommender.recommend(circles, k=100)
    both = narrow.join(everybody, on=["partner_id", "collaborator_id"], suffix="_all")
    assert both.height == narrow.height > 0
    assert (both["score"] == both["score_all"]).all()


def test_a_limit_on_competition_takes_rivals_out(recommender, make_graph):
    graph = make_graph(
        wins=["ann cy", "bob cy", "di cy"], offerings={"ann": ["vpn"], "bob": ["vpn"]}
    )
    assert ("ann", "bob") in pairs_of(recommender.recommend(graph))
    limited = pairs_of(recommender.recommend(graph, max_competition=0.5))
    assert ("ann", "bob") not in limited
    assert ("ann", "di") in limited


@pytest.fixture(scope="module")
def invented():
    return synthetic(400, seed=3).tables


#: What may be missing together, and the columns that are then not there.
MISSING = [
    ({"capabilities"}, set()),
    ({"csat"}, {"satisfaction", "satisfaction_low", "satisfaction_n"}),
    ({"deal_requirements"}, set()),
    ({"deals", "deal_partners", "deal_requirements"}, {"trust", "trust_n"}),
    ({"offerings"}, set()),
    ({"partner_capabilities"}, set()),
    (
        {"offerings", "partner_capabilities", "deal_requirements", "objectives"},
        {"gain", "reciprocal_gain", "gaps_filled", "brings"},
    ),
    ({"objectives", "introductions", "restrictions", "territories"}, set()),
]


@pytest.mark.parametrize(("missing", "gone"), MISSING)
def test_without_some_tables_lists_are_made_of_what_the_others_tell(invented, missing, gone):
    frames = {name: frame for name, frame in invented.items() if name not in missing}
    if "deals" in missing and "csat" in frames:
        frames["csat"] = frames["csat"].with_columns(deal_id=None)
    graph = EcosystemGraph.from_tables(read_tables(frames), "2026-01-01")
    shipped = Recommender.of(replace(load_model("default"), calibrations={}))
    answer = shipped.recommend(graph, graph.index.ids[:20], k=3)
    assert answer.height > 30
    assert not gone & set(answer.columns)
    explanation = shipped.explain(graph, *answer.select("partner_id", "collaborator_id").row(0))
    assert explanation.score == answer["score"][0]


# What a caller may hand over.


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"k": 0}, ValueError, "k must be at least 1. Got 0"),
        ({"k": 10_001}, ValueError, "k must be at most 10,000"),
        ({"k": True}, TypeError, "k must be a whole number. Got True"),
        ({"k": 2.5}, TypeError, "k must be a whole number. Got 2.5"),
        ({"k": "3"}, TypeError, "k must be a whole number. Got '3'"),
        ({"partners": "a0"}, TypeError, r"write \['a0'\]"),
        ({"partners": 7}, TypeError, "partners must be a list of ids or names. Got 7"),
        ({"partners": ["a0", 7]}, TypeError, "each of partners must be text. Got int"),
        ({"graph": {}}, TypeError, "graph must be an EcosystemGraph"),
        ({"max_competition": float("nan")}, ValueError, "max_competition must be between 0 and 1"),
    ],
)
def test_what_is_no_question_is_refused_with_a_sentence(recommender, taught, asked, error, said):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    with pytest.raises(error, match=said):
        recommender.recommend(**{"graph": graph, **asked})


def test_a_pair_of_anything_else_is_refused_with_a_sentence(recommender, taught):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    with pytest.raises(TypeError, match=r"collaborator must be an id or a name\. Got int"):
        recommender.explain(graph, "a0", 7)
    with pytest.raises(TypeError, match="graph must be an EcosystemGraph"):
        recommender.explain(taught, "a0", "a1")


@pytest.mark.parametrize("tables", [{}, None, "acme", []])
def test_what_is_no_tables_is_refused_with_a_sentence(tables):
    with pytest.raises(TypeError, match="tables must be Tables, from read_tables or load_dataset"):
        Recommender().fit(tables, "2025-01-01")
    with pytest.raises(TypeError, match="tables must be Tables, from read_tables or load_dataset"):
        EcosystemGraph.from_tables(tables, "2025-01-01")


@pytest.mark.parametrize("day", ["soon", 2025, "9999-12-31", datetime(2025, 1, 1, 12), ["2025"]])
def test_what_is_no_day_is_refused_with_a_sentence(taught, day):
    with pytest.raises(ValueError, match=r"a date must be (written YYYY-MM-DD|between)"):
        EcosystemGraph.from_tables(taught, day)


def test_a_number_of_numpy_is_a_number(recommender, taught):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    assert recommender.recommend(graph, partners=iter(["a0"]), k=np.int64(1)).height == 1
