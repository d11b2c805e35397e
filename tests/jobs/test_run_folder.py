import errno
import json
import os
from datetime import date

import polars as pl
import pytest
from filelock import FileLock
from polars.testing import assert_frame_equal

from ecosystem_graph.errors import FinishedError, OutputError
from ecosystem_graph.jobs import Output, run
from ecosystem_graph.jobs import shards as sharded
from ecosystem_graph.jobs.run_folder import join_parts
from ecosystem_graph.jobs.staging_folder import root_of, staging
from ecosystem_graph.recommending import Request

AS_OF = date(2025, 1, 1)


@pytest.fixture
def notes(caplog):
    """What is logged, from notes upwards."""
    caplog.set_level("INFO", "ecosystem_graph")
    return caplog


@pytest.fixture
def written(taught, tmp_path, monkeypatch):
    """Write a run on five circles of ten, in shards of sixteen: four of them."""

    def written(name="run", format="parquet", overwrite=False, resume=False, **how):
        keep = how.pop("keep_rows", True)
        output = Output(tmp_path / name, format, overwrite, resume, keep, shard_size=16)
        return asked_of(taught, how, output=output)

    return written


def asked_of(tables, how, **job):
    """Run as of the day, the request's options and those of the job side by side."""
    own = {name: how[name] for name in ("model", "seed", "backend") if name in how}
    request = Request.of(**{"k": 3} | {name: how[name] for name in how.keys() - own.keys()})
    return run(tables, request, as_of=AS_OF, **{"model": "default", **own, **job})


def bytes_of(folder):
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "timings.json"
    }


def failing_at(monkeypatch, what, count, failure):
    """Let the work on the last of so many shards fail."""
    done = []
    work = getattr(sharded.Shards, what)

    def fail(self, number, report=None):
        done.append(number)
        if len(done) == count:
            raise failure
        work(self, number, report)

    monkeypatch.setattr(sharded.Shards, what, fail)
    return done


ASKED = {
    "plain": {},
    "some": {"partners": [f"{circle}{n}" for circle in "ade" for n in range(9)]},
    "known as well": {"include_known": True},
    "shared out": {"capacity": 2},
    "priced": {"exposure_price": 1.0, "diverse": True},
    "learnt here": {"model": None},
}


def test_a_run_is_three_files(written, tmp_path):
    done = written()
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"recommendations.parquet", "run.json", "timings.json"}
    assert json.loads((tmp_path / "run" / "run.json").read_text()) == done.record
    timings = json.loads((tmp_path / "run" / "timings.json").read_text())
    assert timings == done.timings
    assert [stage for stage in timings if not stage.startswith("compiling")] == [
        "building the graph",
        "reading the model",
        "deriving signals",
        "ranking",
        "describing",
        "writing",
    ]
    assert timings["describing"]["rows"] == 50
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_run_in_shards_holds_what_the_whole_holds(taught, written, tmp_path, asked):
    done = written(**asked)
    whole = asked_of(taught, asked)
    assert_frame_equal(done.recommendations, whole.recommendations, check_exact=True)
    assert done.record == whole.record
    parquet = pl.read_parquet(tmp_path / "run" / "recommendations.parquet")
    assert_frame_equal(parquet, whole.recommendations, check_exact=True)


def test_shards_follow_the_ledger_as_the_whole_does(met, tmp_path):
    tables, pairs = met
    whole = asked_of(tables, {"k": 6})
    output = Output(tmp_path / "run", shard_size=16)
    done = asked_of(tables, {"k": 6}, output=output)
    assert_frame_equal(done.recommendations, whole.recommendations, check_exact=True)
    assert done.record == whole.record
    listed = {
        frozenset(row)
        for row in whole.recommendations.select("partner_id", "collaborator_id").iter_rows()
    }
    assert listed & pairs == {frozenset(("e2", "e4"))}


