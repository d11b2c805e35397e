import json
from datetime import date

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from ecosystem_graph.errors import DataError, HistoryError
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.time import known_at

PARTNERS = {"partner_id": ["p-1", "p-2"], "name": ["Acme", "Bolt"], "joined_on": [None, None]}
FACTS = {"partner_id": ["p-1"], "capability_id": ["crm"], "valid_from": ["2024-01-01"]}


def test_a_folder_reads_into_every_table_in_its_declared_form(acme):
    tables = read_tables(acme())
    assert list(tables) == list(TABLES)
    for name, frame in tables.items():
        TABLES[name].validate(frame)
    assert tables.provided == (
        "partners",
        "capabilities",
        "partner_capabilities",
        "deals",
        "deal_partners",
    )
    assert tables["deals"]["closed_on"].to_list() == [date(2024, 6, 30), date(2024, 5, 31)]
    assert tables["csat"].height == 0


def test_countries_become_two_letters_and_other_markets_stay(acme):
    assert read_tables(acme())["partners"]["country"].to_list() == ["GB", None, "DACH"]


def test_parquet_reads_as_csv_does(acme, tmp_path):
    tables = read_tables(acme())
    (tmp_path / "parquet").mkdir()
    for name in tables.provided:
        tables[name].write_parquet(tmp_path / "parquet" / f"{name}.parquet")
    again = read_tables(str(tmp_path / "parquet"))
    for name in TABLES:
        assert again[name].equals(tables[name])


def test_dates_and_numbers_as_text_in_parquet_are_read_as_in_csv(acme, tmp_path):
    folder = acme()
    for path in sorted(folder.glob("*.csv")):
        pl.read_csv(path, infer_schema=False).write_parquet(path.with_suffix(".parquet"))
        path.unlink()
    assert read_tables(folder)["deals"]["closed_on"].to_list()[0] == date(2024, 6, 30)


@pytest.mark.parametrize(
    "frame",
    [pl.DataFrame, pd.DataFrame, pa.table, lambda data: duckdb.from_arrow(pa.table(data))],
    ids=["polars", "pandas", "pyarrow", "duckdb"],
)
def test_dataframes_of_every_maker_read_alike(frame):
    tables = read_tables({"partners": frame(PARTNERS), "partner_capabilities": frame(FACTS)})
    assert tables["partners"]["partner_id"].to_list() == ["p-1", "p-2"]
    assert tables["partner_capabilities"]["valid_from"].to_list() == [date(2024, 1, 1)]
    expected = read_tables(
        {"partners": pl.DataFrame(PARTNERS), "partner_capabilities": pl.DataFrame(FACTS)}
    )
    assert tables.digests == expected.digests


def test_pandas_with_missing_values_and_a_leftover_index_reads():
    partners = pd.DataFrame(
        {
            "partner_id": [1, 2, 3],
            "name": ["A", "B", "C"],
            "country": ["DE", None, "FR"],
            "intro_capacity": [3.0, None, 1.0],
            "joined_on": pd.to_datetime(["2024-01-01", None, "2024-01-02"]),
            "participates": [True, None, False],
        }
    )
    facts = pd.DataFrame({"partner_id": [2], "capability_id": ["crm"], "evidence": ["certified"]})
    tables = read_tables(
        {"partners": partners[partners["name"] != "A"], "partner_capabilities": facts}
    )
    assert tables["partners"].select("partner_id", "country", "intro_capacity").rows() == [
        ("2", None, None),
        ("3", "FR", 1),
    ]
    assert tables["partners"]["participates"].to_list() == [None, False]
    assert tables.notes == ()


def test_what_is_no_dataframe_is_the_callers_mistake():
    with pytest.raises(TypeError, match=r"table 'partners' must be a dataframe .* Got dict"):
        read_tables({"partners": PARTNERS})


