"""The table of the frontier, and its place on the page."""

import numpy as np
from value_frontier import MARKS, PAGE, WEIGHTS, on_page, table

from ecosystem_graph.evaluation.bootstrap import Interval


def made_of(share):
    past = {"a set": [(0.2, Interval(1.5, 1.25, 1.75))] * len(WEIGHTS)}
    return table(past, {"fitted": np.full((2, len(WEIGHTS)), share)})


def test_the_table_has_a_row_for_each_weight():
    rows = made_of(0.5).splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == [f"| {weight:g}" for weight in WEIGHTS]
    assert rows[0].endswith("0.200 | 1.50 (1.25 to 1.75) | 0.50 (0.50 to 0.50) |")


def test_a_new_table_takes_the_place_of_the_one_on_the_page():
    page = PAGE.read_text("utf-8")
    assert len(MARKS.findall(page)) == 1
    once = on_page(page, made_of(0.5))
    assert made_of(0.5) in once
    assert on_page(once, made_of(0.75)) == once.replace(made_of(0.5), made_of(0.75))
