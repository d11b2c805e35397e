"""Precision and recall of matching names, on a file of spellings with the company each means.

A partner of each company is known by its most frequent spelling; every row is matched by name. Run
as `python tests/benchmarks/matching.py FILE`, with FILE a CSV with columns true_company and name.
"""

import argparse
import time
from pathlib import Path

import polars as pl

from ecosystem_graph.importing.identity.directory import PartnerDirectory

WAYS = ["name"]


def most_frequent_spelling(rows: pl.DataFrame) -> pl.DataFrame:
    """Partner of each company, under the spelling of most rows, the first of equals."""
    counts = rows.group_by("true_company", "name", maintain_order=True).len()
    best = counts.sort("len", descending=True, maintain_order=True)
    partners = best.unique("true_company", keep="first", maintain_order=True)
    nowhere = pl.lit(None, pl.String).alias("country")
    return partners.select(pl.col("true_company").alias("partner_id"), "name", nowhere)


def figures(rows: pl.DataFrame, partners: pl.DataFrame) -> dict[str, float]:
    """Shares of rows that were matched, matched rightly, and matched or proposed rightly."""
    directory = PartnerDirectory(partners)
    found = directory.match(rows.select("name"), WAYS)["partner_id"]
    open_values = rows.filter(found.is_null())["name"]
    proposed = directory.proposals(open_values, WAYS)
    right = rows.join(
        proposed, left_on=["name", "true_company"], right_on=["value", "candidate_id"], how="semi"
    )
    n_right = int((found == rows["true_company"]).sum())
    n_found = found.count()
    among = rows.with_columns(found=found).filter(pl.col("found").is_null())
    n_proposed = among.join(right.unique(), on=["name", "true_company"], how="semi").height
    return {
        "rows": rows.height,
        "partners": partners.height,
        "found": n_right / rows.height,
        "precision": n_right / n_found if n_found else 1.0,
        "found or proposed": (n_right + n_proposed) / rows.height,
        "proposals per open value": proposed.height / max(open_values.n_unique(), 1),
    }


def main() -> None:
    """Print the figures for all rows, and for those not spelt as the partner itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--more", type=Path, help="CSV with column name: partners to be among.")
    options = parser.parse_args()
    rows = pl.read_csv(options.file, infer_schema=False).select("true_company", "name")
    partners = most_frequent_spelling(rows)
    spelt_otherwise = rows.join(
        partners, left_on=["true_company", "name"], right_on=["partner_id", "name"], how="anti"
    )
    if options.more:
        others = pl.read_csv(options.more, infer_schema=False)["name"].drop_nulls()
        ids = "other-" + pl.int_range(len(others), eager=True).cast(pl.String)
        more = pl.DataFrame({"partner_id": ids, "name": others}).with_columns(
            country=pl.lit(None, pl.String)
        )
        partners = partners.vstack(more)
    for title, some in (
        ("all rows", rows),
        ("rows not spelt as the partner", spelt_otherwise),
        ("each spelling once", rows.unique(maintain_order=True)),
    ):
        start = time.perf_counter()
        found = figures(some, partners)
        seconds = time.perf_counter() - start
        print(f"{title} ({seconds:.1f} s)")
        for name, value in found.items():
            print(f"  {name:<26}{value:,.3f}" if value % 1 else f"  {name:<26}{value:,.0f}")


if __name__ == "__main__":
    main()
