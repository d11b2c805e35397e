"""Metrics, baselines, and the temporal back-test that puts the model beside them."""

from ecosystem_graph.evaluation.backtests.new_collaborators import Backtest, backtest
from ecosystem_graph.evaluation.protocol import BacktestProtocol

__all__ = ["Backtest", "BacktestProtocol", "backtest"]
