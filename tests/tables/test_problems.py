from ecosystem_graph.tables.problems import Note, Problem, did_you_mean, quoted


def test_a_near_match_is_found_whatever_its_case():
    assert did_you_mean("PARTNER_ID", ["partner_id", "name"]) == " Did you mean 'partner_id'?"


def test_a_near_match_is_found_among_very_many():
    options = [f"p-{number:06}" for number in range(200_000)]
    assert did_you_mean("p-1500000", options) == " Did you mean 'p-150000'?"


def test_what_is_like_nothing_gets_no_hint():
    assert did_you_mean("p-9", ["q-1", "name"]) == ""
    assert did_you_mean("", ["a", "b"]) == ""


def test_what_would_steer_a_terminal_is_written_out():
    told = str(Problem("deals", "deals.csv", 2, "x", None, "x '\x1b[2J\r\n\u202eevil\x9b' is odd."))
    assert told == r"deals.csv:2  x '\x1b[2J\r\n\u202eevil\x9b' is odd."
    assert str(Note("deals", "deals.csv", None, "a\x07b")) == r"deals.csv  a\x07b"
    assert quoted("\ud800") == r"'\ud800'"
