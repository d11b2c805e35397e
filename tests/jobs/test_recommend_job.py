import hashlib
import json
import threading
from dataclasses import replace
from datetime import date
from importlib.metadata import version

import numpy as np
import polars as pl
import pytest

from ecosystem_graph import Recommender, read_tables
from ecosystem_graph.errors import (
    ArtifactError,
    HistoryError,
    RequirementError,
    UnknownPartnerError,
    UnknownValueError,
)
from ecosystem_graph.jobs import explain_pair, run
from ecosystem_graph.jobs.stages import Stages
from ecosystem_graph.recommending import Request

AS_OF = date(2025, 1, 1)


@pytest.fixture(scope="session")
def model(recommender, tmp_path_factory):
    """The taught recommender as a folder."""
    folder = tmp_path_factory.mktemp("models") / "taught"
    recommender.save(folder)
    return str(folder)


@pytest.fixture(scope="session")
def asked(make_tables, model):
    """Run on a small ecosystem with the taught model."""

    def asked(ask=(), **rows):
        how = {"model": model, **dict(ask)}
        own = {name: how.pop(name) for name in ("model", "seed", "output") if name in how}
        return run(make_tables(**rows), Request.of(**how), as_of=AS_OF, **own)

    return asked


def partners_of(done):
    return set(done.recommendations["partner_id"])


def collaborators_of(done):
    return set(done.recommendations["collaborator_id"])


TRIO = {"wins": ["ann bob", "bob cy"]}


def test_a_record_says_how_the_lists_came_about(taught):
    done = run(taught, Request(k=3), as_of=AS_OF)
    record = dict(done.record)
    assert len(record.pop("run_id")) == 16
    exposed = record.pop("exposure")
    assert (
        exposed["maximal_load"]
        == done.recommendations["collaborator_id"].value_counts()["count"].max()
    )
    assert record == {
        "schema": 1,
        "source": "the mapping of tables",
        "as_of": "2025-01-01",
        "parameters": {
            "k": 3,
            "partners": None,
            "changed_since": None,
            "territories": [],
            "types": [],
            "tiers": [],
            "countries": [],
            "candidates": None,
            "exclude": [],
            "pair_rule": None,
            "include_known": False,
            "max_competition": None,
            "reciprocal": False,
            "diverse": False,
            "capacity": None,
            "exposure_price": 0.0,
            "limited": True,
            "rest_days": 365,
            "stale_days": 90,
            "deal": None,
            "requirement": None,
            "ignored_roles": [],
            "seed": 0,
            **Recommender().get_params(),
        },
        "model": {
            "name": "fitted",
            "why": "learnt from these tables",
            "fitted_as_of": "2025-01-01",
            "probabilities": "calibrated on past new pairs",
        },
        "ecosystem_graph": version("ecosystem-graph"),
        "inputs": dict(sorted(taught.digests.items())),
        "counts": {
            "partners": 50,
            "won_deals": 48,
            "pairs_with_joint_wins": 3 * 45 + 2 * 9,
            "partners_asked_for": 50,
            "lists": 50,
            "rows": 150,
            "lists_of_one_score": 0,
        },
        "left_out": {"partners asked for that take no part": 0, "partners without a list": 0},
    }
    assert list(done.timings) == [
        "building the graph",
        "learning from the past",
        "deriving signals",
        "ranking",
    ]
    for measured in done.timings.values():
        assert measured["seconds"] >= 0
        assert measured["peak_memory_bytes"] > 1_000_000


def test_inputs_are_the_sha256_of_the_files(make_tables, model, tmp_path):
    tables = make_tables(**TRIO)
    for name in tables.provided:
        tables[name].write_csv(tmp_path / f"{name}.csv")
    inputs = run(read_tables(tmp_path), as_of=AS_OF, model=model).record["inputs"]
    for name in ("partners", "deals", "deal_partners"):
        data = (tmp_path / f"{name}.csv").read_bytes()
        assert inputs[name] == hashlib.sha256(data).hexdigest()


