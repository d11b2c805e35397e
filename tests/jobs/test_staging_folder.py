"""The folder a run is made in: its name follows from the target, its files from the plan."""

import pytest

from ecosystem_graph import FinishedError, Output, OutputError
from ecosystem_graph.files.whole_file import write_whole
from ecosystem_graph.jobs.output import write_json
from ecosystem_graph.jobs.staging_folder import check_unfinished, root_of, staging


def finish(folder, name="0.txt", text="done"):
    write_whole(folder.files / name, lambda half: half.write_text(text))


def stopped(output, plan):
    """Begin a run and let it be stopped when one of its files is finished."""
    with staging(output, plan) as folder:
        finish(folder)
        raise KeyboardInterrupt


def committed(tmp_path, **record):
    output = Output(tmp_path / "run")
    with staging(output, {"k": 3}) as folder:
        folder.new.mkdir()
        write_json(folder.new / "run.json", {"run_id": "0123", "schema": 1, **record})
        folder.commit()
    return output


def test_a_run_appears_whole_and_nothing_else_stays(tmp_path):
    committed(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_was_finished_waits_for_the_same_plan_alone(tmp_path):
    output, resumed = Output(tmp_path / "run"), Output(tmp_path / "run", resume=True)
    with pytest.raises(KeyboardInterrupt):
        stopped(output, {"k": 3})
    assert root_of(tmp_path / "run").is_dir()
    with pytest.raises(OutputError, match="k: was 3, is 4"), staging(resumed, {"k": 4}):
        pass
    with staging(resumed, {"k": 3}) as folder:
        assert (folder.files / "0.txt").read_text() == "done"


def test_without_resuming_it_begins_anew(tmp_path):
    output = Output(tmp_path / "run")
    with pytest.raises(KeyboardInterrupt):
        stopped(output, {"k": 3})
    with staging(output, {"k": 3}) as folder:
        assert not folder.anything_finished()


def test_a_finished_run_is_not_resumed(tmp_path):
    output = committed(tmp_path, k=3)

    def plan_of(record, folder):
        return {"k": record["k"]}

    with pytest.raises(FinishedError, match="nothing to resume"):
        check_unfinished(output.target, {"k": 3}, plan_of)
    with pytest.raises(OutputError, match="was made otherwise"):
        check_unfinished(output.target, {"k": 4}, plan_of)
    check_unfinished(output.target, {"k": 4}, plan_of, overwrite=True)
    check_unfinished(tmp_path / "another", {"k": 3}, plan_of)


def test_a_shared_folder_keeps_the_files_of_each_target_apart(tmp_path):
    shared = tmp_path / "shared"
    with (
        staging(Output(tmp_path / "a"), {"k": 3}, shared=shared) as first,
        staging(Output(tmp_path / "b"), {"k": 3}, shared=shared) as second,
    ):
        assert first.files.parent == second.files.parent == shared
        assert first.files != second.files
