import json
from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ecosystem_graph.errors import OutputError
from ecosystem_graph.recommending import run, write_run


@pytest.fixture(scope="module")
def done(make_tables):
    tables = make_tables(
        wins=["ann bob", "bob cy"],
        partner_capabilities={"ann": "crm", "cy": "erp iam"},
        deal_requirements={"d-1": "crm erp", "d-2": "crm erp iam"},
    )
    return run(tables, as_of=date(2025, 1, 1), model="default")


def test_a_run_is_three_files(done, tmp_path):
    write_run(done, tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"recommendations.parquet", "run.json", "timings.json"}
    assert json.loads((tmp_path / "run" / "run.json").read_text()) == done.record
    assert set(json.loads((tmp_path / "run" / "timings.json").read_text())) == set(done.timings)


def test_every_format_holds_the_same_rows(done, tmp_path):
    for kind in ("parquet", "csv", "jsonl"):
        write_run(done, tmp_path / kind, format=kind)
    parquet = pl.read_parquet(tmp_path / "parquet" / "recommendations.parquet")
    assert_frame_equal(parquet, done.recommendations)
    jsonl = pl.read_ndjson(tmp_path / "jsonl" / "recommendations.jsonl", schema=parquet.schema)
    assert_frame_equal(jsonl, parquet)
    lists = [name for name, kind in parquet.schema.items() if kind == pl.List(pl.String)]
    assert "gaps_filled" in lists
    joined = parquet.with_columns(pl.col(lists).list.join(";"))
    csv = pl.read_csv(tmp_path / "csv" / "recommendations.csv", schema=joined.schema)
    assert_frame_equal(csv.with_columns(pl.col(lists).fill_null("")), joined, check_exact=True)


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_an_empty_answer_can_be_written(make_tables, tmp_path, kind):
    nobody = run(make_tables(partners="ann"), as_of=date(2025, 1, 1), model="default")
    write_run(nobody, tmp_path / "run", format=kind)
    assert (tmp_path / "run" / f"recommendations.{kind}").is_file()


def test_a_run_that_fails_half_way_leaves_nothing(done, tmp_path, monkeypatch):
    monkeypatch.setattr(json, "dumps", None)
    with pytest.raises(TypeError):
        write_run(done, tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_there_is_kept_unless_it_may_go(done, tmp_path):
    write_run(done, tmp_path / "run", format="csv")
    with pytest.raises(OutputError, match="exists already"):
        write_run(done, tmp_path / "run")
    assert (tmp_path / "run" / "recommendations.csv").is_file()
    write_run(done, tmp_path / "run", overwrite=True)
    assert not (tmp_path / "run" / "recommendations.csv").exists()
