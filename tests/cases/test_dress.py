"""Files and dataframes in every dress that leaves no doubt read to the same tables."""

import csv
import io

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from ecosystem_graph import read_tables
from ecosystem_graph.tables import check_tables


def rewritten(encoding="utf-8", end="\n", around="", decimal=".", quote=csv.QUOTE_MINIMAL, **how):
    """A dress: the text parsed, and written as another program writes it."""

    def dress(text):
        rows = list(csv.reader(io.StringIO(text)))
        number = {",": lambda cell: cell.replace(".", ",") if cell[:1].isdigit() else cell}
        rows = [[number.get(decimal, str)(cell) for cell in row] for row in rows]
        out = io.StringIO()
        csv.writer(out, lineterminator=end, quoting=quote, **how).writerows(rows)
        return (around + out.getvalue()).encode(encoding)

    return dress


def each_header(change):
    """A dress in which every column is called otherwise."""

    def dress(text):
        header, _, rest = text.partition("\n")
        return (",".join(map(change, header.split(","))) + "\n" + rest).encode()

    return dress


TEXT = {
    "as it is": rewritten(),
    "a mark at its beginning": rewritten("utf-8-sig"),
    "line ends of Windows": rewritten(end="\r\n"),
    "no line end after the last row": lambda text: text.rstrip("\n").encode(),
    "blank lines at the end": lambda text: (text + "\n\n\n").encode(),
    "everything in quotes": rewritten(quote=csv.QUOTE_ALL),
    "semicolons": rewritten(delimiter=";"),
    "semicolons, everything in quotes": rewritten(delimiter=";", quote=csv.QUOTE_ALL),
    "semicolons and decimal commas": rewritten(delimiter=";", decimal=","),
    "semicolons of Excel in German": rewritten("utf-8-sig", "\r\n", delimiter=";", decimal=","),
    "semicolons after a line that says so": rewritten(around="sep=;\n", delimiter=";"),
    "commas after a line that says so": rewritten(around="sep=,\n"),
    "tabs": rewritten(delimiter="\t"),
    "bars": rewritten(delimiter="|"),
    "UTF-16 with a mark": rewritten("utf-16"),
    "UTF-16 with a mark and tabs": rewritten("utf-16", "\r\n", delimiter="\t"),
    "UTF-16, most significant byte first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 with semicolons in quotes": rewritten("utf-16", delimiter=";", quote=csv.QUOTE_ALL),
    "headers in capitals": each_header(str.upper),
    "headers as titles": each_header(lambda name: name.replace("_", " ").title()),
    "headers in camel case": each_header(lambda name: name[0] + name.title().replace("_", "")[1:]),
    "headers with hyphens": each_header(lambda name: name.replace("_", "-")),
    "headers with blanks around": each_header(lambda name: f"  {name} "),
    "headers with letters nobody sees": each_header(lambda name: f"\ufeff{name}\u200b"),
}


@pytest.mark.parametrize("dress", TEXT.values(), ids=TEXT)
def test_a_file_reads_to_the_same_tables_in_any_dress(acme, clean_frames, dress):
    same_tables(read_tables(acme.write(dress)), clean_frames)


@pytest.mark.parametrize("dress", ["semicolons of Excel in German", "UTF-16 with a mark and tabs"])
def test_lists_are_those_of_the_clean_files(acme, clean_lists, dress):
    acme.write(TEXT[dress])
    assert acme.ask("check").exit_code == 0
    assert acme.lists() == clean_lists


CELLS = {
    "blanks around": lambda cell: f"  {cell}\t",
    "blanks that do not break a line around": lambda cell: f"\u00a0{cell}\u00a0",
    "letters nobody sees around": lambda cell: f"\u200b{cell}\ufeff",
    "a mark of direction around": lambda cell: f"\u200e{cell}\u200e",
}


@pytest.mark.parametrize("change", CELLS.values(), ids=CELLS)
def test_what_nobody_sees_around_a_cell_changes_nothing(acme, clean_frames, change):
    for name, table in acme.tables.items():
        acme.change(name, **dict.fromkeys(table.columns, change))
    same_tables(read_tables(acme.write()), clean_frames)


DAYS = {
    "midnight": lambda day: f"{day}T00:00:00Z",
    "a time of day of Salesforce": lambda day: f"{day}T20:47:07.000+0000",
    "a time of day with a zone's letter": lambda day: f"{day}T20:47:07.000Z",
    "a time of day after a blank": lambda day: f"{day} 20:47:07",
    "a time of day without seconds": lambda day: f"{day} 20:47",
    "an offset": lambda day: f"{day}T20:47:07+02:00",
    "microseconds": lambda day: f"{day}T20:47:07.123456",
}