def test_a_record_can_be_written_as_json(asked):
    json.dumps(asked(**TRIO).record, allow_nan=False)


# What makes a run another run.


def test_the_same_run_has_the_same_id(asked):
    assert asked(**TRIO).record == asked(**TRIO).record


def everybody(partners, collaborators):
    return np.ones(len(partners), dtype=bool)


@pytest.mark.parametrize(
    "ask",
    [
        {"k": 3},
        {"seed": 1},
        {"partners": ["ann"]},
        {"include_known": True},
        {"types": ["reseller"]},
        {"territories": ["DE"]},
        {"max_competition": 0.5},
        {"diverse": True},
        {"capacity": 2},
        {"tiers": ["gold"]},
        {"countries": ["DE"]},
        {"candidates": ["cy"]},
        {"exclude": ["cy"]},
        {"pair_rule": everybody},
        {"model": "default"},
    ],
)
def test_other_parameters_are_another_run(asked, ask):
    rows = {**TRIO, "partners": {"ann": {"type": "reseller", "country": "DE", "tier": "gold"}}}
    assert asked(ask, **rows).record["run_id"] != asked(**rows).record["run_id"]


def test_other_inputs_are_another_run(asked):
    other = {"wins": TRIO["wins"], "partners": {"ann": {"name": "Anne"}}}
    assert asked(**other).record["run_id"] != asked(**TRIO).record["run_id"]


def test_another_day_is_another_run(make_tables, model):
    tables = make_tables(**TRIO)
    ids = {
        run(tables, as_of=day, model=model).record["run_id"] for day in (AS_OF, date(2025, 1, 2))
    }
    assert len(ids) == 2


def test_where_the_tables_lie_is_not_part_of_the_id(make_tables, model, tmp_path):
    records = []
    for folder in (tmp_path / "here", tmp_path / "there"):
        folder.mkdir()
        for name, frame in make_tables(**TRIO).items():
            if frame.height:
                frame.write_parquet(folder / f"{name}.parquet")
        records.append(run(read_tables(folder), as_of=AS_OF, model=model).record)
    assert records[0]["run_id"] == records[1]["run_id"]
    assert records[0]["source"] != records[1]["source"]


def test_a_model_is_told_by_its_weights_not_by_where_it_lies(asked, recommender, tmp_path):
    recommender.save(tmp_path / "same")
    changed = Recommender.load(tmp_path / "same")
    changed.model_.rankers["new"].coefficients[0] += 1.0
    changed.save(tmp_path / "changed")
    here, same, other = (
        asked({"model": str(model)} if model else {}, **TRIO).record["run_id"]
        for model in (None, tmp_path / "same", tmp_path / "changed")
    )
    assert here == same
    assert here != other


# Who ranks.


def test_too_thin_a_history_is_ranked_by_the_model_that_ships(make_tables):
    done = run(make_tables(**TRIO), as_of=AS_OF)
    assert done.record["model"]["name"] == "default"
    assert "too little history to learn from" in done.record["model"]["why"]
    assert pairs(done) == {("ann", "cy"), ("cy", "ann")}


def pairs(done):
    return set(done.recommendations.select("partner_id", "collaborator_id").iter_rows())


def test_no_deals_at_all_are_ranked_by_the_model_that_ships(make_tables):
    tables = make_tables(partners="cy", partner_capabilities={"ann": "crm", "bob": "crm erp"})
    assert set(tables.provided) == {"partners", "partner_capabilities"}
    done = run(tables, as_of=AS_OF)
    assert done.record["model"]["name"] == "default"
    assert partners_of(done) == {"ann", "bob", "cy"}


def test_no_date_at_all_asks_for_one(make_tables, model):
    with pytest.raises(HistoryError, match="say up to which date") as caught:
        run(make_tables(partner_capabilities={"ann": "crm"}), model=model)
    assert caught.value.remedy == "as_of"


