"""The vocabulary is complete, and without repetitions."""

import pytest

from ecosystem_graph.synthetic.assumptions import words
from ecosystem_graph.tables import canonical_market


def test_every_country_is_an_iso_code_with_a_currency_and_a_language():
    for country in words.COUNTRIES:
        assert canonical_market(country) == country
        assert words.CURRENCIES[country][1] > 0
        assert country in words.LANGUAGES


@pytest.mark.parametrize(
    "name",
    [
        "COUNTRIES",
        "INDUSTRIES",
        "CAPABILITY_AREAS",
        "CAPABILITY_TASKS",
        "ADJECTIVES",
        "NOUNS",
        "TRADES",
    ],
)
def test_no_word_is_listed_twice_or_empty(name):
    listed = getattr(words, name)
    assert len(set(listed)) == len(listed)
    assert all(word.strip() == word != "" for word in listed)