def test_every_format_holds_the_same_rows(written, tmp_path):
    for kind in ("parquet", "csv", "jsonl"):
        done = written(kind, kind)
    parquet = pl.read_parquet(tmp_path / "parquet" / "recommendations.parquet")
    assert_frame_equal(parquet, done.recommendations)
    jsonl = pl.read_ndjson(tmp_path / "jsonl" / "recommendations.jsonl", schema=parquet.schema)
    assert_frame_equal(jsonl, parquet)
    lists = [name for name, kind in parquet.schema.items() if kind == pl.List(pl.String)]
    assert "gaps_filled" in lists
    joined = parquet.with_columns(pl.col(lists).list.join(";"))  # nothing in them to escape
    csv = pl.read_csv(tmp_path / "csv" / "recommendations.csv", schema=joined.schema)
    assert_frame_equal(csv.with_columns(pl.col(lists).fill_null("")), joined, check_exact=True)


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_an_empty_answer_can_be_written(make_tables, tmp_path, kind):
    output = Output(tmp_path / "run", kind)
    run(make_tables(partners="ann"), as_of=AS_OF, model="default", output=output)
    assert (tmp_path / "run" / f"recommendations.{kind}").is_file()


def test_only_a_few_lists_come_back_if_no_more_are_asked_for(written):
    done = written(keep_rows=False)
    assert set(done.recommendations["partner_id"]) == set(done.typical)
    assert len(done.typical) == 3
    assert done.record["counts"]["lists"] == 50


def test_a_run_that_is_there_is_kept_unless_it_may_go(written, tmp_path):
    written(format="csv")
    with pytest.raises(OutputError, match="exists already"):
        written()
    assert (tmp_path / "run" / "recommendations.csv").is_file()
    written(overwrite=True)
    assert not (tmp_path / "run" / "recommendations.csv").exists()
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


# Runs that stop half way.


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    ("what", "count"), [("rank", 1), ("rank", 2), ("describe", 1), ("describe", 2)]
)
def test_a_run_resumed_is_the_run_uninterrupted(written, tmp_path, monkeypatch, asked, what, count):
    written("whole", **asked)
    with monkeypatch.context() as broken:
        failing_at(broken, what, count, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            written(**asked)
    assert not (tmp_path / "run").exists()
    ranked = failing_at(monkeypatch, "rank", 0, None)
    calls = failing_at(monkeypatch, "describe", 0, None)
    written(**asked, resume=True)
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")
    n_shards = 2 if "partners" in asked else 4
    assert len(ranked) == (n_shards - count + 1 if what == "rank" else 0)
    assert len(calls) == (n_shards if what == "rank" else n_shards - count + 1)
    assert not root_of(tmp_path / "run").exists()


def test_what_was_learnt_is_not_learnt_again(written, monkeypatch):
    with monkeypatch.context() as broken:
        failing_at(broken, "rank", 1, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            written(model=None)
    monkeypatch.setattr("ecosystem_graph.Recommender.fit", None)
    assert written(model=None, resume=True).record["model"]["name"] == "fitted"


def test_a_model_that_was_changed_meanwhile_is_learnt_again(written, tmp_path, monkeypatch):
    written("whole", model=None)
    with monkeypatch.context() as broken:
        failing_at(broken, "rank", 1, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            written(model=None)
    [weights] = root_of(tmp_path / "run").glob("*/model/weights.npz")
    weights.write_bytes(weights.read_bytes()[:100])
    written(model=None, resume=True)
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")


def test_a_failure_before_anything_is_finished_leaves_nothing(written, tmp_path, monkeypatch):
    failing_at(monkeypatch, "rank", 1, MemoryError)
    with pytest.raises(MemoryError):
        written()
    assert list(tmp_path.iterdir()) == []


def stopped(written, monkeypatch, **how):
    with monkeypatch.context() as broken:
        failing_at(broken, "describe", 2, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            written(**how)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"k": 4}, "parameters.k: was 3, is 4"),
        ({"seed": 1}, "parameters.seed: was 0, is 1"),
        ({"model": None}, "model.weights: was .*, is absent"),
        ({"partners": ["a1"]}, r'parameters.partners: was null, is \["a1"\]'),
        ({"diverse": True}, "parameters.diverse: was false, is true"),
    ],
)
def test_a_run_begun_otherwise_is_not_resumed(written, monkeypatch, asked, named):
    stopped(written, monkeypatch)
    with pytest.raises(OutputError, match=named):
        written(**asked, resume=True)
    written(resume=True)


