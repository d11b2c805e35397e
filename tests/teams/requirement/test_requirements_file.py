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


@pytest.mark.parametrize(
    "line",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"capabilities": ["a"], "id": "\\ud800"}',
        '{"capabilities": ["a"], "id": 1e999}',
        '{"capabilities": {"a": NaN}}',
        '{"capabilities": ["a"], "capabilities": ["b"]}',
        '{"capabilities": [' + '"a",' * 100_000 + "1]}",
    ],
)
def test_a_line_of_anything_is_refused_in_a_few_words(tmp_path, line):
    (tmp_path / "needs.jsonl").write_text(f'{{"capabilities": ["a"]}}\n{line}\n')
    with pytest.raises(RequirementError, match=r"needs.jsonl:2") as error:
        read_requirements(tmp_path / "needs.jsonl")
    assert len(str(error.value)) < 600
    str(error.value).encode()


def test_of_many_wrong_lines_the_first_are_told_and_the_others_counted(tmp_path):
    (tmp_path / "needs.jsonl").write_text("{}\n" * 500)
    with pytest.raises(RequirementError, match=r"has 500 problems:(.|\n)*and 480 more"):
        read_requirements(tmp_path / "needs.jsonl")
