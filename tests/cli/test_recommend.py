import hashlib
import json

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ecosystem_graph import Recommender
from ecosystem_graph.recommending import GraphRanker

TRIO = {"wins": ["ann bob", "bob cy"]}
DAY = ("--as-of", "2025-01-01")
DEFAULT = (*DAY, "--model", "default")


def files_in(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def lists_of(done):
    return {
        (row["partner_id"], row["collaborator_id"])
        for row in json.loads(done.stdout)["recommendations"]
    }


# Results.


def test_it_prints_the_lists_asked_for(ask, folder):
    done = ask("recommend", folder(**TRIO), *DEFAULT, "--partner", "ann")
    assert done.exit_code == 0
    assert "ann: 1 collaborator\n  1. cy\n" in done.stdout
    told = done.stderr.splitlines()
    assert "note: no table territories: the country of a partner is its only territory" in told
    assert any(line.startswith("reading the model: ") for line in told)


def test_a_folder_that_teaches_teaches(ask, rich):
    done = ask("recommend", rich, *DAY, "--partner", "d4", "--json", "-k", 3)
    told = json.loads(done.stdout)
    assert told["model"]["name"] == "fitted"
    assert [row["rank"] for row in told["recommendations"]] == [1, 2, 3]
    assert all(row["collaborator_id"].startswith("d") for row in told["recommendations"])


def test_json_on_stdout_is_json_and_nothing_else(ask, folder):
    told = json.loads(ask("recommend", folder(**TRIO), *DEFAULT, "--json").stdout)
    assert told["schema"] == 1
    assert told["counts"]["lists"] == 2
    assert {row["partner_id"] for row in told["recommendations"]} == {"ann", "cy"}


def test_quiet_is_silent_on_stderr(ask, folder, tmp_path):
    data = folder(**TRIO, partners={"ann": {"country": "DACH"}})
    loud = ask("recommend", data, *DEFAULT, "--output", tmp_path / "loud")
    quiet = ask("recommend", data, *DEFAULT, "--output", tmp_path / "quiet", "--quiet")
    assert "DACH" in loud.stderr
    assert f"written to {tmp_path / 'loud'}" in loud.stderr
    assert quiet.stderr == ""
    assert quiet.stdout == loud.stdout


def test_without_a_date_the_day_after_the_last_event_counts(ask, folder):
    done = ask("recommend", folder(**TRIO), "--model", "default", "--json")
    assert json.loads(done.stdout)["as_of"] == "2024-06-02"


# The run folder.


@pytest.mark.parametrize("source", ["csv", "parquet"])
def test_every_format_holds_the_same_rows(ask, folder, tmp_path, source):
    data = folder(kind=source, **TRIO, deal_requirements={"d-1": "crm"})
    for kind in ("parquet", "csv", "jsonl"):
        asked = ask("recommend", data, *DEFAULT, "--output", tmp_path / kind, "--format", kind)
        assert asked.exit_code == 0
    parquet = pl.read_parquet(tmp_path / "parquet" / "recommendations.parquet")
    jsonl = pl.read_ndjson(tmp_path / "jsonl" / "recommendations.jsonl", schema=parquet.schema)
    assert_frame_equal(jsonl, parquet)
    csv = pl.read_csv(tmp_path / "csv" / "recommendations.csv")
    plain = ["partner_id", "rank", "collaborator_id", "score", "gain"]
    assert_frame_equal(csv.select(plain), parquet.select(plain), check_dtypes=False)
    records = {(tmp_path / kind / "run.json").read_text() for kind in ("parquet", "csv", "jsonl")}
    assert len(records) == 1


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_two_runs_with_the_same_seed_write_the_same_bytes(ask, rich, tmp_path, kind):
    for name in ("one", "two"):
        ask("recommend", rich, *DAY, "--seed", 7, "--output", tmp_path / name, "--format", kind)
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "two")
    assert set(one) == {f"recommendations.{kind}", "run.json", "timings.json"}
    for name in set(one) - {"timings.json"}:
        assert one[name] == two[name], name


