"""`explain`, and `explain --why-not`."""

import json

import polars as pl
import pytest

from ecosystem_graph import Recommender

TRIO = {"wins": ["ann bob", "bob cy"]}
DAY = ("--as-of", "2025-01-01")

STARRED = {
    "wins": {f"d-{n}": f"hub p{n}" for n in range(8)},
    "partners": {"p0": {"intro_capacity": 2}},
    "introductions": [
        {
            "partner_id": "p0",
            "collaborator_id": "hub",
            "introduced_on": "2024-12-20",
            "status": "introduced",
        },
        {
            "partner_id": "p6",
            "collaborator_id": "p7",
            "introduced_on": "2024-12-20",
            "status": "proposed",
        },
    ],
}

PAIR = (*DAY, "--model", "default", "--quiet")


def lists_in(folder):
    rows = pl.read_parquet(folder / "recommendations.parquet")
    return {
        (row["partner_id"], row["collaborator_id"]): row["rank"]
        for row in rows.iter_rows(named=True)
    }


def test_explain_adds_up(ask, folder):
    data = folder(**TRIO)
    model = (*DAY, "--model", "default")
    listed = ask("recommend", data, *model, "--partner", "ann", "--json")
    (row,) = json.loads(listed.stdout)["recommendations"]
    told = json.loads(ask("explain", data, "ann", "cy", *model, "--json").stdout)
    assert told["schema"] == 1
    assert told["score"] == row["score"]
    parts = sum(part["log_odds"] for part in told["contributions"])
    assert told["intercept"] + parts == told["score"]
    assert told["shared_collaborators"] == ["bob"]


def test_explain_shows_the_sum_and_the_evidence(ask, folder):
    done = ask("explain", folder(**TRIO), "ann", "bob", *DAY, "--model", "default", "--quiet")
    assert done.exit_code == 0
    assert "score: the sum of its parts" in done.stdout
    assert "won together          d-1 (2024-06-01, team of 2)" in done.stdout
    assert done.stderr == ""


def test_explain_is_the_list_of_a_model_learnt_on_the_way(ask, rich):
    row = json.loads(ask("recommend", rich, *DAY, "--partner", "d4", "--json").stdout)
    best = row["recommendations"][0]
    told = json.loads(ask("explain", rich, "d4", best["collaborator_id"], *DAY, "--json").stdout)
    assert told["score"] == best["score"]


def test_why_not_separates_a_pair_from_the_last_of_the_list(ask, rich):
    one = (*DAY, "--why-not", "-k", 2, "--quiet")
    listed = json.loads(ask("recommend", rich, *DAY, "--partner", "d4", "--json").stdout)
    third = listed["recommendations"][2]["collaborator_id"]
    told = json.loads(ask("explain", rich, "d4", third, *one, "--json").stdout)
    assert (told["schema"], told["listed"], told["rank"]) == (1, False, 3)
    behind = [part["log_odds"] for part in told["differences"]]
    assert sum(behind) == told["last_score"] - told["score"]
    text = ask("explain", rich, "d4", third, *one).stdout
    assert "Not listed: 3 of " in text
    assert f"{told['score'] - told['last_score']:+.4f}  difference of the scores" in text
    first = listed["recommendations"][0]["collaborator_id"]
    assert "It is listed: 1 of " in ask("explain", rich, "d4", first, *one).stdout


def test_why_not_says_what_keeps_a_pair_out_before_it_is_scored(ask, folder):
    data = folder(**TRIO, restrictions={"cy": {"ann": "do_not_pair"}})
    one = (*DAY, "--model", "default", "--quiet", "--why-not")
    assert (
        "Never proposed: the two are not to be paired"
        in ask("explain", data, "ann", "cy", *one).stdout
    )
    assert (
        "the two know each other: 1 joint win so far"
        in ask("explain", data, "ann", "bob", *one).stdout
    )


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("ann", "boob"), "no partner 'boob' among 3 partners. Did you mean 'bob'?"),
        (("ann", "ann"), "are the same partner"),
    ],
)
def test_explain_of_no_pair_is_an_error(ask, folder, pair, message):
    done = ask("explain", folder(**TRIO), *pair, *DAY, "--model", "default")
    assert done.exit_code == 1
    assert message in done.stderr


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_why_not_says_what_became_of_a_pair_in_a_run(ask, folder, tmp_path, format):
    data = folder(**STARRED)
    made = ("recommend", data, *PAIR, "-k", 3, "--capacity", 4, "--output")
    ask(*made, tmp_path / "plain")
    ask(*made, tmp_path / "run", "--format", format)
    run_id = json.loads((tmp_path / "run" / "run.json").read_text())["run_id"]
    why = ("--why-not", "--run", tmp_path / "run", "--model", "default", "--quiet")
    lists = lists_in(tmp_path / "plain")
    load = sum(b == "p0" for _, b in lists)
    assert load == 1  # of two places, an introduction under way takes one
    absent = [f"p{n}" for n in range(1, 8) if (f"p{n}", "p0") not in lists]
    answers = {
        who: json.loads(ask("explain", data, who, "p0", *why, "--json").stdout) for who in absent
    }
    # Whoever the order of equal scores puts it before has to do without it.
    who, told = next((who, told) for who, told in answers.items() if told["moved_out"])
    by_score = ask("explain", data, who, "p0", "--why-not", *PAIR).stdout
    assert "Listed before capacities: " in by_score
    assert "(--run shows what a run did)" in " ".join(by_score.split())
    assert (told["listed"], told["capacity"], told["places_taken"]) == (False, 2, 1)
    assert told["made"]["lists_of_it"] == load
    text = " ".join(ask("explain", data, who, "p0", *why).stdout.split())
    assert f"In the run {run_id}: moved out by capacity. It has capacity for 2" in text
    assert "of which open introductions take 1, and is in 1 of 8 lists" in text
    for (partner, collaborator), rank in list(lists.items())[::4]:
        told = json.loads(ask("explain", data, partner, collaborator, *why, "--json").stdout)
        assert (told["listed"], told["made"]["rank"]) == (True, rank)
    barred = ask("explain", data, "p7", "p6", *why).stdout
    assert "an introduction of the two is under way (i-2, proposed on 2024-12-20)" in " ".join(
        barred.split()
    )


