import polars as pl

from ecosystem_graph.importing.updating.changes import mapping_difference, table_changes
from ecosystem_graph.tables import Tables


def tables(*rows):
    frame = pl.DataFrame(rows, schema=["partner_id", "name"], orient="row")
    return Tables({"partners": frame}, provided=("partners",))


def test_rows_are_added_changed_removed_or_as_before():
    before = tables(("p-1", "Alder"), ("p-2", "Birch"), ("p-3", "Core"))
    after = tables(("p-2", "Birch AG"), ("p-3", "Core"), ("p-4", None), ("p-5", "Elm"))
    (change,) = table_changes(before, after)
    assert str(change) == "partners: 2 added, 1 changed, 1 removed, 1 as before"


def test_a_row_with_an_empty_value_is_as_before():
    (change,) = table_changes(tables(("p-1", None)), tables(("p-1", None)))
    assert str(change) == "partners: no change, 1 as before"


def test_lines_of_a_mapping_that_changed_are_shown_and_no_others():
    before = "schema = 1\n\n[settings]\ndecimal = ','\n"
    assert mapping_difference(before, before) == ()
    after = before.replace("','", "'.'").replace("[settings]", "\n[settings]")
    assert mapping_difference(before, after) == ("-decimal = ','", "+decimal = '.'")
