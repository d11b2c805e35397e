import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.tables.values.company_names import plain_names


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Alder Systems, Inc.", "alder systems"),
        ("ALDER SYSTEMS LIMITED", "alder systems"),
        ("Álder-Systems S.A.", "alder systems"),
        ("Alder Systems S. A.", "alder systems"),
        ("The Alder Systems Co., Ltd.", "alder systems"),
        ("Alder Systems GmbH & Co. KG", "alder systems"),
        ("Alder Systems Pty Ltd", "alder systems"),
        ("Alder Systems K.K.", "alder systems"),
        ("Alder & Sons AG", "alder and sons"),
        ("AG", "ag"),
        ("A", "a"),
        ("D S M N. V.", "dsm"),
        ("D.S.M. B.V.", "dsm"),
        ("A T & T Corp.", "at and t"),
        ("Studio M 5 Media", "studio m 5 media"),
        ("Weiß & Søn", "weiss and son"),
        ("Łódź Soft Sp. z o.o.", "lodz soft"),
        ("株式会社アルダー", "アルダー"),
    ],
)
def test_names_are_compared_without_what_is_form_only(name, plain):
    assert plain_names(pl.Series([name])).to_list() == [plain]


@given(st.lists(st.sampled_from(["alder", "north", "soft", "5g", "ös"]), min_size=1, max_size=4))
def test_case_legal_form_and_what_stands_between_words_make_no_difference(words):
    written = [" ".join(words), f"{'-'.join(words).upper()}, Inc.", f"{', '.join(words)} S.A."]
    assert plain_names(pl.Series(written)).n_unique() == 1


def test_what_is_missing_stays_missing():
    assert plain_names(pl.Series(["Alder Ltd", None])).to_list() == ["alder", None]
