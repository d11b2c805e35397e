import pytest

from ecosystem_graph.tables.values.names import folded, match_columns

DECLARED = ["partner_id", "name", "type", "country"]


@pytest.mark.parametrize(
    "header",
    ["partner_id", "Partner ID", "PARTNER_ID", "partner-id", "PartnerId", "\ufeffpartner_id",
     "\u200bpartner\u00a0id", " partner id "],
)  # fmt: skip
def test_a_name_is_known_however_it_is_written(header):
    assert match_columns([header], DECLARED, "partners").place == {"partner_id": 0}


def test_two_columns_that_claim_one_name_are_told():
    found = match_columns(["Partner ID", "partner_id", "name"], DECLARED, "partners")
    assert found.rivals == {"partner_id": ["Partner ID", "partner_id"]}


def test_a_name_that_begins_with_the_tables_stands_for_the_rest_where_nothing_else_does():
    found = match_columns(
        ["partner_id", "Partner Name", "type", "Partner Type"], DECLARED, "partners"
    )
    assert found.place == {"partner_id": 0, "name": 1, "type": 2}
    assert found.by_table == {"name": "Partner Name"}
    assert found.unknown == ["Partner Type"]
    assert match_columns(["Capability Name"], ["name"], "capabilities").place == {"name": 0}


def test_what_stands_for_nothing_is_left_in_the_order_of_the_file():
    assert match_columns(["z", "name", "", "a"], DECLARED, "partners").unknown == ["z", "a"]


def test_letters_of_other_widths_are_alike():
    assert folded("\uff30artner") == "partner"
