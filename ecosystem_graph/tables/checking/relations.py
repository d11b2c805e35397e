"""Checks between rows: unique keys, references that exist, one exclusivity at a time."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

import numpy as np
import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.checking.event_dates import implausible_dates
from ecosystem_graph.tables.checking.unmatched import Mismatch, why_unmatched
from ecosystem_graph.tables.cleaning.identities import former_ids
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.messages.notes import quoted
from ecosystem_graph.tables.opening.raw_table import ROW
from ecosystem_graph.tables.schema.columns import Reference, key_of, references
from ecosystem_graph.tables.schema.definitions import TABLES
from ecosystem_graph.tables.schema.vocabulary import LATEST


def related_problems(
    tables: Mapping[str, TypedTable], before: Mapping[str, TypedTable] | None = None
) -> list[Problem]:
    """Rows that contradict other rows, of their own table or of another one.

    Parameters
    ----------
    tables : mapping of str to TypedTable
        The tables given.
    before : mapping of str to TypedTable, optional
        The tables before rows were set aside, so that references to those are named.
    """
    whole = before is None
    before = tables if before is None else before
    problems = []
    others = _unclear_ids(tables)
    for table in tables.values():
        problems += repeated_keys(table)
        for reference in references(TABLES[table.name]):
            if reference.table in tables and not (whole and reference.column in table.found):
                target = tables[reference.table]
                unclear = others if reference.table == "partners" else {}
                problems += dangling(table, reference, target, before[reference.table], unclear)
            if reference.table == table.name:
                problems += cycles(table, reference)
    problems += implausible_dates(tables)
    if "restrictions" in tables:
        problems += rival_exclusivities(tables["restrictions"])
    return problems


def repeated_keys(table: TypedTable) -> list[Problem]:
    """Rows whose key an earlier row has; an empty part of a key is a value like any other."""
    if table.distinct:
        return []
    key = key_of(TABLES[table.name])
    complete = [name for name in key if not TABLES[table.name].columns()[name].nullable]
    keyed = table.frame.select(*key, ROW).drop_nulls(complete)
    # Rows with different hashes differ; the others, which may collide, are compared.
    if keyed.select(key).hash_rows().n_unique() == keyed.height:
        return []
    firsts = pl.col(ROW).min().over(key)
    repeated = keyed.with_columns(firsts.alias("__first__")).filter(
        pl.col(ROW) != pl.col("__first__")
    )
    problems = []
    for *values, row, first in repeated.iter_rows():
        shown_key = ", ".join(
            f"{name} {'empty' if value is None else quoted(value)}"
            for name, value in zip(key, values, strict=True)
        )
        message = f"duplicate key: {shown_key} is already in row {first}."
        problems.append(table.problem(row, key[0], values[0], message, kind="duplicate key"))
    return problems


def _unclear_ids(tables: Mapping[str, TypedTable]) -> dict[str, Mismatch]:
    """Other ids of partners that lead to several of them, or to none."""
    unclear = {}
    for value, partners in former_ids(tables).items():
        named, file = " and of ".join(map(quoted, partners[:3])), tables["aliases"].file
        if not partners:
            message = f"is another id in {file} that leads in a circle: name a partner there."
            unclear[value] = Mismatch("other ids in a circle", message)
        elif len(partners) > 1:
            message = f"is another id of {named} in {file}: name it with one of them only."
            unclear[value] = Mismatch("another id of several partners", message)
        else:
            message = f"is another id of {named} in {file}, which is in no row of partners."
            unclear[value] = Mismatch("another id of a partner that is not there", message)
    return unclear


def dangling(
    table: TypedTable,
    reference: Reference,
    target: TypedTable,
    before: TypedTable,
    unclear: Mapping[str, Mismatch] = MappingProxyType({}),
) -> list[Problem]:
    """Rows that refer to something that is not in the target, or was set aside there."""
    known = target.frame.select(pl.col(reference.key).alias("__known__"))
    if target.truncated or _has_no_keys(known["__known__"], target):
        return []  # reported once for the table, not once per row
    given = table.frame.select(reference.column, ROW).drop_nulls(reference.column)
    lost = given.join(known, left_on=reference.column, right_on="__known__", how="anti")
    if lost.is_empty():
        return []
    aside = set(before.frame[reference.key]) - set(known["__known__"])
    unknown = lost[reference.column].filter(
        ~lost[reference.column].is_in([*aside, *target.unreadable])
    )
    why = why_unmatched(unknown, target.frame, reference.key, target.file)
    problems = []
    for value, row in lost.iter_rows():
        what = f"{reference.column} {quoted(value)}"
        if value in aside:
            problem = table.problem(
                row, reference.column, value, f"{what} was set aside.", kind="was set aside"
            )
        elif unread := target.unreadable.get(value):
            message = f"{what} stands in row {unread} of {target.file}, which cannot be read."
            kind = "refers to a row that cannot be read"
            problem = table.problem(row, reference.column, value, message, kind=kind)
            problem = replace(problem, follows_from=(target.file, unread))
        else:
            found = unclear.get(value) or why[value]
            message = f"{what} {found.message}"
            problem = table.problem(row, reference.column, value, message, kind=found.kind)
        problems.append(problem)
    return problems


def _has_no_keys(known: pl.Series, target: TypedTable) -> bool:
    """Whether a target has no key at all, or is a table of partners without rows."""
    if known.is_empty():
        return target.name == "partners" and not target.unreadable_rows
    return known.null_count() == len(known)


def cycles(table: TypedTable, reference: Reference) -> list[Problem]:
    """One problem per cycle of parents, at its first row."""
    children = table.frame.drop_nulls([reference.key, reference.column])
    frame = children.unique(reference.key, keep="first", maintain_order=True)
    ids = frame[reference.key].to_list()
    position = {identifier: index for index, identifier in enumerate(ids)}
    parents = np.array([position.get(parent, -1) for parent in frame[reference.column]], dtype=int)
    problems = []
    seen: set[int] = set()
    for start in _positions_on_cycles(parents):
        if start in seen:
            continue
        circle = [start]
        while (parent := int(parents[circle[-1]])) != start:
            circle.append(parent)
        seen.update(circle)
        chain = " -> ".join(ids[index] for index in [*circle, start][:6])
        message = f"{reference.column} {quoted(ids[circle[1 % len(circle)]])} leads in a circle: "
        message += f"{chain}{' ...' if len(circle) > 5 else ''}. Cut it where it is wrong."
        problems.append(
            table.problem(
                frame[ROW][start],
                reference.column,
                ids[parents[start]],
                message,
                kind="leads in a circle",
            )
        )
    return problems


def _positions_on_cycles(parents: np.ndarray) -> list[int]:
    """Positions on a cycle, sorted: there, doubling the step up the chain never runs out."""
    ancestors = parents.copy()
    for _ in range(len(parents).bit_length()):
        ancestors = np.where(ancestors >= 0, ancestors[ancestors], -1)
    return sorted(set(ancestors[ancestors >= 0].tolist()))


def rival_exclusivities(table: TypedTable) -> list[Problem]:
    """Rows that make a partner exclusive to one collaborator while another exclusivity is valid."""
    exclusive = (
        table.frame.filter(pl.col("kind") == "exclusive")
        .drop_nulls(["partner_id", "collaborator_id"])
        .filter(pl.col("collaborator_id").n_unique().over("partner_id") > 1)
        .with_columns(pl.col("valid_to").fill_null(LATEST))
        .sort("partner_id", "valid_from", ROW, nulls_last=False)
        .select("partner_id", "collaborator_id", "valid_from", "valid_to", ROW)
    )
    problems = []
    for partner_id, bonds in groupby(exclusive.iter_rows(), key=lambda bond: bond[0]):
        standing: dict[str, tuple[object, int]] = {}
        for _, collaborator_id, valid_from, valid_to, row in bonds:
            for other, (last_day, other_row) in standing.items():
                if other != collaborator_id and (valid_from is None or valid_from <= last_day):
                    message = (
                        f"'{partner_id}' is exclusive to {quoted(collaborator_id)} while it is "
                        f"exclusive to {quoted(other)} (row {other_row}): end one before the other."
                    )
                    kind = "two exclusivities at once"
                    problems.append(
                        table.problem(row, "collaborator_id", collaborator_id, message, kind=kind)
                    )
                    break
            if collaborator_id not in standing or standing[collaborator_id][0] < valid_to:
                standing[collaborator_id] = (valid_to, row)
    return problems
