import polars as pl
import pytest
import sqlalchemy as sa
import xlsxwriter

from ecosystem_graph import DataError
from ecosystem_graph.importing.reading.sources import find_inputs


def test_a_folder_is_listed_by_name_and_notes_to_oneself_are_passed_over(tmp_path):
    for name in ["b.csv", "a.tsv", "_old.csv", ".hidden.csv", "~$a.csv", "readme.md", "crm/c.csv"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_inputs(tmp_path)
    assert [(location.name, location.file) for location in found] == [
        ("a", "a.tsv"),
        ("b", "b.csv"),
        ("c", "crm/c.csv"),
    ]


def test_dataframes_are_inputs_by_their_names():
    (location,) = find_inputs({"deals": pl.DataFrame({"id": [1]})})
    assert (location.name, location.kind) == ("deals", "dataframe")


def test_a_path_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nothing does not exist"):
        find_inputs(tmp_path / "nothing")


def test_each_sheet_of_a_workbook_is_an_input_the_only_one_by_the_name_of_its_file(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "one.xlsx") as workbook:
        workbook.add_worksheet("Deals")
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as workbook:
        workbook.add_worksheet("Deals")
        workbook.add_worksheet("Old").hide()
    found = [(place.name, place.sheet, place.hidden) for place in find_inputs(tmp_path)]
    assert found == [
        ("one", "Deals", False),
        ("two / Deals", "Deals", False),
        ("two / Old", "Old", True),
    ]


def test_content_decides_whether_a_file_is_a_workbook_or_text(tmp_path):
    (tmp_path / "report.xls").write_bytes(b"Id\tName\n1\tAcme\n")
    with xlsxwriter.Workbook(tmp_path / "deals.csv") as workbook:
        workbook.add_worksheet("Deals")
    assert [place.kind for place in find_inputs(tmp_path)] == ["workbook", "csv"]


def test_tables_of_a_database_are_inputs(tmp_path, monkeypatch):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'p.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table partner (id text)")
    engine.dispose()
    monkeypatch.setenv("PARTNER_DB", f"sqlite:///{tmp_path / 'p.db'}")
    (location,) = find_inputs(["env:PARTNER_DB"])
    assert (location.name, location.file, location.kind) == (
        "partner",
        "env:PARTNER_DB",
        "database",
    )
    monkeypatch.delenv("PARTNER_DB")
    with pytest.raises(DataError, match="needs the environment variable PARTNER_DB"):
        find_inputs("env:PARTNER_DB")
