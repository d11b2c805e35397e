"""Identifiers in the one form in which they are compared."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from ecosystem_graph.tables.values.company_names import plain_names
from ecosystem_graph.tables.values.salesforce_ids import full_salesforce_ids

NAME: Final = "name"
DOMAIN: Final = "domain"
DEAL: Final = "deal"
DUNS: Final = "duns"

_HOST: Final = (
    r"(?i)^(?:[a-z][a-z0-9+.-]*:)?(?://)?(?:[^@/\s]*@)?(?:www\.)?"
    r"((?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]*\p{L}[\p{L}\p{N}-]*)\.?(?:[:/?#].*)?$"
)
_FREE_MAIL: Final = frozenset(
    f"{host}.{ending}"
    for host, endings in {
        "gmail": "com",
        "googlemail": "com",
        "outlook": "com de fr es it jp com.br co.jp",
        "hotmail": "com de fr es it nl co.uk co.jp com.br be",
        "live": "com de fr nl it co.uk be",
        "msn": "com",
        "yahoo": "com de fr es it co.uk co.jp co.in ca com.br com.au com.mx com.ar",
        "ymail": "com",
        "rocketmail": "com",
        "aol": "com de co.uk",
        "icloud": "com",
        "me": "com",
        "mac": "com",
        "proton": "me",
        "protonmail": "com ch",
        "pm": "me",
        "gmx": "com de net at ch fr",
        "web": "de",
        "t-online": "de",
        "freenet": "de",
        "arcor": "de",
        "mail": "com ru",
        "yandex": "com ru",
        "bk": "ru",
        "inbox": "ru lv",
        "list": "ru",
        "rambler": "ru",
        "qq": "com",
        "163": "com net",
        "126": "com",
        "sina": "com cn",
        "foxmail": "com",
        "naver": "com",
        "hanmail": "net",
        "daum": "net",
        "orange": "fr",
        "wanadoo": "fr",
        "free": "fr",
        "laposte": "net",
        "sfr": "fr",
        "libero": "it",
        "virgilio": "it",
        "alice": "it",
        "tiscali": "it",
        "seznam": "cz",
        "wp": "pl",
        "o2": "pl",
        "onet": "pl",
        "interia": "pl",
        "rediffmail": "com",
        "comcast": "net",
        "verizon": "net",
        "att": "net",
        "btinternet": "com",
        "sky": "com",
        "bluewin": "ch",
        "uol": "com.br",
        "bol": "com.br",
        "terra": "com.br",
        "fastmail": "com",
        "zoho": "com",
        "hey": "com",
        "tutanota": "com de",
    }.items()
    for ending in endings.split()
)
_EXPONENT: Final = r"^[+-]?\d(?:[.,]\d+)?[eE]\+?\d+$"
_SALESFORCE: Final = r"^[A-Za-z0-9]{15}(?:[A-Za-z0-5]{3})?$"
_FIRST: Final = 10_000
"""Ids of a column that are looked at before all others."""
_CASES_TO_SEE: Final = 12
"""Letters at different positions that are no coincidence if all are in one case."""


def domains(values: pl.Series) -> pl.Series:
    """Hosts of web and e-mail addresses, in lower case and without `www.`.

    Returns
    -------
    Series of String
        Null where a value is no address, or the host belongs to a provider of e-mail for anybody,
        so that it tells nothing about a company.

    Examples
    --------
    >>> domains(
    ...     pl.Series(["https://www.Acme.com/de?x=1", "ann@acme.com", "ann@gmail.com", "Acme Inc."])
    ... ).to_list()
    ['acme.com', 'acme.com', None, None]
    """
    hosts = values.str.strip_chars().str.extract(_HOST).str.to_lowercase()
    return hosts.set(hosts.is_in(list(_FREE_MAIL)).fill_null(False), None)


def duns_numbers(values: pl.Series) -> pl.Series:
    """D-U-N-S numbers as nine digits; null where a value has not nine digits.

    Examples
    --------
    >>> duns_numbers(pl.Series(["15-048-3782", "150483782", "1504"])).to_list()
    ['150483782', '150483782', None]
    """
    digits = values.str.replace_all(r"\D", "")
    return digits.set((digits.str.len_bytes() != 9).fill_null(False), None)


def identifiers(values: pl.Series) -> pl.Series:
    """Ids without blanks around them, Salesforce ids in the form with 18 characters.

    Examples
    --------
    >>> identifiers(pl.Series([" p-1 ", "0015e00002AbCdE", ""])).to_list()
    ['p-1', '0015e00002AbCdEAAV', None]
    """
    trimmed = values.str.strip_chars()
    trimmed = trimmed.set((trimmed == "").fill_null(False), None)
    full = full_salesforce_ids(trimmed)
    return full.fill_null(trimmed)


def _names(values: pl.Series) -> pl.Series:
    # Of 35,871 organisations of Horizon 2020 no two have names that differ in blanks alone.
    plain = plain_names(values).str.replace_all(" ", "", literal=True)
    return plain.set((plain == "").fill_null(False), None)


FORMS: Final[Mapping[str, Callable[[pl.Series], pl.Series]]] = MappingProxyType(
    {NAME: _names, DOMAIN: domains, DUNS: duns_numbers}
)
"""How values of a system are compared; those of any other system are ids."""


def compared(values: pl.Series, system: str) -> pl.Series:
    """Values of a system in the form in which they are compared; null where there is none.

    Examples
    --------
    >>> compared(pl.Series(["Acme, Inc."]), "name").to_list()
    ['acme']
    >>> compared(pl.Series(["0015e00002AbCdE"]), "salesforce").to_list()
    ['0015e00002AbCdEAAV']
    """
    return FORMS.get(system.lower(), identifiers)(values)


def lost_digits(ids: pl.Series) -> pl.Series:
    """Whether each id is a number that a spreadsheet has shortened, so that digits are lost.

    Examples
    --------
    >>> lost_digits(pl.Series(["1.23457E+17", "12E4", "1.5"])).to_list()
    [True, False, False]
    """
    return ids.str.contains(_EXPONENT).fill_null(False)


def lost_case(ids: pl.Series) -> bool:
    """Whether the Salesforce ids of a column have lost the case of their letters.

    Ids of 18 characters show it by their last three. Ids of 15 characters show it if they have so
    many letters that not all would be in one case by chance.

    Examples
    --------
    >>> lost_case(pl.Series(["0015E00002ABCDEAAV"])), lost_case(pl.Series(["0015e00002AbCdEAAV"]))
    (True, False)
    """
    if not _in_one_case(ids.head(_FIRST)):  # most columns show it at once
        return False
    alike = ids.drop_nulls().unique()
    alike = alike.filter(alike.str.contains(_SALESFORCE))
    if alike.is_empty() or not _in_one_case(alike):
        return False
    long = alike.filter(alike.str.len_bytes() == 18)
    if len(long) and full_salesforce_ids(long).is_null().any():
        return True
    return _places_of_letters(alike.str.head(15)) >= _CASES_TO_SEE


def _in_one_case(ids: pl.Series) -> bool:
    """Whether the Salesforce ids among some ids are all in one case, or there are none."""
    alike = ids.drop_nulls()
    alike = alike.filter(alike.str.contains(_SALESFORCE))
    upper, lower = alike.str.to_uppercase(), alike.str.to_lowercase()
    return bool((alike == upper).all() or (alike == lower).all())


def _places_of_letters(ids: pl.Series) -> int:
    """Distinct pairs of a position and a letter."""
    letters = pl.DataFrame({"letter": ids.str.split("")}).with_columns(
        place=pl.int_ranges(pl.col("letter").list.len())
    )
    each = letters.explode("letter", "place").unique()
    return each.filter(pl.col("letter").str.contains("[A-Za-z]")).height
