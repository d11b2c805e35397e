"""Lists as a workbook: recommendations, partners, and how to read them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter

from ecosystem_graph.errors import OutputError
from ecosystem_graph.exporting.columns import COLUMNS, ExportColumn
from ecosystem_graph.exporting.run_rows import RunRows

MOST_ROWS: Final = 1_048_575
"""Rows of a sheet below its header."""
_FORMATS: Final = {"percent": "0.0%", "whole": "#,##0", "number": "0.00"}
_BARS: Final = ("Joint win", "Gain", "Gain in return", "Uplift", "Competition", "Satisfaction")


def write_workbook(run: RunRows, path: Path) -> None:
    """Write a workbook; the same run gives the same bytes.

    Raises
    ------
    OutputError
        If the lists have more rows than a sheet holds.
    """
    if run.rows.height > MOST_ROWS:
        raise OutputError(
            f"{run.rows.height:,} rows are more than the {MOST_ROWS:,} of a sheet: choose some "
            "partners."
        )
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        made = datetime.fromisoformat(str(run.record["as_of"]))
        workbook.set_properties({"title": "Recommended collaborations", "created": made})
        columns = [one for one in COLUMNS if one.name in run.rows.columns]
        _write_sheet(workbook, "Recommendations", _titled(run.rows, columns), columns, frozen=3)
        _write_sheet(workbook, "Partners", *_partners(run.rows), frozen=1)
        _write_readme(workbook, run, columns)


def _titled(rows: pl.DataFrame, columns: list[ExportColumn]) -> pl.DataFrame:
    return rows.select(
        (pl.col(one.name).list.join("; ") if one.kind == "list" else pl.col(one.name)).alias(
            one.title
        )
        for one in columns
    )


def _partners(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[ExportColumn]]:
    """One row for each partner: how long its list is, and who is first."""
    own = [one for one in COLUMNS if one.name.startswith("partner_")]
    best = [one for one in COLUMNS if one.name == "probability" and one.name in rows.columns]
    first = rows.sort("partner_id", "rank").group_by("partner_id", maintain_order=True)
    frame = first.agg(
        *(pl.col(one.name).first() for one in own if one.name != "partner_id"),
        pl.len().alias("n"),
        pl.col("collaborator_name").first().alias("first"),
        *(pl.col(one.name).first() for one in best),
    )
    columns = [
        *own,
        ExportColumn("n", "Collaborators", "whole", 13, "Length of the list."),
        ExportColumn("first", "First collaborator", "text", 30, "Who is first in the list."),
        *best,
    ]
    return _titled(frame, columns), columns


def _write_sheet(
    workbook: Any, name: str, frame: pl.DataFrame, columns: list[ExportColumn], *, frozen: int
) -> None:
    bars: Mapping[Any, Any] = {
        title: {"type": "data_bar", "bar_solid": True} for title in _BARS if title in frame
    }
    frame.write_excel(
        workbook,
        name,
        column_formats={one.title: _FORMATS[one.kind] for one in columns if one.kind in _FORMATS},
        conditional_formats=bars,
        freeze_panes=(1, frozen),
        autofilter=True,
        header_format={"bold": True, "text_wrap": True, "valign": "top"},
    )
    sheet = workbook.get_worksheet_by_name(name)
    for place, one in enumerate(columns):
        sheet.set_column(place, place, one.width)


def _write_readme(workbook: Any, run: RunRows, columns: list[ExportColumn]) -> None:
    sheet = workbook.add_worksheet("Read me")
    bold = workbook.add_format({"bold": True})
    model = run.record.get("model", {})
    facts = {
        "Use": "Internal: not for partners or the public.",
        "Run": str(run.record["run_id"]),
        "As of": f"{run.record['as_of']}: only what was known before that day counts.",
        "Model": " ".join(str(model[key]) for key in ("name", "why") if model.get(key)),
        "Probabilities": str(model.get("probabilities") or "not given"),
        "Source": str(run.record.get("source", "")),
    }
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    lines = [*facts.items(), ("", ""), *((one.title, one.meaning) for one in columns)]
    for row, (title, text) in enumerate(lines):
        sheet.write_string(row, 0, title, bold)
        sheet.write_string(row, 1, text)
