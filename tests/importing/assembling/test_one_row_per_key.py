import pytest

from ecosystem_graph.errors import DataError

MAPPING = """
schema = 1
[tables.partners.one]
from = "a"
columns = { partner_id = "Id", name = "Name", tier = "Tier" }
[tables.partners.two]
from = "b"
columns = { partner_id = "Id", name = "Name", country = "Country", tier = "Tier" }
[tables.partner_capabilities.one]
from = "a"
columns = { partner_id = "Id", capability_id = { const = "crm" } }
"""
A = "Id,Name,Tier\n1,Acme,\n2,Bond,Gold\n"
B = "Id,Name,Country,Tier\n1,Acme Inc,DE,Silver\n3,Core,FR,\n"


def test_the_first_value_that_is_not_empty_counts_in_the_order_of_the_rules(exports):
    imported = exports({"a.csv": A, "b.csv": B}, MAPPING)
    rows = imported.tables["partners"].select("partner_id", "name", "country", "tier").rows()
    assert rows == [
        ("1", "Acme", "DE", "Silver"),
        ("2", "Bond", None, "Gold"),
        ("3", "Core", "FR", None),
    ]
    provenance = imported.provenance.filter(table="partners").select("key", "file", "row").rows()
    assert provenance == [("1", "a.csv", 2), ("2", "a.csv", 3), ("3", "b.csv", 3)]
    (two,) = [one for one in imported.account.rules if one.rule == "two"]
    assert two.left_out == {"a row with the same key came first: read as one": 1}


def test_a_row_that_repeats_another_counts_once(exports):
    imported = exports({"a.csv": A + "2,Bond,Gold\n", "b.csv": B}, MAPPING)
    assert imported.tables["partners"].height == 3
    assert imported.account.repairs["same_row_twice"] == 2  # in partners and partner_capabilities


def test_rows_of_one_rule_that_contradict_each_other_are_a_problem(exports):
    with pytest.raises(DataError) as caught:
        exports({"a.csv": A + "2,Bond Ltd,Gold\n", "b.csv": B}, MAPPING)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("a.csv", 3, "name")
    assert "'Bond' and 'Bond Ltd'" in problem.message
    assert "group = true" in problem.message
