import hashlib
import json
import runpy
from pathlib import Path

import polars as pl
import pytest

from ecosystem_graph.synthetic import synthetic
from ecosystem_graph.tables import TABLES, check_tables, describe_dataset, read_tables

FOLDER = Path(__file__).parents[1] / "datasets" / "channel-demo"


@pytest.fixture(scope="module")
def tables():
    return read_tables(FOLDER)


@pytest.fixture(scope="module")
def prepare():
    return runpy.run_path(str(FOLDER / "prepare.py"))


@pytest.fixture(scope="module")
def datasheet():
    return " ".join((FOLDER / "DATASHEET.md").read_text(encoding="utf-8").split())


def test_there_is_every_table_and_no_problem(tables):
    report = check_tables(FOLDER)
    assert report.problems == ()
    assert report.notes == ()
    assert set(tables.provided) == set(TABLES) - {"aliases"}


def test_the_folder_is_small_and_holds_nothing_but_the_data_package():
    texts = {"DATASHEET.md", "LICENSE", "datapackage.json", "prepare.py"}
    files = {f"{name}.parquet" for name in TABLES if name != "aliases"}
    assert {path.name for path in FOLDER.iterdir()} == files | texts
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


def test_it_is_described_by_name():
    described = describe_dataset("channel-demo")
    assert described["licence"] == "CC0-1.0"
    assert described["as_of"] == "2026-01-01"
    assert described["rows"]["partners"] == 2000
    assert "invented" in described["title"]


def test_the_descriptor_agrees_with_the_files(tables):
    package = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        data = (FOLDER / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["rows"] == tables[resource["name"]].height


def test_preparing_it_again_gives_the_same_tables(prepare, tables):
    made = synthetic(prepare["N_PARTNERS"], prepare["SEED"]).tables
    for name, frame in read_tables(made).items():
        assert frame.equals(tables[name])


def test_unsound_tables_are_not_published(prepare, tmp_path):
    made = synthetic(10, 0).tables
    broken = {**made, "partners": made["partners"].head(1)}
    with pytest.raises(Exception, match=r"is not in partners\.parquet"):
        prepare["publish"](broken, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_datasheet_has_the_seven_sections_and_says_it_is_invented(datasheet):
    sections = (
        "1. Motivation",
        "2. Composition",
        "3. Collection process",
        "4. Preprocessing",
        "5. Uses",
        "6. Distribution",
        "7. Maintenance",
    )
    assert all(f"## {section}" in datasheet for section in sections)
    assert "Everything in it is invented" in datasheet


def test_the_datasheet_counts_the_rows(datasheet, tables):
    for name, frame in ((name, tables[name]) for name in tables.provided):
        assert f"| {name} | {frame.height:,} |" in datasheet


def test_the_datasheet_tells_deals_and_partners_as_they_are(datasheet, tables):
    deals, rows, partners = tables["deals"], tables["deal_partners"], tables["partners"]
    outcomes = dict(deals["outcome"].cast(pl.String).value_counts().iter_rows())
    won = deals.filter(pl.col("outcome") == "won")
    joint = rows.join(won, on="deal_id", how="semi")["deal_id"].value_counts()["count"]
    per_partner = rows["partner_id"].value_counts()["count"]
    for fact in (
        f"{outcomes['won']:,} won, {outcomes['lost']:,} lost, {outcomes['withdrawn']:,} withdrawn "
        f"and {outcomes['open']:,} still open",
        f"{(joint > 1).sum():,} are joint wins",
        f"team has {rows['deal_id'].value_counts()['count'].max()} partners",
        f"{(deals['lost_reason'] == 'capability_gap').sum():,} were lost for want of a capability",
        f"{len(per_partner):,} of them are on a deal, the busiest on {per_partner.max():,}",
        f"customers spoke about {tables['csat']['partner_id'].n_unique():,}",
        f"{(~partners['participates']).sum()} opted out",
        f"{partners['parent_id'].count()} are owned by another one",
    ):
        assert fact in datasheet
