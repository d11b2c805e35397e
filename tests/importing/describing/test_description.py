from ecosystem_graph.importing.describing.description import (
    ColumnDescription,
    InputDescription,
    SourceDescription,
    shown_value,
)


def test_a_column_says_where_it_goes_or_that_it_is_not_read():
    assert str(ColumnDescription("Id", ("deals.deal_id", "rows of deals"), "", ("1", "2"))) == (
        "Id -> deals.deal_id, rows of deals  [1, 2]"
    )
    assert str(ColumnDescription("Rating")) == "Rating -> not used"
    assert str(ColumnDescription("Phone", personal="never read")) == "Phone -> personal: never read"
    allowed = ColumnDescription("Contact", ("csat.customer_id",), "never read")
    assert str(allowed) == "Contact -> csat.customer_id (personal)"


def test_a_file_says_how_it_was_read():
    deals = InputDescription(
        "deals.csv", "", "deals", "cp1252", "not UTF-8", ";", (4, 5), 1, {"title": 3}, (), ("n",)
    )
    assert str(deals) == (
        "deals.csv: deals (cp1252: not UTF-8; columns apart by ';'; header in rows 4, 5; "
        "1 row of data; 3 left out as title)\n  note: n"
    )
    tabs = InputDescription("b.tsv", delimiter="\t", header=(1,), rows=2)
    assert str(tabs) == "b.tsv: no input (columns apart by tabs; header in row 1; 2 rows of data)"
    broken = InputDescription("a.xlsx", "S", unreadable="is empty.")
    assert str(broken) == "a.xlsx [S]: no input (is empty.)"


def test_a_source_is_text_and_plain_values():
    described = SourceDescription((InputDescription("a.csv"),), ("why?",), ("aws",))
    assert str(described).splitlines() == [
        "presets: aws",
        "a.csv: no input (0 rows of data)",
        "? why?",
    ]
    assert described.to_dict()["inputs"][0]["file"] == "a.csv"


def test_control_characters_do_not_reach_a_terminal():
    assert "\x1b" not in str(ColumnDescription("a\x1b[31m"))
    assert shown_value("a\n\tb") == "a b"
