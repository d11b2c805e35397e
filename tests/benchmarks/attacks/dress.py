"""Tables as files and dataframes, in every dress there is, some of them torn.

`dressed` gives what `read_tables` is given, and says of which tables the rows are still the rows.
"""

import io
import zipfile

import pandas as pd
import polars as pl
import pyarrow as pa

ENCODINGS = ["utf-8"] * 5 + ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
SEPARATORS = [","] * 5 + [";", "\t", "|"]


def dressed(rng, tables, folder):
    """What to read, how it is dressed, and whether the number of rows is that of the tables."""
    how = rng.choice(
        ["csv", "parquet", "polars", "pandas", "pyarrow"], p=[0.5, 0.15, 0.1, 0.15, 0.1]
    )
    if how == "csv":
        return as_csv(rng, tables, folder)
    if how == "parquet":
        return as_parquet(rng, tables, folder)
    make = {"polars": plain, "pandas": as_pandas, "pyarrow": as_arrow}[how]
    odd = list(tables)[rng.integers(len(tables))] if tables else None
    frames = {}
    for name, table in tables.items():
        try:
            frames[name] = make(rng, table, name == odd)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException):
            frames[name] = table  # this one cannot be that at all
    if rng.random() < 0.05:
        frames["unknown"] = pl.DataFrame({"a": [1]})
    return frames, how, True


def as_csv(rng, tables, folder):
    told, kept = [], True
    for name, table in tables.items():
        data, how, same = csv_bytes(rng, table)
        if rng.random() < 0.1:
            data, torn = torn_bytes(rng, data)
            how, same = f"{how}, {torn}", False
        (folder / f"{name}.csv").write_bytes(data)
        told.append(f"{name} {how}")
        kept = kept and same
    if rng.random() < 0.03:
        (folder / "datapackage.json").write_bytes(DESCRIPTORS[rng.integers(len(DESCRIPTORS))])
        told.append("an odd datapackage.json")
    return folder, f"csv: {'; '.join(told)}", kept


DESCRIPTORS = [
    b"",
    b"[]",
    b"{",
    b"\xff\xfe",
    b"null",
    b'{"as_of": 5}',
    b'{"as_of": "2024-01-31"}',
    b'{"as_of": "9999-12-31"}',
    b'{"as_of": {"a": [1]}}',
    b"[" * 100_000,
    b'{"as_of": 1' + b"0" * 5_000 + b"}",
]


def csv_bytes(rng, table):
    """Bytes of a table as some program writes it."""
    text = pl.DataFrame([pl.Series(c.name, words(c), pl.String) for c in table])
    plain = rng.random() < 0.5
    separator = "," if plain else SEPARATORS[rng.integers(len(SEPARATORS))]
    encoding = "utf-8" if plain else ENCODINGS[rng.integers(len(ENCODINGS))]
    end = "\n" if plain else ["\n", "\r\n", "\r"][rng.integers(3)]
    quotes = "necessary" if plain else ["necessary", "always", "non_numeric"][rng.integers(3)]
    written = text.write_csv(separator=separator, line_terminator="\n", quote_style=quotes)
    written = written.replace("\n", end)
    how = f"{separator!r} {encoding} {end!r} {quotes}"
    if rng.random() < 0.03:
        written = f"sep={separator}{end}{written}"
        how += " after sep="
    if rng.random() < 0.03:
        written += end + f"{separator * (table.width - 1)}{end}" * 3
        how += " and blank lines"
    return written.encode(encoding, "replace"), how, table.width > 1


def words(column):
    if column.dtype.is_temporal():  # Python knows no year 0
        return column.cast(pl.String).to_list()
    return [
        None if v is None else str(v).lower() if isinstance(v, bool) else str(v)
        for v in column.to_list()
    ]


def torn_bytes(rng, data):
    """The bytes with some of them lost, changed, added, or packed."""
    at = int(rng.integers(len(data) + 1))
    some = rng.bytes(int(rng.integers(1, 5)))
    kinds = {
        "cut off": data[:at],
        "bytes added": data[:at] + some + data[at:],
        "bytes changed": data[:at] + some + data[at + len(some) :],
        "bytes lost": data[:at] + data[at + 3 :],
        "a quote opened": data[:at] + b'"' + data[at:],
        "zeros": data[:at] + b"\0" * 200,
        "doubled": data + data,
        "noise": rng.bytes(2_000),
        "empty": b"",
        "one line": data.split(b"\n")[0],
        "a title above": b"Partners of 2024\n\n" + data,
        "zipped": zipped(data),
    }
    name = list(kinds)[rng.integers(len(kinds))]
    return kinds[name], f"{name} at {at}"


def zipped(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("partners.csv", data)
    return packed.getvalue()


def as_parquet(rng, tables, folder):
    told, kept = [], True
    for name, table in tables.items():
        storable = table.select(
            pl.Series(c.name, words(c), pl.String) if c.dtype == pl.Object else c for c in table
        )
        packed = io.BytesIO()
        storable.write_parquet(
            packed, compression=["zstd", "snappy", "uncompressed"][rng.integers(3)]
        )
        data = packed.getvalue()
        if rng.random() < 0.3:
            data, torn = torn_bytes(rng, data)
            told.append(f"{name} {torn}")
            kept = False
        (folder / f"{name}.parquet").write_bytes(data)
    return folder, f"parquet: {'; '.join(told)}", kept


def plain(rng, table, odd):
    return table


def as_pandas(rng, table, odd):
    """Columns of Python objects; an odd one with mixed objects, an index, or a name twice."""
    frame = pd.DataFrame({c.name: c.to_list() for c in table})
    kind = rng.integers(6) if odd else -1
    if kind == 0 and frame.shape[1]:
        column = frame.columns[rng.integers(frame.shape[1])]
        odd = [1, 2.5, b"\xff", None, float("nan"), pd.NaT, pd.NA, [1], {"a": 1}, pd.Timestamp(0)]
        values = frame[column].astype(object)
        for i in range(len(values)):
            if rng.random() < 0.3:
                values.iat[i] = odd[rng.integers(len(odd))]
        frame[column] = values
    elif kind == 1:
        frame.index = pd.MultiIndex.from_arrays([range(len(frame)), range(len(frame))])
    elif kind == 2 and frame.shape[1] > 1:
        frame.columns = [frame.columns[0], *frame.columns[:-1]]
    elif kind == 3:
        frame = frame.convert_dtypes()
    elif kind == 4:
        frame.columns = pd.Index([i if rng.random() < 0.1 else c for i, c in enumerate(frame)])
    elif kind == 5 and not any(c.dtype.is_nested() for c in table):
        frame = frame.astype("category")
    return frame


def as_arrow(rng, table, odd):
    made = table.to_arrow()
    kind = rng.integers(4) if odd else -1
    if kind == 0 and made.num_columns > 1:
        made = made.rename_columns([made.column_names[0], *made.column_names[:-1]])
    elif kind == 1 and made.num_rows > 1:
        made = pa.concat_tables([made.slice(0, 1), made.slice(1)])
    elif kind == 2:
        made = pa.table(
            [
                c.combine_chunks().dictionary_encode() if c.type == pa.large_string() else c
                for c in made
            ],
            names=made.column_names,
        )
    return made