def test_the_order_of_rows_changes_nothing_but_the_digests(ask, folder, make_tables, tmp_path):
    rows = {**TRIO, "deal_requirements": {"d-1": "crm", "d-2": "erp"}}
    data = folder(**rows)
    tables = make_tables(**rows)
    other = tmp_path / "other"
    other.mkdir()
    for name in tables.provided:
        tables[name].reverse().write_csv(other / f"{name}.csv")
    for name, where in (("one", data), ("two", other)):
        ask("recommend", where, *DEFAULT, "--output", tmp_path / name)
    one, two = files_in(tmp_path / "one"), files_in(tmp_path / "two")
    assert one["recommendations.parquet"] == two["recommendations.parquet"]
    assert one["run.json"] != two["run.json"]


def test_the_record_is_that_of_json(ask, folder, tmp_path):
    data = folder(**TRIO)
    done = ask("recommend", data, *DEFAULT, "--output", tmp_path / "run", "--json")
    told = json.loads(done.stdout)
    told.pop("recommendations")
    assert told == json.loads((tmp_path / "run" / "run.json").read_text())
    assert told["source"] == data.name
    for name, digest in told["inputs"].items():
        assert digest == hashlib.sha256((data / f"{name}.csv").read_bytes()).hexdigest()


def test_a_run_that_is_there_is_refused_before_any_work(ask, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("ecosystem_graph.tables.read_tables", None)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("mine")
    done = ask("recommend", folder(**TRIO), "--output", tmp_path / "run")
    assert done.exit_code == 1
    assert "exists already" in done.stderr
    assert (tmp_path / "run" / "run.json").read_text() == "mine"


def test_overwrite_replaces_a_run(ask, folder, tmp_path):
    data, run = folder(**TRIO), tmp_path / "run"
    ask("recommend", data, *DEFAULT, "--output", run, "--format", "csv")
    done = ask("recommend", data, *DEFAULT, "--output", run, "--overwrite")
    assert done.exit_code == 0
    assert set(files_in(run)) == {"recommendations.parquet", "run.json", "timings.json"}


def test_overwrite_never_takes_the_tables_away(ask, folder):
    data = folder(**TRIO)
    before = files_in(data)
    done = ask("recommend", data, *DEFAULT, "--output", data, "--overwrite")
    assert done.exit_code == 1
    assert "a place of its own" in done.stderr
    assert files_in(data) == before


def test_a_place_that_cannot_be_written_to_is_an_error_and_stays_clean(ask, folder, tmp_path):
    data, file = folder(**TRIO), tmp_path / "file"
    file.touch()
    before = everything_in(tmp_path)
    for output in (file / "run", file, "/proc/run"):
        done = ask("recommend", data, *DEFAULT, "--output", output, "--overwrite")
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: ") or "\nError: " in done.stderr
        assert done.stdout == ""
    assert everything_in(tmp_path) == before


def test_a_disk_that_fills_up_half_way_leaves_only_what_can_be_resumed(
    ask, folder, tmp_path, monkeypatch
):
    def full(self, path, **_):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    data = folder(**TRIO)
    before = everything_in(tmp_path)
    with monkeypatch.context() as crowded:
        crowded.setattr(pl.DataFrame, "write_ipc", full)
        done = ask("recommend", data, *DEFAULT, "--output", tmp_path / "run")
    assert done.exit_code == 1
    assert "run: No space left on device" in done.stderr
    assert "with --resume to continue" in done.stderr
    left = {path.split("/")[0] for path in everything_in(tmp_path)}
    assert left == {"acme", ".run.unfinished"}
    assert ask("recommend", data, *DEFAULT, "--output", tmp_path / "run", "--resume").exit_code == 0
    kept = [path for path in everything_in(tmp_path) if not path.startswith("run")]
    assert kept == before


def test_a_run_that_dies_while_ranking_leaves_nothing(ask, folder, tmp_path, monkeypatch):
    def die(*_, **__):
        raise MemoryError

    data = folder(**TRIO)
    before = everything_in(tmp_path)
    monkeypatch.setattr(GraphRanker, "builder", die)
    with pytest.raises(MemoryError):
        ask("recommend", data, *DEFAULT, "--output", tmp_path / "run")
    assert everything_in(tmp_path) == before


# Who is asked for.


NAMED = {**TRIO, "partners": {"ann": {"name": "Ann & Söhne"}, "dan": {}}}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--partner", "ann", "--partner", "cy"),
        ("--partner", "Ann & Söhne", "--partner", "cy"),
        ("--partner", "ann", "--partner", "Ann & Söhne", "--partner", "cy"),
    ],
)
def test_partners_are_asked_for_by_id_or_exact_name(ask, folder, arguments):
    done = ask("recommend", folder(**NAMED), *DEFAULT, "--json", *arguments)
    assert {a for a, _ in lists_of(done)} == {"ann", "cy"}


