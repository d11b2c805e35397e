"""Typed tables make problems of their own, and remember what could not be read."""

import polars as pl

from ecosystem_graph.errors import Problem
from ecosystem_graph.tables.cleaning.typed_table import TypedTable
from ecosystem_graph.tables.opening.raw_table import UnreadableRow


def test_a_problem_names_the_table_and_its_file():
    table = TypedTable("deals", "Deals.csv", pl.DataFrame())
    problem = table.problem(3, "outcome", "wonn", "outcome 'wonn' is not allowed.", kind="word")
    assert problem == Problem(
        "deals", "Deals.csv", 3, "outcome", "wonn", "outcome 'wonn' is not allowed.", "word"
    )


def test_each_word_of_an_unreadable_row_leads_to_its_first_row():
    rows = (UnreadableRow(4, 'd-1;"won" ; x', "ragged"), UnreadableRow(9, "d-2\td-1", "ragged"))
    table = TypedTable("deals", "deals.csv", pl.DataFrame(), rows)
    assert table.unreadable == {"d-1": 4, "won": 4, "x": 4, "d-2": 9}
