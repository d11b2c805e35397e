"""Lists as CSV files that a CRM reads: Salesforce Data Loader, HubSpot import."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from ecosystem_graph.exporting.record_ids import record_ids
from ecosystem_graph.exporting.run_rows import RunRows
from ecosystem_graph.exporting.sentences import reason
from ecosystem_graph.tables import Tables

SALESFORCE: Final = {
    "external_id": "External_Id__c",
    "partner": "Partner__c",
    "collaborator": "Collaborator__c",
    "rank": "Rank__c",
    "probability": "Probability__c",
    "score": "Score__c",
    "reason": "Reason__c",
    "run_id": "Run_Id__c",
    "as_of": "As_Of__c",
    "active": "Active__c",
}
"""Fields of an object for recommendations, by what they hold."""
_LISTED: Final = 3
HUBSPOT: Final = {
    "record_id": "Record ID",
    **{f"partner_{n}": f"recommended_partner_{n}" for n in range(1, _LISTED + 1)},
    **{f"reason_{n}": f"recommendation_reason_{n}" for n in range(1, _LISTED + 1)},
    "run": "recommendation_run",
}
"""Properties of companies, by what they hold."""


def salesforce_file(
    run: RunRows, earlier: RunRows | None, tables: Tables, fields: Mapping[str, str]
) -> str:
    """CSV to upsert one record for each pair, by its external id.

    Parameters
    ----------
    run : RunRows
    earlier : RunRows or None
        Pairs of this run that are no longer listed are written as not active.
    tables : Tables
    fields : mapping of str to str
        As `SALESFORCE`; an empty name leaves a field out.
    """
    rows = run.rows
    gone = _gone(rows, earlier)
    ids = record_ids(_partners_of([rows, gone]), tables, "salesforce")
    facts = {"run_id": run.record["run_id"], "as_of": run.record["as_of"]}
    written = [
        _pair(row, ids)
        | {
            "rank": row["rank"],
            "probability": _number(row.get("probability")),
            "score": _number(row.get("score")),
            "reason": reason(row),
            "active": "true",
        }
        for row in rows.iter_rows(named=True)
    ]
    written += [_pair(row, ids) | {"active": "false"} for row in gone.iter_rows(named=True)]
    return _csv(fields, [one | facts for one in written])


def field_map(fields: Mapping[str, str]) -> str:
    """Field map (`.sdl`) of Data Loader: each column goes to the field of its name."""
    names = [name for name in fields.values() if name]
    return "# Mapping of recommendations, for internal use\n" + "".join(
        f"{name}={name}\n" for name in names
    )


def hubspot_file(run: RunRows, tables: Tables, fields: Mapping[str, str]) -> str:
    """CSV to update companies with the first three of their lists.

    Parameters
    ----------
    run : RunRows
    tables : Tables
    fields : mapping of str to str
        As `HUBSPOT`; an empty name leaves a property out.
    """
    rows = run.rows.filter(pl.col("rank") <= _LISTED)
    ids = record_ids(_partners_of([rows]), tables, "hubspot")
    companies = []
    for (partner,), part in rows.partition_by(
        "partner_id", as_dict=True, maintain_order=True
    ).items():
        values = {"record_id": ids[str(partner)], "run": f"Run {run.record['run_id']}"}
        for row in part.iter_rows(named=True):
            values[f"partner_{row['rank']}"] = ids[row["collaborator_id"]]
            values[f"reason_{row['rank']}"] = _introduced(row)
        companies.append(values)
    return _csv(fields, companies)


def _introduced(row: Mapping[str, Any]) -> str:
    name = row["collaborator_name"] or row["collaborator_id"]
    return reason({**row, "evidence": [f"with {name}", *(row.get("evidence") or [])]})


def _gone(rows: pl.DataFrame, earlier: RunRows | None) -> pl.DataFrame:
    """Pairs of an earlier run that are no longer listed."""
    pair = ["partner_id", "collaborator_id"]
    if earlier is None:
        return rows.select(pair).clear()
    gone = earlier.rows.select(pair).join(rows.select(pair), on=pair, how="anti")
    return gone.sort(pair)


def _partners_of(frames: Sequence[pl.DataFrame]) -> pl.Series:
    ids = [frame[column] for frame in frames for column in ("partner_id", "collaborator_id")]
    return pl.concat([one.alias("partner_id") for one in ids]).unique().sort()


def _pair(row: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    partner, collaborator = ids[row["partner_id"]], ids[row["collaborator_id"]]
    return {
        "external_id": f"{partner}-{collaborator}",
        "partner": partner,
        "collaborator": collaborator,
    }


def _number(value: float | None) -> str:
    """Number in six digits, positive ones without a sign; empty if it is not known."""
    return "" if value is None else f"{value:.6g}"


def _csv(fields: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    kept = {what: name for what, name in fields.items() if name}
    writer.writerow(kept.values())
    writer.writerows([row.get(what, "") for what in kept] for row in rows)
    return text.getvalue()
