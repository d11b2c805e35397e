import os
import random
import socket

import polars as pl
import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.tables.checking.examination import check_tables
from ecosystem_graph.tables.opening.opened import opened


def messages(source):
    return [str(problem) for problem in opened(source).problems]


@pytest.mark.parametrize("place", ["nowhere", "file.csv"])
def test_a_place_that_is_no_folder_is_told_with_the_next_step(tmp_path, place):
    (tmp_path / "file.csv").touch()
    with pytest.raises(DataError, match=r"(does not exist|is a file): a folder .* template"):
        opened(tmp_path / place)


def test_a_table_given_twice_is_a_problem(acme):
    folder = acme()
    pl.DataFrame({"deal_id": ["d"]}).write_parquet(folder / "deals.parquet")
    assert messages(folder) == [
        "deals.csv  deals.csv and deals.parquet both exist: keep one, so that it is clear "
        "which is meant."
    ]


def test_unknown_files_are_noted_with_a_near_name(acme):
    folder = acme()
    (folder / "teritories.csv").write_text("partner_id,territory\n")
    (folder / "readme.txt").write_text("hello")
    (folder / ".~deals.csv").write_text("locked")
    assert [str(note) for note in opened(folder).notes] == [
        "teritories.csv  unknown file 'teritories.csv': ignored. Did you mean 'territories.csv'?"
    ]


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


@pytest.mark.parametrize("name", ["Partners.csv", "PARTNERS.CSV", "partners.tsv", "Partners.TAB"])
def test_a_table_is_known_however_its_file_is_written(acme, name):
    folder = acme(partners=None)
    apart = "," if name.lower().endswith("csv") else "\t"
    (folder / name).write_text(f"partner_id{apart}name\np-1{apart}Acme\n")
    source = opened(folder)
    assert source.problems == []
    assert source.tables["partners"].file == name


def test_names_of_files_may_have_blanks_and_hyphens(acme):
    folder = acme()
    (folder / "deal_partners.csv").rename(folder / "Deal Partners.csv")
    (folder / "partner_capabilities.csv").rename(folder / "partner-capabilities.csv")
    assert {"deal_partners", "partner_capabilities"} <= set(opened(folder).tables)
    assert check_tables(folder).problems == ()


def pipe(path):
    os.mkfifo(path)


def device(path):
    path.symlink_to("/dev/zero")


def listening(path):
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(path.name)


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (pipe, "is a pipe, not a file"),
        (device, "is a device or socket, not a file"),
        (listening, "is a device or socket, not a file"),
        (lambda path: path.mkdir(), "is a folder, not a file"),
        (lambda path: path.symlink_to("nowhere"), "cannot be read as CSV: No such file"),
    ],
)
def test_what_is_no_file_is_refused_at_once(acme, monkeypatch, put, said):
    folder = acme(deals=None)
    monkeypatch.chdir(folder)
    put(folder / "deals.csv")
    (problem,) = opened(folder).problems
    assert problem.message.startswith(said)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Partners.xlsx", "is a workbook: save its sheet as CSV"),
        ("partners.csv.gz", "is compressed: unpack it"),
        ("partners.json", "is JSON: write it as CSV or Parquet"),
        ("partners.txt", "is a text of unknown form"),
    ],
)
def test_a_table_in_a_form_that_is_not_read_is_named_with_what_to_do(acme, name, said):
    folder = acme(partners=None)
    (folder / name).write_bytes(b"PK")
    (problem,) = opened(folder).problems
    assert (problem.file, problem.kind) == (name, "unsupported format")
    assert problem.message.startswith(said)


def test_a_form_that_is_not_read_stops_nothing_that_can_be_done_without(acme):
    folder = acme()
    (folder / "partners.xlsx").write_bytes(b"PK")
    (folder / "csat.csv.gz").write_bytes(b"PK")
    source = opened(folder)
    assert source.problems == []
    assert [str(note) for note in source.notes] == [
        "csat.csv.gz  is compressed: unpack it; ignored as it is.",
        "partners.xlsx  is a workbook: save its sheet as CSV, or use `ecosystem-graph import`; "
        "ignored, for there is another file "
        "of that table.",
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, " " * 16_000_001, "{", "\ufeff["])
def test_a_description_that_cannot_be_read_is_a_problem(acme, text):
    folder = acme()
    (folder / "datapackage.json").write_text(text)
    (problem,) = opened(folder).problems
    assert problem.message.startswith("as_of cannot be read: ")


@pytest.mark.parametrize("source", [None, 5, [], b"x"])
def test_what_is_neither_folder_nor_mapping_is_the_callers_mistake(source):
    with pytest.raises(TypeError, match="a folder, or from a mapping of table names"):
        opened(source)


@pytest.mark.parametrize("seed", range(12))
def test_damaged_parquet_is_a_problem_and_no_panic(acme, seed, capfd):
    folder = acme(partners=None)
    partners = pl.DataFrame(
        {
            "partner_id": [f"p-{n}" for n in range(1, 200)],
            "name": [f"Partner {n}" for n in range(1, 200)],
            "joined_on": ["2024-01-01"] * 199,
        }
    ).with_columns(pl.col("joined_on").str.to_datetime())
    partners.write_parquet(folder / "partners.parquet", compression="uncompressed")
    data = bytearray((folder / "partners.parquet").read_bytes())
    rng = random.Random(seed)
    for _ in range(1 + seed * 3):
        data[rng.randrange(4, len(data) - 8)] = rng.randrange(256)
    (folder / "partners.parquet").write_bytes(data)
    check_tables(folder)  # whatever it says, nothing foreign comes out of it
