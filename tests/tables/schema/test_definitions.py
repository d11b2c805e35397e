import dataframely as dy
import polars as pl
import pytest

from ecosystem_graph.tables.schema.columns import (
    allowed,
    key_of,
    kind_of,
    market_columns,
    references,
    row_rules,
)
from ecosystem_graph.tables.schema.definitions import CATALOGUES, ONE_OF, REQUIRED, TABLES

KEYS = {
    "partners": ["partner_id"],
    "capabilities": ["capability_id"],
    "partner_capabilities": ["partner_id", "capability_id", "valid_from"],
    "offerings": ["partner_id", "product_id", "role"],
    "territories": ["partner_id", "territory"],
    "deals": ["deal_id"],
    "deal_partners": ["deal_id", "partner_id", "role"],
    "deal_requirements": ["deal_id", "capability_id"],
    "csat": ["response_id"],
    "objectives": ["partner_id", "kind", "target"],
    "introductions": ["introduction_id"],
    "aliases": ["system", "value"],
    "restrictions": ["partner_id", "collaborator_id", "kind", "valid_from"],
}


def test_every_table_has_the_key_that_was_designed():
    assert {name: key_of(schema) for name, schema in TABLES.items()} == KEYS


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_means_and_holds(name):
    assert TABLES[name].__doc__
    for column in TABLES[name].columns().values():
        assert column.description.endswith(".")
        assert kind_of(column)
        assert allowed(column) or kind_of(column) != "choice"


@pytest.mark.parametrize("name", TABLES)
def test_references_lead_to_a_key_and_rules_name_their_columns(name):
    schema = TABLES[name]
    for reference in references(schema):
        assert key_of(TABLES[reference.table]) == [reference.key]
    for rule in row_rules(schema):
        assert rule.columns
        assert set(rule.columns) <= set(schema.column_names())
    assert set(market_columns(schema)) <= {"country", "territory"}


def test_the_sets_of_required_tables_exist():
    assert {REQUIRED, *CATALOGUES, *(name for names in ONE_OF for name in names)} <= set(TABLES)


def test_an_empty_part_of_a_key_is_a_value_like_any_other():
    offering = {"partner_id": ["p", "p"], "product_id": ["x", "x"]}
    schema = TABLES["offerings"]
    nothing = pl.Series([None, None], dtype=pl.Date)
    one = pl.DataFrame(offering).with_columns(
        role=pl.Series([None, "sell"]), since=nothing, until=nothing
    )
    assert schema.is_valid(one)
    assert not schema.is_valid(one.with_columns(role=pl.lit(None, pl.String)))


def test_the_declarations_make_empty_frames():
    for schema in TABLES.values():
        assert issubclass(schema, dy.Schema)
        assert schema.create_empty().columns == schema.column_names()
