import re
import string

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecosystem_graph.errors import DataError, OutputError
from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.reading import read_tables


def set_aside(directory, table):
    return pl.read_csv(directory / f"{table}.csv", infer_schema=False).rows(named=True)


def test_bad_rows_go_aside_with_their_row_and_reason(acme, tmp_path):
    folder = acme(
        deals="deal_id,outcome,stage\nd-1,open,a\nd-2,wonn,b\n",
        deal_partners="deal_id,partner_id\nd-1,p-1\n",
    )
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["deals"]["deal_id"].to_list() == ["d-1"]
    assert tables.set_aside == {"deals": 1}
    assert set_aside(tmp_path / "aside", "deals") == [
        {
            "quarantine_row": "3",
            "quarantine_reason": "outcome 'wonn' is not allowed: one of won, lost, open, "
            "withdrawn. Did you mean 'won'?",
            "quarantine_text": None,
            "deal_id": "d-2",
            "outcome": "wonn",
        }
    ]


def test_columns_nobody_declared_are_not_copied(acme, tmp_path):
    folder = acme(
        partners="partner_id,Partner Name,mail\np-1,Acme,ann@acme.example\np-2,,bob@bolt.example\n"
        'p-3,Core,"c@core.example,x\np-4,Dash,d@dash.example,more\n'.replace('"', ""),
        deal_partners="deal_id,partner_id\nd-1,p-1\n",
    )
    read_tables(folder, quarantine=tmp_path / "aside")
    rows = set_aside(tmp_path / "aside", "partners")
    assert [row["quarantine_row"] for row in rows] == ["3", "4", "5"]
    assert list(rows[0])[3:] == ["partner_id", "Partner Name"]
    assert "example" not in (tmp_path / "aside" / "partners.csv").read_text()


def test_a_deal_goes_if_a_row_about_who_was_on_it_cannot_be_read(acme, tmp_path):
    folder = acme(
        deals="deal_id,closed_on,outcome\nd-1,2024-06-30,won\nd-2,2024-05-31,won\n",
        deal_partners="deal_id,partner_id\nd-1,p-1\nd-1,p-2,x\nd-2,p-1\nd-2,p-2\n",
        deal_requirements="deal_id,capability_id\nd-1,crm\nd-2,crm\n",
        csat="response_id,partner_id,deal_id,responded_on,score,scale_min,scale_max,kind\n"
        "r-1,p-1,d-1,2024-07-01,4,1,5,mean\nr-2,p-1,d-2,2024-07-01,4,1,5,mean\n",
    )
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["deals"]["deal_id"].to_list() == ["d-2"]
    assert tables["deal_partners"]["partner_id"].to_list() == ["p-1", "p-2"]
    assert tables["csat"]["deal_id"].to_list() == [None, "d-2"]
    assert tables.set_aside == {"deals": 1, "deal_partners": 2, "deal_requirements": 1}
    (row,) = set_aside(tmp_path / "aside", "deals")
    assert row["quarantine_reason"] == (
        "deal_id 'd-1': row 3 of deal_partners.csv cannot be read, so who was on the deal is not "
        "known."
    )
    assert "csat.csv  answers about deals that were set aside count without the deal (rows: 1)" in [
        str(note) for note in tables.notes
    ]


def test_a_seat_that_is_there_twice_costs_no_deal(acme, tmp_path):
    folder = acme(
        deal_partners="deal_id,partner_id,role,added_on\nd-1,p-1,lead,2024-01-11\n"
        "d-1,p-1,lead,2024-01-12\nd-1,p-2,,\nd-2,p-3,,\n",
    )
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["deals"].height == 2


def test_rows_that_hang_on_them_follow_until_nothing_changes(acme, tmp_path):
    folder = acme(
        partners="partner_id,name,parent_id,status\n"
        "p-1,Acme,p-2,\np-2,Bolt,p-3,\np-3,Core,,gone\np-4,Dash,,\n",
        partner_capabilities=None,
        deal_partners="deal_id,partner_id\nd-1,p-1\nd-1,p-4\nd-2,p-x\n",
    )
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["partners"]["partner_id"].to_list() == ["p-4"]
    assert tables["deal_partners"].select("deal_id", "partner_id").rows() == [("d-1", "p-4")]
    assert tables.set_aside == {"partners": 3, "deal_partners": 2}
    reasons = [row["quarantine_reason"] for row in set_aside(tmp_path / "aside", "partners")]
    assert reasons[:2] == ["parent_id 'p-2' was set aside.", "parent_id 'p-3' was set aside."]
    reasons = [row["quarantine_reason"] for row in set_aside(tmp_path / "aside", "deal_partners")]
    assert reasons == [
        "partner_id 'p-1' was set aside.",
        "partner_id 'p-x' is not in partners.csv.",
    ]


def test_of_rows_with_one_key_the_first_sound_one_stays(acme, tmp_path):
    folder = acme(
        deals="deal_id,outcome,industry\nd-1,wonn,a\nd-1,open,b\nd-1,open,c\nd-2,open,d\n"
    )
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["deals"]["industry"].to_list() == ["b", "d"]
    assert [row["quarantine_row"] for row in set_aside(tmp_path / "aside", "deals")] == ["2", "4"]


def test_unreadable_rows_go_aside_as_text(acme, tmp_path):
    folder = acme(partners="partner_id,name\np-1,Café\np-2,Bolt\np-3\n".encode("latin-1"))
    tables = read_tables(folder, quarantine=tmp_path / "aside")
    assert tables["partners"]["partner_id"].to_list() == ["p-2"]
    aside = set_aside(tmp_path / "aside", "partners")
    assert [(row["name"], row["quarantine_text"]) for row in aside] == [
        (r"Caf\xe9", None),
        (None, "p-3"),
    ]


