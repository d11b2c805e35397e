from ecosystem_graph.tables.problems import did_you_mean


def test_a_near_match_is_found_whatever_its_case():
    assert did_you_mean("PARTNER_ID", ["partner_id", "name"]) == " Did you mean 'partner_id'?"


def test_a_near_match_is_found_among_very_many():
    options = [f"p-{number:06}" for number in range(200_000)]
    assert did_you_mean("p-1500000", options) == " Did you mean 'p-150000'?"


def test_what_is_like_nothing_gets_no_hint():
    assert did_you_mean("p-9", ["q-1", "name"]) == ""
    assert did_you_mean("", ["a", "b"]) == ""
