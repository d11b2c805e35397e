"""What tests of jobs share."""

from datetime import date
from multiprocessing import resource_tracker

import polars as pl
import pytest

from ecosystem_graph.tables import read_tables


@pytest.fixture(scope="module", autouse=True)
def no_process_stays():
    """Stop what dask leaves running: every later run would measure its memory."""
    yield
    resource_tracker._resource_tracker._stop()


@pytest.fixture(scope="session")
def met(taught):
    """Five circles of ten with introductions, and capacities of some; the pairs introduced."""
    pairs = [("d0", "d2"), ("d3", "d1"), ("e0", "e2"), ("e2", "e4"), ("e6", "e4")]
    status = ["introduced", "accepted", "declined", "lost", "proposed"]
    decided = [None, date(2024, 7, 1), date(2024, 7, 1), date(2020, 7, 1), None]
    ledger = pl.DataFrame(
        {
            "introduction_id": [f"i-{n}" for n in range(5)],
            "partner_id": [a for a, _ in pairs],
            "collaborator_id": [b for _, b in pairs],
            "introduced_on": [date(2020, 6, 1) if n == 3 else date(2024, 6, 1) for n in range(5)],
            "decided_on": decided,
            "status": status,
        }
    )
    frames = {name: taught[name] for name in taught.provided}
    few = pl.when(pl.col("partner_id").str.starts_with("e")).then(2)
    frames["partners"] = frames["partners"].with_columns(intro_capacity=few)
    return read_tables({**frames, "introductions": ledger}), {frozenset(p) for p in pairs}