@pytest.mark.parametrize("text", ["ann\ncy\n", "\ufeffAnn & Söhne\r\n\r\n  cy", "cy\nann\ncy\n"])
def test_partners_are_asked_for_in_a_file_or_on_stdin(ask, folder, tmp_path, text):
    data = folder(**NAMED)
    (tmp_path / "some.txt").write_bytes(text.encode())
    by_file = ask("recommend", data, *DEFAULT, "--json", "--partners", tmp_path / "some.txt")
    by_stdin = ask("recommend", data, *DEFAULT, "--json", "--partners", "-", input=text)
    assert {a for a, _ in lists_of(by_file)} == {"ann", "cy"}
    assert json.loads(by_file.stdout) == json.loads(by_stdin.stdout)


def test_a_file_and_options_add_up(ask, folder, tmp_path):
    (tmp_path / "some.txt").write_text("ann")
    both = ("--partners", tmp_path / "some.txt", "--partner", "dan")
    done = ask("recommend", folder(**NAMED), *DEFAULT, "--json", *both)
    assert {a for a, _ in lists_of(done)} == {"ann", "dan"}


@pytest.mark.parametrize(
    ("data", "message"), [(b"", "names no partner"), (b"\xff\xfe", "not UTF-8 text")]
)
def test_a_file_that_names_nobody_is_wrong_usage(ask, folder, tmp_path, data, message):
    (tmp_path / "some.txt").write_bytes(data)
    done = ask("recommend", folder(**TRIO), *DEFAULT, "--partners", tmp_path / "some.txt")
    assert done.exit_code == 2
    assert message in done.stderr


def test_unknown_partners_are_all_told_with_what_is_near(ask, folder, tmp_path):
    rows = {"partners": {"p-0042": {"name": "Acme Ltd"}, "p-0107": {"name": "Bolt"}}}
    wanted = ("--partner", "p-0043", "--partner", "p-0107", "--partner", "acme ldt")
    done = ask("recommend", folder(**rows), *DEFAULT, *wanted, "--output", tmp_path / "run")
    assert done.exit_code == 1
    assert "no partner 'p-0043' among 2 partners. Ids and exact names are accepted." in done.stderr
    assert "no partner 'acme ldt' among 2 partners. Did you mean 'Acme Ltd'?" in done.stderr
    assert "p-0107" not in done.stderr.replace("or p-0107", "")
    assert not (tmp_path / "run").exists()


# Who may be proposed.


MARKETS = {
    "partners": {
        "ann": {"country": "DE", "type": "reseller"},
        "bob": {"country": "FR", "type": "reseller;integrator"},
        "cy": {"country": "FR", "type": "integrator"},
    }
}


@pytest.mark.parametrize(
    ("arguments", "proposed"),
    [
        (("--territory", "DE"), {"ann"}),
        (("--territory", "DE", "--territory", "FRA"), {"ann", "bob", "cy"}),
        (("--type", "integrator"), {"bob", "cy"}),
        (("--type", "reseller", "--territory", "FR"), {"bob"}),
    ],
)
def test_territory_and_type_narrow_whom_to_propose(ask, folder, arguments, proposed):
    done = ask("recommend", folder(**MARKETS), *DEFAULT, "--json", *arguments)
    assert {b for _, b in lists_of(done)} == proposed


@pytest.mark.parametrize("arguments", [("--territory", "ES"), ("--type", "integrater")])
def test_a_territory_or_type_nobody_has_is_an_error(ask, folder, arguments):
    done = ask("recommend", folder(**MARKETS), *DEFAULT, *arguments)
    assert done.exit_code == 1
    assert f"{arguments[0][2:]} '{arguments[1]}'" in done.stderr


