import polars as pl
import pytest

from ecosystem_graph.tables.values.text import cleaned, is_missing_word, missing_hint


def clean(text, *, inside):
    return cleaned(pl.Series([text]), inside=inside)[0].to_list()[0]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\u202a", "\u2060", "\u200e"])
def test_what_nobody_sees_is_cut_around_names_and_everywhere_in_ids(unseen):
    assert clean(f"{unseen}p-{unseen}1 {unseen}", inside=True) == "p-1"
    assert clean(f"{unseen} Acme\u00a0{unseen}", inside=False) == "Acme"


def test_joiners_within_a_name_shape_its_letters_and_stay():
    persian = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert clean(f"\u200c{persian}", inside=False) == persian


def test_letters_are_alike_however_they_are_composed():
    assert clean("Cafe\u0301", inside=False) == clean("Caf\u00e9", inside=False) == "Caf\u00e9"


def test_what_is_then_empty_is_missing():
    text, odd = cleaned(pl.Series(["\u200b", " ", "", None, "a b"]), inside=False)
    assert text.to_list() == [None, None, None, None, "a b"]
    assert odd.to_list() == [0, 1]


def test_the_series_given_stays_as_it_is():
    given = pl.Series(["\u200bp"])
    cleaned(given, inside=True)
    assert given.to_list() == ["\u200bp"]


@pytest.mark.parametrize(
    "word",
    ["NULL", "null", "(null)", "N/A", "n.a.", "NA", "#N/A", "nan", "NaT", "None", "\\N", "-", "--",
     "\u2014", "#REF!", "#DIV/0!", "undefined"],
)  # fmt: skip
def test_words_for_a_missing_value_are_known(word):
    assert missing_hint(word) == " Write nothing for a missing value."
    assert is_missing_word(pl.Series([word, "nanotech", None])).to_list() == [True, False, False]