@pytest.mark.parametrize("change", DAYS.values(), ids=DAYS)
def test_a_time_of_day_is_cut_to_its_day_and_that_is_told(acme, clean_frames, change):
    acme.change("deals", opened_on=change, closed_on=change)
    acme.change("csat", responded_on=change)
    report = check_tables(acme.write())
    assert not report.problems
    same_tables(read_tables(acme.folder), clean_frames)
    if change("2022-01-01") != "2022-01-01T00:00:00Z":
        assert any("time" in str(note) for note in report.notes)


def typed(tables):
    """The same tables as a database hands them over."""
    numbers = ["amount", "weight", "score", "scale_min", "scale_max"]
    days = ["opened_on", "closed_on", "responded_on"]
    typed = {
        **{name: pl.col(name).str.to_date() for name in days},
        **{name: pl.col(name).cast(pl.Float64) for name in numbers},
        "intro_capacity": pl.col("intro_capacity").cast(pl.Int64),
        "participates": pl.col("participates") == "true",
    }
    return {
        name: table.with_columns(typed[column] for column in table.columns if column in typed)
        for name, table in tables.items()
    }


def with_columns(change):
    def dress(tables):
        return {name: table.with_columns(*change(table)) for name, table in tables.items()}

    return dress


FRAMES = {
    "polars": lambda tables: tables,
    "pyarrow": lambda tables: {name: table.to_arrow() for name, table in tables.items()},
    "pandas": lambda tables: {name: table.to_pandas() for name, table in tables.items()},
    "pandas, all objects": lambda tables: {
        name: pd.DataFrame({c.name: pd.Series(c.to_list(), dtype=object) for c in table})
        for name, table in tables.items()
    },
    "pandas with types that know what is missing": lambda tables: {
        name: table.to_pandas().convert_dtypes() for name, table in tables.items()
    },
    "pandas with an index of ids": lambda tables: {
        name: table.to_pandas().set_index(table.columns[0], drop=False)
        for name, table in tables.items()
    },
    "categories": with_columns(lambda table: [pl.col(pl.String).cast(pl.Categorical)]),
    "dictionaries of arrow": lambda tables: {
        name: pa.table({c: table.to_arrow()[c].dictionary_encode() for c in table.columns})
        for name, table in tables.items()
    },
    "days with a time": with_columns(
        lambda table: [pl.col(pl.Date).cast(pl.Datetime("ns")) + pl.duration(hours=13)]
    ),
    "days in a time zone": with_columns(
        lambda table: [
            (pl.col(pl.Date).cast(pl.Datetime("us")) + pl.duration(hours=13)).dt.replace_time_zone(
                "Europe/Berlin"
            )
        ]
    ),
    "numbers as decimals": with_columns(lambda table: [pl.col(pl.Float64).cast(pl.Decimal(18, 4))]),
    "whole numbers as floats": with_columns(lambda table: [pl.col(pl.Int64).cast(pl.Float64)]),
    "truths as 1.0 and 0.0": with_columns(lambda table: [pl.col(pl.Boolean).cast(pl.Float64)]),
    "truths as 1 and 0": with_columns(lambda table: [pl.col(pl.Boolean).cast(pl.Int8)]),
}


@pytest.mark.parametrize("kind", ["dataframes", "parquet"])
@pytest.mark.parametrize("dress", FRAMES.values(), ids=FRAMES)
def test_dataframes_and_parquet_read_to_the_same_tables(acme, clean_frames, dress, kind):
    frames = dress(typed(acme.tables))
    if kind == "parquet":
        acme.folder.mkdir()
        for name, frame in frames.items():
            pl.DataFrame(frame).write_parquet(acme.folder / f"{name}.parquet")
        frames = acme.folder
    same_tables(read_tables(frames), clean_frames)


@pytest.mark.parametrize("dtype", [pl.Int64, pl.Float64, pl.UInt32, pl.Decimal(20, 2)], ids=str)
def test_numbers_that_are_ids_are_the_same_ids_in_every_type(acme, dtype):
    ids = {"partners": ["partner_id"], "partner_capabilities": ["partner_id"]}
    ids |= {"deal_partners": ["partner_id"], "csat": ["partner_id"]}
    for name, columns in ids.items():
        acme.change(name, **dict.fromkeys(columns, lambda cell: cell.replace("p-", "100")))
    text = read_tables(acme.tables)
    for name in ("partners", "deal_partners"):
        acme.tables[name] = acme.tables[name].with_columns(pl.col("partner_id").cast(dtype))
    same_tables(read_tables(acme.tables), text)


def same_tables(tables, others):
    assert tables.provided == others.provided
    for name in others.provided:
        assert_frame_equal(tables[name], others[name])
