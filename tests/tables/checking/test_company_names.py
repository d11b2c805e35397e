import polars as pl
import pytest

from ecosystem_graph.tables.checking.company_names import likely_one_company
from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.schema.definitions import TABLES

NOBODY = TABLES["aliases"].create_empty()


def pairs(*partners, aliases=NOBODY):
    frame = pl.DataFrame(
        [(f"p-{place}", *partner) for place, partner in enumerate(partners)],
        schema={"partner_id": pl.String, "name": pl.String, "country": pl.String},
        orient="row",
    )
    return likely_one_company(frame, aliases).rows()


def test_one_name_in_one_country_is_likely_one_company():
    found = pairs(("Alder", "GB"), ("ALDER Ltd", "GB"), ("Alder Inc", "US"), ("Birch", "GB"))
    assert found == [(0, 1)]


def test_where_a_country_is_missing_the_name_alone_counts():
    assert pairs(("Alder", "GB"), ("Alder", None), ("Alder", "US")) == [(0, 1), (1, 2)]


def test_a_name_that_very_many_have_is_no_name():
    assert pairs(*[("Unknown", "GB")] * 30) == []


@pytest.mark.parametrize("ids", [("p-0", "p-1"), ("p-1", "p-0")])
def test_the_table_aliases_can_tell_two_apart(ids):
    told = pl.DataFrame([("Distinct", *ids)], schema=NOBODY.columns, orient="row")
    assert pairs(("Alder", "GB"), ("Alder", "GB"), aliases=told) == []


def test_check_says_who_is_likely_there_twice(acme):
    folder = acme(partners="partner_id,name,country\np-1,Acme,GB\np-2,ACME Ltd.,UK\np-3,Core,\n")
    (told,) = [note.message for note in check_tables(folder).notes if note.column == "name"]
    assert told.startswith(
        "likely one company twice, and never proposed to each other: 'Acme' (p-1) and 'ACME Ltd.' "
        "(p-2) (pairs: 1)."
    )
