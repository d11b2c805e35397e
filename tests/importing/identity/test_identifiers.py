import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.importing.identity.identifiers import (
    compared,
    domains,
    duns_numbers,
    identifiers,
    lost_case,
    lost_digits,
)

FULL = ["001x0000002xLCVAA2", "001x0000002xLCaAAM", "001x0000002wKdQAAU", "001x0000003fMnZAAU"]


def text(*values):
    return pl.Series(values, dtype=pl.String)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.Acme.com/de?x=1#top", "acme.com"),
        ("http://acme.com:8080", "acme.com"),
        ("www.acme.co.uk", "acme.co.uk"),
        ("acme.com.", "acme.com"),
        (" Ann.Bee@Sales.Acme.com ", "sales.acme.com"),
        ("mailto:ann@acme.com", "acme.com"),
        ("https://user:word@acme.com/", "acme.com"),
        ("münchen-it.de", "münchen-it.de"),
        ("ann@gmail.com", None),
        ("http://www.gmx.net", None),
        ("Acme Inc.", None),
        ("Acme", None),
        ("10.0.0.1", None),
        ("12.5", None),
        ("two words.com", None),
        ("", None),
        (None, None),
    ],
)
def test_a_domain_is_the_host_of_an_address_unless_anybody_can_have_it(address, host):
    assert domains(text(address)).to_list() == [host]


@given(st.text(max_size=40))
def test_a_domain_is_its_own_domain_and_holds_nobody(value):
    found = domains(text(value))
    assert domains(found).equals(found)
    assert "@" not in (found[0] or "")


def test_a_number_of_companies_has_nine_digits():
    given = text("15-048-3782", "150483782", "15 048 3782 0", "50483782", "n/a", None)
    assert duns_numbers(given).to_list() == ["150483782", "150483782", None, None, None, None]


def test_ids_of_15_and_18_characters_are_one_id():
    short = [id_[:15] for id_ in FULL]
    assert identifiers(text(*short)).to_list() == identifiers(text(*FULL)).to_list() == FULL


def test_other_ids_are_kept_but_for_blanks():
    assert identifiers(text(" P-1", "p-1", "  ", None)).to_list() == ["P-1", "p-1", None, None]


@pytest.mark.parametrize(
    ("value", "lost"),
    [("1.23E+11", True), ("1,23457E+17", True), ("4e15", True), ("123", False), ("12E4", False),
     ("A1E5", False), (None, False)],
)  # fmt: skip
def test_digits_are_lost_where_a_spreadsheet_wrote_an_exponent(value, lost):
    assert lost_digits(text(value)).to_list() == [lost]


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_ids_in_one_case_have_lost_it(change):
    assert lost_case(text(*map(change, FULL)))
    assert lost_case(text(*(change(id_[:15]) for id_ in FULL)))


def test_ids_as_they_are_have_not_lost_their_case():
    assert not lost_case(text(*FULL))
    assert not lost_case(text(*(id_[:15] for id_ in FULL), None))
    assert not lost_case(text("ACME", "BIRCH"))
    assert not lost_case(text())


def test_a_few_letters_in_one_case_may_be_chance():
    assert not lost_case(text("001000000000001", "00100000000000A"))


@given(st.text(string.printable, max_size=30), st.sampled_from(["duns", "domain", "crm"]))
def test_a_compared_form_is_its_own_compared_form(value, system):
    once = compared(text(value), system)
    assert compared(once, system).equals(once)
