"""The frontier as text and JSON."""

import json
from datetime import date

import pytest

from ecosystem_graph.evaluation.backtests.frontier import Frontier, Point
from ecosystem_graph.evaluation.bootstrap import Interval
from ecosystem_graph.report import frontier_json, frontier_text
from ecosystem_graph.report.layout import WIDTH


def point(capacity=None, price=0.0, **others):
    values = {
        "capacity": capacity,
        "exposure_price": price,
        "ndcg": Interval(0.1, 0.09, 0.11),
        "hit_rate": Interval(0.5, 0.4, 0.6),
        "coverage": 0.25,
        "gini": 0.99,
        "top_1_percent_share": 0.9,
        "share_never_recommended": 0.75,
        "maximal_load": 100_000,
        "n_short": 100_000,
        "n_empty": 100_000,
        "observed_wins": 400_000,
        "expected_wins": 400_000.0,
        "short_of_optimum": 0.00012,
    }
    return Point(**values | others)


def told(*points):
    return Frontier(date(2019, 1, 1), None, 10, 1_000_000, 100_000, 400.0, list(points))


def test_every_point_is_set_beside_the_plain_ranking():
    half = point(100, ndcg=Interval(0.05, 0.04, 0.06), observed_wins=100_000)
    text = frontier_text(told(point(), half, point(price=0.25)))
    rows = [line.split() for line in text.splitlines() if line.startswith("capacity 100")]
    assert rows[0][5] == "0.500"
    assert rows[1][5] == "0.250"
    assert rows[1][-1] == "0.012%"
    assert "price 0.25" in text


def test_it_fits_the_terminal():
    text = frontier_text(told(point(), point(100_000), point(price=0.25)))
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize("missing", [{"expected_wins": None}, {"observed_wins": 0}])
def test_what_there_is_none_of_is_a_dash(missing):
    assert " -" in frontier_text(told(point(**missing))).splitlines()[-4]


def test_json_says_its_schema_and_holds_every_point():
    read = json.loads(frontier_json(told(point(), point(7))))
    assert read["schema"] == 1
    assert [one["capacity"] for one in read["points"]] == [None, 7]
    assert read["points"][0]["ndcg"]["low"] == 0.09
