"""Frames are the tables of the schema, column by column."""

import pytest

from ecosystem_graph.synthetic.output.frames import FRAMES
from ecosystem_graph.tables import TABLES


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_has_the_columns_of_its_table_in_their_order(made, name):
    assert made.tables[name].columns == TABLES[name].column_names()


@pytest.mark.parametrize("name", FRAMES)
def test_no_column_is_empty_but_the_days_partners_were_added_to_deals(made, name):
    empty = [column.name for column in made.tables[name].get_columns() if not column.count()]
    assert empty == (["added_on"] if name == "deal_partners" else [])
