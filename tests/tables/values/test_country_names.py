from importlib.resources import files

import pytest

from ecosystem_graph.tables.values.country_names import country_of
from tests.tables.values.country_names_of_cldr import country_names


@pytest.mark.parametrize(
    ("code", "names"),
    {
        "DE": ["Germany", "GERMANY", " germany", "Deutschland", "Allemagne", "Alemania", "ドイツ"],
        "US": ["United States", "United States of America", "U.S.A.", "États-Unis"],
        "GB": ["Great Britain", "United Kingdom", "Großbritannien", "Royaume-Uni"],
        "KR": ["Korea, Republic of", "South Korea", "Republic of Korea", "대한민국"],
        "KP": ["North Korea", "Korea, Democratic People's Republic of"],
        "RU": ["Russian Federation", "Russia", "Россия"],
        "CZ": ["Czech Republic", "Czechia", "Tschechien"],
        "CI": ["Côte d'Ivoire", "Cote d'Ivoire", "COTE DIVOIRE", "Ivory Coast"],
        "NL": ["The Netherlands", "Netherlands (the)", "Pays-Bas", "Holland"],
        "CD": ["Democratic Republic of the Congo", "DR Congo", "Congo, Democratic Republic of the"],
        "AT": ["Österreich", "Oesterreich", "Republic of Austria"],
        "JP": ["日本"],
        "CN": ["中国", "中國", "China", "People's Republic of China"],
        "TR": ["Turkey", "Türkiye"],
        "VE": ["Venezuela (Bolivarian Republic of)"],
        "TT": ["Trinidad & Tobago", "Trinidad and Tobago"],
    }.items(),
)
def test_countries_are_known_by_the_names_people_write(code, names):
    known = {name: country_of(name) for name in names}
    assert set(known.values()) == {code}, known


@pytest.mark.parametrize(
    "word",
    ["DACH", "EMEA", "SF Bay", "Nordics", "Congo", "America", "England", "North", "Nigeri", "in"],
)
def test_what_is_no_country_or_several_is_not_guessed(word):
    assert country_of(word) is None


def test_the_names_are_those_of_cldr():
    there = files("ecosystem_graph.tables.values").joinpath("country_names.tsv").read_text("utf-8")
    assert there == country_names()
