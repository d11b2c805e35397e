import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.errors import OutputError
from ecosystem_graph.importing import import_tables

MAPPING = """
schema = 1
[inputs.crm]
file = "crm*.csv"
[inputs.deals]
file = "deals*.csv"
[inputs.needs]
file = "needs*.csv"
[inputs.badges]
file = "badges*.csv"
[identity]
system = "crm"
from = "crm"
systems = { duns = "Duns", domain = "Website" }
merged = { from = "crm", old = "Id", new = "Merged" }
[tables.partners.crm]
from = "crm"
where = { Merged = { empty = true } }
columns.partner_id = "Id"
columns.name = "Name"
columns.country = "Country"
[tables.deals.crm]
from = "deals"
columns.deal_id = "Deal"
columns.amount = "Amount"
columns.currency = { const = "EUR" }
columns.closed_on = "Closed"
columns.outcome = { const = "won" }
[tables.deal_partners.crm]
from = "deals"
columns.deal_id = "Deal"
columns.partner_id = { field = "Partners", split = ";", match = ["crm", "name"] }
[tables.deal_requirements.needs]
from = "needs"
columns.deal_id = "Deal"
columns.capability_id = "Need"
[tables.partner_capabilities.badges]
from = "badges"
columns.partner_id = { field = "Company", match = ["crm", "name", "domain"] }
columns.capability_id = "Badge"
"""
CRM = (
    "Id,Name,Country,Duns,Website,Merged",
    "p-1,Alder,GB,150483782,alder.com,",
    "p-2,Birch,DE,,birch.de,",
    "p-3,Core,DE,,shared.com,",
    "p-4,Dogwood,FR,,shared.com,",
    "p-5,Alder Data,GB,150483782,,",
    "p-6,Elm,GB,,,p-2",
)
DEALS = (
    "Deal,Amount,Closed,Partners",
    "d-1,10.5,2026-01-01,p-1;p-2",
    "d-2,20,2026-01-02,Birch;CORE GmbH",
    "d-3,30,2026-01-03,p-5;p-6",
)
NEEDS = ("Deal,Need", "d-1,crm", "d-1,erp", "d-2,crm", "d-3,crm")
BADGES = ("Company,Badge", "birch.de,crm", "Core,erp", "Dogwood,crm", "p-6,erp", "shared.com,bi")
FILES = {"crm": CRM, "deals": DEALS, "needs": NEEDS, "badges": BADGES}


@pytest.fixture
def work(tmp_path):
    """Import some lines of each file, into the folder of an earlier import or anew."""
    (tmp_path / "acme.toml").write_text(MAPPING)

    def run(files, output, update=None, mapping=MAPPING, **options):
        number = len(list(tmp_path.iterdir()))
        source = tmp_path / f"exports-{number}"
        source.mkdir()
        for name, lines in files.items():
            (source / f"{name}.csv").write_text("\n".join(lines) + "\n")
        (tmp_path / "acme.toml").write_text(mapping)
        imported = import_tables(
            source,
            tmp_path / "acme.toml",
            update=None if update is None else tmp_path / update,
            **options,
        )
        imported.write(tmp_path / output, overwrite=update == output)
        return imported

    return run


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def same_tables(one, other):
    assert one.tables.provided == other.tables.provided
    for name in one.tables.provided:
        assert one.tables[name].equals(other.tables[name]), (one.tables[name], other.tables[name])


def seats(imported):
    return imported.tables["deal_partners"].select("deal_id", "partner_id").rows()


def test_updating_with_the_same_files_changes_no_byte(work, tmp_path):
    whole = work(FILES, "acme")
    work(FILES, "acme", "acme")
    first = files_of(tmp_path / "acme")
    again = work(FILES, "acme", "acme")
    assert files_of(tmp_path / "acme") == first
    same_tables(whole, again)
    assert {change.added + change.changed + change.removed for change in again.changes} == {0}


def test_each_file_after_the_other_gives_the_tables_of_all_at_once(work):
    whole = work(FILES, "whole")
    work({"crm": CRM, "deals": DEALS, "needs": NEEDS[:1], "badges": BADGES[:1]}, "acme")
    work({"badges": BADGES}, "acme", "acme")
    same_tables(work({"needs": NEEDS}, "acme", "acme"), whole)


WITHIN_DEAL = ("needs", "d-1,erp")
LINES = [(name, line) for name, lines in FILES.items() for line in lines[1:]]


