"""Lists that the shipped model makes of the shipped datasets, kept beside this file.

A change of any signal, weight or rule that these lists depend on shows here, and only what is meant
to change them may.
"""

from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner
from polars.testing import assert_frame_equal

from ecosystem_graph.cli import main

FOLDER = Path(__file__).parent
DIGITS = 6

#: Snapshot -> what is asked for, of the partners in it.
ASKED = {
    "channel-demo": ["channel-demo"],
    "channel-demo-reranked": [
        *("channel-demo", "--reciprocal", "--diverse", "--exposure-price", "0.5"),
        *("--max-competition", "0.3"),
    ],
    "channel-demo-requirement": ["channel-demo", "--deal", "d-5521"],
    "horizon2020": ["horizon2020"],
}


def lists(asked, partners, folder):
    """Ids and all numbers of the lists, the latter rounded."""
    chosen = [] if "--deal" in asked else [word for p in partners for word in ("--partner", p)]
    command = ["recommend", *asked, "--model", "default", *chosen, "--output", str(folder)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    rows = pl.read_parquet(folder / "recommendations.parquet")
    ids = [c for c in ("partner_id", "rank", "collaborator_id") if c in rows.columns]
    numbers = [name for name, kind in rows.schema.items() if kind == pl.Float64]
    return rows.select(*ids, *(pl.col(name).round(DIGITS) for name in numbers))


@pytest.mark.parametrize("name", ASKED)
def test_the_shipped_model_lists_whom_it_listed_before(name, tmp_path):
    kept, renewed = FOLDER / f"{name}.csv", tmp_path / f"{name}.csv"
    before = pl.read_csv(kept, schema_overrides={"partner_id": str, "collaborator_id": str})
    partners = before["partner_id"].unique(maintain_order=True)
    made = lists(ASKED[name], partners, tmp_path / "run")
    made.write_csv(renewed)
    try:
        # Machines may round the last digit differently.
        assert_frame_equal(made, before, check_dtypes=False, rel_tol=0, abs_tol=2 * 10**-DIGITS)
    except AssertionError as error:
        raise AssertionError(f"{error}\nIf this is meant: cp {renewed} {kept}") from None
