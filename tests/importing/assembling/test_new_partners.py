import pytest

MAPPING = """
schema = 1
[inputs.partners]
file = "partners.csv"
[inputs.badges]
file = "badges.csv"
[identity]
system = "crm"
from = "partners"
[tables.partners.crm]
from = "partners"
columns.partner_id = "Id"
columns.name = "Name"
[tables.partner_capabilities.badges]
from = "badges"
columns.partner_id = { fields = ["Company", "E-mail"], match = ["name", "domain"] }
columns.capability_id = "Badge"
"""
FILES = {
    "partners.csv": "Id,Name\np-1,Alder Data\np-2,Birch\n",
    "badges.csv": "Company,E-mail,Badge\nAlder Dta,ann@alder.com,crm\nBIRCH GmbH,x@birch.com,erp\n"
    "Alder dta,ben@alder.com,erp\nNobody,eve@nobody.org,crm\n",
}


@pytest.fixture
def imported(exports, tmp_path):
    def run(*decisions):
        review = tmp_path / "acme.review"
        review.mkdir(exist_ok=True)
        lines = ["decision,value,input,candidate_id", *map(",".join, decisions)]
        (review / "matches.csv").write_text("\n".join(lines) + "\n")
        return exports(FILES, MAPPING, review=review)

    return run


def capabilities(imported):
    return imported.tables["partner_capabilities"].select("partner_id", "capability_id").rows()


def test_a_value_that_is_merely_alike_is_left_out_and_asked_about(imported):
    result = imported()
    assert capabilities(result) == [("p-2", "erp")]
    assert result.matches.rows() == [
        ("Alder Dta", "badges", "2", "2", "p-1", "Alder Data", None, "spelling", "95")
    ]
    assert [str(rate) for rate in result.account.matches] == [
        "partner_capabilities.partner_id: 4 rows, 25 % matched: 1 by name; 2 to decide; 1 "
        "unmatched: 'Nobody' 1"
    ]


def test_a_decision_lets_all_rows_with_the_value_in(imported):
    result = imported(("yes", "Alder Dta", "badges", "p-1"))
    assert capabilities(result) == [("p-1", "crm"), ("p-1", "erp"), ("p-2", "erp")]
    assert result.matches.is_empty()


def test_a_partner_that_is_decided_to_be_new_is_one_with_the_row_that_names_it(imported):
    result = imported(("new", "Alder Dta", "badges", "p-1"))
    new = "name:Alder Dta"
    assert result.tables["partners"].select("partner_id", "name").rows() == [
        (new, "Alder Dta"),
        ("p-1", "Alder Data"),
        ("p-2", "Birch"),
    ]
    assert capabilities(result)[:2] == [(new, "crm"), (new, "erp")]
    written = result.provenance.filter(table="partners", key=new)
    assert written.select("rule", "input", "file", "row").rows() == [
        ("review", "badges", "badges.csv", 2)
    ]
    for rule in result.account.rules:
        assert rule.written + sum(rule.left_out.values()) == rule.read, rule


def test_a_partner_that_no_row_names_is_not_made(imported):
    result = imported(("new", "Elm", "badges", "p-1"))
    assert result.tables["partners"].height == 2


def test_no_letter_of_an_address_before_its_domain_is_in_a_question(imported):
    result = imported()
    assert not result.matches["value"].str.contains("@").any()