def test_every_problem_comes_in_one_error(acme):
    folder = acme(
        partners="partner_id,name\np-1,Acme\np-1,\n",
        deals="deal_id,opened_on,closed_on,outcome\nd-1,2024-02-30,2024-01-01,wonn\n",
    )
    with pytest.raises(DataError) as caught:
        read_tables(folder)
    assert str(caught.value).splitlines() == [
        f"{folder} has 7 problems, of 6 kinds",
        "  deal_partners.csv:3  partner_id 'p-2' is not in partners.csv.",
        "    the same in 1 more row: 4 'p-3'",
        "  partners.csv:3  name is empty.",
        "  partners.csv:3  duplicate key: partner_id 'p-1' is already in row 2.",
        "  deals.csv:2  opened_on '2024-02-30' is not a date: write YYYY-MM-DD, such as "
        "2024-03-31.",
        "  deals.csv:2  outcome 'wonn' is not allowed: one of won, lost, open, withdrawn. "
        "Did you mean 'won'?",
        "  deal_partners.csv:4  deal_id 'd-2' is not in deals.csv.",
    ]
    assert len(caught.value.problems) == 7


def test_of_very_many_problems_each_cause_is_shown_once(acme):
    rows = "".join(f"d-{number},wonn\n" for number in range(30))
    with pytest.raises(DataError) as caught:
        read_tables(acme(deals="deal_id,outcome\n" + rows, deal_partners="deal_id,partner_id\n"))
    assert len(str(caught.value).splitlines()) == 3
    assert len(caught.value.problems) == 30


def test_the_bytes_of_files_and_the_content_of_frames_have_a_digest(acme):
    folder = acme()
    digests = read_tables(folder).digests
    assert set(digests) == set(read_tables(folder).provided)
    assert digests == read_tables(folder).digests
    partners = folder / "partners.csv"
    partners.write_text(partners.read_text() + "\n")
    changed = read_tables(folder).digests
    assert [name for name in digests if digests[name] != changed[name]] == ["partners"]


def test_tables_say_how_many_rows_they_have(acme):
    assert "  deal_partners                 3 rows" in repr(read_tables(acme())).splitlines()


def test_the_default_day_is_that_of_the_package_or_follows_the_last_event(acme):
    folder = acme()
    assert read_tables(folder).default_as_of() == date(2024, 7, 1)
    (folder / "datapackage.json").write_text(json.dumps({"as_of": "2024-03-01"}))
    assert read_tables(folder).default_as_of() == date(2024, 3, 1)


def test_a_late_response_moves_the_default_day_and_an_open_deal_does_not(acme):
    tables = read_tables(
        acme(
            deals="deal_id,closed_on,outcome\nd-1,2024-01-01,won\nd-2,2030-01-01,open\n",
            csat="response_id,partner_id,responded_on,score,scale_min,scale_max,kind\n"
            "r-1,p-1,2024-09-30,4.5,1,5,csat_mean\n",
        )
    )
    assert tables.default_as_of() == date(2024, 10, 1)


def test_the_default_day_is_one_that_can_be_asked_for():
    frames = {
        "partners": pl.DataFrame({"partner_id": ["p"], "name": ["P"], "joined_on": ["2200-12-31"]}),
        "partner_capabilities": pl.DataFrame({"partner_id": ["p"], "capability_id": ["crm"]}),
    }
    tables = read_tables(frames)
    assert known_at(tables, tables.default_as_of()).as_of == date(2200, 12, 31)


def test_tables_without_any_date_have_no_default_day():
    frames = {
        "partners": pl.DataFrame({"partner_id": ["p"], "name": ["P"]}),
        "partner_capabilities": pl.DataFrame({"partner_id": ["p"], "capability_id": ["crm"]}),
    }
    with pytest.raises(HistoryError, match="say up to which date"):
        read_tables(frames).default_as_of()


@pytest.mark.parametrize("content", ['{"as_of": "soon"}', "{", '{"as_of": 5}'])
def test_an_unreadable_as_of_in_the_package_is_a_problem(acme, content):
    folder = acme()
    (folder / "datapackage.json").write_text(content)
    with pytest.raises(DataError, match=r"datapackage.json  as_of cannot be read"):
        read_tables(folder)


def test_tables_come_back_as_they_are(acme):
    tables = read_tables(acme())
    assert read_tables(tables) is tables
