import pytest

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.text.dialect import dialect_of


@pytest.mark.parametrize(
    ("delimiter", "fields"),
    [
        (",", ["Acme| Bolt", "d;e", "1"]),
        ("|", ["Acme, Bolt", "d;e", "3,5"]),
        (";", ["Acme, Bolt", "d|e", "1.234,50"]),
        ("\t", ["Acme, Bolt", "d;e", "3,5"]),
    ],
)
def test_every_delimiter_is_recognised_beside_text_that_holds_the_others(delimiter, fields):
    rows = [["Id", "Name", "Amount"], fields, [f'"{delimiter}"', "f", "2"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert dialect_of(text.encode()).delimiter == delimiter


def test_decimal_commas_in_many_columns_do_not_win_over_semicolons():
    row = ";".join(f"{n},5" for n in range(10))
    header = ";".join(f"M{n}" for n in range(10))
    text = "\n".join([header, *[row] * 60])
    assert dialect_of(text.encode()).delimiter == ";"


def test_one_column_with_a_comma_here_and_there_is_one_column():
    text = "Company\n" + "\n".join(["Acme", "Bolt, Inc", *["Cy"] * 20])
    assert dialect_of(text.encode()).delimiter == ","
    text = "Company\n" + "\n".join(["Acme", "Bolt; Inc", *["Cy"] * 20])
    assert dialect_of(text.encode()).delimiter == ","


def test_titles_above_and_a_footer_below_do_not_hide_the_delimiter():
    text = "Deals, all of them\n\nId;Amount;Day\n1;2,5;x\n2;3,5;y\n\nConfidential"
    assert dialect_of(text.encode()).delimiter == ";"


@pytest.mark.parametrize("line", [b"sep=;\r\n", b"SEP=;\n", b'"sep=;"\n'])
def test_a_line_that_declares_the_delimiter_decides_and_is_no_row(line):
    dialect = dialect_of(line + b"a,b;c,d\n1,2;3,4\n")
    assert (dialect.delimiter, dialect.n_declared) == (";", len(line))


@pytest.mark.parametrize("given", ["|", "pipe"])
def test_a_mapping_outranks_everything(given):
    assert dialect_of(b"sep=;\na;b\n", given).delimiter == "|"


def test_tab_may_be_written_in_words():
    assert dialect_of(b"a", "tab").delimiter == dialect_of(b"a", "\\t").delimiter == "\t"


@pytest.mark.parametrize("given", ["", "ab", '"', "\n", "é"])
def test_what_is_no_delimiter_is_refused(given):
    with pytest.raises(UnreadableInputError, match="a delimiter is one letter"):
        dialect_of(b"a", given)
