"""Metrics, baselines, and the temporal back-test that puts the model beside them."""

from ecosystem_graph.evaluation.backtesting import Backtest, backtest

__all__ = ["Backtest", "backtest"]
