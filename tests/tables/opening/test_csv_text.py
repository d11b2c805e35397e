import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.tables.opening.csv_text import csv_text
from ecosystem_graph.tables.opening.raw_table import ROW


def rows(data):
    return csv_text(data).frame.rows()


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n",
        b"\xef\xbb\xbfa,b\n1,2\n",
        b"a,b\r\n1,2\r\n",
        b"a,b\r1,2\r",
        b" a , b \n1,2",
        b'"a","b"\n"1","2"\n',
    ],
    ids=["plain", "byte order mark", "CRLF", "CR", "blanks, no last line end", "quoted"],
)
def test_every_usual_way_to_write_a_table_reads_alike(data):
    text = csv_text(data)
    assert text.frame.columns == ["a", "b", ROW]
    assert (text.frame.rows(), text.unreadable_rows, text.faults) == ([("1", "2", 2)], [], [])


def test_quotes_hold_commas_line_breaks_and_doubled_quotes():
    assert rows(b'a,b\n"1,5","x\ny"\n"say ""hi""",2\n') == [
        ("1,5", "x\ny", 2),
        ('say "hi"', "2", 3),
    ]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_rows_without_content_are_passed_over_but_counted(quote):
    data = b"a,b\n\n1,2\n,\n , \n" + quote + b"3" + quote + b",4\n\n"
    assert rows(data) == [("1", "2", 3), ("3", "4", 6)]


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_every_ragged_row_is_told_with_what_was_found(quote):
    text = csv_text(b"a,b\n1\n" + quote + b"2" + quote + b",3\n4,5,6\n")
    assert [(bad.row, bad.text) for bad in text.unreadable_rows] == [(2, "1"), (4, "4,5,6")]
    assert text.unreadable_rows[0].message.startswith("1 field found, 2 expected")
    assert text.unreadable_rows[1].message.startswith("3 fields found, 2 expected")
    assert text.frame.rows() == [("2", "3", 3)]


def test_every_row_with_bytes_that_are_not_utf8_is_told_with_its_byte():
    text = csv_text("id,name\n1,Café\n2,Bär\n3,ok\n".encode("latin-1"))
    assert [(field.row, field.column) for field in text.undecodable] == [(2, "name"), (3, "name")]
    assert text.undecodable[0].message == (
        "holds byte 0xE9, which is not UTF-8, after 'Caf': save the file as 'CSV UTF-8'. "
        "It is probably Windows-1252, in which it reads 'Café'."
    )
    assert text.frame.rows() == [("1", r"Caf\xe9", 2), ("2", r"B\xe4r", 3), ("3", "ok", 4)]


