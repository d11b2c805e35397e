"""Tables that fit a terminal."""

from ecosystem_graph.report.layout import WIDTH, columns


def test_cells_are_aligned_each_column_on_its_side():
    assert columns([("a", "n"), ("long", "1,000")], "lr") == ["a         n", "long  1,000"]


def test_the_widest_column_is_broken_where_the_table_is_too_wide():
    words = "word " * 40
    lines = columns([("+0.1", words.strip(), "0.5 (share)"), ("+0.2", "short", "1")], "rll")
    assert max(map(len, lines)) <= WIDTH
    assert lines[0].endswith("0.5 (share)")
    assert sum(line.count("word") for line in lines) == 40
    assert lines[-1].split() == ["+0.2", "short", "1"]
    assert all(line.startswith(" " * 6) for line in lines[1:-1])
