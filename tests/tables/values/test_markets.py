import pytest

from ecosystem_graph.tables.values.markets import canonical_market, is_iso_market, parent_market


@pytest.mark.parametrize(
    ("code", "canonical"),
    [
        ("de", "DE"),
        ("DEU", "DE"),
        ("UK", "GB"),
        ("gb", "GB"),
        ("EL", "GR"),
        ("GRC", "GR"),
        ("us-ca", "US-CA"),
        ("UK-SCT", "GB-SCT"),
        (" fr ", "FR"),
    ],
)
def test_iso_codes_are_known_in_every_usual_form(code, canonical):
    assert canonical_market(code) == canonical
    assert is_iso_market(code)
    assert canonical_market(canonical) == canonical


@pytest.mark.parametrize("code", ["DACH", "SF Bay", "XK", "EMEA", "XX-1", "Nordics", "", "-"])
def test_markets_of_the_vendors_own_stay_as_they_are(code):
    assert canonical_market(code) == code
    assert not is_iso_market(code)
    assert parent_market(code) is None


def test_subdivisions_lie_in_their_country():
    assert parent_market("EL-I") == "GR"
    assert parent_market("GR") is None
