"""Graphs of past days: half a year apart, three years back, none before the calendar begins."""

from datetime import date, timedelta

import pytest

from ecosystem_graph.ranking.value.learning.snapshots import snapshots
from ecosystem_graph.signals import GraphFeatures


def test_six_snapshots_of_183_days_each_end_where_the_later_one_begins(make_tables):
    day = date(2025, 1, 1)
    made = list(snapshots(make_tables(wins=["ann bob"]), day, GraphFeatures))
    assert [one.since for one in made] == [day - timedelta(days=183 * n) for n in range(1, 7)]
    assert [one.until for one in made] == [day, *(one.since for one in made[:-1])]
    assert [one.features.graph.as_of for one in made] == [one.since for one in made]


@pytest.mark.parametrize(("day", "n"), [(date(1, 1, 1), 0), (date(1, 1, 2), 1), (date(1, 9, 1), 2)])
def test_no_snapshot_is_before_the_first_day_of_the_calendar(make_tables, day, n):
    made = list(snapshots(make_tables(wins=["ann bob"]), day, GraphFeatures))
    assert len(made) == n
    assert [one.since for one in made][-1:] == ([date(1, 1, 1)] if n else [])


def test_each_is_made_when_it_is_asked_for(make_tables):
    asked = []
    made = snapshots(
        make_tables(wins=["ann bob"]), date(2025, 1, 1), lambda graph: asked.append(graph.as_of)
    )
    next(made)
    assert asked == [date(2024, 7, 2)]
