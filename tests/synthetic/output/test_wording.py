"""Ids, names, words and dates of numbers."""

from datetime import date

import polars as pl

from ecosystem_graph.synthetic.assumptions.words import ADJECTIVES, NOUNS, TRADES
from ecosystem_graph.synthetic.output.wording import day, identifier, partner_name, word
from ecosystem_graph.synthetic.partners.skills import NEVER


def test_names_are_all_different(tables):
    assert tables["partners"]["name"].is_unique().all()


def test_names_stay_different_once_their_words_run_out():
    positions = pl.DataFrame({"position": [5, 5 + 1_000_003]})
    n = len(ADJECTIVES) * len(NOUNS) * len(TRADES)
    namesakes = pl.DataFrame({"position": [5, 5 + n]}).select(partner_name("position"))
    first, second = namesakes.to_series()
    assert second == f"{first} 2"
    assert positions.select(partner_name("position")).to_series().is_unique().all()


def test_ids_words_and_days_of_numbers_that_mean_none_are_null():
    frame = pl.DataFrame({"x": [3, -1]})
    assert frame.select(identifier("p", "x", 20)).to_series().to_list() == ["p-0003", None]
    assert frame.select(word("x", list("abcd"))).to_series().to_list() == ["d", None]
    assert frame.select(day("x")).to_series().to_list() == [date(1970, 1, 4), None]
    never = pl.DataFrame({"x": [NEVER]})
    assert never.select(day("x")).to_series().to_list() == [None]