def test_why_not_answers_by_the_options_of_a_list_too(ask, folder):
    rows = {**STARRED, "partners": {f"p{n}": {"country": "DE"} for n in range(4)}}
    data = folder(**rows)
    why = (*PAIR, "--why-not", "-k", 3, "--json")
    plain = json.loads(ask("explain", data, "p1", "p2", *why).stdout)
    assert plain["listed"]
    assert plain["made"] is None
    one_each = [
        json.loads(ask("explain", data, f"p{n}", "p2", *why, "--capacity", 1).stdout)
        for n in (0, 1, 3)
    ]
    assert sum(told["listed"] for told in one_each) <= 1
    shut = [told for told in one_each if not told["listed"]]
    assert all(told["made"]["lists_of_it"] == 1 for told in shut)
    elsewhere = ask("explain", data, "p1", "p5", *why, "--territory", "DE").stdout
    assert json.loads(elsewhere)["barred"] == [
        "p5 is not among the collaborators asked for (by territory, type, tier, ...)"
    ]
    known = (*PAIR, "--why-not", "--include-known")
    refused = ask("explain", data, "p1", "hub", *known)
    assert "know each other" not in refused.stdout


def test_whom_no_list_was_asked_for_in_a_run_is_said(ask, folder, tmp_path):
    data = folder(**STARRED)
    ask("recommend", data, *PAIR, "--partner", "p1", "--output", tmp_path / "run")
    done = ask("explain", data, "p2", "p3", "--why-not", "--run", tmp_path / "run", "--quiet")
    assert ": no list was asked for." in done.stdout


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--capacity", 3], 2, "--capacity can only be used with --why-not."),
        (["--why-not", "--run", "RUN", "-k", 3], 2, "-k cannot be combined with --run."),
        (["--why-not", "--run", "DATA"], 1, "is not a run: name a folder that"),
        (["--why-not", "--run", "RUN"], 1, "was made on other tables: partners differ."),
        (["--why-not", "--run", "gone"], 2, "does not exist"),
    ],
)
def test_what_does_not_go_with_why_not_is_refused(ask, folder, tmp_path, options, code, message):
    data = folder(**STARRED)
    ask("recommend", data, *PAIR, "--output", tmp_path / "run")
    other = folder("other", **{**STARRED, "partners": {"p0": {"intro_capacity": 3}}})
    places = {"RUN": tmp_path / "run", "DATA": data}
    done = ask("explain", other, "p1", "p2", *(places.get(one, one) for one in options))
    assert done.exit_code == code
    assert message in " ".join(done.stderr.split())


NEEDED = {
    "wins": ["ann bob", "bob cy", "bob di", "di cy"],
    "deal_requirements": {"d-1": "crm erp", "d-2": "iam", "d-3": "erp"},
    "partner_capabilities": {"cy": {"erp": "certified"}, "ann": {"crm": "reference"}},
    "offerings": {"ann": "vpn", "cy": "vpn"},
}


@pytest.mark.parametrize("known", [False, True])
def test_parts_of_a_score_add_up_and_say_what_they_belong_to(ask, folder, known):
    other = "bob" if known else "cy"
    data = folder(**NEEDED)
    told = json.loads(ask("explain", data, "ann", other, *PAIR, "--json").stdout)
    by_part = {}
    for one in told["contributions"]:
        by_part.setdefault(one["part"], []).append(one)
    assert set(by_part) == {"joining", "benefit", "policy"}
    total = sum(one["log_odds"] for part in by_part.values() for one in part)
    assert total + told["intercept"] == told["score"]
    names = {one["signal"] for one in by_part["benefit"]}
    assert names == {f"adds_{term}" for term in TERMS}
    assert [one["signal"] for one in by_part["policy"]] == ["competition"]
    value = told["value"]
    assert value["low"] < value["uplift"] < value["high"]
    own = Recommender.load("default").uplift_weight
    assert (value["learnt"], value["weight"], value["acceptance"]) == (False, own, 0.5)


TERMS = ("coverage", "satisfaction", "trust", "competition", "size")


def test_a_score_is_shown_in_parts_under_their_headings(ask, folder):
    text = ask("explain", folder(**NEEDED), "ann", "cy", *PAIR).stdout
    headings = ("LIKELY TO WORK TOGETHER", "BETTER TOGETHER", "score: the sum of its parts")
    places = [text.index(heading) for heading in headings]
    assert places == sorted(places)
    words = " ".join(text.split())
    assert "points (" in words
    assert "to the partner's chance of winning what its markets ask for" in words
    assert "assumed weights, and 50% accept" in words


def test_without_a_need_on_record_nothing_is_better_together(ask, folder):
    data = folder(**TRIO)
    text = ask("explain", data, "ann", "cy", *PAIR).stdout
    assert "LIKELY TO WORK TOGETHER" in text
    assert "BETTER TOGETHER" not in text
    told = json.loads(ask("explain", data, "ann", "cy", *PAIR, "--json").stdout)
    assert told["value"] is None
    assert {one["part"] for one in told["contributions"]} == {"joining"}
