import errno
import json
import os

import polars as pl
import pytest

from ecosystem_graph.errors import OutputError
from ecosystem_graph.files.whole_folder import check_apart, check_free, staged_folder
from ecosystem_graph.jobs.output import RUN
from ecosystem_graph.recommending.model_files import MODEL
from ecosystem_graph.synthetic.output.writing import INVENTED

OLD, NEW = (json.dumps({"run_id": name, "schema": 1}) for name in ("old", "new"))


def write(target, text=NEW, **how):
    with staged_folder(target, RUN, **how) as folder:
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
    write(tmp_path / "run", OLD)
    (tmp_path / "run" / "recommendations.csv").touch()
    write(tmp_path / "run", NEW, overwrite=True)
    assert everything_in(tmp_path) == ["run", "run/run.json"]
    assert (tmp_path / "run" / "run.json").read_text() == NEW


def fail(target, failure):
    with staged_folder(target, RUN, overwrite=True) as folder:
        (folder / "run.json").write_text("half")
        raise failure


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path, failure):
    write(tmp_path / "run", OLD)
    with pytest.raises(failure):
        fail(tmp_path / "run", failure)
    assert everything_in(tmp_path) == ["run", "run/run.json"]
    assert (tmp_path / "run" / "run.json").read_text() == OLD


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(OutputError, match=r"cannot write .*run: No space left on device"):
        fail(tmp_path / "run", full)
    assert everything_in(tmp_path) == []


def test_a_folder_that_is_there_is_refused(tmp_path):
    write(tmp_path / "run", OLD)
    with pytest.raises(OutputError, match=r"run exists already"):
        write(tmp_path / "run")
    assert (tmp_path / "run" / "run.json").read_text() == OLD


#: Folders that are nobody's run, whatever files of that name say.
NO_RUNS = {
    "tables": {"partners.csv": "partner_id"},
    "a web app": {"manifest.json": '{"name": "my web app"}', "thesis.txt": "x"},
    "a record of something else": {"run.json": '{"run_id": "7"}'},
    "no mapping": {"run.json": '["run_id", "schema"]'},
    "no JSON": {"run.json": "run_id schema"},
    "nested without end": {"run.json": "[" * 100_000},
    "a model": {"manifest.json": '{"format": 2, "tasks": {}}'},
    "a run with something more in it": {"run.json": OLD, "notes.txt": "x"},
    "a run that holds tables": {"run.json": OLD, "data/partners.csv": "partner_id"},
}


@pytest.mark.parametrize("files", NO_RUNS.values(), ids=NO_RUNS)
def test_a_folder_of_something_else_is_never_replaced(tmp_path, files):
    for name, text in files.items():
        (tmp_path / "acme" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "acme" / name).write_text(text)
    before = everything_in(tmp_path)
    with pytest.raises(OutputError, match=r"(is not a run|does not belong).* It is not replaced"):
        write(tmp_path / "acme", overwrite=True)
    assert everything_in(tmp_path) == before


def test_what_does_not_belong_is_named(tmp_path):
    write(tmp_path / "run")
    for name in "edcba":
        (tmp_path / "run" / name).touch()
    with pytest.raises(OutputError, match=r"does not belong to a run: a, b, c and 2 more\."):
        write(tmp_path / "run", overwrite=True)


@pytest.mark.parametrize("kind", [MODEL, INVENTED])
def test_a_run_takes_the_place_of_a_run_alone(tmp_path, kind):
    write(tmp_path / "run")
    with pytest.raises(OutputError, match=f"is not {kind.name}"):
        check_free(tmp_path / "run", kind, overwrite=True)


def test_what_the_desktop_leaves_in_a_folder_is_not_missed(tmp_path):
    write(tmp_path / "run")
    (tmp_path / "run" / ".DS_Store").touch()
    write(tmp_path / "run", overwrite=True)
    assert everything_in(tmp_path) == ["run", "run/run.json"]


def places(folder):
    """A folder that is read, and outputs that are not apart from it."""
    (folder / "acme").mkdir()
    (folder / "link").symlink_to(folder / "acme")
    (folder / "around").symlink_to(folder)
    return {
        "acme": "is",
        "acme/out": "lies in",
        "acme/deep/out": "lies in",
        ".": "holds",
        "link": "is",
        "link/out": "lies in",
        "around": "holds",
        "around/acme/../acme": "is",
        "acme/..": "holds",
    }


def test_nothing_is_written_at_above_or_in_what_is_read(tmp_path):
    for name, how in places(tmp_path).items():
        for read in ("acme", "link", "around/acme"):
            with pytest.raises(OutputError, match=f" {how} "):
                check_free(tmp_path / name, RUN, overwrite=True, inputs=[tmp_path / read])
    check_free(tmp_path / "acme-2", RUN, overwrite=True, inputs=[tmp_path / "acme"])
    check_apart(tmp_path / "acme-2", [tmp_path / "acme"])


def test_two_places_are_told_apart_before_they_exist(tmp_path):
    with pytest.raises(OutputError, match="lies in"):
        check_apart(tmp_path / "run" / "aside", [tmp_path / "run"])


def test_what_a_link_points_to_is_replaced_and_the_link_stays(tmp_path):
    write(tmp_path / "run", OLD)
    (tmp_path / "link").symlink_to(tmp_path / "run")
    write(tmp_path / "link", NEW, overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "run" / "run.json").read_text() == NEW


def test_the_folder_one_stands_in_is_not_replaced(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name in (".", "..", "../here"):
        with pytest.raises(OutputError, match="the folder this runs in, or holds it"):
            check_free(type(tmp_path)(name), RUN, overwrite=True)


@pytest.mark.parametrize("name", ["x" * 250, "x" * 5_000, "a\0b", "a\udcff", "y" * 300 + "/run"])
def test_a_name_nothing_can_have_is_refused(tmp_path, name):
    with pytest.raises(OutputError, match=r"too long|cannot be the name|not a name in UTF-8"):
        check_free(tmp_path / name, RUN, overwrite=False)


def test_a_link_that_leads_nowhere_is_refused(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OutputError):
        write(tmp_path / "a", overwrite=True)


def test_what_was_there_comes_back_if_the_new_cannot_take_its_place(tmp_path, monkeypatch):
    write(tmp_path / "run", OLD)
    rename = type(tmp_path).rename

    def dies(self, other):
        if self.name == "new":
            raise KeyboardInterrupt
        return rename(self, other)

    monkeypatch.setattr(type(tmp_path), "rename", dies)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "run", NEW, overwrite=True)
    assert everything_in(tmp_path) == ["run", "run/run.json"]
    assert (tmp_path / "run" / "run.json").read_text() == OLD


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
        check_free(tmp_path / "file" / "deep" / "run", RUN, overwrite=False)
    assert everything_in(tmp_path) == ["file"]


@pytest.mark.parametrize("error", [pl.exceptions.ComputeError, pl.exceptions.PolarsError])
def test_a_full_disk_under_polars_is_told_and_leaves_nothing(tmp_path, error):
    with pytest.raises(OutputError, match=r"cannot write .*run: No space left"):
        fail(tmp_path / "run", error("No space left on device (os error 28)"))
    with pytest.raises(error, match="no such column"):
        fail(tmp_path / "run", error("no such column"))
    assert everything_in(tmp_path) == []
