import pytest

from ecosystem_graph.errors import DataError

ACCOUNTS = "Id,Name,Kind,Above,Site\n1,Acme,partner,9,acme.example\n2,Bond,other,1,x.example\n"
ACCOUNTS += "3,Core,other,,x.example\n4,Dome,partner,,x.example\n"
SEATS = "Deal,Partner\nd1,1\nd1,2\n"
MAPPING = """
schema = 1
[identity]
system = "crm"
from = "accounts"
mentioned = "{mentioned}"
systems = {{ domain = "Site" }}
[tables.partners.one]
from = "accounts"
where = {{ Kind = "partner" }}
columns = {{ partner_id = "Id", name = "Name", parent_id = "Above" }}
[tables.deals.one]
from = "seats"
columns = {{ deal_id = "Deal", outcome = {{ const = "open" }} }}
[tables.deal_partners.one]
from = "seats"
columns = {{ deal_id = "Deal", partner_id = "Partner" }}
"""
FILES = {"accounts.csv": ACCOUNTS, "seats.csv": SEATS}


def test_a_partner_on_a_deal_that_the_rule_leaves_out_is_added(exports):
    imported = exports(FILES, MAPPING.format(mentioned="add"))
    assert imported.tables["partners"]["partner_id"].to_list() == ["1", "2", "4"]
    (rule,) = [one for one in imported.account.rules if one.table == "partners"]
    assert (rule.read, rule.written) == (4, 3)


def test_or_it_is_a_problem_of_the_row_that_names_it(exports):
    with pytest.raises(DataError) as caught:
        exports(FILES, MAPPING.format(mentioned="problem"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.value) == ("seats.csv", 3, "2")


def test_an_owner_that_is_no_partner_is_left_empty_and_noted(exports):
    imported = exports(FILES, MAPPING.format(mentioned="add"))
    assert imported.tables["partners"]["parent_id"].to_list() == [None, "1", None]
    assert "partners: parent_id of 1 row is no partner, and is left empty." in (
        imported.account.notes
    )


def test_an_identifier_that_several_partners_share_is_no_alias(exports):
    imported = exports(FILES, MAPPING.format(mentioned="add"))
    assert imported.tables["aliases"].rows() == [("domain", "acme.example", "1")]
