import json

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecosystem_graph import DataError
from ecosystem_graph.importing.reading.location import InputLocation
from ecosystem_graph.importing.reading.raw_table import InputOptions, RawTable
from ecosystem_graph.importing.reading.reading import read_input
from ecosystem_graph.importing.reading.sources import find_inputs


def read(tmp_path, data, name="deals.csv", **how):
    (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    (location,) = find_inputs(tmp_path / name)
    return read_input(location, **how)


def test_each_row_of_a_file_knows_its_row_in_a_spreadsheet(tmp_path):
    table = read(tmp_path, 'Id,Name\n1,"a\nb"\n\n2,c\n')
    assert table.frame.rows() == [("1", "a\nb"), ("2", "c")]
    assert table.rows.tolist() == [2, 4]


def test_only_wanted_columns_are_kept_and_all_are_named(tmp_path):
    table = read(tmp_path, "Id,E-mail,Stage_Name__c\n1,a@b.c,Won\n", columns=["StageName", "ID"])
    assert table.frame.columns == ["Id", "Stage_Name__c"]
    assert table.layout.headers == ("Id", "E-mail", "Stage_Name__c")
    assert "a@b.c" not in repr(table)


def test_text_stays_text_whatever_it_looks_like(tmp_path):
    table = read(tmp_path, "Id;Amount;Day\n00123;1.234,50;03/04/2026\n")
    assert table.frame.rows() == [("00123", "1.234,50", "03/04/2026")]
    assert table.layout.delimiter == ";"


def test_a_line_that_declares_the_delimiter_is_not_counted(tmp_path):
    table = read(tmp_path, "sep=;\r\nId;Name\r\n1;a,b\r\n")
    assert (table.frame.rows(), table.rows.tolist()) == ([("1", "a,b")], [2])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "cp1252", "utf-16-be"])
def test_every_encoding_gives_the_same_table(tmp_path, encoding):
    text = "Id,Name\n1,Café Müller\n2,Nº 5 Über\n"
    assert read(tmp_path, text.encode(encoding)).frame.rows() == [
        ("1", "Café Müller"),
        ("2", "Nº 5 Über"),
    ]


def test_names_of_columns_are_numbered_and_empty_columns_without_a_name_are_no_columns(tmp_path):
    table = read(tmp_path, "Step #,Step #,,\n1,2,x,\n")
    assert table.frame.rows(named=True) == [{"Step #": "1", "Step # #2": "2", "Column 3": "x"}]


def test_a_row_with_other_fields_than_the_header_is_a_problem_with_its_row(tmp_path):
    table = read(tmp_path, "Id,Name,Won\n1,a,\n2,Acme, Inc,1\n3\n4,b,1\n")
    assert table.frame["Id"].to_list() == ["1", "4"]
    assert [(problem.row, problem.kind) for problem in table.problems] == [
        (3, "ragged row"),
        (4, "ragged row"),
    ]
    assert table.problems[0].message.startswith("4 fields found, 3 expected: check commas")


def test_a_row_that_is_far_too_wide_does_not_hide_the_header(tmp_path):
    table = read(tmp_path, "Id,Name,Won\n1,a,1\n2," + "b," * 40 + "1\n3,c,1\n")
    assert table.layout.header == (1,)
    assert table.frame["Id"].to_list() == ["1", "3"]
    assert [(problem.row, problem.kind) for problem in table.problems] == [(3, "ragged row")]


def test_empty_fields_at_the_end_of_every_row_mean_nothing(tmp_path):
    table = read(tmp_path, "Id,Name\n" + "1,a,\n" * 20)
    assert (table.frame.height, table.frame.width, table.problems) == (20, 2, ())


def test_empty_fields_that_a_program_leaves_off_are_empty_and_said(tmp_path):
    table = read(tmp_path, "Id,Name,Note\n" + "1,a\n" * 20)
    assert table.frame.row(0) == ("1", "a", None)
    assert table.layout.notes == ("rows end after 2 fields: the others are read as empty.",)