def test_a_byte_that_could_be_of_many_encodings_is_told_without_a_guess():
    text = csv_text("id,name\n1,Москва\n".encode("cp1251"))
    assert "probably" not in text.undecodable[0].message
    assert "0xCC" in text.undecodable[0].message


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf\n \n", "is empty"),
        ("a,b\n1,2\n".encode("utf-16-le"), "is UTF-16 without a byte order mark"),
        ("a,b\n1,2\n".encode("utf-16-be"), "is UTF-16 without a byte order mark"),
        ("a,b\n1,2\n".encode("utf-32-le"), "is UTF-32 without a byte order mark"),
        ("a,b\n1,2\n".encode("utf-16")[:-1], "is marked as UTF-16 but breaks at byte 15"),
        (b"\xff\xfe", "is empty"),
        (b"PK\x03\x04\x14\x00", "is a workbook or another ZIP file"),
        (b"\x1f\x8b\x08", "is compressed (gzip): unpack it"),
        (b"PAR1\x15", "is Parquet"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b'[{"a": 1}]', "is JSON"),
        (b'a,b\n1,"2\n3,4\n', "opens a quote in row 2 and never closes it"),
    ],
)
def test_what_is_wrong_with_the_file_as_a_whole_is_told(data, fault):
    assert len(csv_text(data).faults) == 1
    assert csv_text(data).faults[0].startswith(fault.replace("\\\\", "\\"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_whatever_separates_the_header_separates_the_columns(encoding, separator, quote):
    lines = [["partner_id", "name"], ["p-1", "Caf\u00e9"]]
    text = "\r\n".join(separator.join(f"{quote}{cell}{quote}" for cell in line) for line in lines)
    read = csv_text(text.encode(encoding), ["partner_id", "name"])
    assert (read.faults, read.unreadable_rows, read.separator) == ([], [], separator)
    assert read.frame.rows() == [("p-1", "Caf\u00e9", 2)]


@pytest.mark.parametrize(
    "header",
    [b"partner_id;name;a, b, c, d\n", b'"partner_id";"name";"a, b, c, d"\n'],
)
def test_names_that_are_known_tell_the_separator_where_signs_are_in_doubt(header):
    read = csv_text(header + b"p-1;Acme;x\n", ["partner_id", "name"])
    assert read.frame.rows() == [("p-1", "Acme", "x", 2)]


@pytest.mark.parametrize("stated", ["sep=;\r\n", '"sep=;"\r\n', "SEP=;\n"])
def test_a_first_line_that_states_the_separator_is_no_row(stated):
    read = csv_text(stated.encode() + b"a;b\r\n1,5;2\r\n3\r\n")
    assert read.frame.rows() == [("1,5", "2", 2)]
    assert [bad.row for bad in read.unreadable_rows] == [3]


@pytest.mark.parametrize("quote", ["", '"'])
def test_empty_fields_beyond_the_header_are_none_where_every_row_ends_in_them(quote):
    text = csv_text(f"a,b\n{quote}1{quote},2,, \n3,4,,5\n6,7,\n".encode())
    assert text.frame.rows() == [("1", "2", 2), ("6", "7", 4)]
    assert [bad.row for bad in text.unreadable_rows] == [3]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_wider_than_others_was_split_in_the_wrong_place_even_if_it_ends_empty(quote):
    text = csv_text(f"id,name,type,tier\n1,Acme, Inc,msp,\n{quote}2{quote},Bolt,isv,\n".encode())
    assert text.frame.rows() == [("2", "Bolt", "isv", "", 3)]
    (told,) = text.unreadable_rows
    assert (told.row, told.text) == (2, "1,Acme, Inc,msp,")
    assert told.message == "5 fields found, 4 expected: check commas and quotes."


def test_a_field_of_great_length_is_told_as_that():
    text = csv_text(b'a,b\n"' + b"x" * 200_000 + b'",2\n3,4\n')
    assert (
        text.unreadable_rows[0].message
        == "holds more than 131,072 letters in one field: shorten it."
    )
    assert text.frame.rows() == [("3", "4", 3)]


@pytest.mark.parametrize("apart", [",", ";"])
def test_a_title_above_the_header_is_told_with_the_row_of_the_header(apart):
    names = ["partner_id", "name"]
    data = f"Partners, as of May\n\n{apart.join(names)}\np-1{apart}Acme\n".encode()
    assert csv_text(data, names).faults == ["has its header in row 3: delete the rows above it."]
    assert csv_text(b"id,name\nname,partner_id\n", names).faults == []


def test_a_misplaced_quote_spoils_its_own_row_only():
    text = csv_text(b'a,b\n"1"x,2\n3,"4"\n')
    assert [(bad.row, bad.text) for bad in text.unreadable_rows] == [(2, '"1"x,2')]
    assert text.frame.rows() == [("3", "4", 3)]


def test_a_long_file_is_read_across_chunks(monkeypatch):
    monkeypatch.setattr("ecosystem_graph.tables.opening.csv_text._CHUNK", 3)
    data = b"a,b\n" + b"".join(b'"%d",x\n' % number for number in range(10))
    assert rows(data) == [(str(number), "x", number + 2) for number in range(10)]


def test_a_column_without_a_name_can_be_read():
    assert csv_text(b"a,\n1,2\n").frame.columns == ["a", "#2", ROW]


fields = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(fields, min_size=width, max_size=width), max_size=6)
)


@settings(deadline=None)
@given(tables, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_what_the_csv_module_writes_reads_back(records, quoting):
    header = [f"c{position}" for position in range(len(records[0]) if records else 1)]
    file = io.StringIO()
    csv.writer(file, quoting=quoting).writerows([header, *records])
    expected = [
        (*record, row)
        for row, record in enumerate(records, start=2)
        if any(field.strip() for field in record)
    ]
    filled = [record for record in expected if any(field.strip(" ,") for field in record[:-1])]
    read = rows(file.getvalue().encode())
    assert [row for row in read if row in filled] == filled


def test_a_separator_that_is_stated_and_not_there_is_none():
    assert csv_text(b"sep=;\na,b\n1,2\n").frame.rows() == [("1", "2", 2)]
