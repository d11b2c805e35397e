import polars as pl

from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.reading import read_tables


def test_a_header_again_is_passed_over_and_counted(acme):
    folder = acme(
        partners="Partner ID,Name\np-1,Acme\nPartner ID,Name\np-2,Bolt\npartner_id,name\np-3,C\n"
    )
    report = check_tables(folder)
    assert report.problems == ()
    assert "rows that repeat the header are passed over (rows: 2)" in str(report.notes)
    assert read_tables(folder)["partners"]["partner_id"].to_list() == ["p-1", "p-2", "p-3"]
    assert report.rows["partners"] == 5


def test_a_header_again_after_a_mark_of_its_own_is_one_too(acme):
    folder = acme(partners="partner_id,name\np-1,A\n\ufeffpartner_id,name\np-2,B\np-3,C\n")
    assert read_tables(folder)["partners"].height == 3


def test_a_header_in_another_order_is_a_problem(acme):
    folder = acme(partners="partner_id,name\np-1,A\nname,partner_id\nB,p-2\np-3,C\n")
    (problem,) = [p for p in check_tables(folder).problems if p.table == "partners"]
    assert (problem.row, problem.kind) == (3, "header in another order")


def test_a_header_again_in_a_dataframe_is_passed_over(acme):
    frame = pl.DataFrame({"partner_id": ["p-1", "partner_id"], "name": ["A", "name"]})
    facts = pl.DataFrame({"partner_id": ["p-1"], "capability_id": ["crm"]})
    tables = read_tables({"partners": frame, "partner_capabilities": facts})
    assert tables["partners"].height == 1


def test_a_row_again_counts_once_in_every_table(acme):
    folder = acme(
        partners="partner_id,name,x\np-1,Acme,1\np-2,Bolt,\np-1,Acme,2\np-3,C,\n",
        deal_partners="deal_id,partner_id,role\nd-1,p-1,\nd-1,p-2,\nd-1,p-1,\nd-1,p-1,\n",
    )
    tables = read_tables(folder)
    assert tables["partners"]["partner_id"].to_list() == ["p-1", "p-2", "p-3"]
    assert tables["deal_partners"].height == 2
    notes = [str(note) for note in tables.notes if "equal" in str(note)]
    assert notes == [
        "partners.csv  rows equal to an earlier one in every column count once (rows: 1)",
        "deal_partners.csv  rows equal to an earlier one in every column count once (rows: 2)",
    ]


def test_rows_of_a_table_without_its_key_are_not_called_equal(acme):
    report = check_tables(acme(partners="id,name\n1,A\n2,A\n"))
    assert not any("equal to an earlier one" in note.message for note in report.notes)


def test_a_key_again_with_other_facts_stays_a_problem(acme):
    folder = acme(partners="partner_id,name\np-1,Acme\np-1,Acme Ltd\np-2,B\np-3,C\n")
    assert [problem.kind for problem in check_tables(folder).problems] == ["duplicate key"]


def test_a_row_that_is_wrong_hides_no_sound_one(acme, tmp_path):
    folder = acme(deals="deal_id,closed_on,outcome\nd-1,soon,won\nd-1,,won\nd-2,2024-01-01,lost\n")
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["deals"]["deal_id"].to_list() == ["d-1", "d-2"]
