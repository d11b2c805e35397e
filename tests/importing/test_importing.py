from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ecosystem_graph.errors import DataError, MappingError, OutputError
from ecosystem_graph.importing import import_tables, preset_names
from ecosystem_graph.tables import check_tables, read_tables
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES

EXPORTS = Path(__file__).parent / "exports"

DEALS = "Deal;Customer;Partner 1;Partner 2;Value;Closed\n"
SHEET = """
schema = 1
[settings]
date_order = "dmy"
currency = "EUR"
[inputs.deals]
file = "deals.csv"
[tables.partners.sheet]
from = "deals"
columns.partner_id = "Partner *"
columns.name = "Partner *"
[tables.deals.sheet]
from = "deals"
columns.deal_id = "Deal"
columns.customer_id = "Customer"
columns.amount = "Value"
columns.closed_on = "Closed"
columns.outcome = { const = "won" }
[tables.deal_partners.sheet]
from = "deals"
columns.deal_id = "Deal"
columns.partner_id = "Partner *"
"""


@pytest.fixture(params=preset_names())
def preset(request):
    return request.param


#: Presets whose exports alone hold no deals, with one that gives them.
BESIDE = {
    "crossbeam": ["prm"],
    "qualtrics": ["salesforce"],
    "surveymonkey": ["salesforce"],
    "badges": ["salesforce"],
}


def imported_by(preset, *, named=True):
    names = [preset, *BESIDE.get(preset, [])]
    return import_tables([EXPORTS / name for name in names], presets=names if named else ())


