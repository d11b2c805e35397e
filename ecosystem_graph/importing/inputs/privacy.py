"""Fields that name or describe people, by their names and by their values."""

import re
from itertools import pairwise
from typing import Final

import polars as pl

from ecosystem_graph.importing.reading.raw_table import folded_field

_PERSONAL: Final = """
email mail phone telephone mobile fax firstname lastname fullname surname contact recipient ip
latitude longitude street postalcode postcode zip zipcode birth birthdate birthday owner ownerid
description comment comments note notes verbatim salutation createdby createdbyid modifiedby
lastmodifiedby lastmodifiedbyid teammember respondent
"""
_WORDS: Final = frozenset(_PERSONAL.split())
"""Words of a field's name, in lower case."""
_SEVERAL: Final = (
    ("e", "mail"),
    ("first", "name"),
    ("last", "name"),
    ("full", "name"),
    ("postal", "code"),
    ("created", "by"),
    ("modified", "by"),
    ("team", "member"),
    ("next", "step"),
    ("ip", "address"),
)
"""Words that follow each other."""
_ENDINGS: Final = (
    "street",
    "postalcode",
    "email",
    "emailaddress",
    "ipaddress",
    "phone",
    "fax",
    "firstname",
    "lastname",
    "fullname",
    "birthdate",
    "latitude",
    "longitude",
    "nextstep",
    "ownerid",
    "ownername",
    "createdbyid",
    "modifiedbyid",
)
"""Ends of names that are written without a sign of where a word begins, as BILLINGSTREET."""
_OF_A_COMPANY: Final = frozenset(("respondentid", "emaildomain", "contactrole", "owningpartner"))
"""Folded names that hold one of the words and nobody's data."""
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_MOST: Final = 0.01
"""Share of values that may look like somebody's address."""
_E_MAIL: Final = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_PHONE: Final = r"^(?:\+\d[\d ()./-]{6,}|\(\d{2,5}\)\s?[\d ./-]{5,}|\d{3}[-. ]\d{3}[-. ]\d{4})$"


def is_personal(name: str) -> bool:
    """Whether the name of a field says that it holds personal data.

    Examples
    --------
    >>> is_personal("RecipientEmail"), is_personal("Opportunity Owner"), is_personal("OWNERSHIP")
    (True, True, False)
    >>> is_personal("BILLINGSTREET")
    True
    """
    if folded_field(name) in _OF_A_COMPANY:
        return False
    if folded_field(name).endswith(_ENDINGS):
        return True
    words = [word.lower() for word in _WORD.findall(name)]
    if folded_field(name) in _WORDS or _WORDS.intersection(words):
        return True
    pairs = set(pairwise(words))
    return bool(pairs.intersection(_SEVERAL))


def looks_personal(values: pl.Series) -> str:
    """What more than one value in a hundred looks like; empty if they look like nobody's.

    Examples
    --------
    >>> looks_personal(pl.Series(["ann@example.com", "c-2"])), looks_personal(pl.Series(["c-1"]))
    ('an e-mail address', '')
    """
    given = values.drop_nulls()
    for pattern, what in ((_E_MAIL, "an e-mail address"), (_PHONE, "a phone number")):
        if len(given) and given.str.contains(pattern).sum() > _MOST * len(given):
            return what
    return ""