def test_past_collaborators_are_proposed_when_asked_for(ask, folder):
    data = folder(**TRIO)
    assert lists_of(ask("recommend", data, *DEFAULT, "--json")) == {("ann", "cy"), ("cy", "ann")}
    done = ask("recommend", data, *DEFAULT, "--json", "--include-known")
    assert ("ann", "bob") in lists_of(done)


def test_without_history_of_them_past_collaborators_cannot_be_ranked(ask, rich, tmp_path):
    ask("train", rich, *DAY, "--output", tmp_path / "model")
    manifest = json.loads((tmp_path / "model" / "manifest.json").read_text())
    del manifest["tasks"]["repeat"]
    (tmp_path / "model" / "manifest.json").write_text(json.dumps(manifest))
    done = ask("recommend", rich, *DAY, "--model", tmp_path / "model", "--include-known")
    assert done.exit_code == 1
    assert "too little history of partners winning together again" in done.stderr


# What reorders lists.


SKILLED = {
    "wins": {f"d-{n}": f"hub p{n}" for n in range(6)},
    "deal_requirements": {f"d-{n}": f"c{n % 3}" for n in range(6)},
    "partner_capabilities": {f"p{n}": f"c{(n + 1) % 3}" for n in range(6)},
}


def test_nobody_stands_in_more_lists_than_its_capacity(ask, folder):
    data = folder(**SKILLED, partners={"p0": {"intro_capacity": 1}})
    arguments = (data, *DEFAULT, "--capacity", 2, "-k", 3, "--uplift-weight", 0)
    done = ask("recommend", *arguments)
    told = json.loads(ask("recommend", *arguments, "--json").stdout)
    load = pl.Series([row["collaborator_id"] for row in told["recommendations"]]).value_counts()
    assert dict(load.iter_rows())["p0"] == 1
    assert load["count"].max() == 2
    assert told["allocation"]["capacity_of_others"] == 2
    said = " ".join(done.stdout.split())
    assert "Capacity: 1 from the tables, default 2 for 6 others (asked for)." in said
    assert "that can take no more introductions" in done.stdout
    assert "moved up: better ones are at capacity" in done.stdout


def test_whose_capacity_is_that_of_the_others_is_said_once_on_stderr_and_in_the_record(ask, folder):
    data = folder(**SKILLED, partners={"p0": {"intro_capacity": 1}, "p1": {"intro_capacity": 4}})
    done = ask("recommend", data, *DEFAULT, "--json")
    said = [line for line in done.stderr.splitlines() if "state no intro_capacity" in line]
    assert said == [
        "5 partners state no intro_capacity (hub, p2, p3, ...): their capacity is set to 2 "
        "introductions, the median of the partners that state one. Set another default with "
        "--capacity N."
    ]
    told = json.loads(done.stdout)
    assert told["allocation"]["others"] == {"partners": 5, "first": ["hub", "p2", "p3", "p4", "p5"]}
    assert told["allocation"]["capacity_of_others"] == 2
    load = pl.Series([row["collaborator_id"] for row in told["recommendations"]]).value_counts()
    assert load["count"].max() <= 4
    other = ask("recommend", data, *DEFAULT, "--capacity", 3)
    assert "state no intro_capacity" not in other.stderr
    assert "state no intro_capacity" not in ask("recommend", data, *DEFAULT, "--quiet").stderr


def test_where_nobody_states_a_capacity_the_most_listed_is_named_with_what_to_do(ask, folder):
    done = ask("recommend", folder(**SKILLED), *DEFAULT)
    told = json.loads(ask("recommend", folder("same", **SKILLED), *DEFAULT, "--json").stdout)
    load = pl.Series([row["collaborator_id"] for row in told["recommendations"]]).value_counts()
    most = told["exposure"]["most_listed"]["partner_id"]
    assert dict(load.iter_rows())[most] == load["count"].max()
    line = f"{most} ({most}) is in {load['count'].max()} of {told['counts']['lists']} lists."
    said = " ".join(done.stdout.split())
    assert line in said
    assert "--capacity N" in said
    assert "--exposure-price X" in said