def test_dataframes_can_be_quarantined_too(tmp_path):
    frames = {
        "partners": pl.DataFrame(
            {"partner_id": [1, 2], "name": ["A", None], "country": ["DE", "FR"]}
        ),
        "partner_capabilities": pl.DataFrame({"partner_id": [1, 2], "capability_id": ["x", "y"]}),
    }
    tables = read_tables(frames, quarantine=tmp_path / "aside")
    assert tables["partner_capabilities"].height == 1
    assert set_aside(tmp_path / "aside", "partners")[0]["country"] == "FR"


def test_sound_tables_leave_no_quarantine_behind(acme, tmp_path):
    assert read_tables(acme(), quarantine=tmp_path / "aside").set_aside == {}
    assert not (tmp_path / "aside").exists()


def test_an_empty_folder_may_become_the_quarantine_and_a_full_one_may_not(acme, tmp_path):
    folder = acme(deals="deal_id,outcome\nd-1,wonn\nd-2,open\n")
    (tmp_path / "aside").mkdir()
    read_tables(folder, quarantine=str(tmp_path / "aside"))
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["acme", "aside"]
    with pytest.raises(OutputError, match="is not empty: name a new folder"):
        read_tables(folder, quarantine=tmp_path / "aside")


@pytest.mark.parametrize(
    "tables",
    [
        {"partners": "partner_id\np-1\n"},
        {"deals": "deal_id,opened_on\nd-1,2024-01-01\n"},
        {"partners": None},
        {"deal_partners": None, "partner_capabilities": None},
    ],
)
def test_what_is_wrong_with_a_whole_table_still_stops(acme, tmp_path, tables):
    with pytest.raises(DataError, match="is missing"):
        read_tables(acme(**tables), quarantine=tmp_path / "aside")
    assert not (tmp_path / "aside").exists()


def test_an_ecosystem_without_a_sound_partner_stops(acme, tmp_path):
    folder = acme(partners="partner_id,name,parent_id\np-1,Acme,p-1\n")
    with pytest.raises(DataError, match="no partner is left"):
        read_tables(folder, quarantine=tmp_path / "aside")


def test_nothing_is_left_half_written(acme, tmp_path, monkeypatch):
    def fails(*args):
        raise OSError("disk full")

    folder = acme(deals="deal_id,outcome\nd-1,wonn\nd-2,open\n")
    monkeypatch.setattr(pl.DataFrame, "write_csv", fails)
    with pytest.raises(OutputError, match="disk full"):
        read_tables(folder, quarantine=tmp_path / "aside")
    assert [path.name for path in tmp_path.iterdir()] == ["acme"]


ids = st.sampled_from(["p-1", "p-2", "p-3", "p-9", ""])
days = st.sampled_from(["", "2024-01-01", "2024-02-01", "2024-02-30", "soon"])
letters = st.text(string.ascii_lowercase, max_size=2)
deal_ids = st.sampled_from(["d-1", "d-2", "d-3"])


def texts(header, *columns):
    """CSV of a table, with a ragged row now and then."""
    rows = st.lists(
        st.one_of(st.tuples(*columns), st.tuples(*columns, letters)), min_size=1, max_size=6
    )
    return rows.map(lambda rows: "\n".join([header, *(",".join(row) for row in rows)]))


messy = st.fixed_dictionaries(
    {
        "partners": texts("partner_id,name,parent_id,joined_on", ids, letters, ids, days),
        "deals": texts(
            "deal_id,opened_on,closed_on,outcome",
            deal_ids,
            days,
            days,
            st.sampled_from(["won", "lost", "open", "x"]),
        ),
        "deal_partners": texts("deal_id,partner_id", deal_ids, ids),
        "restrictions": texts(
            "partner_id,collaborator_id,kind,valid_from,valid_to",
            ids,
            ids,
            st.sampled_from(["exclusive", "exclusive", "do_not_pair"]),
            days,
            days,
        ),
    }
)


def test_seats_of_partners_set_aside_are_kept_apart_and_a_seat_that_stands_twice_is_none(tmp_path):
    (tmp_path / "partners.csv").write_text("partner_id,name\na,Ann\nb,Bob\nc,\n")
    (tmp_path / "deals.csv").write_text("deal_id,outcome,closed_on\nd,won,2024-01-01\ne,no,\n")
    seats = "d,a,lead\nd,b,\nd,c,supply\nd,x,\nd,a,lead\ne,c,\n"
    (tmp_path / "deal_partners.csv").write_text(f"deal_id,partner_id,role\n{seats}")
    tables = read_tables(tmp_path, quarantine=tmp_path / "aside")
    assert sorted(tables.lost_seats["partner_id"]) == ["c", "x"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(messy)
def test_what_is_read_after_a_quarantine_has_no_problem_and_no_row_is_lost(
    tmp_path_factory, tables
):
    folder = tmp_path_factory.mktemp("messy")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    try:
        kept = read_tables(folder, quarantine=folder / "aside")
    except DataError:
        with pytest.raises(DataError, match=r"no partner is left|closed_on is empty"):
            read_tables(folder, quarantine=folder / "aside")
        return
    report = check_tables({name: kept[name] for name in kept.provided})
    assert report.problems == ()
    for name, count in check_tables(folder).rows.items():
        noted = [note.message for note in kept.notes if note.table == name]
        again = [re.search(r"count once \(rows: (\d+)\)", message) for message in noted]
        repeats = sum(int(found[1]) for found in again if found)
        assert kept[name].height + kept.set_aside.get(name, 0) + repeats == count
