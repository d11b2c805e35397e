import errno
import os

import pytest

from ecosystem_graph.errors import OutputError
from ecosystem_graph.recommending.publishing import check_free, published


def write(target, text="new", **how):
    with published(target, **how) as folder:
        (folder / "run.json").write_text(text)


def everything_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_folder_appears_with_all_that_was_written(tmp_path):
    write(tmp_path / "deep" / "down" / "run")
    assert everything_in(tmp_path) == [
        "deep",
        "deep/down",
        "deep/down/run",
        "deep/down/run/run.json",
    ]


def test_a_folder_is_as_open_to_others_as_any_the_user_makes(tmp_path):
    write(tmp_path / "run")
    (tmp_path / "made").mkdir()
    assert (tmp_path / "run").stat().st_mode == (tmp_path / "made").stat().st_mode


def test_what_is_there_is_replaced_as_a_whole(tmp_path):
    write(tmp_path / "run", "old")
    (tmp_path / "run" / "more.txt").touch()
    write(tmp_path / "run", "new", overwrite=True)
    assert everything_in(tmp_path) == ["run", "run/run.json"]
    assert (tmp_path / "run" / "run.json").read_text() == "new"


def fail(target, failure):
    with published(target, overwrite=True) as folder:
        (folder / "run.json").write_text("half")
        raise failure


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path, failure):
    write(tmp_path / "run", "old")
    with pytest.raises(failure):
        fail(tmp_path / "run", failure)
    assert everything_in(tmp_path) == ["run", "run/run.json"]
    assert (tmp_path / "run" / "run.json").read_text() == "old"


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(OutputError, match=r"cannot write .*run: No space left on device"):
        fail(tmp_path / "run", full)
    assert everything_in(tmp_path) == []


def test_a_folder_that_is_there_is_refused(tmp_path):
    write(tmp_path / "run", "old")
    with pytest.raises(OutputError, match=r"run exists already.*--overwrite"):
        write(tmp_path / "run")
    assert (tmp_path / "run" / "run.json").read_text() == "old"


def test_a_folder_of_something_else_is_never_replaced(tmp_path):
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "partners.csv").touch()
    with pytest.raises(OutputError, match="holds something else than a run or a model"):
        write(tmp_path / "acme", overwrite=True)
    assert everything_in(tmp_path) == ["acme", "acme/partners.csv"]


def test_an_empty_folder_may_be_replaced(tmp_path):
    (tmp_path / "run").mkdir()
    write(tmp_path / "run", overwrite=True)
    assert everything_in(tmp_path) == ["run", "run/run.json"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_is_never_replaced(tmp_path, overwrite):
    (tmp_path / "run").write_text("mine")
    with pytest.raises(OutputError, match="run is a file"):
        write(tmp_path / "run", overwrite=overwrite)
    assert (tmp_path / "run").read_text() == "mine"


def test_a_place_without_room_for_folders_is_refused_before_any_work(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file is no folder that can be written to"):
        check_free(tmp_path / "file" / "deep" / "run", overwrite=False)
    assert everything_in(tmp_path) == ["file"]
