import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.text.records import grid_of_text

FIELDS = st.text(st.sampled_from('ab",; \n\u00e9'), max_size=5)


@given(st.lists(st.lists(FIELDS, min_size=1, max_size=4), min_size=1, max_size=8), st.booleans())
def test_what_is_written_by_rule_is_read_back(records, all_quoted):
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=quoting).writerows(records)
    grid = grid_of_text(text.getvalue().encode(), ",")
    width = max(map(len, records))
    assert grid.rows.tolist() == list(range(1, len(records) + 1))
    assert [tuple(cell or "" for cell in row) for row in grid.cells.rows()] == [
        tuple(record + [""] * (width - len(record))) for record in records
    ]
    assert grid.n_fields.tolist() == [len(record) for record in records]


@given(st.text(st.sampled_from('ab",\n\r\u2028 \x00'), max_size=30))
def test_any_text_is_split_as_the_csv_module_does(text):
    try:
        grid = grid_of_text(text.encode(), ",")
    except UnreadableInputError:
        assume(False)
    assume(not grid.row_faults)
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline="")
    expected = list(csv.reader(lines, strict=True))
    width = grid.width
    assert [tuple(cell or "" for cell in row) for row in grid.cells.rows()] == [
        tuple((record + [""] * width)[:width]) for record in expected
    ]
    assert grid.n_fields.tolist() == [len(record) for record in expected]


def test_rows_count_as_in_a_spreadsheet_whatever_stands_in_quotes():
    grid = grid_of_text(b'a,b\r\n"1\r\n2\r\n3",x\r\n\r\n4,y\r\n', ",")
    assert grid.rows.tolist() == [1, 2, 3, 4]
    assert grid.cells.rows()[1] == ("1\n2\n3", "x")


def test_a_quote_inside_a_field_is_kept_and_a_misplaced_one_costs_its_row():
    grid = grid_of_text(b'a,b\n5" disk,x\n"y"z,1\n2,3\n', ",")
    assert grid.cells.rows() == [("a", "b"), ('5" disk', "x"), ("2", "3")]
    assert [(fault.row, fault.kind) for fault in grid.row_faults] == [(3, "misplaced quote")]
    assert grid.rows.tolist() == [1, 2, 4]


def test_a_quote_that_is_never_closed_is_named_by_its_row():
    with pytest.raises(UnreadableInputError, match="opens a quote in row 2 and never closes it"):
        grid_of_text(b'a,b\n1,"2\n3,4\n', ",")
