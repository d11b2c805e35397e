import polars as pl

from ecosystem_graph.importing.assembling.merged_records import merged_records, with_merged_ids
from ecosystem_graph.importing.inputs.loaded import stacked
from ecosystem_graph.importing.mapping.grammar import FieldName, Merged
from ecosystem_graph.importing.reading.raw_table import Layout, RawTable

MERGED = Merged("account", FieldName("Old"), FieldName("New"))


def merges(**columns):
    frame = pl.DataFrame(columns)
    rows = pl.int_range(2, frame.height + 2, eager=True).to_numpy()
    raw = RawTable("a", "a.csv", None, frame, rows, Layout(headers=tuple(columns)))
    given, _ = stacked("account", [raw], {})
    return merged_records(MERGED, given)


def pairs(**columns):
    return sorted(merges(**columns).select("old", "new").rows())


def test_chains_of_merges_lead_to_the_record_that_is_left():
    assert pairs(Old=["a", "b", "c"], New=["b", "c", None]) == [("a", "c"), ("b", "c")]


def test_a_list_of_old_ids_is_taken_apart():
    assert pairs(Old=["a; b", None], New=["c", "d"]) == [("a", "c"), ("b", "c")]


def test_records_merged_in_a_circle_or_into_themselves_are_left_as_they_are():
    assert pairs(Old=["a", "b", "c"], New=["b", "a", "c"]) == []


def test_ids_of_organisations_are_replaced_in_every_column_that_holds_them():
    found = merges(Old=["a"], New=["b"])
    deals = pl.DataFrame({"deal_id": ["a"], "customer_id": ["a"]})
    assert with_merged_ids(deals, "deals", found).rows() == [("a", "b")]
    seats = pl.DataFrame({"deal_id": ["a"], "partner_id": ["a"]})
    assert with_merged_ids(seats, "deal_partners", found).rows() == [("a", "b")]
