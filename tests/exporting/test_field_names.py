import pytest

from ecosystem_graph.errors import MappingError
from ecosystem_graph.exporting.field_names import field_names

FIELDS = {"reason": "Reason__c", "rank": "Rank__c"}


def test_names_of_a_file_take_the_place_of_the_defaults(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text('[salesforce]\nreason = "Why__c"\n[hubspot]\nother = "x"\n')
    assert field_names(path, "salesforce", FIELDS) == {"reason": "Why__c", "rank": "Rank__c"}
    assert field_names(None, "salesforce", FIELDS) == FIELDS


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    path = tmp_path / "names.toml"
    path.write_text('[salesforce]\nreson = "Why__c"\nrank = 3\n')
    with pytest.raises(MappingError) as caught:
        field_names(path, "salesforce", FIELDS)
    assert "no field 'reson'. Did you mean 'reason'?" in str(caught.value)
    assert "rank must be a text. Got 3." in str(caught.value)


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "bad.toml").write_text("= 1")
    with pytest.raises(MappingError, match="is no TOML"):
        field_names(tmp_path / "bad.toml", "salesforce", FIELDS)
    with pytest.raises(MappingError, match="cannot be read"):
        field_names(tmp_path / "absent.toml", "salesforce", FIELDS)