def files_of(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_a_preset_imports_its_exports_into_sound_tables_and_the_same_bytes_again(preset, tmp_path):
    imported = imported_by(preset)
    imported.write(tmp_path / "one", as_of=date(2026, 1, 1))
    imported_by(preset).write(tmp_path / "two", as_of=date(2026, 1, 1))
    assert not check_tables(tmp_path / "one").problems
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    for name in imported.tables.provided:
        assert read_tables(tmp_path / "one")[name].equals(imported.tables[name])


def test_a_preset_is_recognised_without_being_named(preset):
    imported = imported_by(preset, named=False)
    assert preset in imported.account.presets


def test_a_preset_explains_every_row_of_its_inputs(preset):
    imported = imported_by(preset)
    assert imported.account.rules
    for rule in imported.account.rules:
        assert rule.read == rule.written + sum(rule.left_out.values()), rule


def test_every_row_of_a_table_is_in_the_provenance_and_the_reverse(preset):
    imported = imported_by(preset)
    for name in imported.tables.provided:
        parts = [pl.col(column).cast(pl.String).fill_null("") for column in key_of(TABLES[name])]
        keys = imported.tables[name].select(pl.concat_str(parts, separator="\x1f")).to_series()
        known = imported.provenance.filter(table=name)["key"]
        assert known.sort().to_list() == keys.sort().to_list()


def test_salesforce_partners_deals_and_teams_are_read_as_they_are_meant():
    imported = import_tables(EXPORTS / "salesforce")
    tables = imported.tables
    nord, alpine, blue = (f"001A0000006Vm9{letter}IAC" for letter in "rst")
    assert tables["partners"].select("partner_id", "country", "tier", "parent_id").rows() == [
        (nord, "DE", "Gold", None),
        (alpine, "AT", None, None),
        (blue, "GB", None, nord),
    ]
    deals = tables["deals"].select("outcome", "opened_on", "closed_on", "industry").rows()
    assert deals == [
        ("won", date(2024, 11, 3), date(2025, 3, 1), "Retail"),
        ("lost", date(2024, 12, 1), date(2025, 4, 11), "Retail"),
        ("open", date(2025, 5, 2), None, "Healthcare"),
        ("won", None, date(2025, 1, 15), "Healthcare"),
    ]
    team = tables["deal_partners"].filter(deal_id="006A000000KqzBGIAZ")
    assert team["partner_id"].to_list() == [nord, alpine, blue]
    assert imported.account.repairs == {
        "open_deal_closing": 1,
        "opened_after_closed": 1,
        "customer_as_partner": 1,
    }


def test_an_account_that_was_merged_is_an_alias_and_its_deals_are_of_the_one_that_is_left():
    tables = import_tables(EXPORTS / "salesforce").tables
    alpine = "001A0000006Vm9sIAC"
    assert tables["aliases"].rows() == [("salesforce", "001A0000006Vm9uIAC", alpine)]
    lost = tables["deal_partners"].filter(deal_id="006A000000KqzBHIAZ")
    assert lost["partner_id"].to_list() == [alpine]


def test_nothing_of_a_column_that_is_not_mapped_is_written(tmp_path):
    import_tables(EXPORTS / "salesforce").write(tmp_path / "out", format="csv")
    written = b"".join(files_of(tmp_path / "out").values())
    for private in (b"secret-street", b"005A0000001aaaa", b"+49 40", b"Hafenstra", b"call Ann"):
        assert private not in written
    assert b"Nordlicht" in written


def test_a_wide_sheet_has_a_row_for_each_partner_of_a_deal(exports):
    sheet = DEALS + "d1;c;Acme;Bond;1.200,50;03.04.2026\nd2;c;Bond;;900,25;13.04.2026\n"
    tables = exports({"deals.csv": sheet}, SHEET).tables
    assert tables["partners"]["partner_id"].to_list() == ["Acme", "Bond"]
    pairs = tables["deal_partners"].select("deal_id", "partner_id").rows()
    assert pairs == [("d1", "Acme"), ("d1", "Bond"), ("d2", "Bond")]
    assert tables["deals"].select("amount", "currency", "closed_on").rows() == [
        (1200.5, "EUR", date(2026, 4, 3)),
        (900.25, "EUR", date(2026, 4, 13)),
    ]


def test_a_problem_names_the_file_and_row_of_the_source(exports):
    sheet = DEALS + "d1;c;Acme;Bond;12;03.04.2026\nd2;c;Bond;;12;30.02.2026\n"
    with pytest.raises(DataError) as caught:
        exports({"deals.csv": sheet}, SHEET)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == ("deals.csv", 3, "closed_on")


def test_a_field_that_is_not_there_is_refused_with_what_is(exports):
    sheet = DEALS.replace("Closed", "Closed on") + "d1;c;Acme;Bond;12;03.04.2026\n"
    with pytest.raises(MappingError, match=r"deals.csv has no field 'Closed'.*Found: Deal"):
        exports({"deals.csv": sheet}, SHEET)


def test_an_input_that_is_not_there_is_refused_with_the_line_that_names_it(exports):
    with pytest.raises(MappingError, match=r"\[inputs.deals\] file"):
        exports({"other.csv": "a,b\n1,2\n"}, SHEET)


def test_an_unknown_stage_is_asked_with_its_rows_and_the_line_to_add(exports):
    accounts = "Id,Name,Type,BillingCountry\na,Acme,Technology Partner,DE\n"
    deals = "Id,AccountId,StageName,CloseDate\n1,c,Verbal,2026-01-01\n2,c,Verbal,2026-01-01\n"
    files = {"Account.csv": accounts, "Opportunity.csv": deals}
    with pytest.raises(DataError) as caught:
        exports(files, 'schema = 1\npresets = ["salesforce"]\n')
    (problem,) = caught.value.problems
    line = '[tables.deals.opportunity] columns.outcome.values = { Verbal = "?" }'
    assert "'Verbal' (2 rows)" in problem.message
    assert f"Add to acme.toml: {line}" in problem.message
    answer = "\n".join(line.replace("?", "open").split(" ", 1))
    seats = {"OpportunityPartner.csv": "OpportunityId,AccountToId\n1,a\n"}
    tables = exports(files | seats, f'schema = 1\npresets = ["salesforce"]\n{answer}\n').tables
    assert tables["deals"]["outcome"].to_list() == ["open", "open"]


def test_an_e_mail_address_as_an_id_is_refused(exports):
    sheet = DEALS + "d1;ann@example.com;Acme;Bond;12;03.04.2026\n"
    with pytest.raises(DataError, match="look like an e-mail address"):
        exports({"deals.csv": sheet}, SHEET)
    personal = SHEET.replace("[settings]", '[settings]\npersonal = ["Customer"]')
    assert exports({"deals.csv": sheet}, personal).tables["deals"].height == 1


def test_a_field_of_persons_is_refused_by_its_name(exports):
    sheet = DEALS.replace("Customer", "Contact Name") + "d1;x;Acme;Bond;12;03.04.2026\n"
    with pytest.raises(DataError, match=r"Contact Name is mapped to deals.customer_id: personal"):
        exports({"deals.csv": sheet}, SHEET.replace('"Customer"', '"Contact Name"'))


def test_a_result_file_of_data_loader_is_refused(exports):
    text = "ID,STAGENAME,ACCOUNTID,CLOSEDATE,STATUS\n1,Closed Won,c,2026-01-01,Item Created\n"
    with pytest.raises(DataError, match="not an export"):
        exports({"success0413060133.csv": text}, presets=["salesforce"])


def test_a_file_that_fits_no_preset_is_named_with_the_best_one(exports):
    with pytest.raises(DataError, match="fits no preset: best"):
        exports({"export.csv": "Id,Colour\n1,red\n"})


def test_rows_in_another_order_give_the_same_tables(exports):
    lines = [f"d{n};c{n};P{n % 3};P{n % 5 + 3};{n},50;1{n % 9}.04.2026\n" for n in range(1, 30)]
    one = exports({"deals.csv": DEALS + "".join(lines)}, SHEET).tables
    other = exports({"deals.csv": DEALS + "".join(reversed(lines))}, SHEET).tables
    for name in one:
        assert one[name].equals(other[name])


def test_quarantine_sets_rows_aside_that_cannot_be_used(exports, tmp_path):
    sheet = DEALS + "d1;c;Acme;Bond;12;03.04.2026\nd2;c;Bond;;12;30.02.2026\n"
    imported = exports({"deals.csv": sheet}, SHEET, quarantine=tmp_path / "aside")
    assert imported.tables["deals"]["deal_id"].to_list() == ["d1"]
    assert imported.account.set_aside == {"deals": 1, "deal_partners": 1}


def test_a_folder_that_an_import_did_not_write_is_not_replaced(exports, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "deals.csv").write_text("deal_id\n")
    imported = exports({"deals.csv": DEALS + "d1;c;Acme;Bond;12;03.04.2026\n"}, SHEET)
    with pytest.raises(OutputError, match="not replaced"):
        imported.write(tmp_path / "mine", overwrite=True)


def test_dataframes_are_imported_by_the_name_of_their_input():
    accounts = pl.DataFrame({"Id": ["a"], "Name": ["Acme"], "Type": ["Technology Partner"]})
    deals = pl.DataFrame({"Id": [1], "StageName": ["Closed Won"], "CloseDate": [date(2026, 3, 1)]})
    seats = pl.DataFrame({"OpportunityId": [1], "AccountToId": ["a"]})
    source = {"account": accounts, "opportunity": deals, "opportunity_partner": seats}
    tables = import_tables(source, presets=["salesforce"]).tables
    assert tables["deals"].select("deal_id", "closed_on").rows() == [("1", date(2026, 3, 1))]


def test_a_row_of_a_deal_that_is_left_out_is_left_out_with_it(exports):
    sheet = "Deal,State,P\nd1,ok,Acme\nd2,gone,Acme\n"
    mapping = """
schema = 1
[tables.partners.one]
from = "deals"
columns = { partner_id = "P", name = "P" }
[tables.deals.one]
from = "deals"
where = { State = "ok" }
columns = { deal_id = "Deal", outcome = { const = "open" } }
[tables.deal_partners.one]
from = "deals"
columns = { deal_id = "Deal", partner_id = "P" }
"""
    imported = exports({"deals.csv": sheet}, mapping)
    assert imported.tables["deal_partners"]["deal_id"].to_list() == ["d1"]
    (rule,) = [one for one in imported.account.rules if one.table == "deal_partners"]
    assert rule.left_out == {"its deal is left out": 1}
