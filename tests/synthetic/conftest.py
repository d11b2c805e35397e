"""One synthetic ecosystem that the tests of its parts look at."""

import polars as pl
import pytest

from ecosystem_graph.synthetic import synthetic
from ecosystem_graph.tables import read_tables


@pytest.fixture(scope="session")
def made():
    return synthetic(2000, seed=0)


@pytest.fixture(scope="session")
def tables(made):
    return read_tables(made.tables)


@pytest.fixture(scope="session")
def decided(made, tables):
    """Deals won or lost, with what decided them."""
    deals = tables["deals"].filter(pl.col("outcome").is_in(["won", "lost"]))
    return deals.join(made.truth["teams"], on="deal_id").with_columns(
        won=pl.col("outcome") == "won"
    )


@pytest.fixture(scope="session")
def joint_wins(tables):
    """Pairs of partners per won deal, each once."""
    won = tables["deals"].filter(pl.col("outcome") == "won")
    rows = tables["deal_partners"].join(won, on="deal_id", how="semi")
    pairs = rows.join(rows, on="deal_id", suffix="_2")
    return pairs.filter(pl.col("partner_id") < pl.col("partner_id_2"))
