"""What each preset makes of its exports: the traps of each system."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.importing import import_tables, preset_names, preset_text
from ecosystem_graph.importing.inputs.fields import needed
from ecosystem_graph.importing.mapping.presets import load_mapping

EXPORTS = Path(__file__).parent / "exports"


def tables_of(preset):
    return import_tables(EXPORTS / preset, presets=[preset]).tables


def left_out(preset, table, rule):
    account = import_tables(EXPORTS / preset, presets=[preset]).account
    (one,) = [one for one in account.rules if (one.table, one.rule) == (table, rule)]
    return dict(one.left_out)


def rows(tables, name, *columns):
    return tables[name].select(columns).rows()


@pytest.mark.parametrize("preset", preset_names())
def test_a_preset_reads_no_field_of_persons_and_names_inputs_that_are_declared(preset):
    mapping = load_mapping(None, [preset])
    assert set(needed(mapping)) - {""} <= set(mapping.inputs)
    assert all(one.recognise for one in mapping.inputs.values())
    document = tomllib.loads(preset_text(preset))
    assert document["title"]
    text = preset_text(preset).lower()
    assert not re.search(r"monthlyawsrevenue|expectedcustomerspend|_base\b", text)


def test_hubspot_reads_the_outcome_by_pipeline_and_stage():
    deals = rows(tables_of("hubspot"), "deals", "deal_id", "outcome", "customer_id", "closed_on")
    assert deals == [
        ("501", "won", "103", date(2025, 3, 1)),
        ("502", "lost", "103", date(2025, 4, 11)),
        ("503", "open", None, None),
    ]


def test_hubspot_companies_on_deals_are_partners_by_type_and_merged_ones_are_aliases():
    tables = tables_of("hubspot")
    assert rows(tables, "partners", "partner_id", "type") == [
        ("101", "Partner"),
        ("102", "RESELLER"),
    ]
    seats = rows(tables, "deal_partners", "deal_id", "partner_id")
    assert seats == [("501", "101"), ("501", "102"), ("502", "101")]
    former = tables["aliases"].filter(system="hubspot")
    assert former.select("value", "partner_id").rows() == [("190", "102"), ("191", "102")]


def test_hubspot_asks_what_a_number_of_the_portal_itself_means(exports):
    folder = EXPORTS / "hubspot"
    files = {path.name: path.read_text() for path in folder.iterdir()}
    files["deal_company.csv"] += "501,101,37,USER_DEFINED\n"
    with pytest.raises(DataError, match=r"'37' \(1 row\).*deal_partners.hubspot_labelled"):
        exports(files, presets=["hubspot"])
    answer = 'schema = 1\npresets = ["hubspot"]\n[tables.deal_partners.hubspot_labelled]\n'
    answer += 'columns.role.values = { 37 = "reseller" }\n'
    tables = exports(files, answer).tables
    assert ("501", "101", "reseller") in rows(
        tables, "deal_partners", "deal_id", "partner_id", "role"
    )


def test_hubspot_deals_list_their_companies_the_primary_being_the_customer(exports):
    companies = (EXPORTS / "hubspot" / "companies.csv").read_text()
    deals = (
        "Record ID,Deal Name,Deal Stage,Close Date,Associated Company IDs,"
        "Associated Company IDs (Primary)\n7,Till,Closed Won,2025-03-01,103;101;102,103\n"
    )
    tables = exports({"companies.csv": companies, "deals.csv": deals}).tables
    assert rows(tables, "deals", "customer_id", "outcome") == [("103", "won")]
    assert rows(tables, "deal_partners", "partner_id") == [("101",), ("102",)]


def test_dynamics_reads_states_a_canceled_deal_being_withdrawn():
    deals = rows(
        tables_of("dynamics"), "deals", "deal_id", "outcome", "lost_reason", "amount", "currency"
    )
    assert deals == [
        ("o-1", "won", None, 120000.0, "EUR"),
        ("o-2", "withdrawn", None, 80000.0, "EUR"),
        ("o-3", "lost", "out-sold", 5000.0, "EUR"),
        ("o-4", "open", None, 7000.0, "EUR"),
    ]


def test_dynamics_counts_a_connection_once_though_it_is_stored_twice():
    seats = rows(tables_of("dynamics"), "deal_partners", "deal_id", "partner_id", "role")
    assert seats == [
        ("o-1", "a-1", "Reseller"),
        ("o-1", "a-2", "Consultant"),
        ("o-2", "a-1", "Reseller"),
    ]
    assert left_out("dynamics", "deal_partners", "dynamics")["partner_id is not known"] == 1


def test_partner_center_reads_several_referrals_of_one_engagement_as_one_deal():
    tables = tables_of("partner-center")
    deals = rows(tables, "deals", "deal_id", "outcome", "lost_reason", "territory", "closed_on")
    assert deals == [
        ("e-1", "won", None, "DE", date(2025, 3, 1)),
        ("e-2", "lost", "capability_gap", "GB", date(2025, 4, 1)),
        ("r-6", "lost", "budget", "GB", date(2025, 4, 2)),
    ]
    seats = rows(tables, "deal_partners", "deal_id", "partner_id")
    assert seats == [("e-1", "4711"), ("e-1", "4712"), ("e-2", "4711"), ("r-6", "4712")]
    wanted = rows(tables, "deal_requirements", "deal_id", "capability_id")
    assert wanted == [("e-1", "SOL-1234-PQRS"), ("e-1", "SOL-9999-AAAA")]


def test_partner_center_of_one_partner_says_that_it_shows_no_joint_win(exports):
    text = (EXPORTS / "partner-center" / "referrals.csv").read_text()
    one = "".join(line for line in text.splitlines(keepends=True) if "4712" not in line)
    imported = exports({"referrals.csv": one})
    assert any("names one partner on all" in note for note in imported.account.notes)


def test_aws_reads_joint_deals_through_engagements_and_never_the_monthly_spend():
    tables = tables_of("aws")
    columns = ("deal_id", "outcome", "amount", "closed_on", "lost_reason", "territory")
    assert rows(tables, "deals", *columns) == [
        ("O2", "lost", None, date(2025, 4, 2), "capability_gap", "AT"),
        ("O8", "open", 5000.0, None, None, "US"),
        ("eng-1", "won", 10000.0, date(2025, 3, 1), None, "FR"),
    ]
    assert tables["deal_partners"]["partner_id"].to_list() == ["111122223333", "444455556666"]
    introductions = rows(tables, "introductions", "introduction_id", "status", "decided_on")
    assert introductions == [("inv-1", "accepted", None), ("inv-2", "introduced", None)]


def test_aws_products_of_an_opportunity_are_what_it_requires():
    wanted = rows(tables_of("aws"), "deal_requirements", "deal_id", "capability_id")
    assert wanted == [("O8", "Amazon EC2"), ("O8", "Amazon S3")]


def test_crossbeam_overlaps_make_no_deal():
    account = import_tables([EXPORTS / "crossbeam", EXPORTS / "prm"]).account
    assert {one.table for one in account.rules if one.input.startswith("crossbeam")} == {"partners"}


def test_a_portal_is_read_by_the_usual_names_and_its_unknown_states_are_asked(exports):
    tables = tables_of("prm")
    assert rows(tables, "partners", "partner_id", "tier", "country", "joined_on") == [
        ("P1", "Gold", "DE", date(2020, 5, 1)),
        ("P2", "Silver", "AT", date(2021, 6, 1)),
    ]
    assert rows(tables, "deal_partners", "deal_id", "partner_id") == [
        ("D1", "P1"),
        ("D1", "P2"),
        ("D2", "P2"),
    ]
    files = {path.name: path.read_text() for path in (EXPORTS / "prm").iterdir()}
    files["registrations.csv"] = files["registrations.csv"].replace("Lost", "Parked")
    with pytest.raises(DataError, match=r"Deal Status: 'Parked' \(1 row\)"):
        exports(files)


REPORT = (
    "Opportunity ID,Opportunity Name,Account ID,Stage,Amount,Amount Currency,Close Date,Partner\n"
    '006A000000KqzBG,Shop,001A0000006Vm9v,Closed Won,"1,200.50",EUR,3/31/2025,Nordlicht\n'
    '006A000000KqzBG,Shop,001A0000006Vm9v,Closed Won,"{amount}",EUR,3/31/2025,ALPINE Cloud\n'
    "\n"
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    '"Confidential Information - Do Not Distribute"\n'
)
ACCOUNTS = (
    "Id,Name,Type,BillingCountry\n"
    "001A0000006Vm9rIAC,Nordlicht GmbH,Technology Partner,Germany\n"
    "001A0000006Vm9sIAC,Alpine Cloud,Technology Partner,Austria\n"
)


def test_a_report_of_salesforce_has_labels_a_footer_short_ids_and_a_row_per_partner(exports):
    files = {"Account.csv": ACCOUNTS, "report.csv": REPORT.replace("{amount}", "1,200.50")}
    imported = exports(files)
    deals = rows(imported.tables, "deals", "deal_id", "amount", "closed_on", "outcome")
    assert deals == [("006A000000KqzBGIAZ", 1200.5, date(2025, 3, 31), "won")]
    assert imported.tables["deal_partners"]["partner_id"].to_list() == [
        "001A0000006Vm9rIAC",
        "001A0000006Vm9sIAC",
    ]
    (report,) = [one for one in imported.account.inputs if one.file == "report.csv"]
    assert report.left_out["footer"] == 2


def test_a_deal_that_a_report_states_with_two_amounts_is_a_problem(exports):
    files = {"Account.csv": ACCOUNTS, "report.csv": REPORT.replace("{amount}", "9.00")}
    with pytest.raises(DataError, match=r"report.csv:2  deal_id .* with amount '1200.5' and '9.0'"):
        exports(files)