def test_a_model_that_is_not_there_is_an_error(asked):
    with pytest.raises(ArtifactError, match=r"'defalt'.*default"):
        asked({"model": "defalt"}, **TRIO)


# Who is asked for, and who may be proposed.


def test_partners_are_asked_for_by_id_or_exact_name(asked):
    rows = {**TRIO, "partners": {"ann": {"name": "Ann Ltd"}, "cy": {"name": "Cy & Sons"}}}
    done = asked({"partners": ["ann", "Cy & Sons", "cy"]}, **rows)
    assert partners_of(done) == {"ann", "cy"}
    assert done.record["parameters"]["partners"] == ["ann", "cy"]


def test_partners_asked_for_that_take_no_part_are_counted(asked):
    done = asked({"partners": ["ann", "dan"]}, **TRIO, partners={"dan": {"participates": False}})
    assert done.record["left_out"]["partners asked for that take no part"] == 1
    assert done.record["no_part"] == {"dan": "has opted out"}
    assert partners_of(done) == {"ann"}


def test_a_partner_or_a_deal_that_is_not_there_yet_says_why(asked):
    rows = {
        "wins": {"d-1": "ann bob", "d-2": "bob cy"},
        "partners": {"zoe": {"joined_on": "2026-05-01"}},
        "deals": {"d-2": {"opened_on": "2025-02-01", "closed_on": "2025-03-01"}},
        "deal_requirements": {"d-2": "crm"},
    }
    why = "joins on 2026-05-01, on or after 2025-01-01, and is in no event before"
    with pytest.raises(UnknownPartnerError, match=f"'zoe' {why}"):
        asked({"partners": ["ann", "zoe"]}, **rows)
    with pytest.raises(RequirementError, match="deal 'd-2' was opened on 2025-02-01, on or after"):
        asked({"deal": "d-2"}, **rows)
    left_out = asked(**rows).record["left_out"]
    assert left_out["deals opened on or after as_of"] == 1
    assert left_out["partners not there yet"] == 1


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (
            {"wins": ["ann bob"]},
            "nothing is known on 2001-01-01 to rank by.*deals closed on or after",
        ),
        (
            {"partners": {"ann": {"joined_on": "2024-01-01"}}, "wins": ["ann"]},
            "no partner exists on 2001-01-01: every partner",
        ),
    ],
)
def test_a_day_before_everything_is_refused(make_tables, rows, why):
    with pytest.raises(HistoryError, match=why) as caught:
        run(make_tables(**rows), as_of=date(2001, 1, 1), model="default")
    assert caught.value.remedy == "as_of"


def test_unknown_partners_are_told_before_anything_is_learnt(taught, monkeypatch):
    monkeypatch.setattr(Recommender, "fit", None)
    with pytest.raises(UnknownPartnerError, match=r"'a33'.*\n.*'zz'"):
        run(taught, Request(partners=["a33", "zz"]), as_of=AS_OF)


MARKETS = {
    "partners": {
        "ann": {"country": "DE", "type": "reseller"},
        "bob": {"country": "FR", "type": "reseller; integrator"},
        "cy": {"country": "DACH", "type": "integrator"},
        "dan": {},
    },
    "territories": {"cy": {"FR": 0.5, "DACH": 0.5}},
}


