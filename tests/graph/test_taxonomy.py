from ecosystem_graph.graph.taxonomy import Taxonomy


def test_capabilities_need_not_be_listed_to_be_held_or_required(make_tables):
    taxonomy = Taxonomy.from_tables(
        make_tables(
            wins=["ann"],
            partner_capabilities={"ann": "held"},
            deal_requirements={"d-1": "asked"},
        )
    )
    assert taxonomy.ids.to_list() == ["asked", "held"]
    assert taxonomy.parent.tolist() == [-1, -1]


def test_a_capability_without_a_name_goes_by_its_id(make_tables):
    tables = make_tables(capabilities={"crm": {"name": "Customer care"}, "erp": {}})
    assert Taxonomy.from_tables(tables).names.tolist() == ["Customer care", "erp"]


def test_parents_are_positions_and_the_top_has_none(make_tables):
    tables = make_tables(
        capabilities={"crm": {"parent_id": "apps"}, "apps": {"parent_id": "it"}, "it": {}}
    )
    taxonomy = Taxonomy.from_tables(tables)
    assert taxonomy.ids.to_list() == ["apps", "crm", "it"]
    assert taxonomy.parent.tolist() == [2, 0, -1]


def test_no_capabilities_are_an_empty_taxonomy(make_tables):
    taxonomy = Taxonomy.from_tables(make_tables(wins=["ann bob"]))
    assert len(taxonomy) == 0
    assert taxonomy.parent.shape == taxonomy.names.shape == (0,)