def introduced(*statuses, **columns):
    """Introductions of hub's contacts p0 p1, p1 p2, ... of each status."""
    return [
        {"partner_id": f"p{n}", "collaborator_id": f"p{n + 1}", "status": status, **columns}
        for n, status in enumerate(statuses)
    ]


def test_who_was_introduced_is_not_listed_anew_and_is_counted(ask, folder):
    ledger = introduced("proposed", "introduced", "accepted", "won", "declined")
    ledger[2]["decided_on"] = ledger[3]["decided_on"] = "2024-07-01"
    ledger[4]["decided_on"] = "2024-07-01"
    data = folder(**SKILLED, introductions=ledger)
    done = ask("recommend", data, *DEFAULT, "-k", 9, "--json")
    listed = lists_of(done)
    for n in range(5):
        assert (f"p{n}", f"p{n + 1}") not in listed
        assert (f"p{n + 1}", f"p{n}") not in listed
    told = json.loads(done.stdout)["left_out"]
    assert told["pairs with an introduction under way"] == 3
    assert told["pairs introduced that won since"] == 1
    assert told["pairs resting after an introduction declined or lost"] == 1
    again = ask("recommend", data, *DEFAULT, "-k", 9, "--rest-days", 180, "--json")
    assert ("p4", "p5") in lists_of(again)
    rows = json.loads(again.stdout)["recommendations"]
    flagged = {
        frozenset((row["partner_id"], row["collaborator_id"]))
        for row in rows
        if "declined_before" in row["flags"]
    }
    assert flagged == {frozenset(("p4", "p5"))}
    assert json.loads(again.stdout)["parameters"]["rest_days"] == 180


def test_introductions_under_way_take_places(ask, folder):
    ledger = introduced("introduced", "proposed", introduced_on="2024-12-01")
    data = folder(**SKILLED, partners={"p1": {"intro_capacity": 3}}, introductions=ledger)
    told = json.loads(ask("recommend", data, *DEFAULT, "-k", 9, "--json").stdout)
    assert [row["collaborator_id"] for row in told["recommendations"]].count("p1") == 1
    assert told["allocation"]["places_taken_by_introductions_under_way"] == 4
    later = ask("recommend", data, *DEFAULT, "-k", 9, "--stale-days", 30, "--json")
    rows = json.loads(later.stdout)["recommendations"]
    assert [row["collaborator_id"] for row in rows].count("p1") == 3


def test_who_takes_no_introductions_is_never_proposed(ask, folder):
    data = folder(**SKILLED, partners={"p0": {"intro_capacity": 0}})
    assert "p0" not in {b for _, b in lists_of(ask("recommend", data, *DEFAULT, "--json"))}


def test_exposure_is_told_with_every_run(ask, folder):
    done = ask("recommend", folder(**TRIO), *DEFAULT)
    assert "Exposure: Gini " in done.stdout
    assert "Capacity" not in done.stdout


def test_a_list_tells_what_either_side_gains(ask, folder):
    skills = {**SKILLED["partner_capabilities"], "p3": "c0 c1 c2"}
    data = folder(**{**SKILLED, "partner_capabilities": skills})
    done = ask("recommend", data, *DEFAULT, "--reciprocal")
    told = json.loads(ask("recommend", data, *DEFAULT, "--reciprocal", "--json").stdout)
    row = next(row for row in told["recommendations"] if row["gaps_filled"] and row["brings"])
    assert f"fills {row['gain']:.1%}: {row['gaps_filled'][0]}" in done.stdout
    assert f"gets  {row['reciprocal_gain']:.1%}: {row['brings'][0]}" in done.stdout


def test_reciprocal_lists_without_demand_are_an_error_that_says_what_is_missing(ask, folder):
    done = ask("recommend", folder(**TRIO), *DEFAULT, "--reciprocal")
    assert done.exit_code == 1
    assert "the tables state no needs. Give deal_requirements" in done.stderr


@pytest.mark.parametrize("option", [("--reciprocal",), ("--diverse",), ("--capacity", 3)])
def test_one_list_for_one_need_is_not_reordered(ask, folder, option):
    done = ask("recommend", folder(**SKILLED), *DEFAULT, "--deal", "d-1", *option)
    assert done.exit_code == 2
    assert f"{option[0]} cannot be combined with --deal" in done.stderr


