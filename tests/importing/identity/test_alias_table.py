import polars as pl

from ecosystem_graph.importing.identity.alias_table import unambiguous_aliases
from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.tables.checking.company_names import likely_one_company

PARTNERS = pl.DataFrame(
    {"partner_id": ["p-1", "p-2"], "name": ["Alder", "Alder Ltd"], "country": ["DE", "DE"]}
)


def rows(aliases, different=()):
    known = pl.DataFrame(aliases, schema=["system", "value", "partner_id"], orient="row")
    schema = dict.fromkeys(("decision", "partner_id", "other_id"), pl.String)
    decided = pl.DataFrame([("different", *pair) for pair in different], schema, orient="row")
    return unambiguous_aliases(PARTNERS, known, Decisions(duplicates=decided))


def test_identifiers_of_one_partner_alone_are_rows_once():
    found = rows([("duns", "1", "p-1"), ("duns", "1", "p-1"), ("crm", "x", "p-2")])
    assert found.rows() == [("crm", "x", "p-2"), ("duns", "1", "p-1")]


def test_what_several_have_or_names_a_partner_already_is_left_out():
    assert rows(
        [
            ("domain", "alder.com", "p-1"),
            ("domain", "alder.com", "p-2"),
            ("crm", "p-2", "p-1"),
            ("name", "Alder", "p-1"),
            ("crm", "y", "p-9"),
        ]
    ).is_empty()


def test_partners_that_are_different_are_not_taken_for_one_company():
    found = rows([("crm", "x", "p-1")], different=[("p-1", "p-2"), ("p-1", "p-9")])
    assert found.rows() == [("crm", "x", "p-1"), ("distinct", "p-2", "p-1")]
    assert likely_one_company(PARTNERS, found).is_empty()