def test_a_run_on_other_tables_is_not_resumed(written, taught, tmp_path, monkeypatch):
    stopped(written, monkeypatch)
    other = taught.replaced({}, digests={**taught.digests, "deals": "0123"})
    with pytest.raises(OutputError, match=r'inputs.deals: was "[0-9a-f]{64}", is "0123"'):
        run(
            other,
            Request(k=3),
            as_of=AS_OF,
            model="default",
            output=Output(tmp_path / "run", resume=True),
        )


def test_an_unfinished_run_is_started_over_unless_it_is_resumed(
    written, tmp_path, monkeypatch, notes
):
    stopped(written, monkeypatch)
    written("whole", k=4)
    written(k=4)
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")
    assert "starting over" in notes.text
    assert "could have been resumed" in notes.text


def test_with_nothing_to_resume_a_run_starts_and_says_so(written, tmp_path, notes):
    written(resume=True)
    assert "nothing to resume" in notes.text
    assert (tmp_path / "run" / "run.json").is_file()


def test_files_that_were_not_whole_are_cleared_away(written, tmp_path, monkeypatch):
    written("whole")
    stopped(written, monkeypatch)
    [folder] = root_of(tmp_path / "run").glob("*/rows")
    (folder / ".half-1").write_text("half")
    written(resume=True)
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")


def test_two_runs_at_one_target_are_refused(written, tmp_path):
    root = root_of(tmp_path / "run")
    root.mkdir()
    with FileLock(root / "lock"), pytest.raises(OutputError, match="another run is at work in"):
        written()
    written()


@pytest.mark.parametrize("resume", [False, True])
def test_what_was_there_survives_a_death_between_two_renames(
    written, tmp_path, monkeypatch, resume
):
    before = written().record
    with monkeypatch.context() as broken:
        rename = type(tmp_path).rename

        def dies(self, other):
            if self.name in ("new", "old"):
                raise KeyboardInterrupt
            return rename(self, other)

        broken.setattr(type(tmp_path), "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            written(k=4, overwrite=True)
    assert not (tmp_path / "run").exists()
    with monkeypatch.context() as broken:
        broken.setattr("ecosystem_graph.jobs.recommend_job.write_run", None)
        with pytest.raises(TypeError):
            written(k=4, overwrite=True, resume=resume)
    assert json.loads((tmp_path / "run" / "run.json").read_text()) == before


@pytest.mark.parametrize("what", ["rank", "describe"])
def test_a_full_disk_is_told_with_how_to_go_on(written, tmp_path, monkeypatch, what):
    written("whole")
    with monkeypatch.context() as broken:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        failing_at(broken, what, 2, full)
        with pytest.raises(OutputError, match=r"run: No space left on device\..*can be resumed"):
            written()
    assert not (tmp_path / "run").exists()
    written(resume=True)
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")


# What is not ours, or not as it was.


@pytest.mark.parametrize(
    "files", [["thesis.txt"], ["thesis.txt", "lock"], ["new"], ["a/plan.json"]]
)
@pytest.mark.parametrize("resume", [False, True])
def test_a_staging_with_anything_foreign_in_it_is_refused_and_stays(
    written, tmp_path, files, resume
):
    root = root_of(tmp_path / "run")
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    before = sorted(root.rglob("*"))
    with pytest.raises(OutputError, match="holds files that are not of a run"):
        written(resume=resume)
    assert sorted(root.rglob("*")) == before


def test_an_empty_staging_is_used(written, tmp_path):
    root_of(tmp_path / "run").mkdir()
    written()
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_run_that_is_finished_is_not_made_again(written, tmp_path, monkeypatch, asked):
    written(**asked)
    before = bytes_of(tmp_path / "run")
    monkeypatch.setattr("ecosystem_graph.Recommender.fit", None)
    for overwrite in (False, True):
        with pytest.raises(FinishedError, match="is finished: nothing to resume"):
            written(**asked, resume=True, overwrite=overwrite)
    assert bytes_of(tmp_path / "run") == before
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"k": 4}, "parameters.k: was 3, is 4"),
        ({"format": "csv"}, 'format: was "parquet", is "csv"'),
        ({"model": None}, "model: was absent, is"),
        ({"seed": 5}, "parameters.seed: was 0, is 5"),
        ({"diverse": True}, "parameters.diverse: was false, is true"),
    ],
)
def test_a_finished_run_by_another_plan_is_not_taken_for_this_one(written, tmp_path, asked, named):
    written()
    before = bytes_of(tmp_path / "run")
    with pytest.raises(OutputError, match=f"is finished, and was made otherwise:(.|\\n)*{named}"):
        written(**asked, resume=True)
    assert bytes_of(tmp_path / "run") == before
    written(**asked, resume=True, overwrite=True)
    assert bytes_of(tmp_path / "run") != before