# Wrong usage.


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("acme", "-k", "0"),
        ("acme", "-k", "many"),
        ("acme", "--capacity", "-1"),
        ("acme", "--as-of", "2025-02-30"),
        ("acme", "--as-of", "yesterday"),
        ("acme", "--seed", "-1"),
        ("acme", "--seed", str(2**32)),
        ("acme", "--format", "xlsx"),
        ("acme", "--partners", "/no/such/file"),
        ("acme", "--no-such-option"),
        ("acme", "another"),
    ],
)
def test_wrong_usage_is_exit_code_2(ask, arguments):
    done = ask("recommend", *arguments)
    assert done.exit_code == 2
    assert "Usage: " in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_every_seed_that_is_accepted_works(ask, rich, seed):
    assert ask("recommend", rich, *DAY, "--seed", seed, "--quiet").exit_code == 0


def test_a_model_that_is_not_there_is_an_error(ask, folder):
    done = ask("recommend", folder(**TRIO), "--model", "defalt")
    assert done.exit_code == 1
    assert "no model 'defalt'" in done.stderr


NEEDED = {
    "wins": {f"d-{n}": f"hub p{n}" for n in range(6)},
    "deal_requirements": {f"d-{n}": f"c{n % 3}" for n in range(6)},
    "partner_capabilities": {f"p{n}": f"c{(n + 1) % 3}" for n in range(6)},
    "offerings": {f"p{n}": f"o{n % 2}" for n in range(6)},
}


def test_the_weight_of_what_introductions_add_is_an_option_and_on_record(ask, folder, tmp_path):
    data, own = folder(**NEEDED), Recommender.load("default").uplift_weight
    lists, scores, weights = {}, {}, {}
    for name, option in {
        "own": (),
        "same": ("--uplift-weight", own),
        "0": ("--uplift-weight", 0),
    }.items():
        out = tmp_path / name
        ask("recommend", data, *DEFAULT, "--quiet", *option, "--output", out)
        lists[name] = pl.read_parquet(out / "recommendations.parquet")
        pairs = lists[name].select("partner_id", "collaborator_id", "score").iter_rows()
        scores[name] = {(a, b): score for a, b, score in pairs}
        weights[name] = json.loads((out / "run.json").read_text())["parameters"]["uplift_weight"]
    assert weights == {"own": own, "same": own, "0": 0}
    assert lists["own"].equals(lists["same"])
    assert scores["own"] != scores["0"]
    assert "uplift" in lists["0"].columns
    for (a, b), score in scores["0"].items():
        told = json.loads(ask("explain", data, a, b, *DEFAULT, "--quiet", "--json").stdout)
        likely = [one["log_odds"] for one in told["contributions"] if one["part"] == "joining"]
        (rivalry,) = (one["value"] for one in told["contributions"] if one["part"] == "policy")
        joining = sum(likely) + told["intercept"]
        assert score == pytest.approx(joining - 1.5 * rivalry, abs=1e-9)


def test_a_run_is_explained_by_the_weight_it_was_made_with(ask, folder, tmp_path):
    data, run = folder(**NEEDED), tmp_path / "run"
    ask("recommend", data, *DEFAULT, "--quiet", "--uplift-weight", 0, "-k", 2, "--output", run)
    for row in pl.read_parquet(run / "recommendations.parquet").iter_rows(named=True):
        pair = (row["partner_id"], row["collaborator_id"])
        asked = ("explain", data, *pair, "--model", "default", "--quiet", "--why-not", "--json")
        told = json.loads(ask(*asked, "--run", run).stdout)
        assert (told["listed"], told["score"]) == (True, row["score"])


@pytest.mark.parametrize("weight", ["-1", "1001", "nan", "much"])
def test_a_weight_out_of_its_range_is_refused(ask, folder, weight):
    data = folder(wins=["ann bob", "bob cy"])
    done = ask("recommend", data, *DEFAULT, f"--uplift-weight={weight}")
    assert done.exit_code == 2
    assert "--uplift-weight" in done.stderr
