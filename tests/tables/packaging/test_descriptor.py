import hashlib
import json

import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.tables.packaging.descriptor import descriptor
from ecosystem_graph.tables.reading import read_tables

FIELD_TYPES = {"string", "number", "integer", "boolean", "date", "any"}


def described(folder, **facts):
    return descriptor(
        folder,
        name="acme",
        title="Acme",
        description="Three partners.",
        licenses=[{"name": "CC-BY-4.0"}],
        **facts,
    )


def check_package(package, folder):
    """The parts of the Data Package standard (v2) that our descriptors use."""
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    names = [resource["name"] for resource in package["resources"]]
    assert names
    assert len(set(names)) == len(names)
    for resource in package["resources"]:
        data = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        schema = resource["schema"]
        fields = {field["name"]: field for field in schema["fields"]}
        assert len(fields) == len(schema["fields"])
        assert all(field["type"] in FIELD_TYPES for field in fields.values())
        assert set(schema.get("primaryKey", [])) <= set(fields)
        for foreign_key in schema.get("foreignKeys", []):
            reference = foreign_key["reference"]
            assert set(foreign_key["fields"]) <= set(fields)
            assert reference.get("resource", resource["name"]) in names
            assert reference.get("resource") != resource["name"]
            assert len(reference["fields"]) == len(foreign_key["fields"])


def resource(package, name):
    return next(resource for resource in package["resources"] if resource["name"] == name)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_descriptor_of_a_folder_keeps_to_the_standard(acme, tmp_path, form):
    folder = acme()
    if form == "parquet":
        tables = read_tables(folder)
        folder = tmp_path / "parquet"
        folder.mkdir()
        for name in tables.provided:
            tables[name].write_parquet(folder / f"{name}.parquet")
    package = described(folder, as_of="2024-06-01", sources=[{"title": "us"}])
    check_package(package, folder)
    assert json.loads(json.dumps(package)) == package
    assert package["as_of"] == "2024-06-01"
    assert {resource["format"] for resource in package["resources"]} == {form}


def test_fields_are_those_of_the_file_and_carry_their_constraints(acme):
    folder = acme(deals="stage,deal_id,amount,outcome\n1,d-1,5,open\n1,d-2,6,open\n")
    schema = resource(described(folder), "deals")["schema"]
    assert [field["name"] for field in schema["fields"]] == [
        "stage",
        "deal_id",
        "amount",
        "outcome",
    ]
    assert schema["fields"][0] == {"name": "stage", "type": "any"}
    assert "constraints" not in schema["fields"][2]
    assert schema["fields"][3]["constraints"] == {
        "required": True,
        "enum": ["won", "lost", "open", "withdrawn"],
    }


def test_keys_and_references_are_told(acme):
    package = described(
        acme(
            partners="partner_id,name,parent_id\np-1,A,\np-2,B,p-1\np-3,C,p-1\n", capabilities=None
        )
    )
    assert resource(package, "deal_partners")["schema"]["uniqueKeys"] == [
        ["deal_id", "partner_id", "role"]
    ]
    assert resource(package, "deal_partners")["schema"]["foreignKeys"] == [
        {"fields": ["deal_id"], "reference": {"resource": "deals", "fields": ["deal_id"]}},
        {"fields": ["partner_id"], "reference": {"resource": "partners", "fields": ["partner_id"]}},
    ]
    assert resource(package, "partners")["schema"]["foreignKeys"] == [
        {"fields": ["parent_id"], "reference": {"fields": ["partner_id"]}}
    ]
    facts = resource(package, "partner_capabilities")["schema"]
    assert [key["fields"] for key in facts["foreignKeys"]] == [["partner_id"]]


def test_a_key_with_an_empty_part_is_a_unique_key(acme):
    schema = resource(described(acme()), "partner_capabilities")["schema"]
    assert "primaryKey" not in schema
    assert schema["uniqueKeys"] == [["partner_id", "capability_id", "valid_from"]]


def test_unsound_tables_have_no_descriptor(acme):
    with pytest.raises(DataError, match="wonn"):
        described(acme(deals="deal_id,outcome\nd-1,wonn\nd-2,won\n"))


def test_a_table_is_described_by_the_names_in_its_file(acme):
    folder = acme(deal_partners=None)
    (folder / "Deal Partners.tsv").write_text("Deal ID\tPartner ID\trole\nd-1\tp-1\tlead\n")
    described_as = resource(described(folder), "deal_partners")
    assert described_as["mediatype"] == "text/tab-separated-values"
    assert [field["name"] for field in described_as["schema"]["fields"]] == [
        "Deal ID",
        "Partner ID",
        "role",
    ]
    assert described_as["schema"]["primaryKey"] == ["Deal ID", "Partner ID", "role"]
