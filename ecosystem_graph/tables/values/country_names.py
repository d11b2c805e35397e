"""Names of countries, in every language CLDR knows and in the long forms of treaties.

`country_names.tsv` is extracted from the Unicode CLDR by
`tests/tables/values/country_names_of_cldr.py`: reading all languages takes two seconds and 150 MB,
reading the extract takes next to nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

#: English names that are in use and that CLDR does not list, as they read when folded.
_MORE: Final = {
    "AE": "UAE",
    "BN": "Brunei Darussalam",
    "BO": "Plurinational State of Bolivia; Bolivia, Plurinational State of",
    "CD": "DR Congo; DRC; Congo, Democratic Republic of the; "
    "Congo, The Democratic Republic of the; Democratic Republic of the Congo; "
    "Democratic Republic of Congo",
    "CG": "Republic of the Congo; Republic of Congo; Congo, Republic of the; Congo Brazzaville",
    "CI": "Ivory Coast; Cote d'Ivoire; Elfenbeinküste",
    "CN": "People's Republic of China; PR China; PRC; Mainland China; China, People's Republic of",
    "CV": "Cape Verde; Cabo Verde",
    "CZ": "Czech Republic; Czechia",
    "FM": "Federated States of Micronesia; Micronesia, Federated States of",
    "GB": "Great Britain; United Kingdom of Great Britain and Northern Ireland; U.K.; "
    "Großbritannien; Grande-Bretagne; Gran Bretaña; Gran Bretagna; Grã-Bretanha",
    "GM": "The Gambia",
    "HK": "Hong Kong; Hong Kong SAR",
    "IE": "Republic of Ireland",
    "KN": "Saint Kitts and Nevis",
    "KP": "Korea, Democratic People's Republic of; Democratic People's Republic of Korea; DPRK",
    "KR": "Korea, Republic of; Republic of Korea; Korea (South); Korea, South; Korea",
    "LA": "Lao People's Democratic Republic; Lao PDR",
    "LC": "Saint Lucia",
    "LY": "Libyan Arab Jamahiriya",
    "MK": "Macedonia; The former Yugoslav Republic of Macedonia; FYROM",
    "MM": "Burma; Myanmar",
    "MO": "Macao; Macau",
    "NL": "Holland; The Netherlands",
    "PS": "Palestine; State of Palestine; Palestine, State of",
    "RU": "Russian Federation; Russische Föderation; Российская Федерация",
    "SA": "KSA",
    "SK": "Slovak Republic",
    "SZ": "Swaziland",
    "SY": "Syrian Arab Republic",
    "TL": "East Timor; Timor-Leste",
    "TR": "Turkey; Türkiye",
    "TW": "Taiwan, Province of China; Taiwan, Republic of China; Chinese Taipei",
    "US": "United States of America; The United States of America; U.S.; U.S.A.; "
    "Vereinigte Staaten von Amerika; États-Unis d'Amérique; Estados Unidos de América; "
    "Estados Unidos da América; Stati Uniti d'America; Verenigde Staten van Amerika",
    "VA": "Holy See; Holy See (Vatican City State)",
    "VC": "Saint Vincent and the Grenadines",
    "VN": "Viet Nam",
}
_FORMS_OF_STATE: Final = (
    "the",
    "republic of",
    "federal republic of",
    "federative republic of",
    "islamic republic of",
    "arab republic of",
    "united republic of",
    "socialist republic of",
    "democratic socialist republic of",
    "bolivarian republic of",
    "republic of the",
    "kingdom of",
    "kingdom of the",
    "grand duchy of",
    "principality of",
    "sultanate of",
    "commonwealth of",
    "commonwealth of the",
    "state of",
    "province of",
)
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_SHORTEST: Final = 4
"""Letters that a name in plain letters has at least: shorter ones are codes."""


def country_of(name: str) -> str | None:
    """Two-letter code of the country that a name means, whatever the language, case and accents.

    None if it means none, or different ones in different languages.

    Examples
    --------
    >>> names = (
    ...     "Deutschland",
    ...     "UNITED STATES",
    ...     "Korea, Republic of",
    ...     "Cote dIvoire",
    ...     "Nigeri",
    ...     "DACH",
    ... )
    >>> [country_of(name) for name in names]
    ['DE', 'US', 'KR', 'CI', None, None]
    """
    folded = folded_name(name)
    if folded in _english():
        return _english()[folded]
    if folded.isascii() and len(folded) < _SHORTEST:
        return None
    if folded in _of_all_languages():
        return _of_all_languages()[folded]
    for form in map(folded_name, _FORMS_OF_STATE):
        for short in (folded.removeprefix(form), folded.removesuffix(form)):
            if short != folded and short in _english():
                return _english()[short]
    return None


def folded_name(name: str) -> str:
    """Letters of a name without case, accents, blanks and punctuation.

    Examples
    --------
    >>> folded_name("Trinidad & Tobago"), folded_name("CÔTE D'IVOIRE")
    ('trinidadandtobago', 'cotedivoire')
    """
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).casefold()
    return re.sub(r"[\W_]+", "", plain.replace("&", " and "))


@cache
def _english() -> dict[str, str]:
    more = {folded_name(name): code for code, names in _MORE.items() for name in names.split(";")}
    return {english: code for code, english, _ in _listed()} | more


@cache
def _of_all_languages() -> dict[str, str]:
    return {name: code for code, _, names in _listed() for name in names.split(";")}


def _listed() -> Iterator[tuple[str, str, str]]:
    """Code of each country, its name in English and those in all languages, folded."""
    text = files("ecosystem_graph.tables.values").joinpath("country_names.tsv").read_text("utf-8")
    for line in text.splitlines():
        code, english, names = line.split("\t")
        yield code, english, names
