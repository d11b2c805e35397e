import json

import polars as pl
import pytest

from ecosystem_graph.tables import read_tables

SHORT = "001x0000002xLCV", "001x0000002xLCa"
FULL = "001x0000002xLCVAA2", "001x0000002xLCaAAM"


@pytest.fixture
def tables():
    """Three partners; two have ids of Salesforce, all have one of HubSpot."""
    return read_tables(
        {
            "partners": pl.DataFrame(
                {
                    "partner_id": ["p-1", SHORT[0], "p-3"],
                    "name": ["=Alder*", "Birch", "Core"],
                    "country": ["GB", "DE", None],
                    "tier": ["Gold", None, "Silver"],
                }
            ),
            "capabilities": pl.DataFrame({"capability_id": ["c-1"], "name": ["Backup"]}),
            "partner_capabilities": pl.DataFrame({"partner_id": ["p-1"], "capability_id": ["c-1"]}),
            "aliases": pl.DataFrame(
                {
                    "system": ["Salesforce", "salesforce", "hubspot", "hubspot", "hubspot"],
                    "value": [SHORT[1], "x", "11", "12", "13"],
                    "partner_id": ["p-1", "p-3", "p-1", SHORT[0], "p-3"],
                }
            ),
        }
    )


@pytest.fixture
def run(tmp_path):
    """Write a run of some pairs, with ranks in the order given."""

    def run(*pairs, name="run", kind="parquet", without=()):
        folder = tmp_path / name
        folder.mkdir()
        ranks, rows = {}, []
        for partner, collaborator in pairs:
            ranks[partner] = ranks.get(partner, 0) + 1
            rows.append(row(partner, collaborator, ranks[partner]))
        frame = pl.DataFrame(rows).drop(without)
        path = folder / f"recommendations.{kind}"
        if kind == "csv":
            lists = [name for name, kind in frame.schema.items() if kind == pl.List]
            texts = pl.col(lists).cast(pl.List(pl.String)).list.join(";")
            frame.with_columns(texts).write_csv(path)
        elif kind == "jsonl":
            frame.write_ndjson(path)
        else:
            frame.write_parquet(path)
        record = {
            "run_id": name, "schema": 1, "as_of": "2026-01-01", "source": "acme",
            "model": {"name": "fitted", "why": "learnt", "probabilities": "calibrated"},
        }  # fmt: skip
        (folder / "run.json").write_text(json.dumps(record))
        return folder

    return run


def row(partner, collaborator, rank):
    return {
        "partner_id": partner,
        "rank": rank,
        "collaborator_id": collaborator,
        "partner_name": "an older name",
        "score": -1.5 / rank,
        "probability": 0.25 / rank,
        "gain": 0.125,
        "gaps_filled": ["c-1", "c-9"],
        "brings": ["c-1"],
        "contested": [],
        "evidence": ["5 deals won", "satisfaction 81 %"],
        "flags": ["no_answers_yet"],
    }