@pytest.mark.parametrize(
    ("ask", "proposed"),
    [
        ({"territories": ["DE"]}, {"ann"}),
        ({"territories": ["DEU"]}, {"ann"}),
        ({"territories": ["FR"]}, {"bob", "cy"}),
        ({"territories": ["DE", "DACH"]}, {"ann", "cy"}),
        ({"types": ["integrator"]}, {"bob", "cy"}),
        ({"types": ["integrator", "reseller"]}, {"ann", "bob", "cy"}),
        ({"types": ["reseller"], "territories": ["FR"]}, {"bob"}),
    ],
)
def test_territory_and_type_narrow_whom_to_propose_not_whom_to_ask_for(asked, ask, proposed):
    done = asked(ask, **MARKETS)
    assert collaborators_of(done) == proposed
    assert partners_of(done) == {"ann", "bob", "cy", "dan"} - (
        proposed if len(proposed) == 1 else set()
    )


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"territories": ["ES"]}, "no partner has the territory 'ES'"),
        ({"types": ["resellr"]}, "no partner has the type 'resellr'. Did you mean 'reseller'"),
    ],
)
def test_a_territory_or_type_nobody_has_is_an_error(asked, ask, message):
    with pytest.raises(UnknownValueError, match=message):
        asked(ask, **MARKETS)


def test_known_collaborators_are_proposed_only_when_asked_for(asked):
    assert pairs(asked(**TRIO)) == {("ann", "cy"), ("cy", "ann")}
    everybody = pairs(asked({"include_known": True}, **TRIO))
    assert everybody == {(a, b) for a in ("ann", "bob", "cy") for b in ("ann", "bob", "cy")} - {
        (a, a) for a in ("ann", "bob", "cy")
    }


# Empty answers that say why.


@pytest.mark.parametrize(
    ("ask", "rows", "why"),
    [
        ({}, {"wins": ["ann bob cy"]}, "the partners have won with all others already"),
        ({}, {"partners": "ann"}, "None of them can be paired with"),
        ({}, {"partners": {"ann": {"status": "closed"}}}, "no partner takes part"),
        (
            {"partners": ["bob"]},
            {"wins": ["ann bob", "bob cy"]},
            "bob has won with all others already",
        ),
        (
            {"partners": ["ann", "bob", "cy"]},
            {
                "partners": {"ann": {"participates": False}, "bob": {"status": "suspended"}},
                "restrictions": {"cy": {"dan": "exclusive"}},
            },
            "none of the partners asked for takes part: ann has opted out; bob is suspended; "
            "cy is bound exclusively to 'dan'.",
        ),
        (
            {"partners": ["ann"], "types": ["reseller"]},
            {"partners": {"ann": {"type": "reseller"}, "bob": {}}},
            "None of them can be paired with",
        ),
        (
            {},
            {"partners": {"ann": {}, "bob": {"parent_id": "ann"}}},
            "of one family, or not to be paired",
        ),
        (
            {},
            {
                "wins": ["ann bob"],
                "restrictions": {"ann": "cy", "cy": "bob"},
            },
            "of one family, or not to be paired",
        ),
        (
            {},
            {
                "wins": ["ann bob", "bob cy"],
                "introductions": [{"partner_id": "ann", "collaborator_id": "cy"}],
            },
            "all other candidates of the partners were introduced already, or rest after an",
        ),
        (
            {},
            {
                "wins": ["ann bob", "bob cy"],
                "partners": {who: {"intro_capacity": 0} for who in ("ann", "bob", "cy")},
            },
            "compete too much, are full, or were introduced already",
        ),
    ],
)
def test_an_empty_answer_says_why(asked, ask, rows, why):
    done = asked(ask, **rows)
    assert done.recommendations.is_empty()
    assert why in done.record["why_empty"]
    assert done.record["counts"]["lists"] == 0
    assert done.recommendations.schema["score"] == pl.Float64


def test_an_answer_that_is_not_empty_needs_no_reason(asked):
    assert "why_empty" not in asked(**TRIO).record


