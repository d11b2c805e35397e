import pytest

from ecosystem_graph.files.plain_file import write_plain


def test_a_file_that_cannot_be_written_whole_is_what_it_was(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")

    def write(half):
        half.write_text("ne")
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write_plain(path, write)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_keeps_its_permissions_and_gets_its_folder(tmp_path):
    path = tmp_path / "new" / "a.csv"
    write_plain(path, lambda half: half.write_bytes(b"one"))
    path.chmod(0o640)
    write_plain(path, lambda half: half.write_bytes(b"two"))
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o640
