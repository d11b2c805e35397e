from time import process_time

from ecosystem_graph.tables.messages.notes import Note, did_you_mean, quoted


def test_a_near_match_is_found_whatever_its_case():
    assert did_you_mean("PARTNER_ID", ["partner_id", "name"]) == " Did you mean 'partner_id'?"


def test_a_near_match_is_found_among_very_many_in_a_moment():
    letters = "abcdefghijklmnopqrst"
    words = [f"cap-{a}{b}{c}{d}" for a in letters for b in letters for c in letters for d in "xyz"]
    words[9_000] = "wireless-lan"
    started = process_time()
    assert did_you_mean("wirelesslam", words) == " Did you mean 'wireless-lan'?"
    assert did_you_mean("cap-zzzz", words) == ""
    assert did_you_mean("x" * 20_000, ["y" * 20_000, *words]) == ""
    assert process_time() - started < 1


def test_codes_that_differ_in_a_letter_are_not_taken_for_each_other():
    assert did_you_mean("001x0000002xLCaAAM", ["001x0000002xLCZAA2", "001x0000002xLCbAAM"]) == ""
    assert did_you_mean("p-11", ["p-1", "p-12"]) == ""
    assert did_you_mean("P 11", ["p-11", "p-12"]) == " Did you mean 'p-11'?"


def test_of_two_that_are_as_near_neither_is_named():
    assert did_you_mean("lest", ["lost", "last"]) == ""


def test_what_is_like_nothing_gets_no_hint():
    assert did_you_mean("p-9", ["q-1", "name"]) == ""
    assert did_you_mean("", ["a", "b"]) == ""


def test_control_characters_in_a_note_are_escaped():
    assert str(Note("deals", "deals.csv", None, "a\x07b")) == r"deals.csv  a\x07b"
    assert quoted("\ud800") == r"'\ud800'"
