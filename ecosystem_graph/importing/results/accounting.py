"""The account of an import: what became of every row, and where each row written is from."""

import numpy as np
import polars as pl

from ecosystem_graph.importing.assembling.all_tables import MadeTables
from ecosystem_graph.importing.inputs.loaded import LoadedInput, location
from ecosystem_graph.importing.inputs.loading import Loaded
from ecosystem_graph.importing.results.account import InputAccount, RuleAccount
from ecosystem_graph.importing.results.checking import CheckedRows
from ecosystem_graph.tables.messages.wording import counted

_EQUAL = "equal to another row once ids are unified"


def input_accounts(loaded: Loaded) -> list[InputAccount]:
    """How each input was read, and which of its columns."""
    accounts = []
    for one in loaded.found:
        given = loaded.inputs.get(one.input or "")
        raw = one.head
        if given is not None:
            raw = next(raw for raw in given.raws if location(raw) == location(one.head))
        read = tuple(raw.frame.columns) if given is not None else ()
        layout = raw.layout
        accounts.append(
            InputAccount(
                one.input,
                raw.file,
                raw.sheet,
                layout.digest,
                layout.encoding,
                layout.delimiter,
                layout.header,
                len(raw.rows),
                layout.left_out,
                read,
                tuple(name for name in layout.headers if name not in read),
            )
        )
    return accounts


def rule_accounts(made: MadeTables, result: CheckedRows) -> list[RuleAccount]:
    """Rows that each rule read, wrote, and left out by reason."""
    accounts = []
    for table, rows in made.tables.items():
        sources = result.sources[table]
        for number, one in enumerate(rows.made):
            if one.earlier:
                continue
            mine = sources.filter(pl.col("rule") == number)["row"]
            written = one.written(mine)
            accounts.append(
                RuleAccount(
                    table,
                    one.rule.name,
                    one.given.name,
                    one.given.height,
                    int(written.sum()),
                    len(mine),
                    one.left_out.counts(written, _EQUAL),
                )
            )
    return accounts


def reading_notes(loaded: Loaded) -> list[str]:
    """Notes on how files were read: an assumed encoding, cells under merges, hidden rows."""
    notes: dict[str, None] = {}
    for given in loaded.inputs.values():
        for raw in given.raws:
            where = location(raw)
            for question in raw.layout.questions:
                note = f"{where} {question.text} If that is wrong, name it: {question.answer}"
                notes[note] = None
            notes |= {f"{where}: {note}": None for note in raw.layout.notes}
    return list(notes)


def one_sided_notes(made: MadeTables) -> list[str]:
    """Notes on inputs that name one partner on all deals, or never two on one."""
    notes = []
    seats = made.tables.get("deal_partners")
    if seats is None or not {"deal_id", "partner_id"} <= set(seats.frame.columns):
        return []
    if seats.frame["partner_id"].n_unique() != 1:
        return []
    n_deals = seats.frame["deal_id"].n_unique()
    if n_deals > 1:
        file = seats.made[0].given.file
        notes.append(
            f"{file} names one partner on all {counted(n_deals, 'deal')}: nothing in it can show a "
            "joint win."
        )
    return notes


def provenance(made: MadeTables, result: CheckedRows) -> pl.DataFrame:
    """Table and key of each row written, and the rule, input, file, sheet and row it is from."""
    parts = [
        _provenance_of(table, number, one.rule.name, one.given, result.sources[table])
        for table, rows in made.tables.items()
        for number, one in enumerate(rows.made)
    ]
    return pl.concat(parts).sort("table", "key", maintain_order=True)


def _provenance_of(
    table: str, number: int, rule: str, given: LoadedInput, sources: pl.DataFrame
) -> pl.DataFrame:
    mine = sources.filter(pl.col("rule") == number)
    rows = mine["row"].to_numpy()
    part = given.part[rows]
    files = pl.Series("file", [raw.file for raw in given.raws], dtype=pl.String)
    sheets = pl.Series("sheet", [raw.sheet for raw in given.raws], dtype=pl.String)
    word = {"table": table, "rule": rule, "input": given.name}
    return mine.select(
        pl.lit(word["table"]).alias("table"),
        "key",
        pl.lit(word["rule"]).alias("rule"),
        pl.lit(word["input"]).alias("input"),
        files.gather(part.astype(np.uint32)),
        sheets.gather(part.astype(np.uint32)),
        pl.Series("row", given.rows[rows], dtype=pl.Int64),
    )
