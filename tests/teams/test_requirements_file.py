"""Many requirements in one file."""

import pytest

from ecosystem_graph.errors import RequirementError
from ecosystem_graph.teams import read_requirements


@pytest.fixture
def file(tmp_path):
    def file(text):
        path = tmp_path / "needs.jsonl"
        path.write_text(text)
        return path

    return file


def test_each_line_is_a_requirement_by_its_id_or_number(file):
    found = read_requirements(
        file('{"capabilities": ["crm"]}\n\n{"id": "b", "capabilities": {"erp": 2}, "lead": "x"}\n')
    )
    assert list(found) == ["1", "b"]
    assert found["b"].capabilities == {"erp": 2.0}
    assert found["b"].lead == "x"


def test_every_bad_line_is_reported_with_its_number(file):
    with pytest.raises(RequirementError) as told:
        read_requirements(
            file(
                '{"capabilities": ["crm"], "id": "a"}\n'
                "{no json\n"
                '["crm"]\n'
                '{"capabilities": [], "max_size": 0}\n'
                '{"capabilities": ["crm"], "id": "a"}\n'
                '{"capabilities": ["crm"], "id": 1.5}\n'
            )
        )
    message = str(told.value)
    assert "has 5 problems" in message
    assert "needs.jsonl:2  not JSON" in message
    assert "needs.jsonl:3  not an object with `capabilities`" in message
    assert "needs.jsonl:4  capabilities must be a list" in message
    assert "max_size must be a whole number" in message
    assert "needs.jsonl:6  id must be text" in message
    assert "the id 'a' is given 2 times" in message
    assert "needs.jsonl:1 " not in message


def test_an_empty_file_and_no_file_are_said(file, tmp_path):
    with pytest.raises(RequirementError, match="holds no requirement"):
        read_requirements(file("\n\n"))
    with pytest.raises(RequirementError, match="cannot be read"):
        read_requirements(tmp_path / "nowhere.jsonl")
