from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.exporting.sentences import LONGEST, reason

TEXTS = st.lists(st.text(max_size=80), max_size=6)


@given(st.none() | st.floats(0, 1), TEXTS, TEXTS)
def test_a_reason_fits_a_field_and_is_no_formula(probability, gaps, evidence):
    text = reason({"probability": probability, "gaps_filled": gaps, "evidence": evidence})
    assert 0 < len(text) <= LONGEST
    assert text[0].isalpha()


def test_a_reason_names_the_first_three_of_each_list():
    row = {"gaps_filled": ["a", "b", "c", "d"], "covers": ["x"], "evidence": None}
    assert reason(row) == "Covers: x. Fills: a; b; c; and 1 more"
