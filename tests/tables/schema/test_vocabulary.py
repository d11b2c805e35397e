"""Closed lists of values agree with the synonyms and columns that use them."""

import pytest

from ecosystem_graph.tables.schema import vocabulary
from ecosystem_graph.tables.schema.definitions import TABLES


@pytest.mark.parametrize("synonyms", [vocabulary.ALSO_OUTCOMES, vocabulary.PERHAPS_OUTCOMES])
def test_every_synonym_means_an_outcome_and_is_none_itself(synonyms):
    assert set(synonyms.values()) <= set(vocabulary.OUTCOMES)
    assert not set(synonyms) & set(vocabulary.OUTCOMES)


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("deals", "outcome", vocabulary.OUTCOMES),
        ("partner_capabilities", "evidence", vocabulary.EVIDENCE),
        ("partners", "status", vocabulary.PARTNER_STATUSES),
        ("objectives", "kind", vocabulary.OBJECTIVE_KINDS),
        ("introductions", "status", vocabulary.INTRODUCTION_STATUSES),
        ("restrictions", "kind", vocabulary.RESTRICTION_KINDS),
    ],
)
def test_a_closed_list_is_that_of_its_column(table, column, words):
    assert tuple(TABLES[table].columns()[column].categories) == words
    assert len(set(words)) == len(words)


def test_sums_of_the_largest_weights_do_not_overflow():
    assert vocabulary.LARGE * vocabulary.MANY < 1e300
    assert vocabulary.EARLIEST < vocabulary.LATEST
