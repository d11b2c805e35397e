import csv
import io

from ecosystem_graph.exporting.crm_files import (
    HUBSPOT,
    SALESFORCE,
    field_map,
    hubspot_file,
    salesforce_file,
)
from ecosystem_graph.exporting.run_rows import read_run

SHORT = "001x0000002xLCV"
ALDER, BIRCH = "001x0000002xLCaAAM", "001x0000002xLCVAA2"


def records(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_each_pair_is_a_record_of_salesforce_by_the_ids_of_both(run, tables):
    found = read_run(run(("p-1", SHORT)), tables)
    assert records(salesforce_file(found, None, tables, SALESFORCE)) == [
        {
            "External_Id__c": f"{ALDER}-{BIRCH}",
            "Partner__c": ALDER,
            "Collaborator__c": BIRCH,
            "Rank__c": "1",
            "Probability__c": "0.25",
            "Score__c": "-1.5",
            "Reason__c": "Joint win 25.0 %. Fills: Backup; c-9. Evidence: 5 deals won; "
            "satisfaction 81 %",
            "Run_Id__c": "run",
            "As_Of__c": "2026-01-01",
            "Active__c": "true",
        }
    ]


def test_pairs_that_are_no_longer_listed_become_inactive(run, tables):
    old = read_run(run(("p-1", SHORT), (SHORT, "p-1"), name="old"), tables)
    new = read_run(run(("p-1", SHORT), name="new"), tables)
    found = records(salesforce_file(new, old, tables, SALESFORCE))
    assert [(row["External_Id__c"], row["Active__c"]) for row in found] == [
        (f"{ALDER}-{BIRCH}", "true"),
        (f"{BIRCH}-{ALDER}", "false"),
    ]
    assert (found[1]["Rank__c"], found[1]["Run_Id__c"]) == ("", "new")


def test_fields_have_the_names_of_the_organisation_or_are_left_out(run, tables):
    fields = {**SALESFORCE, "probability": "Chance__c", "score": ""}
    text = salesforce_file(read_run(run(("p-1", SHORT)), tables), None, tables, fields)
    assert "Chance__c" in records(text)[0]
    assert "Score__c" not in text
    assert "Chance__c=Chance__c\n" in field_map(fields)
    assert "Score__c" not in field_map(fields)


def test_a_company_of_hubspot_has_the_first_three_of_its_list(run, tables):
    pairs = [("p-1", SHORT), ("p-1", "p-3"), ("p-3", "p-1"), ("p-1", "p-3"), ("p-1", SHORT)]
    found = records(hubspot_file(read_run(run(*pairs), tables), tables, HUBSPOT))
    first = [found[0][f"recommended_partner_{n}"] for n in (1, 2, 3)]
    assert (found[0]["Record ID"], first) == ("11", ["12", "13", "13"])
    assert found[1]["recommended_partner_2"] == ""
    assert "with =Alder*" in found[1]["recommendation_reason_1"]


def test_no_field_begins_like_a_formula_but_a_negative_number(run, tables):
    found = read_run(run(("p-1", SHORT), (SHORT, "p-1")), tables)
    for text in (
        salesforce_file(found, None, tables, {**SALESFORCE, "score": ""}),
        hubspot_file(found, tables, HUBSPOT),
    ):
        fields = [field for record in csv.reader(io.StringIO(text)) for field in record]
        assert not [field for field in fields if field.startswith(("=", "+", "-", "@"))]
