import polars as pl
import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.tables.checking import check_tables
from ecosystem_graph.tables.sources import opened


def messages(source):
    return [str(problem) for problem in opened(source).problems]


@pytest.mark.parametrize("place", ["nowhere", "file.csv"])
def test_a_place_that_is_no_folder_is_told_with_the_next_step(tmp_path, place):
    (tmp_path / "file.csv").touch()
    with pytest.raises(DataError, match=r"(does not exist|is a file): a folder .* template"):
        opened(tmp_path / place)


def test_an_empty_folder_is_told_what_is_expected(tmp_path):
    assert messages(tmp_path) == [
        "partners.csv  is missing: the partners of the ecosystem are required. Found: no tables. "
        "`ecosystem-graph template DIR` writes every table with its header.",
        "deals.csv  is missing: deals.csv + deal_partners.csv or partner_capabilities.csv is "
        "required. Found: no tables. `ecosystem-graph template DIR` writes every table with its "
        "header.",
    ]


def test_either_deals_with_partners_or_capabilities_must_be_there(acme):
    folder = acme(partner_capabilities=None, deal_partners=None)
    assert [message.split(":")[0] for message in messages(folder)] == [
        "deal_partners.csv  is missing"
    ]


@pytest.mark.parametrize(
    "left_out",
    [["partner_capabilities"], ["deals", "deal_partners"]],
)
def test_either_of_the_two_is_enough(acme, left_out):
    assert messages(acme(**dict.fromkeys(left_out))) == []


def test_a_table_given_twice_is_a_problem(acme):
    folder = acme()
    pl.DataFrame({"deal_id": ["d"]}).write_parquet(folder / "deals.parquet")
    assert messages(folder) == [
        "deals.csv  deals.csv and deals.parquet are both there: keep one, so that it is clear "
        "which is meant."
    ]


def test_unknown_tables_are_noted_with_a_near_name(acme):
    folder = acme()
    (folder / "teritories.csv").write_text("partner_id,territory\n")
    (folder / "readme.txt").write_text("hello")
    (folder / ".~deals.csv").write_text("locked")
    assert [str(note) for note in opened(folder).notes] == [
        "teritories.csv  unknown file 'teritories.csv': ignored. Did you mean 'territories.csv'?"
    ]
    frames = {"partner": pl.DataFrame({"partner_id": ["p"]})}
    assert str(opened(frames).notes[0]).endswith("Did you mean 'partners'?")


def test_a_file_that_is_not_parquet_is_a_problem(acme):
    folder = acme(deals=None)
    (folder / "deals.parquet").write_text("deal_id\n")
    assert messages(folder)[0].startswith("deals.parquet  cannot be read as Parquet: ")
    assert len(messages(folder)) == 1


def test_names_of_files_may_end_in_capitals(acme):
    folder = acme()
    (folder / "deals.csv").rename(folder / "deals.CSV")
    assert opened(folder).tables["deals"].file == "deals.CSV"


@pytest.mark.parametrize("data", [b"", "partner_id,name\n".encode("utf-16-le"), b"PK\x03\x04..."])
def test_a_file_that_cannot_be_made_out_is_one_problem(acme, data):
    folder = acme(partners=data)
    assert len(messages(folder)) == 1
    assert len(check_tables(folder).problems) == 1
