"""Canonical ids of partners, deals and capabilities, across spellings and merged records."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

import polars as pl

from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import Note, quoted
from ecosystem_graph.tables.opening.raw_table import ROW
from ecosystem_graph.tables.schema.columns import Reference, key_of, references
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.vocabulary import DISTINCT
from ecosystem_graph.tables.values.salesforce_ids import full_salesforce_ids

_CHANGED: Final = "__changed__"
_WHOLE: Final = r"^(\d+)\.0+$"


def with_canonical_ids(
    tables: Mapping[str, TypedTable],
) -> tuple[dict[str, TypedTable], list[Note]]:
    """Tables whose references use the ids of the tables they refer to.

    Three kinds of other ids are replaced, each with a note: the 15- or 18-character form of a
    Salesforce id, numbers that became `101.0`, and the values of the table `aliases`.

    Parameters
    ----------
    tables : mapping of str to TypedTable
        In the declared types.

    Returns
    -------
    dict of str to TypedTable, list of Note
        Rows that became equal because two ids are of one partner are kept once.
    """
    read = _with_found_references(tables)
    notes: list[Note] = []
    for target in tables:
        for other_form, kind in (
            (_plain_numbers, "a number"),
            (_salesforce_ids, "a Salesforce id"),
        ):
            for name, reference, ids in _referring(read, target):
                forms = other_form(ids, read[target].frame[reference.key])
                reason = f"is written as another form of {kind}"
                notes += _renamed(read, name, reference.column, forms, reason)
    merged = former_ids(read)
    for name, reference, ids in _referring(read, "partners"):
        partners = set(read["partners"].frame["partner_id"])
        now = {
            id_: merged[id_][0]
            for id_ in ids
            if len(merged.get(id_, ())) == 1 and merged[id_][0] in partners
        }
        reason = f"names a partner by another id, listed in {read['aliases'].file}" if now else ""
        notes += _renamed(read, name, reference.column, now, reason)
    for name, table in read.items():
        if _CHANGED in table.frame.columns:
            read[name], found = _merged_rows(table)
            notes += found
    return read, notes


def former_ids(tables: Mapping[str, TypedTable]) -> dict[str, list[str]]:
    """Partners that each value of `aliases` means; more than one where systems disagree.

    A value that is itself the id of a partner is left out.

    Examples
    --------
    >>> partners = pl.DataFrame({"partner_id": ["p-1", "p-2"]})
    >>> rows = {
    ...     "system": ["crm"] * 3,
    ...     "value": ["x", "y", "p-2"],
    ...     "partner_id": ["p-1", "x", "p-1"],
    ... }
    >>> former_ids(
    ...     {
    ...         "partners": TypedTable("partners", "partners", partners),
    ...         "aliases": TypedTable("aliases", "aliases", pl.DataFrame(rows)),
    ...     }
    ... )
    {'x': ['p-1'], 'y': ['p-1']}
    """
    if not {"partners", "aliases"} <= set(tables):
        return {}
    known = set(tables["partners"].frame["partner_id"])
    pairs = other_ids(tables["aliases"].frame)
    direct: dict[str, list[str]] = {}
    for value, partner in pairs.iter_rows():
        if value not in known:
            direct.setdefault(value, []).append(partner)
    return {value: _last_of(value, direct) for value in direct}


def other_ids(aliases: pl.DataFrame) -> pl.DataFrame:
    """Each value of `aliases` that is another id of a partner, with that partner's id, once."""
    same = aliases.filter(pl.col("system").str.to_lowercase() != DISTINCT)
    return same.select("value", "partner_id").drop_nulls().unique(maintain_order=True)


def _last_of(value: str, direct: Mapping[str, list[str]]) -> list[str]:
    """Ends of the chains of merged records that begin with a value."""
    ends: dict[str, None] = {}
    seen, waiting = {value}, [value]
    while waiting:
        for partner in direct[waiting.pop()]:
            if partner not in direct:
                ends[partner] = None
            elif partner not in seen:
                seen.add(partner)
                waiting.append(partner)
    return list(ends)


def _referring(
    tables: Mapping[str, TypedTable], target: str
) -> Iterator[tuple[str, Reference, pl.Series]]:
    """Columns that refer to a table, with the distinct values that are not in it."""
    if target not in tables:
        return
    for name in list(tables):
        for reference in references(TABLES[name]):
            if reference.table == target and reference.column not in tables[name].found:
                lost = _lost(tables, name, reference)
                if len(lost):
                    yield name, reference, lost


