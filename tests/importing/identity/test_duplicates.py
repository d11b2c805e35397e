import polars as pl

from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.duplicates import likely_duplicates

PARTNERS = pl.DataFrame(
    [
        ("p-2", "Miltenyi BV & Co KG", "DE"),
        ("p-1", "Miltenyi GmbH", "DE"),
        ("p-3", "Miltenyi Inc", "US"),
        ("p-4", "Alder Data", "DE"),
        ("p-5", "Alder", "DE"),
        ("p-6", "Birch", None),
        ("p-7", "Birch", "FR"),
    ],
    schema=["partner_id", "name", "country"],
    orient="row",
)
ALIASES = pl.DataFrame(
    [
        ("domain", "https://www.alder.com", "p-4"),
        ("domain", "alder.com", "p-5"),
        ("domain", "miltenyi.com", "p-1"),
        ("domain", "miltenyi.com", "p-2"),
        ("domain", "miltenyi.com", "p-3"),
    ],
    schema=["system", "value", "partner_id"],
    orient="row",
)
DEALS = pl.Series(["p-1", "p-1", "p-7", None])


def pairs(*decided):
    schema = dict.fromkeys(("decision", "partner_id", "other_id"), pl.String)
    decisions = Decisions(duplicates=pl.DataFrame(decided, schema=schema, orient="row"))
    return likely_duplicates(PARTNERS, ALIASES, DEALS, decisions)


def test_one_name_or_one_domain_in_one_country_is_a_question_with_its_reasons():
    assert pairs().select("partner_id", "other_id", "why").rows() == [
        ("p-1", "p-2", "one name, one domain"),
        ("p-4", "p-5", "one domain"),
        ("p-6", "p-7", "one name"),
    ]


def test_both_sides_are_shown_with_name_country_and_deals():
    assert pairs().rows()[0] == (
        *("p-1", "Miltenyi GmbH", "DE", 2),
        *("p-2", "Miltenyi BV & Co KG", "DE", 0),
        "one name, one domain",
    )


def test_a_pair_that_was_decided_on_is_not_asked_again_in_any_order():
    left = pairs(("different", "p-2", "p-1"), ("family", "p-4", "p-5"), (None, "p-6", "p-7"))
    assert left.select("partner_id", "other_id").rows() == [("p-6", "p-7")]
