"""The other commands: check, explain, train, evaluate, template, datasets, models."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from ecosystem_graph.tables import TABLES

TRIO = {"wins": ["ann bob", "bob cy"]}
DAY = ("--as-of", "2025-01-01")
CUTOFF = ("--cutoff", "2025-01-01")


# check


def test_check_of_sound_tables_is_0_and_tells_their_size(ask, folder):
    data = folder(**TRIO)
    done = ask("check", data)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"{data} has no problems",
        "partners: 3 rows",
        "deals: 2 rows",
        "deal_partners: 4 rows",
    ]


def test_check_of_notes_alone_is_0(ask, folder):
    done = ask("check", folder(**TRIO, partners={"ann": {"country": "DACH"}}))
    assert done.exit_code == 0
    assert "note: partners.csv  country: no ISO 3166 code" in done.stdout


def test_check_tells_every_problem_in_order(ask, texts):
    data = texts(
        partners="partner_id,name\nann,\nann,Ann\n",
        partner_capabilities="partner_id,capability_id\ncy,crm\n",
    )
    done = ask("check", data)
    assert done.exit_code == 1
    assert [line.split("  ")[1] for line in done.stdout.splitlines() if line.startswith("  ")] == [
        "partners.csv:2",
        "partners.csv:3",
        "partner_capabilities.csv:2",
    ]
    assert done.stdout.startswith(f"{data} has 3 problems\n")


def test_check_tells_a_fault_once_and_every_row_if_asked(ask, texts):
    rows = "".join(f"p-{n},N,soon\n" for n in range(500))
    data = texts(
        partners="partner_id,name,joined_on\n" + rows,
        partner_capabilities="partner_id,capability_id\np-1,crm\n",
    )
    told = ask("check", data).stdout.splitlines()
    assert told[0] == f"{data} has 500 problems, of 1 kind"
    assert "the same in 499 more rows" in told[2]
    assert len(told) < 10
    assert len(ask("check", data, "--all").stdout.splitlines()) > 500


def test_check_quiet_tells_no_notes(ask, folder):
    data = folder(**TRIO, partners={"ann": {"country": "DACH"}})
    assert "note:" in ask("check", data).stdout
    assert "note:" not in ask("check", data, "--quiet").output


def test_check_as_json(ask, texts):
    done = ask("check", texts(partners="partner_id,name\nann,\n"), "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert {problem["table"] for problem in told["problems"]} == {"partners", "deals"}


def test_check_can_set_bad_rows_aside(ask, texts, tmp_path):
    data = texts(
        partners="partner_id,name\nann,Ann\nbob,\n",
        partner_capabilities="partner_id,capability_id\nann,crm\n",
    )
    done = ask("check", data, "--quarantine", tmp_path / "aside")
    assert done.exit_code == 1
    assert "set aside 1 row of partners" in done.stderr
    assert pl.read_csv(tmp_path / "aside" / "partners.csv")["quarantine_row"].to_list() == [3]


# explain


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
    assert "score: the sum of the above" in done.stdout
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


# train


def test_a_trained_model_ranks_as_the_one_learnt_on_the_way(ask, rich, tmp_path):
    done = ask("train", rich, *DAY, "--output", tmp_path / "model", "--seed", 3)
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'model'}: fitted on {rich} as of 2025-01-01\n"
    lists = [
        json.loads(ask("recommend", rich, *DAY, "--json", *model).stdout)["recommendations"]
        for model in (["--model", tmp_path / "model"], ["--seed", 3])
    ]
    assert lists[0] == lists[1]


def test_training_on_too_little_is_an_error_and_leaves_nothing(ask, folder, tmp_path):
    done = ask("train", folder(**TRIO), "--output", tmp_path / "model")
    assert done.exit_code == 1
    assert "too little history to learn from" in done.stderr
    assert not (tmp_path / "model").exists()


def test_a_model_that_is_there_is_replaced_only_when_asked_for(ask, rich, tmp_path):
    save = ("train", rich, *DAY, "--quiet", "--output", tmp_path / "model")
    assert ask(*save).exit_code == 0
    again = ask(*save)
    assert again.exit_code == 1
    assert "exists already" in again.stderr
    assert ask(*save, "--overwrite").exit_code == 0


# evaluate


def test_evaluate_sets_the_model_beside_the_baselines(ask, rich):
    done = ask("evaluate", rich, *CUTOFF, "--baseline", "random", "--baseline", "adamic_adar")
    assert done.exit_code == 0
    methods = [line.split()[0] for line in done.stdout.splitlines() if " [" in line]
    assert methods[:3] == ["model", "random", "adamic_adar"]
    told = [line.split(":")[0] for line in done.stderr.splitlines() if " at peak" in line]
    assert told == ["model", "random", "adamic_adar", "probabilities"]


def test_evaluate_sets_other_orders_beside_the_plain_one(ask, rich):
    few = (*CUTOFF, "--baseline", "random", "--sources", 5, "--quiet")
    done = ask("evaluate", rich, *few, "--reciprocal", "--diverse", "--json")
    told = json.loads(done.stdout)["results"]
    assert list(told) == ["model", "model_reciprocal", "model_diverse", "random"]
    assert told["model_diverse"]["likeness"] <= told["model"]["likeness"]
    assert told["model_reciprocal"]["smaller_gain"] >= told["model"]["smaller_gain"]
    assert (
        json.loads(ask("evaluate", rich, *few, "--json").stdout)["results"]["model"]["metrics"]
        == told["model"]["metrics"]
    )


def test_only_lists_of_new_collaborators_are_reordered(ask, rich):
    done = ask("evaluate", rich, *CUTOFF, "--task", "repeat", "--diverse")
    assert done.exit_code == 2
    assert "--diverse cannot be combined with --task repeat" in done.stderr


def test_evaluate_as_json(ask, rich):
    few = ("--sources", 3, "-k", 5, "--horizon-days", 90, "--baseline", "random", "--quiet")
    done = ask("evaluate", rich, *CUTOFF, *few, "--json")
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    assert (told["k"], told["n_sources"], told["until"]) == (5, 3, "2025-04-01")
    assert set(told["results"]) == {"model", "random"}
    assert done.stderr == ""


def test_evaluate_shows_what_limits_and_prices_cost(ask, rich):
    limits = "--capacity", 3, "--capacity", 1, "--exposure-price", 0.5
    done = ask("evaluate", rich, *CUTOFF, *limits)
    assert done.exit_code == 0
    for line in ("plain ", "capacity 3 ", "capacity 1 ", "price 0.5 "):
        assert sum(row.startswith(line) for row in done.stdout.splitlines()) == 2
    told = json.loads(ask("evaluate", rich, *CUTOFF, *limits, "--json").stdout)
    assert [point["capacity"] for point in told["points"]] == [None, 3, 1, None]
    assert [point["maximal_load"] for point in told["points"][1:3]] == [3, 1]


def test_evaluate_where_nothing_follows_is_an_error(ask, folder):
    done = ask("evaluate", folder(**TRIO), *CUTOFF)
    assert done.exit_code == 1
    assert "nothing to test on" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--cutoff", "2025"),
        (*CUTOFF, "--baseline", "adamic"),
        (*CUTOFF, "--horizon-days", "0"),
        (*CUTOFF, "--sources", "0"),
        (*CUTOFF, "--capacity", "-1"),
        (*CUTOFF, "--capacity", "5", "--task", "repeat"),
        (*CUTOFF, "--exposure-price", "nan"),
        (*CUTOFF, "--exposure-price", "inf"),
        (*CUTOFF, "--exposure-price", "0.1", "--baseline", "popularity"),
    ],
)
def test_evaluate_of_wrong_usage_is_2(ask, folder, arguments):
    done = ask("evaluate", folder(**TRIO), *arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr


# template, datasets, models


def test_a_template_can_be_filled_in(ask, tmp_path):
    done = ask("template", tmp_path / "acme")
    assert done.exit_code == 0
    written = {Path(line).name for line in done.stdout.splitlines()}
    assert written == {f"{table}.csv" for table in TABLES} | {"DATA_DICTIONARY.md"}
    again = ask("template", tmp_path / "acme")
    assert again.exit_code == 1
    assert "is not empty" in again.stderr


def test_what_ships_is_listed(ask):
    assert "horizon2020: " in ask("datasets").stdout
    assert "default: fitted on " in ask("models").stdout
    for kind, name in (("datasets", "horizon2020"), ("models", "default")):
        told = json.loads(ask(kind, "--json").stdout)
        assert told["schema"] == 1
        assert name in {fact["name"] for fact in told[kind]}


# As a program.


def program(*arguments, **environment):
    command = Path(sys.executable).parent / "ecosystem-graph"
    return subprocess.run(
        [command, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )


def test_the_program_tells_done_error_and_wrong_usage_apart(folder):
    data = folder(**TRIO)
    assert program("check", data).returncode == 0
    wrong = program("check", data / "nowhere")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("Error: no folder")
    assert program("check").returncode == 2


@pytest.mark.slow
def test_no_hash_seed_and_no_number_of_cores_changes_a_byte(rich, tmp_path):
    machines = {
        "one": {"PYTHONHASHSEED": "1", "LOKY_MAX_CPU_COUNT": "1", "POLARS_MAX_THREADS": "1"},
        "two": {"PYTHONHASHSEED": "2", "LOKY_MAX_CPU_COUNT": "2", "POLARS_MAX_THREADS": "2"},
    }
    for name, environment in machines.items():
        done = program("recommend", rich, *DAY, "--output", tmp_path / name, **environment)
        assert done.returncode == 0, done.stderr
    for name in ("recommendations.parquet", "run.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


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
    assert "(--run says what one did)" in " ".join(by_score.split())
    assert (told["listed"], told["capacity"], told["places_taken"]) == (False, 2, 1)
    assert told["made"]["lists_of_it"] == load
    text = " ".join(ask("explain", data, who, "p0", *why).stdout.split())
    assert f"In the run {run_id}: moved out by capacity. It has room for 2 introductions" in text
    assert "of which introductions under way take 1, and stands in 1 of 8 lists" in text
    for (partner, collaborator), rank in lists.items():
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