def test_what_was_left_out_is_counted(asked):
    done = asked(
        partners={
            "ann": {"participates": False},
            "bob": {"status": "suspended"},
            "cy": {"parent_id": "dan"},
            "hub": {},
        },
        deals={"d-8": {"outcome": "withdrawn"}, "d-9": {"closed_on": ""}, "d-10": {}},
        restrictions={"eve": {"hub": "do_not_pair"}, "fay": {"hub": "exclusive"}},
    )
    assert done.record["left_out"] == {
        "won or lost deals without closed_on": 1,
        "withdrawn deals": 1,
        "deals without a partner (they tell of demand alone)": 1,
        "partners that opted out": 1,
        "partners not active": 1,
        "partners bound exclusively": 1,
        "pairs not to be paired": 1,
        "pairs of one family": 1,
        "partners asked for that take no part": 0,
        "partners without a list": 0,
    }


def test_progress_is_told_stage_by_stage_and_adds_up(taught, model):
    calls = []
    run(taught, as_of=AS_OF, model=model, progress=Stages(lambda *what: calls.append(what)))
    assert calls[:4] == [
        ("building the graph",),
        ("reading the model",),
        ("deriving signals",),
        ("ranking",),
    ]
    assert sum(done for _, done, _ in calls[4:]) == 50
    assert {(stage, total) for stage, _, total in calls[4:]} == {("ranking", 50)}


# One pair.


def test_explained_is_what_the_run_would_have_said(taught):
    done = run(taught, Request(partners=["d4"], k=1), as_of=AS_OF)
    row = done.recommendations.row(0, named=True)
    explanation, graph = explain_pair(taught, "Partner d4", row["collaborator_id"], as_of=AS_OF)
    assert explanation.score == row["score"]
    assert graph.as_of == AS_OF


def test_explained_wants_two_partners_that_are_there(taught, model):
    with pytest.raises(UnknownPartnerError, match="'d4' and 'Partner d4' are the same partner"):
        explain_pair(taught, "d4", "Partner d4", as_of=AS_OF, model=model)
    with pytest.raises(UnknownPartnerError, match=r"'d44'.*\n.*'nobody'"):
        explain_pair(taught, "d44", "nobody", as_of=AS_OF, model=model)


def test_what_ranks_needs_and_says_how_likely_is_part_of_a_models_digest(taught):
    model = Recommender().fit(taught, AS_OF).model_
    more = replace(model, requirement_ranker=model.rankers["new"])
    less = replace(more, calibrations={})
    assert len({model.digest(), more.digest(), less.digest()}) == 3


def test_a_run_that_fails_leaves_nobody_watching_the_memory(taught):
    before = threading.active_count()
    with pytest.raises(UnknownPartnerError):
        run(taught, Request(partners=["nobody"]), as_of=AS_OF)
    assert threading.active_count() == before


def test_capabilities_alone_rank_by_the_gap_filled_and_the_run_says_so(make_tables, caplog):
    words = ["crm", "erp", "iam", "sap"]
    held = {f"p-{n}": dict.fromkeys(words[: n % 5], "certified") for n in range(1, 15)}
    tables = make_tables(partners=" ".join(held), partner_capabilities=held)
    done = run(tables, Request(k=3), as_of=AS_OF, model="default")
    undecided = done.record["counts"]["lists_of_one_score"]
    scores = done.recommendations.group_by("partner_id").agg(pl.col("score").n_unique())
    assert undecided == (scores["score"] == 1).sum() > 0
    assert any(f"in {undecided} of 14 lists" in note for note in caplog.messages)
    holds_nothing = done.recommendations.filter(pl.col("partner_id") == "p-5")
    assert set(holds_nothing["collaborator_id"]) == {"p-4", "p-9", "p-14"}  # who hold all there is
    for _, rows in done.recommendations.group_by("partner_id"):
        for _, equals in rows.group_by("score", maintain_order=True):
            assert equals["gain"].round(9).is_sorted(descending=True)


def test_a_run_in_which_scores_differ_says_nothing_of_equals(taught, caplog):
    done = run(taught, Request(k=3), as_of=AS_OF)
    assert done.record["counts"]["lists_of_one_score"] == 0
    assert not any("same score" in note for note in caplog.messages)
