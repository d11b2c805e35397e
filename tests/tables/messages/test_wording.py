from ecosystem_graph.tables.messages.wording import counted, first_few


def test_one_thing_is_told_from_many():
    assert [counted(n, "row") for n in (0, 1, 12_345)] == ["0 rows", "1 row", "12,345 rows"]


def test_of_many_the_first_few_are_named():
    assert first_few(["a", "b", "c"], 2, "; ") == "a; b; ..."
    assert first_few(["a", "b"], 2) == "a, b"
    assert first_few([], 2) == ""
