import pytest

from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.reading import read_tables

ALIASES = "system,value,partner_id\n"
LONG = ["001x0000002xLCVAA2", "001x0000002xLCaAAM", "001x0000002xLCAAA2"]


def partners(*ids):
    return "partner_id,name\n" + "".join(f"{id_},Name {n}\n" for n, id_ in enumerate(ids))


@pytest.mark.parametrize("known", [LONG, [id_[:15] for id_ in LONG]])
def test_both_forms_of_a_salesforce_id_are_one_record(acme, known):
    given = [id_[:15] if len(known[0]) == 18 else id_ for id_ in LONG]
    folder = acme(
        partners=partners(*known),
        partner_capabilities=None,
        deal_partners="deal_id,partner_id\n" + "".join(f"d-1,{id_}\n" for id_ in given),
    )
    tables = read_tables(folder)
    assert tables["deal_partners"]["partner_id"].to_list() == known
    (note,) = tables.notes
    assert "deal_partners.csv  partner_id is written as another form of a Salesforce id" in str(
        note
    )
    assert "(rows: 3)" in note.message


def test_an_id_of_another_salesforce_record_is_not_taken_for_it(acme):
    folder = acme(
        partners=partners("001x0000002xLCZAA2", "p-2", "p-3"),
        partner_capabilities=None,
        deal_partners="deal_id,partner_id\nd-1,001x0000002xLCz\nd-1,001x0000002xLCZAAM\n",
    )
    assert [problem.message for problem in check_tables(folder).problems] == [
        "partner_id '001x0000002xLCz' is not in partners.csv.",
        "partner_id '001x0000002xLCZAAM' is not in partners.csv.",
    ]


def test_ids_that_became_numbers_with_decimals_are_those_without(acme):
    folder = acme(
        partners=partners(101, 102, 103),
        partner_capabilities="partner_id,capability_id\n101.0,crm\n",
        deal_partners="deal_id,partner_id\nd-1,101.0\nd-1,\nd-2,103.0\n".replace("d-1,\n", ""),
    )
    assert read_tables(folder)["deal_partners"]["partner_id"].to_list() == ["101", "103"]


def test_history_follows_the_ids_of_merged_records(acme):
    folder = acme(
        aliases=ALIASES + "crm,old-1,p-1\nerp,older-1,old-1\ncrm,x,p-2\n",
        deal_partners="deal_id,partner_id\nd-1,older-1\nd-1,p-2\nd-2,old-1\n",
        partner_capabilities="partner_id,capability_id\nold-1,crm\np-1,crm\n",
    )
    tables = read_tables(folder)
    assert tables["deal_partners"]["partner_id"].to_list() == ["p-1", "p-2", "p-1"]
    assert tables["partner_capabilities"]["partner_id"].to_list() == ["p-1"]
    told = [str(note) for note in tables.notes]
    assert (
        "partner_capabilities.csv  rows that are equal once other ids are replaced are read once "
        "(rows: 1)"
    ) in told
    assert (
        "deal_partners.csv  partner_id names a partner by another id, listed in aliases.csv: read "
        "'older-1' as 'p-1' and so on (rows: 2)"
    ) in told


def test_a_merged_partner_neither_owns_nor_is_kept_from_itself(acme):
    folder = acme(
        partners="partner_id,name,parent_id\np-1,Acme,old-1\np-2,Bolt,old-1\np-3,C,\n",
        aliases=ALIASES + "crm,old-1,p-1\n",
        restrictions="partner_id,collaborator_id,kind\np-1,old-1,do_not_pair\n"
        "p-2,old-1,do_not_pair\n",
    )
    tables = read_tables(folder)
    assert tables["partners"]["parent_id"].to_list() == [None, "p-1", None]
    assert tables["restrictions"]["partner_id"].to_list() == ["p-2"]


def test_two_records_of_one_partner_on_a_deal_are_one_seat(acme):
    folder = acme(
        aliases=ALIASES + "crm,old-1,p-1\n",
        deal_partners="deal_id,partner_id,role\nd-1,old-1,lead\nd-1,p-1,lead\nd-1,p-2,\nd-2,p-3,\n",
    )
    assert read_tables(folder)["deal_partners"]["partner_id"].to_list() == ["p-1", "p-2", "p-3"]


def test_a_value_that_is_a_partner_of_its_own_stays_it(acme):
    folder = acme(aliases=ALIASES + "erp,p-2,p-1\n")
    assert read_tables(folder)["deal_partners"]["partner_id"].to_list() == ["p-1", "p-2", "p-3"]


def test_a_value_with_two_partners_is_a_problem_only_where_it_is_used(acme):
    rows = ALIASES + "crm,7,p-1\nerp,7,p-2\n"
    report = check_tables(acme(aliases=rows))
    assert report.problems == ()


def test_a_value_with_two_partners_says_both(acme):
    rows = ALIASES + "crm,7,p-1\nerp,7,p-2\ncrm,8,p-9\n"
    folder = acme(aliases=rows, deal_partners="deal_id,partner_id\nd-1,7\nd-1,8\n")
    assert [str(problem) for problem in check_tables(folder).problems] == [
        "deal_partners.csv:2  partner_id '7' is another id of 'p-1' and of 'p-2' in aliases.csv: "
        "name it with one of them only.",
        "deal_partners.csv:3  partner_id '8' is another id of 'p-9' in aliases.csv, which is in no "
        "row of partners.",
        "aliases.csv:4  partner_id 'p-9' is not in partners.csv.",
    ]


def test_other_ids_that_lead_in_a_circle_are_told(acme):
    folder = acme(aliases=ALIASES + "crm,old,older\ncrm,older,old\n")
    assert [problem.message for problem in check_tables(folder).problems] == [
        "partner_id 'older' is another id in aliases.csv that leads in a circle: name a partner "
        "there.",
        "partner_id 'old' is another id in aliases.csv that leads in a circle: name a partner "
        "there.",
    ]