def _with_found_references(tables: Mapping[str, TypedTable]) -> dict[str, TypedTable]:
    """Tables with `found`: the columns whose references all exist, as most do."""
    return {
        name: replace(
            table,
            found=frozenset(
                reference.column
                for reference in references(TABLES[name])
                if reference.table in tables and _lost(tables, name, reference).is_empty()
            ),
        )
        for name, table in tables.items()
    }


def _lost(tables: Mapping[str, TypedTable], name: str, reference: Reference) -> pl.Series:
    """Distinct values of a column that are not in the table it refers to."""
    column = reference.column
    known = tables[reference.table].frame.select(pl.col(reference.key).alias(column))
    given = tables[name].frame.select(column).drop_nulls()
    lost = given.join(known, on=column, how="anti", maintain_order="left")
    return lost[column].unique(maintain_order=True)


def _plain_numbers(lost: pl.Series, known: pl.Series) -> dict[str, str]:
    """`101` for `101.0` or the other way round, where all ids of one side are written so."""
    if lost.str.contains(_WHOLE).all():
        ids, bare = set(known), lost.str.replace(_WHOLE, "$1")
        return {id_: plain for id_, plain in zip(lost, bare, strict=True) if plain in ids}
    if known.str.contains(_WHOLE).all():
        by_bare = dict(zip(known.str.replace(_WHOLE, "$1"), known, strict=True))
        return {id_: by_bare[id_] for id_ in lost if id_ in by_bare}
    return {}


def _salesforce_ids(lost: pl.Series, known: pl.Series) -> dict[str, str]:
    """Known form of each Salesforce id that is given in the other form."""
    given = pl.DataFrame({"given": lost, "full": full_salesforce_ids(lost)}).drop_nulls()
    if given.is_empty():
        return {}
    ids = known.drop_nulls().unique()
    forms = pl.DataFrame({"known": ids, "full": full_salesforce_ids(ids)})
    one = forms.filter(pl.len().over("full") == 1)
    found = given.join(one, on="full", maintain_order="left").filter(
        pl.col("known") != pl.col("given")
    )
    return dict(found.select("given", "known").iter_rows())


def _renamed(
    tables: dict[str, TypedTable], name: str, column: str, forms: Mapping[str, str], reason: str
) -> list[Note]:
    """Replace ids in a column; note how many."""
    if not forms:
        return []
    table = tables[name]
    changed = pl.col(column).is_in(list(forms))
    before = pl.col(_CHANGED) if _CHANGED in table.frame.columns else pl.lit(False)
    count = table.frame.filter(changed).height
    frame = table.frame.with_columns(
        pl.col(column).replace(dict(forms)), (before | changed.fill_null(False)).alias(_CHANGED)
    )
    tables[name] = replace(table, frame=frame, distinct=False)
    first, now = next(iter(forms.items()))
    message = f"{column} {reason}: read {quoted(first)} as {quoted(now)} and so on (rows: {count})"
    return [Note(name, table.file, column, message)]


def _merged_rows(table: TypedTable) -> tuple[TypedTable, list[Note]]:
    """Table without rows that equal another, or pair a partner with itself, after renaming ids."""
    frame, height = table.frame, table.frame.height
    schema = TABLES[table.name]
    itself = pl.lit(False)
    if {"partner_id", "collaborator_id"} <= set(frame.columns):
        itself = pl.col("partner_id") == pl.col("collaborator_id")
    if table.name == "partners":
        own = pl.col("parent_id") == pl.col("partner_id")
        frame = frame.with_columns(pl.when(~(own & pl.col(_CHANGED))).then("parent_id"))
    frame = frame.filter(~(itself & pl.col(_CHANGED)).fill_null(False))
    key = key_of(schema)
    first = frame.sort(_CHANGED, ROW).unique(key, keep="first", maintain_order=True)[ROW]
    frame = frame.filter(~pl.col(_CHANGED) | pl.col(ROW).is_in(first.implode()))
    gone = height - frame.height
    message = f"rows that are equal once other ids are replaced are read once (rows: {gone})"
    notes = [Note(table.name, table.file, None, message)] if gone else []
    return replace(table, frame=frame.drop(_CHANGED)), notes
