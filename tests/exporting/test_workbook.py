import zipfile

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from ecosystem_graph.errors import OutputError
from ecosystem_graph.exporting import workbook
from ecosystem_graph.exporting.run_rows import read_run
from ecosystem_graph.exporting.workbook import write_workbook

FIRST = "001x0000002xLCV"


@pytest.fixture
def found(run, tables):
    return read_run(run(("p-1", FIRST), ("p-1", "p-3"), ("p-3", "p-1")), tables)


def sheet(path, name):
    head, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_each_pair_is_a_row_with_names_percentages_and_lists(found, tmp_path):
    write_workbook(found, tmp_path / "a.xlsx")
    rows = sheet(tmp_path / "a.xlsx", "Recommendations")
    assert [(row["Partner"], row["Rank"], row["Collaborator"]) for row in rows] == [
        ("=Alder*", 1, "Birch"),
        ("=Alder*", 2, "Core"),
        ("Core", 1, "=Alder*"),
    ]
    assert rows[0]["Joint win"] == 0.25
    assert rows[0]["Fills"] == "Backup; c-9"
    assert rows[0]["Why"] == "5 deals won; satisfaction 81 %"


def test_a_name_that_begins_like_a_formula_is_text(found, tmp_path):
    write_workbook(found, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)


def test_each_partner_is_a_row_with_the_first_of_its_list(found, tmp_path):
    write_workbook(found, tmp_path / "a.xlsx")
    rows = sheet(tmp_path / "a.xlsx", "Partners")
    assert [list(row.values()) for row in rows] == [
        ["=Alder*", "p-1", "GB", "Gold", 2, "Birch", 0.25],
        ["Core", "p-3", "", "Silver", 1, "=Alder*", 0.25],
    ]


def test_the_workbook_says_what_it_is_and_explains_each_column(found, tmp_path):
    write_workbook(found, tmp_path / "a.xlsx")
    lines = CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).get_sheet_by_name("Read me")
    told = dict(lines.to_python())
    assert told["Use"].startswith("Internal")
    assert told["Run"] == "run"
    assert set(sheet(tmp_path / "a.xlsx", "Recommendations")[0]) <= set(told)


def test_the_same_run_gives_the_same_bytes(found, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(found, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_column_that_the_run_lacks_is_absent(run, tables, tmp_path):
    found = read_run(run(("p-1", "p-3"), without=["probability", "gain"]), tables)
    write_workbook(found, tmp_path / "a.xlsx")
    assert "Joint win" not in sheet(tmp_path / "a.xlsx", "Recommendations")[0]
    assert list(sheet(tmp_path / "a.xlsx", "Partners")[0])[-1] == "First collaborator"


def test_more_rows_than_a_sheet_holds_are_refused(found, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(OutputError, match="choose some partners"):
        write_workbook(found, tmp_path / "a.xlsx")
    assert found.rows.filter(pl.col("rank") > 1).height == 1