def test_nothing_is_lost_between_header_and_end(tmp_path):
    text = "Title\n\nId,Name\n1,a\n\n2,b\nx\nTotal,\n\nConfidential\n"
    table = read(tmp_path, text)
    layout = table.layout
    assert layout.left_out == {"title": 1, "blank": 3, "total": 1, "footer": 1}
    accounted = len(table.rows) + len(table.problems) + sum(layout.left_out.values())
    assert accounted + len(layout.header) == len(text.splitlines())


def deals(path):
    """Workbook with a title, a header of two rows, merged data, totals, errors, a hidden sheet."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Deals FY26")
        sheet.write("A1", "Joint deals")
        sheet.merge_range("A4:A5", "Deal")
        sheet.merge_range("B4:C4", "Customer")
        sheet.merge_range("D4:D5", "Amount")
        sheet.merge_range("E4:E5", "Rate")
        sheet.write_row("B5", ["Name", "Country"])
        sheet.write_row("A6", ["d-1", "Acme", "DE", 100])
        sheet.write_row("A7", ["d-2", "Bolt", "DE", 2.5])
        sheet.write_row("A8", ["d-3", "Cy", None, 1])
        sheet.merge_range("C7:C8", "FR")
        sheet.write_formula("E7", "=NA()", value="#N/A")
        sheet.write_row("A9", ["Total", None, None, 103.5])
        workbook.add_worksheet("Old").hide()


def test_a_workbook_kept_by_hand_is_read_whole(tmp_path):
    deals(tmp_path / "deals.xlsx")
    location = find_inputs(tmp_path)[0]
    table = read_input(location)
    assert table.frame.columns == [
        "Deal",
        "Customer / Name",
        "Customer / Country",
        "Amount",
        "Rate",
    ]
    assert table.frame.rows() == [
        ("d-1", "Acme", "DE", "100", None),
        ("d-2", "Bolt", "FR", "2.5", None),
        ("d-3", "Cy", "FR", "1", None),
    ]
    assert table.rows.tolist() == [6, 7, 8]
    assert table.layout.header == (4, 5)
    assert table.layout.left_out == {"title": 1, "blank": 2, "total": 1}
    assert "1 merge of cells" in table.layout.notes[0]
    (problem,) = table.problems
    assert str(problem).startswith("deals.xlsx [Deals FY26]:7  Rate holds the error #N/A")


def test_an_error_in_a_column_that_is_not_read_is_no_problem(tmp_path):
    deals(tmp_path / "deals.xlsx")
    assert read_input(find_inputs(tmp_path)[0], columns=["Deal"]).problems == ()


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_an_error_that_a_spreadsheet_exported_as_text_is_a_problem_of_its_cell(tmp_path, error):
    table = read(tmp_path, f"Id,Rate\n1,2\n2,{error}\n")
    assert table.frame["Rate"].to_list() == ["2", None]
    (problem,) = table.problems
    assert (problem.row, problem.column, problem.value) == (3, "Rate", error)


def test_the_header_is_asked_for_with_the_line_to_add(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, "1,2\n3,4\n", "my deals.csv")
    assert str(caught.value.problems[0]).endswith(
        "Add to the mapping: [inputs.my_deals] header = [1]"
    )


def test_a_named_table_is_read_from_whatever_sheet(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write("A1", "note")
        columns = [{"header": "1"}, {"header": "2"}]
        sheet.add_table("C3:D4", {"name": "T", "data": [["x", "y"]], "columns": columns})
    table = read_input(find_inputs(tmp_path)[0], InputOptions(table="T"))
    assert (table.frame.columns, table.frame.rows()) == (["1", "2"], [("x", "y")])
    assert table.rows.tolist() == [4]


def test_json_in_any_unicode_is_read(tmp_path):
    text = json.dumps({"opportunities": [{"Id": "d-1", "LifeCycle": {"Stage": "Größe"}}]})
    table = read(tmp_path, text.encode("utf-16"), "o.json", columns=["lifecycle stage"])
    assert table.frame.rows(named=True) == [{"LifeCycle.Stage": "Größe"}]
    assert table.layout.headers == ("Id", "LifeCycle.Stage")
    with pytest.raises(DataError, match="holds no records"):
        read(tmp_path, "[]", "o.json")


def test_parquet_and_dataframes_are_text_with_rows_from_one(tmp_path):
    frame = pl.DataFrame({"id": [1.0, 2.0], "e-mail": ["a@b.c", ""]})
    frame.write_parquet(tmp_path / "deals.parquet")
    for source in (tmp_path / "deals.parquet", {"deals": frame}):
        table = read_input(find_inputs(source)[0], columns=["id"])
        assert (table.name, table.frame.rows()) == ("deals", [("1",), ("2",)])
        assert table.rows.tolist() == [1, 2]
        head = read_input(find_inputs(source)[0], columns=())
        assert (head.layout.headers, len(head.rows)) == (("id", "e-mail"), 0)


def test_a_database_is_read_by_query_or_by_table(tmp_path, monkeypatch):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'p.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("create table partner (id text, mail text)")
        connection.exec_driver_sql("insert into partner values ('007', 'a@b.c')")
    engine.dispose()
    monkeypatch.setenv("DB", f"sqlite:///{tmp_path / 'p.db'}")
    (location,) = find_inputs("env:DB")
    assert read_input(location, columns=["ID"]).frame.rows() == [("007",)]
    query = InputOptions(database="env:DB", query="select id as key from partner")
    asked = InputLocation("partners", "env:DB", "database")
    assert read_input(asked, query).frame.rows(named=True) == [{"key": "007"}]
    for options in (InputOptions(), query):
        head = read_input(location, options, columns=())
        assert head.layout.headers == read_input(location, options).layout.headers
        assert len(head.rows) == 0
    with pytest.raises(DataError, match="what to read from it is not named"):
        read_input(asked)


def test_a_query_reads_no_file(tmp_path):
    query = "select * from read_csv('/etc/passwd')"
    with pytest.raises(DataError, match="a query needs a database"):
        read(tmp_path, "a,b\n1,2\n", options=InputOptions(query=query))


def test_a_file_that_is_gone_is_named(tmp_path):
    gone = InputLocation("deals", "deals.csv", "csv", tmp_path / "deals.csv")
    with pytest.raises(DataError, match=r"deals\.csv  cannot be read: No such file"):
        read_input(gone)


def test_the_header_alone_is_read_from_the_beginning(tmp_path, monkeypatch):
    monkeypatch.setattr("ecosystem_graph.importing.reading.reading._HEAD_BYTES", 20)
    text = "Id,Name\n" + "1,a\n" * 50
    for data in (text, text.encode("utf-16"), 'Id,"Na' + "\n" * 30 + 'me"\n1,2\n'):
        head, whole = read(tmp_path, data, columns=()), read(tmp_path, data)
        assert head.layout.headers == whole.layout.headers
        assert (head.frame.shape, head.rows.size) == ((0, 0), 0)
        assert head.layout.digest == whole.layout.digest


NAMES = ["x.csv", "x.xls", "x.json", "x.parquet", "x.xlsx"]
ANY_BYTES = st.binary(max_size=200)
LIKE_CSV = st.text(st.sampled_from('ab1,;"\n\r\t =é\x00'), max_size=80).map(str.encode)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(ANY_BYTES | LIKE_CSV, st.sampled_from(NAMES), st.sampled_from([(), (1,), (1, 2), (2, 4)]))
def test_any_bytes_give_a_table_or_a_clear_error(tmp_path, data, name, header):
    try:
        table = read(tmp_path, data, name, options=InputOptions(header=header))
    except DataError:
        return
    assert isinstance(table, RawTable)
    assert len(table.rows) == table.frame.height
    assert (np.diff(table.rows) > 0).all() or name == "x.json"
    assert set(table.frame.dtypes) <= {pl.String}