@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_any_series_of_updates_gives_the_tables_of_one_import(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    (folder / "acme.toml").write_text(MAPPING)
    # Partners come before what refers to them, and what one deal requires stays together.
    places = st.integers(7, len(LINES)).filter(lambda place: place != LINES.index(WITHIN_DEAL))
    cuts = sorted(data.draw(st.lists(places, max_size=3, unique=True)))
    bounds = [0, *cuts, len(LINES)]
    result = None
    for number, (start, stop) in enumerate(itertools.pairwise(bounds)):
        part = LINES[start:stop] or LINES[-1:]
        source = folder / f"exports-{number}"
        source.mkdir()
        given = dict.fromkeys(name for name, _ in part)
        for name in given if number else FILES:  # a first import has every file, if only a header
            lines = [FILES[name][0], *(line for own, line in part if own == name)]
            (source / f"{name}.csv").write_text("\n".join(lines) + "\n")
        update = folder / "acme" if number else None
        result = import_tables(source, folder / "acme.toml", update=update)
        result.write(folder / "acme", overwrite=number > 0)
    source = folder / "whole"
    source.mkdir()
    for name, lines in FILES.items():
        (source / f"{name}.csv").write_text("\n".join(lines) + "\n")
    same_tables(result, import_tables(source, folder / "acme.toml"))


def test_a_row_with_the_same_key_is_replaced_and_the_others_stay(work):
    work(FILES, "acme")
    found = work({"crm": [CRM[0], "p-2,Birch AG,AT,,,"]}, "acme", "acme")
    rows = found.tables["partners"].select("partner_id", "name", "country").rows()
    assert rows[:2] == [("p-1", "Alder", "GB"), ("p-2", "Birch AG", "AT")]
    changes = {change.table: change for change in found.changes}
    assert (changes["partners"].changed, changes["partners"].unchanged) == (1, 3)
    assert ("domain", "birch.de") not in found.aliases.select("system", "value").rows()


def test_a_deal_that_lost_a_partner_has_lost_it(work):
    work(FILES, "acme")
    found = work({"deals": [DEALS[0], "d-1,10.5,2026-01-01,p-2"]}, "acme", "acme")
    assert seats(found) == [
        ("d-1", "p-2"), ("d-2", "p-2"), ("d-2", "p-3"), ("d-3", "p-1"), ("d-3", "p-2")
    ]  # fmt: skip
    assert found.tables["deal_requirements"].filter(deal_id="d-1").height == 2


def test_what_a_complete_input_no_longer_holds_is_gone_and_counted(work):
    complete = MAPPING.replace('file = "badges*.csv"', 'file = "badges*.csv"\ncomplete = true')
    work(FILES, "acme", mapping=complete)
    kept = work({"badges": BADGES[:2]}, "acme", "acme", mapping=complete)
    columns = ["partner_id", "capability_id"]
    assert kept.tables["partner_capabilities"].select(columns).rows() == [("p-2", "crm")]
    (change,) = [one for one in kept.changes if one.table == "partner_capabilities"]
    assert (change.removed, change.unchanged) == (3, 1)


def test_a_record_that_is_merged_later_takes_its_rows_along(work):
    work(FILES, "acme")
    found = work({"crm": [CRM[0], "p-3,Core,DE,,,p-4"]}, "acme", "acme")
    assert found.tables["partners"]["partner_id"].to_list() == ["p-1", "p-2", "p-4"]
    assert ("d-2", "p-4") in seats(found)
    assert ("crm", "p-3", "p-4") in found.tables["aliases"].rows()


def test_every_key_of_the_provenance_is_in_its_table_and_the_reverse(work, tmp_path):
    work(FILES, "acme")
    found = work({"deals": [DEALS[0], "d-9,1,2026-02-01,p-4"]}, "acme", "acme")
    counts = dict(found.provenance.group_by("table").len().iter_rows())
    assert counts == {name: found.tables[name].height for name in found.tables.provided}
    assert found.provenance["key"].null_count() == 0
    old = found.provenance.filter(table="deals", key="d-1").select("rule", "file", "row").rows()
    assert old == [("crm", "deals.csv", 2)]


def test_inputs_that_are_not_read_again_stay_in_the_account(work):
    work(FILES, "acme")
    found = work({"badges": BADGES}, "acme", "acme")
    assert {one.input for one in found.account.inputs} == set(FILES)
    for rule in found.account.rules:
        assert rule.read == rule.written + sum(rule.left_out.values()), rule


DECIDED = {
    "matches": ["decision,value,input,candidate_id", "yes,Doogwood,badges,p-4", "new,Fir,badges,"],
    "duplicates": [
        "decision,partner_id,other_id",
        "same,p-2,p-3",
        "different,p-1,p-4",
    ],
}


def test_decisions_hold_in_every_update_and_the_same_files_change_no_byte(work, tmp_path):
    review = tmp_path / "review"
    review.mkdir()
    (review / "matches.csv").write_text("\n".join(DECIDED["matches"]))
    (review / "duplicates.csv").write_text("\n".join(DECIDED["duplicates"]))
    badges = (*BADGES, "Doogwood,hr", "Fir,hr", "FIR Ltd,bi")
    whole = work(FILES | {"badges": badges}, "whole", review=review)
    new = whole.tables["partner_capabilities"].filter(partner_id="name:Fir")
    assert new["capability_id"].to_list() == ["bi", "hr"]
    work(FILES | {"badges": BADGES[:1]}, "acme", review=review)
    found = work({"badges": badges}, "acme", "acme", review=review)
    same_tables(whole, found)
    assert ("distinct", "p-4", "p-1") in found.tables["aliases"].rows()
    first = files_of(tmp_path / "acme")
    again = work({"badges": badges}, "acme", "acme", review=review)
    assert files_of(tmp_path / "acme") == first
    assert again.account.repairs == {}


def test_a_mapping_that_changed_is_told_line_by_line(work):
    work(FILES, "acme")
    other = MAPPING.replace(
        'columns.currency = { const = "EUR" }', 'columns.currency = { const = "USD" }'
    )
    found = work({"badges": BADGES}, "acme", "acme", mapping=other)
    assert [line[0] for line in found.mapping_changes] == ["-", "+"]
    assert "USD" in found.mapping_changes[1]


def test_without_a_mapping_that_of_the_folder_is_used(work, tmp_path):
    work(FILES, "acme")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "deals.csv").write_text(f"{DEALS[0]}\nd-9,1,2026-02-01,Dogwood\n")
    found = import_tables(tmp_path / "more", update=tmp_path / "acme")
    assert ("d-9", "p-4") in seats(found)
    assert found.mapping_changes == ()


def test_only_the_folder_of_an_import_is_updated(work, tmp_path):
    with pytest.raises(OutputError, match="is not an import"):
        work(FILES, "acme", "elsewhere")
    assert not (tmp_path / "acme").exists()
