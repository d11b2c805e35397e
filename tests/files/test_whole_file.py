import pytest

from ecosystem_graph.files.whole_file import clear_unsound, is_sound, seal, write_whole


def write(text):
    return lambda path: path.write_text(text)


def test_a_file_is_written_completely_and_matches_its_checksum(tmp_path):
    path = tmp_path / "deep" / "rows.txt"
    write_whole(path, write("all of it"))
    assert path.read_text() == "all of it"
    assert is_sound(path)


def test_a_failure_leaves_the_old_file_without_a_checksum_and_nothing_else(tmp_path):
    path = tmp_path / "rows.txt"
    write_whole(path, write("old"))

    def fail(half):
        half.write_text("hal")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, fail)
    assert path.read_text() == "old"
    assert not is_sound(path)
    assert [file.name for file in tmp_path.iterdir()] == ["rows.txt"]


@pytest.mark.parametrize(
    "spoil", [lambda path: path.write_text("other"), lambda path: path.unlink()]
)
def test_a_file_that_was_changed_or_deleted_is_not_sound(tmp_path, spoil):
    path = tmp_path / "rows.txt"
    write_whole(path, write("all of it"))
    spoil(path)
    assert not is_sound(path)


def test_a_file_of_someone_else_can_be_sealed(tmp_path):
    path = tmp_path / "rows.txt"
    path.write_text("all of it")
    assert not is_sound(path)
    seal(path)
    assert is_sound(path)


def test_files_that_are_incomplete_or_were_changed_are_removed_and_changed_ones_returned(tmp_path):
    sound, changed = tmp_path / "a.txt", tmp_path / "b.txt"
    for path in (sound, changed):
        write_whole(path, write("all of it"))
    changed.write_text("other")
    (tmp_path / ".half-x").write_text("hal")
    assert clear_unsound(tmp_path) == [changed]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "a.txt.sha256"]
