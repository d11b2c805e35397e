import polars as pl

from ecosystem_graph.importing.identity.match_rates import match_rates

MATCHES = pl.DataFrame(
    [
        ("csat.partner_id", "Acme", "csat", "p-1", "name"),
        ("csat.partner_id", "x", "csat", "p-1", "crm"),
        ("csat.partner_id", "y", "csat", "p-2", "crm"),
        ("csat.partner_id", "Alder", "csat", None, None),
        ("csat.partner_id", "ALDER", "csat", None, None),
        ("csat.partner_id", "Nobody", "csat", None, None),
        ("deals.owner", "Alder", "deals", None, None),
        ("deals.owner", "z", "deals", "p-1", "crm"),
    ],
    schema=["target", "value", "input", "partner_id", "how"],
    orient="row",
)
QUESTIONS = pl.DataFrame({"value": ["Alder", "Alder"], "input": ["csat", "csat"]})


def test_rows_are_matched_to_be_decided_or_unmatched():
    assert [str(rate) for rate in match_rates(MATCHES, QUESTIONS)] == [
        "csat.partner_id: 6 rows, 50 % matched: 2 by crm, 1 by name; 2 to decide; 1 unmatched: "
        "'Nobody' 1",
        "deals.owner: 2 rows, 50 % matched: 1 by crm; 1 unmatched: 'Alder' 1",
    ]


def test_the_parts_add_up_to_the_rows():
    for rate in match_rates(MATCHES, QUESTIONS):
        counts = rate.to_dict()
        assert counts["matched"] == sum(counts["how"].values())
        assert counts["rows"] == counts["matched"] + counts["to_decide"] + counts["unmatched"]


def test_all_but_one_of_very_many_is_not_all():
    rows = MATCHES.filter(pl.col("partner_id").is_not_null()).head(1)
    many = pl.concat([rows] * 999 + [MATCHES[5]])
    (rate,) = match_rates(many, QUESTIONS.head(0))
    assert "99 % matched" in str(rate)
    assert rate.share == 0.999


def test_no_matches_have_no_rates():
    assert match_rates(MATCHES.head(0), QUESTIONS) == []
