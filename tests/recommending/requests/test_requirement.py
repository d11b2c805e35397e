"""A customer's need: read, refused, and ranked for."""

import json
from dataclasses import replace
from datetime import date
from time import process_time

import numpy as np
import pytest

from ecosystem_graph import EcosystemGraph, Recommender, load_dataset
from ecosystem_graph.errors import HistoryError, RequirementError, UnknownPartnerError
from ecosystem_graph.jobs import run
from ecosystem_graph.recommending import Request
from ecosystem_graph.recommending.requests.requirement import (
    Requirement,
    read_requirement,
    requirement_from,
    requirement_of_deal,
)

DAY = "2026-01-01"


@pytest.mark.parametrize("name", ["need.toml", "need.json"])
def test_a_requirement_reads_alike_from_toml_and_json(tmp_path, name):
    toml = 'capabilities = {crm = 2, iam = 0.5}\nterritory = "UK"\nlead = "ann"\nexclude = ["bob"]'
    content = {"capabilities": {"crm": 2, "iam": 0.5}, "territory": "UK", "lead": "ann"}
    text = toml if name.endswith("toml") else json.dumps({**content, "exclude": ["bob"]})
    (tmp_path / name).write_text(text)
    assert read_requirement(tmp_path / name) == Requirement(
        {"crm": 2.0, "iam": 0.5}, territory="GB", lead="ann", exclude=("bob",)
    )


def test_everything_wrong_with_it_is_said_at_once():
    wrong = {"capabilities": {"crm": -1}, "teritory": "DE", "max_size": 0, "exclude": "bob"}
    with pytest.raises(RequirementError) as error:
        requirement_from({**wrong, "lead": 7}, "need.toml")
    for said in (
        "need.toml",
        "'territory'",
        "capabilities must",
        "lead must",
        "max_size",
        "exclude",
    ):
        assert said in str(error.value)


@pytest.mark.parametrize("text", ["capabilities = [", "[1, 2]", ""])
def test_what_cannot_be_read_is_refused(tmp_path, text):
    (tmp_path / "need.toml").write_text(text)
    with pytest.raises(RequirementError, match=r"need\.toml"):
        read_requirement(tmp_path / "need.toml")
    with pytest.raises(RequirementError, match="can be read"):
        read_requirement(tmp_path / "not there.json")


@pytest.fixture
def graph(make_graph):
    return make_graph(
        deals={
            "d-1": {"outcome": "open", "territory": "DE", "industry": "retail"},
            "bare": {"outcome": "open"},
        },
        deal_partners={"d-1": {"ann": "lead", "bob": None}, "bare": ["ann"]},
        deal_requirements={"d-1": {"crm": 2.0, "iam": None}},
    )


def test_a_deal_says_what_it_asks_for_who_leads_and_who_is_in_already(graph):
    assert requirement_of_deal(graph, "d-1") == Requirement(
        {"crm": 2.0, "iam": 1.0}, "DE", "retail", lead="ann", exclude=("bob",)
    )


def test_a_deal_that_says_nothing_or_is_not_there_is_refused(graph):
    with pytest.raises(RequirementError, match="deal 'bare' has no requirements"):
        requirement_of_deal(graph, "bare")
    with pytest.raises(RequirementError, match="no deal 'd-2' was known on 2025-01-01"):
        requirement_of_deal(graph, "d-2")


@pytest.fixture(scope="module")
def demo():
    tables = load_dataset("channel-demo")
    graph = EcosystemGraph.from_tables(tables, DAY)
    return graph, Recommender(n_candidates=100).fit(tables, DAY, for_requirements=True)


NEED = Requirement({"cap-0035": 1.0, "cap-0099": 1.0}, territory="DE", lead="p-0042")


def test_partners_are_ranked_by_score_and_say_what_they_cover(demo):
    graph, recommender = demo
    rows = recommender.recommend(graph, requirement=NEED, k=20)
    assert rows["partner_id"].unique().to_list() == ["p-0042"]
    assert rows["rank"].to_list() == list(range(1, 21))
    assert (np.diff(rows["score"].to_numpy()) <= 0).all()
    assert set(rows["covers"].explode().drop_nulls()) == set(NEED.capabilities)
    assert "probability" not in rows.columns


def test_another_need_is_another_list(demo):
    graph, recommender = demo
    other = Requirement({"cap-0125": 1.0}, territory="US", lead="p-0042")
    first, second = (recommender.recommend(graph, requirement=need) for need in (NEED, other))
    assert first["collaborator_id"].to_list() != second["collaborator_id"].to_list()


def test_those_left_out_and_those_who_may_not_be_paired_are_not_proposed(demo):
    graph, recommender = demo
    best = recommender.recommend(graph, requirement=NEED, k=3)["collaborator_id"].to_list()
    without = Requirement(NEED.capabilities, "DE", lead="p-0042", exclude=tuple(best))
    listed = recommender.recommend(graph, requirement=without, k=500)
    assert not set(best) & set(listed["collaborator_id"])
    a, b = (graph.index.encode(listed[side]) for side in ("partner_id", "collaborator_id"))
    assert recommender.on(graph).finder.eligibility.permits(a, b).all()


