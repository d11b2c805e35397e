"""How active partners are, by hand."""

from datetime import date, timedelta
from math import log

import numpy as np
import pytest

from ecosystem_graph.signals.activity import (
    NEVER_DAYS,
    days_since_joint_win,
    growth,
    new_collaborators,
    seats,
)

AS_OF = date(2025, 1, 1)
AGES = {"d-1": 30, "d-2": 365, "d-3": 366, "d-4": 800, "d-5": 4_000}
TEAMS = {
    "d-1": "ann bob cy",
    "d-2": "ann dee",
    "d-3": "ann bob",
    "d-4": "eve",
    "d-5": "fay gil",
}
IDS = ["ann", "bob", "cy", "dee", "eve", "fay", "gil", "hal"]


@pytest.fixture(scope="module")
def graph(make_graph):
    closed = {deal: {"closed_on": str(AS_OF - timedelta(days=age))} for deal, age in AGES.items()}
    graph = make_graph(partners="hal", wins=TEAMS, deals=closed, as_of=AS_OF)
    assert graph.index.ids.tolist() == IDS
    return graph


def weights(graph, **by_deal):
    return np.array([by_deal.get(deal.replace("-", ""), 0.0) for deal in graph.deals["deal_id"]])


def test_seats_are_the_others_of_each_deal_by_the_weight_of_the_deal(graph):
    found = seats(graph, weights(graph, d1=1.0, d3=0.5, d4=9.0))
    assert found.tolist() == [2 + 0.5, 2 + 0.5, 2, 0, 0, 0, 0, 0]


def test_growth_is_the_log_share_of_the_last_year_few_seats_counting_as_five_more(graph):
    # Ann had four seats ever, three of them within 365 days; the day 365 ago is within.
    expected = [log(8 / 9), log(7 / 8), 0, 0, 0, log(5 / 6), log(5 / 6), 0]
    assert growth(graph).tolist() == pytest.approx(expected)


def test_growth_is_that_of_the_days_asked_for(graph):
    assert growth(graph, days=30).tolist() == pytest.approx(
        [log(7 / 9), log(7 / 8), 0, log(5 / 6), 0, log(5 / 6), log(5 / 6), 0]
    )


def test_a_collaborator_is_new_if_the_first_joint_win_is_of_the_last_year(graph):
    # Ann met bob 366 days ago, dee and cy since; cy is new to bob as well.
    assert new_collaborators(graph).tolist() == [2, 1, 2, 1, 0, 0, 0, 0]
    assert new_collaborators(graph, days=366).tolist() == [3, 2, 2, 1, 0, 0, 0, 0]


def test_days_since_a_joint_win_leave_out_what_was_won_alone_and_end_at_ten_years(graph):
    assert days_since_joint_win(graph).tolist() == [
        *(30, 30, 30, 365),
        *(NEVER_DAYS, NEVER_DAYS, NEVER_DAYS, NEVER_DAYS),
    ]