def flip(data):
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


DAMAGES = {
    "a bit": flip,
    "the end": lambda data: data[: len(data) // 2],
    "everything": lambda data: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize(
    ("pattern", "asked"),
    [
        ("*/lists/00000.npz", {}),
        ("*/settled/00001.npz", {"capacity": 2}),
        ("*/rows/00000.arrow", {}),
        ("*/model/*.*", {"model": None}),
        ("*/model.json", {"model": None}),
        ("*/lists/*.sha256", {}),
        ("*/*/*", {"model": None}),
    ],
)
def test_parts_that_were_damaged_are_made_again(
    written, tmp_path, monkeypatch, pattern, asked, damage, notes
):
    written("whole", **asked)
    with monkeypatch.context() as broken:
        failing_at(broken, "describe", 2, KeyboardInterrupt)
        with pytest.raises(KeyboardInterrupt):
            written(**asked)
    damaged = [path for path in root_of(tmp_path / "run").glob(pattern) if path.is_file()]
    assert damaged
    for path in damaged:
        path.write_bytes(damage(path.read_bytes()))
    written(**asked, resume=True)
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")
    if not pattern.endswith("sha256"):
        assert any("made again" in line for line in notes.messages)


@pytest.mark.parametrize("damage", list(DAMAGES.values())[1:], ids=list(DAMAGES)[1:])
def test_a_run_whose_plan_was_damaged_starts_over_and_says_so(
    written, tmp_path, monkeypatch, damage, notes
):
    written("whole")
    stopped(written, monkeypatch)
    plan = root_of(tmp_path / "run") / "plan.json"
    plan.write_bytes(damage(plan.read_bytes()))
    written(resume=True)
    assert "starting over: the plan of the unfinished run" in notes.text
    assert bytes_of(tmp_path / "run") == bytes_of(tmp_path / "whole")


def test_a_run_is_not_written_where_its_tables_are(written, taught, tmp_path):
    (tmp_path / "acme").mkdir()
    there = taught.replaced({}, source=str(tmp_path / "acme"))
    for name in ("acme", "acme/run"):
        with pytest.raises(
            OutputError,
            match=r"acme( is not replaced| lies in .*acme|/run lies in .*acme): what is written",
        ):
            run(there, as_of=AS_OF, model="default", output=Output(tmp_path / name))
    assert list(tmp_path.iterdir()) == [tmp_path / "acme"]


def test_the_record_names_the_folder_of_the_tables_not_the_way_to_it(taught, tmp_path):
    (tmp_path / "acme").mkdir()
    there = taught.replaced({}, source=str(tmp_path / "acme"))
    record = run(there, as_of=AS_OF, model="default").record
    assert str(tmp_path) not in json.dumps(record)
    assert record["source"] == "acme"


def test_what_a_link_points_to_becomes_the_run(written, tmp_path):
    written()
    (tmp_path / "link").symlink_to(tmp_path / "run")
    written("link", format="csv", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "run" / "recommendations.csv").is_file()
    assert len(list(tmp_path.iterdir())) == 2


def test_two_stagings_of_one_target_cannot_be_open(tmp_path):
    with (
        staging(Output(tmp_path / "run"), {}),
        pytest.raises(OutputError, match="another run is at work"),
        staging(Output(tmp_path / "run"), {}),
    ):
        pass


# What opens the rows.


@pytest.fixture
def odd(make_tables, tmp_path):
    """Write a run on three partners whose names and capabilities are not what a cell expects."""

    def odd(names, capability="crm", format="csv", **columns):
        tables = make_tables(
            partners={
                key: {"name": name, **columns} for key, name in zip("abc", names, strict=True)
            },
            wins=["a b", "b c"],
            deal_requirements={"d-1": [capability], "d-2": [capability]},
            partner_capabilities={"c": [capability]},
        )
        run(tables, as_of=AS_OF, model="default", output=Output(tmp_path / "run", format))
        path = tmp_path / "run" / f"recommendations.{format}"
        return pl.read_csv(path) if format == "csv" else pl.read_parquet(path)

    return odd


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\uff1d", "\uff20"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(odd, begin):
    name = f'{begin}cmd|" /c calc"!A1'
    rows = odd([name, "Bob", f"Cy{begin}"], capability=f"{begin}1+1")
    assert set(rows["partner_name"]) == {f"'{name}", f"Cy{begin}"}
    assert rows["gaps_filled"].to_list()[0] == f"'{begin}1+1"


@pytest.mark.parametrize("begin", ["\t", "\r", "\n"])
def test_so_does_a_cell_that_begins_with_what_a_spreadsheet_passes_over(tmp_path, begin):
    text = f"{begin}=1+1"
    pl.DataFrame({"partner_id": ["p-1"], "evidence": [[text, "b"]]}).write_ipc(tmp_path / "part")
    join_parts([tmp_path / "part"], tmp_path / "rows.csv", "csv")
    assert pl.read_csv(tmp_path / "rows.csv")["evidence"].to_list() == [f"'{text};b"]


def test_numbers_below_nothing_are_left_alone(odd):
    assert odd(["Ann", "Bob", "Cy"])["score"].dtype == pl.Float64


def test_a_list_in_a_cell_can_be_taken_apart_again(odd):
    cell = odd(["Ann", "Bob", "Cy"], capability="a;b\\c")["gaps_filled"].to_list()[0]
    assert cell == "a\\;b\\\\c"


def test_rows_for_programs_hold_text_as_it_was(odd):
    rows = odd(["=1", "Bob", "=2"], capability="a;b", format="parquet")
    assert set(rows["partner_name"]) == {"=1", "=2"}
    assert rows["gaps_filled"].to_list()[0] == ["a;b"]


def test_a_row_says_who_the_two_are(odd):
    rows = odd(["Ann", "Bob", "Cy"], type="reseller", country="DE", format="parquet")
    row = rows.row(0, named=True)
    assert (row["partner_id"], row["partner_name"]) == ("a", "Ann")
    assert (row["collaborator_id"], row["collaborator_name"]) == ("c", "Cy")
    assert (row["collaborator_type"], row["collaborator_country"]) == ("reseller", "DE")
    assert "collaborator_tier" not in rows.columns
