from ecosystem_graph.importing.inputs.fields import columns_wanted, fields_kept, needed
from ecosystem_graph.importing.mapping.grammar import Expression, FieldName
from ecosystem_graph.importing.mapping.presets import load_mapping

A, B = FieldName("A"), FieldName("B")


def test_the_allow_list_of_an_input_holds_conditions_lookups_and_identity_as_well():
    fields = {name.name for name in needed(load_mapping(None, ["salesforce"]))["account"]}
    assert {"Id", "IsDeleted", "Industry", "MasterRecordId"} <= fields
    assert not {"Phone", "OwnerId", "Description"} & fields


def test_columns_are_wanted_under_the_name_they_have_and_by_patterns():
    headers = ["Record ID", "Partner 1", "Partner 2", "Secret"]
    wanted = [FieldName("Id"), FieldName("Partner *"), FieldName("Gone", optional=True)]
    assert set(columns_wanted(wanted, headers, {"id": ("recordid",)})) == set(headers[:3])


def test_a_match_a_count_and_a_domain_keep_nothing_of_a_field():
    assert list(fields_kept(Expression(fields=(A,), match=("name",)))) == []
    assert list(fields_kept(Expression(count=A))) == []
    assert list(fields_kept(Expression(fields=(A,), form="domain"))) == []
    inside = Expression(first=(Expression(fields=(A,), form="domain"), Expression(fields=(B,))))
    assert list(fields_kept(inside)) == [B]
