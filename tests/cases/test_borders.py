"""Where the package meets disks, terminals and other programs."""

import csv
import io
import shutil

import pandas as pd
import polars as pl
import pytest

from ecosystem_graph import read_tables
from ecosystem_graph.errors import DataError
from ecosystem_graph.tables import check_tables


def test_cells_that_begin_like_a_formula_are_no_formula_in_csv(acme, tmp_path):
    acme.cell("partners", 0, name="=1+1")
    names = {"p-2": "=cmd", "p-3": "-3+cmd", "p-4": "@sum", "p-5": "+49"}
    for name in ("partners", "partner_capabilities", "deal_partners", "csat"):
        acme.change(name, partner_id=lambda p: names.get(p, p))
    done = acme.ask(
        "recommend", "--model", "default", "--format", "csv", "--output", tmp_path / "run"
    )
    assert done.exit_code == 0, done.stderr
    text = (tmp_path / "run/recommendations.csv").read_text()
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    formulas = [c for c in cells if c[:1] in {"=", "@", "+"} or (c[:1] == "-" and "cmd" in c)]
    assert not formulas or "formula" in done.stderr.casefold()


@pytest.mark.parametrize("place", ["itself", "inside", "above"])
def test_no_output_replaces_the_tables_it_is_made_from(acme, tmp_path, place):
    before = {name: table.height for name, table in acme.tables.items()}
    acme.write()
    (acme.folder / "manifest.json").write_text("{}")
    (tmp_path / "run.json").write_text("{}")
    output = {"itself": acme.folder, "inside": acme.folder / "run", "above": tmp_path}[place]
    done = acme.ask("recommend", "--model", "default", "--output", output, "--overwrite")
    assert {path.stem for path in acme.folder.glob("*.csv")} == set(before)
    assert done.exit_code in (0, 1)


def test_no_output_replaces_a_folder_of_somebody_else(acme, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "manifest.json").write_text('{"name": "my web app"}')
    (site / "thesis.txt").write_text("years of work")
    done = acme.ask("recommend", "--model", "default", "--output", site, "--overwrite")
    assert done.exit_code == 1
    assert (site / "thesis.txt").read_text() == "years of work"


def test_a_finished_run_can_be_resumed_and_is_finished(acme, tmp_path):
    asked = ["--model", "default", "--output", tmp_path / "run", "--resume"]
    assert acme.ask("recommend", *asked).exit_code == 0
    assert acme.ask("recommend", *asked).exit_code == 0


@pytest.mark.parametrize("deep", [1_000, 100_000])
@pytest.mark.parametrize("file", ["datapackage.json", "need.json", "need.toml"])
def test_brackets_without_end_are_an_error_of_ours(acme, tmp_path, deep, file):
    acme.write()
    asked = []
    if file == "datapackage.json":
        (acme.folder / file).write_text("[" * deep)
    else:
        (tmp_path / file).write_text(("a = " if file.endswith("toml") else "") + "[" * deep)
        asked = ["--requirement", tmp_path / file]
    done = acme.ask("recommend", "--model", "default", *asked)
    assert done.exit_code == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_parquet_file_with_torn_bytes_is_an_error_of_ours(acme, at):
    acme.folder.mkdir()
    for name, table in acme.tables.items():
        table.write_parquet(acme.folder / f"{name}.parquet")
    path = acme.folder / "deals.parquet"
    data = bytearray(path.read_bytes())
    middle = int(at * len(data))
    data[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    done = acme.ask("check")
    assert done.exit_code in (0, 1)
    assert "deals" in done.stdout


OBJECTS = {
    "numbers and text": [1, "b", 2.5, None],
    "bytes and text": [b"\xff", "b", "c", "d"],
    "lists": [[1], [2], [3], [4]],
    "mappings": [{"a": 1}] * 4,
    "missing in three ways": ["a", None, float("nan"), pd.NA],
    "days and text": [pd.Timestamp("2024-01-01"), "b", "c", pd.NaT],
}


@pytest.mark.parametrize("cells", OBJECTS.values(), ids=OBJECTS)
@pytest.mark.parametrize("column", ["name", "country", "joined_on", "intro_capacity"])
def test_columns_of_mixed_objects_are_read_or_an_error_that_names_them(cells, column):
    partners = pd.DataFrame({"partner_id": list("abcd"), "name": list("ABCD")})
    partners[column] = pd.Series(cells, dtype=object)
    facts = pd.DataFrame({"partner_id": ["a"], "capability_id": ["x"]})
    report = check_tables({"partners": partners, "partner_capabilities": facts})
    assert all(column in str(problem) for problem in report.problems)


def test_a_column_that_stands_twice_is_an_error_that_names_it():
    partners = pd.DataFrame([["a", "A", "B"]], columns=["partner_id", "name", "name"])
    facts = pl.DataFrame({"partner_id": ["a"], "capability_id": ["x"]})
    with pytest.raises(DataError, match="name"):
        read_tables({"partners": partners, "partner_capabilities": facts})


@pytest.mark.parametrize("values", [[None] * 8, [float("nan")] * 8], ids=["null", "nan"])
def test_an_empty_column_of_any_type_is_an_empty_column(acme, clean_frames, values):
    frames = dict(acme.tables)
    for name in ("joined_on", "tier", "parent_id", "status", "language", "channel"):
        frames["partners"] = frames["partners"].with_columns(pl.Series(name, values))
    tables = read_tables(frames)
    assert tables["partners"]["joined_on"].null_count() == 8
    assert tables["deals"].equals(clean_frames["deals"])


WRONG_USE = {
    "a price that is no number": ["--exposure-price", "nan"],
    "a limit that is no number": ["--max-competition", "nan"],
    "a list without end": ["-k", "99999999999999999999"],
    "a day that is none": ["--as-of", "2024-02-30"],
}


@pytest.mark.parametrize("asked", WRONG_USE.values(), ids=WRONG_USE)
def test_options_that_make_no_sense_are_refused(acme, asked):
    assert acme.ask("recommend", "--model", "default", *asked).exit_code in (1, 2)


def test_a_name_too_long_for_the_disk_is_an_error_of_ours(acme, tmp_path):
    done = acme.ask("recommend", "--model", "default", "--output", tmp_path / ("x" * 250))
    assert done.exit_code == 1
    assert "Error" in done.stderr


def test_a_link_is_not_replaced_by_a_folder(acme, tmp_path):
    acme.ask("recommend", "--model", "default", "--output", tmp_path / "run")
    (tmp_path / "link").symlink_to(tmp_path / "run")
    done = acme.ask("recommend", "--model", "default", "--output", tmp_path / "link", "--overwrite")
    assert (tmp_path / "link").is_symlink() or done.exit_code == 1
    shutil.rmtree(tmp_path / "run", ignore_errors=True)
