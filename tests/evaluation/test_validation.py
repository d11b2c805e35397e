"""The figures a model is saved with."""

from datetime import date

import polars as pl
import pytest

from ecosystem_graph import EcosystemGraph, read_tables
from ecosystem_graph.evaluation import backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol
from ecosystem_graph.evaluation.validation import validate
from ecosystem_graph.recommending.fitted_model import DEFAULTS
from ecosystem_graph.recommending.fitting import fit_model
from ecosystem_graph.synthetic import synthetic

DAY = date(2025, 7, 1)


@pytest.fixture(scope="module")
def invented():
    return read_tables(synthetic(300, seed=0).tables)


@pytest.fixture(scope="module")
def validation(invented):
    return validate(invented, DAY)


@pytest.mark.slow
def test_it_is_the_back_test_of_the_year_before_and_knows_nothing_of_later_days(
    invented, validation
):
    figures = validation.figures
    names = ["popularity", "recent_popularity", "adamic_adar"]
    told = backtest(invented, BacktestProtocol(date(2024, 7, 1), horizon_days=365), baselines=names)
    assert figures["cutoff"] == "2024-07-01"
    assert figures["lists"] == told.n_sources
    assert figures["ratio"] == pytest.approx(told.ratio.estimate, abs=1e-4)
    assert figures["best_baseline"] == told.best_baseline
    lost = pl.lit("lost", invented["deals"].schema["outcome"])
    turned = pl.when(pl.col("closed_on") >= DAY).then(lost).otherwise("outcome")
    later = invented.replaced({"deals": invented["deals"].with_columns(outcome=turned)})
    assert not later["deals"].equals(invented["deals"])
    assert figures == validate(later, DAY).figures


@pytest.mark.slow
def test_learning_after_a_validation_gives_the_same_model_and_takes_its_graph_up(
    invented, validation, monkeypatch
):
    alone = fit_model(invented, DAY, DEFAULTS)
    days = []
    made = EcosystemGraph.from_tables.__func__
    monkeypatch.setattr(
        EcosystemGraph,
        "from_tables",
        classmethod(lambda cls, tables, day: days.append(day) or made(cls, tables, day)),
    )
    after = fit_model(invented, DAY, DEFAULTS, at_hand=[validation.finder])
    assert date(2024, 7, 1) not in days
    assert after.digest() == alone.digest()


def test_too_little_history_is_no_validation(make_tables):
    assert validate(make_tables(wins=["ann bob"]), date(2025, 1, 1)).figures is None
