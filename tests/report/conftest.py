from datetime import date

import numpy as np
import pytest

from ecosystem_graph.evaluation import Backtest
from ecosystem_graph.evaluation.baselines.methods import BASELINES
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.evaluation.method_result import MethodResult
from ecosystem_graph.evaluation.metrics import METRICS
from ecosystem_graph.evaluation.reliability import reliability
from ecosystem_graph.jobs import run
from ecosystem_graph.ranking import Contribution, Explanation
from ecosystem_graph.ranking.explanation.explanation import SharedDeal
from ecosystem_graph.recommending import Request
from ecosystem_graph.signals import SIGNALS

LONG = "Société anonyme de conseil en systèmes d'information et de télécommunications " * 2


@pytest.fixture(scope="session")
def asked(make_tables):
    """Run of the model that ships on a small ecosystem."""

    def asked(ask=(), **rows):
        tables = make_tables(**rows)
        how = {"model": "default", **dict(ask)}
        own = {name: how.pop(name) for name in ("model", "output") if name in how}
        return run(tables, Request.of(**how), as_of=date(2025, 1, 1), **own)

    return asked


@pytest.fixture(scope="session")
def wordy(asked):
    """Run in which every name and every list is long."""
    capabilities = {f"cap-{n}": {"name": f"Capability of a certain length {n}"} for n in range(12)}
    names = ["ann", "bob", "cy", "dan", "eve", "fay"]
    return asked(
        wins=["ann bob", "bob cy", "cy dan", "dan eve", "eve fay"],
        partners={name: {"name": f"{LONG}{name}"} for name in names},
        capabilities=capabilities,
        deal_requirements={f"d-{n}": " ".join(capabilities) for n in range(1, 6)},
        partner_capabilities={"cy": " ".join(capabilities)},
    )


@pytest.fixture
def explanation():
    """The widest there can be: every signal, with a value that takes room."""
    parts = tuple(
        Contribution(name, signal.description, value, signal.unit, -12.3456)
        for name, signal in SIGNALS.items()
        for value in (0.0000123456, 0.123456, 41_234.56 if ">= 0" in signal.unit else 1.0)
    )
    return Explanation(
        partner_id="ann",
        partner_name=f"{LONG}ann",
        collaborator_id="cy",
        collaborator_name=f"{LONG}cy",
        score=-1.25,
        intercept=-4.0,
        contributions=parts,
        may_be_proposed=False,
        shared_deals=(SharedDeal("d-1", date(2024, 6, 1), 3),),
        shared_collaborators=(LONG, LONG),
        gaps_filled=(),
        brings=tuple(f"Capability of a certain length {n}" for n in range(10)),
    )


@pytest.fixture
def backtest_of():
    """A back-test whose baselines never hit."""

    def backtest_of(k=10, of_pairs=None, **others):
        interval = Interval(0.123, 0.045, 0.678)
        metrics = dict.fromkeys(METRICS, interval)
        outcome = MethodResult(
            metrics,
            metrics,
            without=metrics,
            coverage=0.5,
            gini=0.9,
            max_load=1500,
            seconds=123.4,
            **{"gain": 0.25, "competition": None, **(of_pairs or {})},
        )
        setting = {
            "cutoff": date(2019, 1, 1),
            "until": date(2020, 1, 1),
            "k": k,
            "n_partners": 1_000_000,
            "n_sources": 100_000,
            "n_cold": 1_000,
            "n_without": 12,
            "n_true": 12.5,
            "results": dict.fromkeys(["model", *BASELINES], outcome),
            "best_baseline": "personalized_pagerank",
            "ratio": Interval(float("inf"), 0.5, float("inf")),
            "candidate_recall": 0.75,
            "n_candidates": 400.0,
            "reliability": reliability(np.linspace(0.001, 0.5, 15_000), np.arange(15_000) % 9 == 0),
        }
        return Backtest(**setting | others)

    return backtest_of