def test_a_need_without_a_lead_or_with_words_nobody_knows_is_refused(demo):
    graph, recommender = demo
    with pytest.raises(RequirementError, match="names no lead"):
        recommender.recommend(graph, requirement=Requirement({"cap-0035": 1.0}))
    with pytest.raises(RequirementError, match="no table holds any of the required capabilities"):
        recommender.recommend(graph, requirement=Requirement({"cap": 1.0}, lead="p-0042"))
    with pytest.raises(UnknownPartnerError):
        recommender.recommend(graph, requirement=Requirement({"cap-0035": 1.0}, lead="nobody"))


def test_a_model_that_learnt_nothing_about_needs_says_so(recommender, taught):
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    with pytest.raises(HistoryError, match="not learnt to rank for a requirement"):
        recommender.recommend(graph, requirement=Requirement({"cap-a": 1.0}, lead="a0"))


def test_a_saved_model_ranks_needs_alike(demo, tmp_path):
    graph, recommender = demo
    recommender.save(tmp_path / "model")
    again = Recommender.load(tmp_path / "model")
    assert again.recommend(graph, requirement=NEED).equals(
        recommender.recommend(graph, requirement=NEED)
    )


def test_whom_else_may_be_proposed_changes_nobodys_score(demo):
    graph, recommender = demo
    half = graph.index.ids[::2]
    some = recommender.recommend(graph, requirement=NEED, k=500, candidates=half)
    everybody = recommender.recommend(graph, requirement=NEED, k=2_000)
    both = some.join(everybody, on="collaborator_id", suffix="_all")
    assert set(some["collaborator_id"]) <= set(half)
    assert both.height > 50
    assert (both["score"] == both["score_all"]).all()


def test_a_run_refuses_a_need_before_it_learns_and_counts_what_nobody_has_heard_of(tmp_path):
    tables = load_dataset("channel-demo")
    recommender = Recommender(n_candidates=50).fit(tables, DAY, for_requirements=True)
    recommender.save(tmp_path / "model")
    asked = {"model": str(tmp_path / "model"), "as_of": date(2026, 1, 1)}
    known = dict(NEED.capabilities)
    partly = Requirement({**known, "unheard-of": 1.0}, "DE", lead="p-0042")
    left_out = run(tables, Request(requirement=partly), **asked).record["left_out"]
    assert left_out["capabilities asked for that nobody has heard of"] == 1
    for wrong in ({"lead": None}, {"lead": "nobody"}, {"lead": "p-0042", "exclude": ("nobody",)}):
        with pytest.raises((RequirementError, UnknownPartnerError)):
            run(tables, Request(requirement=Requirement(known, **wrong)), model="not there")
    with pytest.raises(RequirementError, match=r"one lead\. Got 2 partners"):
        run(tables, Request(requirement=NEED, partners=["p-0001", "p-0002"]), model="not there")


def test_an_opted_out_lead_gets_an_empty_list(demo):
    graph, recommender = demo
    out = np.flatnonzero(~recommender.on(graph).finder.eligibility.takes_part)[0]
    need = Requirement(NEED.capabilities, lead=graph.index.ids[out])
    assert recommender.recommend(graph, requirement=need).height == 0


#: Files that a parser may choke on, by the end of their name.
HOSTILE = {
    "nested JSON": (".json", "[" * 100_000),
    "nested objects": (".json", '{"capabilities":' * 50_000),
    "nested TOML": (".toml", "capabilities = " + "[" * 100_000),
    "a dotted key": (".toml", "a." * 50_000 + "a = 1"),
    "no text": (".toml", b"\xff\xfe\x00"),
    "without end": (".toml", "#" * 2_000_000),
    "a name twice": (".json", '{"capabilities": ["a"], "capabilities": ["b"]}'),
    "a number of too many digits": (".json", '{"max_size": ' + "9" * 10_000 + "}"),
    "half a letter": (".json", '{"capabilities": ["a"], "lead": "\\ud800"}'),
    "half a letter to leave out": (".json", '{"capabilities": ["a"], "exclude": ["\\udfff"]}'),
    "half a letter asked for": (".json", '{"capabilities": ["\\ud800"]}'),
    "half a letter as a field": (".json", '{"capabilities": ["a"], "\\ud800": 1}'),
    "no number": (".toml", "capabilities = {a = nan}"),
    "without bound": (".toml", "capabilities = {a = inf}"),
    "almost nothing": (".toml", "capabilities = {a = 1e-310}"),
    "no weight": (".json", '{"capabilities": {"a": null, "b": []}}'),
    "a large team": (".toml", 'capabilities = ["a"]\nmax_size = 1_000_000_000_000'),
    "a day": (".toml", 'capabilities = ["a"]\nlead = 2025-01-01'),
}


@pytest.mark.parametrize(("end", "content"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_of_anything_is_read_or_refused_soon_in_a_few_words(tmp_path, end, content):
    file = tmp_path / f"need{end}"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    started = process_time()
    with pytest.raises(RequirementError) as error:
        read_requirement(file)
    assert process_time() - started < 2
    assert len(str(error.value)) < 600
    str(error.value).encode()


def test_a_row_beyond_what_was_learnt_of_needs_is_flagged(demo):
    graph, recommender = demo
    learnt = recommender.model_.requirement_ranker
    nothing = replace(learnt, least=learnt.least * 0, most=learnt.most * 0)
    narrow = Recommender.of(replace(recommender.model_, requirement_ranker=nothing))
    plain, clipped = (
        model.recommend(graph, requirement=NEED, k=20) for model in (recommender, narrow)
    )
    assert clipped["flags"].list.contains("beyond_learnt").any()
    assert clipped["score"].n_unique() < plain["score"].n_unique()
