import pytest

from ecosystem_graph.report.layout import WIDTH, columns, field, filled, number, who


def test_cells_are_aligned_left_or_right_by_column():
    assert columns([("ab", "1"), ("c", "23")], "lr") == ["ab   1", "c   23"]
    assert columns([("ab", "1"), ("c", "23")], "rl") == ["ab  1", " c  23"]


def test_control_characters_are_escaped():
    assert columns([("a\x1b[2J", "b")], "ll") == [r"a\x1b[2J  b"]
    assert filled("a\x1b[2J", "", "") == r"a\x1b[2J"


def test_a_long_field_is_broken_below_its_value():
    first, *others = field("why", "word " * 40).splitlines()
    assert first.startswith("     why   word")
    assert others
    assert all(line.startswith(" " * 11 + "word") for line in others)
    assert all(len(line) <= WIDTH for line in (first, *others))


@pytest.mark.parametrize(
    ("value", "text"), [(999.96, "1000"), (1_000.0, "1,000"), (-12_345.6, "-12,346"), (0.0, "0")]
)
def test_numbers_have_four_digits_or_are_whole(value, text):
    assert number(value) == text


def test_a_partner_is_named_with_its_id_unless_both_are_equal(asked):
    graph = asked(partners={"ann": {"name": "Ann Ltd"}, "bob": {}}).graph
    assert who(graph, "ann") == "Ann Ltd (ann)"
    assert who(graph, "bob") == "bob"


def test_the_widest_column_is_broken_where_the_table_is_too_wide():
    words = "word " * 40
    lines = columns([("+0.1", words.strip(), "0.5 (share)"), ("+0.2", "short", "1")], "rll")
    assert max(map(len, lines)) <= WIDTH
    assert lines[0].endswith("0.5 (share)")
    assert sum(line.count("word") for line in lines) == 40
    assert lines[-1].split() == ["+0.2", "short", "1"]
    assert all(line.startswith(" " * 6) for line in lines[1:-1])
