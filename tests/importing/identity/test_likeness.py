import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from ecosystem_graph.importing.identity.likeness import SPELLING, WORDS, alike
from ecosystem_graph.tables.values.company_names import plain_names

NAMES = pl.DataFrame(
    {
        "partner_id": ["p-1", "p-2", "p-3", "p-4", "p-5"],
        "name": [
            "Logicalis UK Ltd",
            "Logicalis Spain SL",
            "Sopra Steria",
            "Gist-Brocades N.V.",
            "Alder Consulting",
        ],
    }
)


def found(value, names=NAMES):
    pairs = alike(pl.Series([value]), names)
    return list(pairs.select("partner_id", "how", "likeness").iter_rows())


def test_a_slip_of_the_pen_is_alike_by_spelling():
    assert found("Sopra Stria GmbH") == [("p-3", SPELLING, 96)]


def test_words_in_another_order_are_alike_by_spelling():
    assert found("Steria Sopra") == [("p-3", SPELLING, 100)]


def test_a_name_with_a_city_after_it_is_alike_by_words():
    assert found("Gist-Brocades N.V., Delft, NL") == [("p-4", WORDS, 100)]


def test_subsidiaries_in_two_countries_are_not_alike():
    assert found("Logicalis France") == []


def test_the_name_of_a_group_is_alike_to_each_subsidiary():
    assert found("Logicalis") == [("p-1", WORDS, 100), ("p-2", WORDS, 100)]


def test_a_word_that_many_names_have_proposes_nobody():
    many = pl.DataFrame(
        {
            "partner_id": [f"p-{number}" for number in range(8)],
            "name": [f"{word} Consulting" for word in
                     ("Ash", "Birch", "Cedar", "Elm", "Fir", "Oak", "Pine", "Yew")],
        }
    )  # fmt: skip
    assert found("Consulting", many) == []
    assert found("Cedar", many) == [("p-2", WORDS, 100)]


def test_the_best_way_is_kept_for_each_value_and_partner():
    pairs = alike(pl.Series(["Alder Consulting Delft", "Alder Consultin"]), NAMES)
    assert pairs.rows() == [
        ("Alder Consultin", "p-5", SPELLING, 97),
        ("Alder Consulting Delft", "p-5", WORDS, 100),
    ]


WORD = st.sampled_from(["alder", "aldr", "birch", "data", "north", "norht", "systems", "sistems"])
COMPANY = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


@given(st.lists(COMPANY, max_size=12, unique=True), st.lists(COMPANY, max_size=12))
def test_likeness_by_spelling_finds_what_comparing_every_pair_finds(values, names):
    known = pl.DataFrame(
        {"partner_id": [f"p-{place:02}" for place in range(len(names))], "name": names},
        schema={"partner_id": pl.String, "name": pl.String},
    )
    pairs = alike(pl.Series(values, dtype=pl.String), known)
    spelt = set(pairs.filter(pl.col("how") == SPELLING).select("value", "partner_id").iter_rows())
    expected = set()
    for value in values:
        for partner_id, name in known.iter_rows():
            one, other = plain_names(pl.Series([value, name])).to_list()
            ratio = fuzz.token_sort_ratio(one, other)
            if ratio >= 88:
                expected.add((value, partner_id))
    # A pair that is alike in both ways is listed by the better one.
    assert spelt <= expected
    listed = set(pairs.select("value", "partner_id").iter_rows())
    assert expected <= listed


def test_nothing_is_alike_to_nothing():
    assert alike(pl.Series([], dtype=pl.String), NAMES).is_empty()
    assert alike(pl.Series(["", "&", None]), NAMES).is_empty()
    assert alike(pl.Series(["Alder"]), NAMES.head(0)).is_empty()
