"""Synthetic ecosystems are sound, repeatable, and kept apart from their truth."""

import hashlib
import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem_graph.synthetic import synthetic, write_synthetic
from ecosystem_graph.synthetic.assumptions import parameters as assumptions
from ecosystem_graph.synthetic.output.writing import PACKAGE
from ecosystem_graph.tables import TABLES, check_tables, read_tables
from ecosystem_graph.tables.packaging.descriptor import descriptor
from ecosystem_graph.tables.schema.columns import key_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("synthetic")
    write_synthetic(out, 300, seed=4)
    return out


def digests(folder):
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


@given(n=st.integers(2, 60), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=12)
def test_nothing_is_wrong_with_any_ecosystem_however_small(n, seed):
    made = synthetic(n, seed)
    report = check_tables(made.tables)
    assert report.problems == ()
    assert report.notes == ()
    assert made.tables["partners"].height == n


def test_every_table_has_every_column_in_its_type(folder):
    tables = read_tables(folder)
    assert set(tables.provided) == set(TABLES) - {"aliases"}
    assert tables.notes == ()
    for name in tables.provided:
        schema = TABLES[name]
        assert pl.read_parquet_schema(folder / f"{name}.parquet").names() == schema.column_names()
        assert tables[name].height > 0


def test_rows_are_in_order_and_no_part_of_a_key_is_empty(folder):
    for name, frame in read_tables(folder).items():
        key = key_of(TABLES[name])
        assert frame.select(key).null_count().sum_horizontal().item() == 0
        assert frame[key[0]].is_sorted()


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(folder, tmp_path):
    write_synthetic(tmp_path / "again", 300, seed=4)
    write_synthetic(tmp_path / "other", 300, seed=5)
    again, other = digests(tmp_path / "again"), digests(tmp_path / "other")
    assert again == digests(folder)
    same = {name for name, digest in again.items() if other[name] == digest}
    assert same == {"capabilities.parquet"}  # the taxonomy goes by the number of partners alone


def test_in_memory_and_in_files_it_is_the_same(folder):
    made = synthetic(300, 4)
    tables = read_tables(folder)
    for name, frame in read_tables(made.tables).items():
        assert frame.equals(tables[name])
    for name, frame in made.truth.items():
        assert frame.equals(pl.read_parquet(folder / "truth" / f"{name}.parquet"))
    assert json.loads((folder / "truth" / "models.json").read_text()) == made.models


def test_the_data_package_is_what_reading_all_tables_would_give(folder):
    package = json.loads((folder / "datapackage.json").read_text())
    expected = descriptor(folder, name="synthetic-300-4", as_of=assumptions.AS_OF, **PACKAGE)
    assert package == json.loads(json.dumps(expected))
    assert read_tables(folder).as_of == assumptions.AS_OF


def test_nothing_happens_on_the_day_it_is_seen_from_or_later(folder):
    tables, as_of = read_tables(folder), assumptions.AS_OF
    for name, column in (
        ("partners", "joined_on"),
        ("partner_capabilities", "valid_from"),
        ("deals", "opened_on"),
        ("deals", "closed_on"),
        ("csat", "responded_on"),
        ("introductions", "introduced_on"),
        ("introductions", "decided_on"),
    ):
        assert tables[name][column].max() < as_of


def test_partners_work_only_after_they_joined_and_customers_answer_only_after_the_deal(folder):
    tables = read_tables(folder)
    rows = tables["deal_partners"].join(tables["deals"], on="deal_id")
    assert (
        rows.join(tables["partners"], on="partner_id")
        .filter(pl.col("joined_on") > pl.col("opened_on"))
        .is_empty()
    )
    answers = tables["csat"].join(tables["deals"], on="deal_id", suffix="_of_deal")
    assert answers.height == tables["csat"].height
    assert (answers["responded_on"] > answers["closed_on"]).all()
    assert (answers["outcome"] == "won").all()
    assert (answers["customer_id"] == answers["customer_id_of_deal"]).all()


def test_every_deal_has_one_lead_and_requirements_whose_weights_sum_to_one(folder):
    tables = read_tables(folder)
    leads = tables["deal_partners"].filter(pl.col("role") == "lead")
    assert sorted(leads["deal_id"]) == tables["deals"]["deal_id"].to_list()
    weights = tables["deal_requirements"].group_by("deal_id").agg(pl.col("weight").sum())
    np.testing.assert_allclose(weights["weight"], 1.0, atol=0.005)
    assert weights.height == tables["deals"].height


@pytest.mark.parametrize("n", [1, 0, -3])
def test_fewer_than_two_partners_are_no_ecosystem(n):
    with pytest.raises(ValueError, match=f"n_partners must be 2 or more. Got {n}"):
        synthetic(n)


@pytest.mark.slow
def test_a_large_ecosystem_is_sound(tmp_path):
    write_synthetic(tmp_path, 20_000, seed=1)
    assert check_tables(tmp_path).problems == ()
    rows = read_tables(tmp_path)["deal_partners"].height
    assert rows == pytest.approx(200_000, rel=0.1)
