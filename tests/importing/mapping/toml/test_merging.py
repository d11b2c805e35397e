from ecosystem_graph.importing.mapping.toml.merging import Document, merged


def column(value):
    return {"tables": {"deals": {"crm": {"columns": {"outcome": value}}}}}


def outcome(*values):
    both = merged([Document(str(n), column(value)) for n, value in enumerate(values)])
    return both.content["tables"]["deals"]["crm"]["columns"]["outcome"]


def test_an_expression_replaces_an_earlier_one_as_a_whole():
    assert outcome({"field": "A", "values": {"x": "won"}}, {"const": "won"}) == {"const": "won"}


def test_values_alone_are_added_to_the_earlier_expression():
    assert outcome("Stage", {"values": {"x": "won"}}) == {"field": "Stage", "values": {"x": "won"}}
    first = {"first": ["IsWon", {"field": "Stage", "values": {"x": "won"}}]}
    added = outcome(first, {"values": {"y": "lost"}, "otherwise": "open"})
    last = {"field": "Stage", "values": {"x": "won", "y": "lost"}, "otherwise": "open"}
    assert added == {"first": ["IsWon", last]}


def test_lists_replace_and_tables_merge():
    one = Document("one", {"inputs": {"a": {"recognise": ["x"], "fields": {"A": ["b"]}}}})
    two = Document("two", {"inputs": {"a": {"recognise": ["y"], "fields": {"C": ["d"]}}}})
    expected = {"recognise": ["y"], "fields": {"A": ["b"], "C": ["d"]}}
    assert merged([one, two]).content["inputs"]["a"] == expected


def test_the_last_mapping_that_states_a_path_is_its_origin():
    both = merged([Document("one", column("A")), Document("two", {"settings": {}})])
    origin = both.origin("tables", "deals", "crm", "columns", "outcome")
    assert origin is not None
    assert origin.origin == "one"
    assert both.origin("lookups") is None


def test_merging_changes_no_document():
    one = Document("one", {"settings": {"a": 1}})
    merged([one, Document("two", {"settings": {"b": 2}})])
    assert one.content == {"settings": {"a": 1}}
