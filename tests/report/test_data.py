import json

import pytest

from ecosystem_graph.report import backtest_json, explanation_json, run_json


def read(text):
    """JSON as any strict reader takes it."""

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def test_a_run_is_its_record_and_its_rows(asked):
    done = asked(wins=["ann bob", "bob cy"], partners={"ann": {"name": "Änn"}})
    told = read(run_json(done))
    assert told["schema"] == 1
    assert told.pop("recommendations") == done.recommendations.to_dicts()
    assert told == done.record


def test_an_empty_run_is_an_empty_list_with_a_reason(asked):
    told = read(run_json(asked(wins=["ann bob cy"])))
    assert told["recommendations"] == []
    assert "all others already" in told["why_empty"]


def test_text_stays_readable(asked):
    done = asked(wins=["ann jörg", "jörg cy"])
    assert "jörg" in run_json(done)


def test_an_explanation_keeps_every_figure(explanation):
    told = read(explanation_json(explanation))
    assert told["schema"] == 1
    assert told["score"] == explanation.score
    assert [part["signal"] for part in told["contributions"]] == [
        part.signal for part in explanation.contributions
    ]
    assert told["shared_deals"] == [{"deal_id": "d-1", "closed_on": "2024-06-01", "team_size": 3}]


def test_a_backtest_tells_every_method(backtest_of):
    told = read(backtest_json(backtest_of()))
    assert told["schema"] == 1
    assert told["cutoff"] == "2019-01-01"
    assert told["results"]["model"]["metrics"]["ndcg"] == pytest.approx(
        {"estimate": 0.123, "low": 0.045, "high": 0.678}
    )


def test_a_ratio_over_nothing_is_null(backtest_of):
    told = read(backtest_json(backtest_of()))
    assert told["ratio"] == {"estimate": None, "low": 0.5, "high": None}
