import json

import pytest

from ecosystem_graph.files.folder_kind import FolderKind

RUN = FolderKind("a run", "run.json", {"schema": 1, "run_id": None}, frozenset({"run.json", "a/b"}))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"schema": 1, "run_id": "x", "more": 2}))
    return tmp_path


def test_a_folder_with_its_mark_and_its_files_is_of_the_kind(folder):
    (folder / "a").mkdir()
    (folder / "a" / "b").touch()
    (folder / ".DS_Store").touch()
    assert RUN.mismatch(folder) is None
    assert RUN.read_mark(folder)["run_id"] == "x"


@pytest.mark.parametrize(
    "mark", ["", "[]", "{", '{"schema": 2, "run_id": "x"}', '{"schema": 1}', '"\udcff"']
)
def test_a_mark_without_the_entries_of_the_kind_is_none(folder, mark):
    (folder / "run.json").write_text(mark, errors="surrogateescape")
    assert RUN.read_mark(folder) is None
    assert RUN.mismatch(folder) == "is not a run (no run.json in it says so)"


def test_a_folder_without_a_mark_is_not_of_the_kind(tmp_path):
    assert RUN.mismatch(tmp_path) is not None


def test_three_foreign_files_are_named_and_the_others_counted(folder):
    for name in "edcbX":
        (folder / name).touch()
    message = "holds what does not belong to a run: X, b, c and 2 more"
    assert RUN.mismatch(folder) == message


def test_a_link_to_a_folder_is_a_foreign_file(folder, tmp_path_factory):
    (folder / "link").symlink_to(tmp_path_factory.mktemp("elsewhere"))
    assert "link" in RUN.mismatch(folder)
