"""Nobody's data is lost, whatever an output is called."""

import json
import shutil

import pytest

DAY = ("--as-of", "2025-01-01")
MODEL = ("--model", "default")


def everything_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def invented(ask, tmp_path_factory):
    folder = tmp_path_factory.mktemp("invented") / "data"
    ask("synth", folder, "--partners", "60", "--seed", "3")
    return folder


@pytest.fixture
def home(invented, tmp_path):
    """A folder with invented tables, a requirement and partners asked for."""
    shutil.copytree(invented, tmp_path / "data")
    (tmp_path / "asks").mkdir()
    (tmp_path / "asks" / "need.toml").write_text('capabilities = ["cap-01"]\nlead = "p-1"')
    (tmp_path / "asks" / "needs.jsonl").write_text('{"capabilities": ["cap-01"]}')
    (tmp_path / "asks" / "partners.txt").write_text("p-1")
    return tmp_path


WRITING = {
    "recommend": ("recommend", "data", *DAY, *MODEL),
    "train": ("train", "data", *DAY),
    "team": ("team", "data", "--requirement", "asks/need.toml", *DAY, *MODEL),
    "teams": ("team", "data", "--requirements", "asks/needs.jsonl", *DAY, *MODEL),
    "some": ("recommend", "data", "--partners", "asks/partners.txt", *DAY, *MODEL),
}


@pytest.mark.parametrize("words", WRITING.values(), ids=WRITING)
@pytest.mark.parametrize("output", ["data", "data/truth", "data/run", ".", "link", "../{}/data"])
def test_no_command_writes_at_above_or_in_its_tables(ask, home, monkeypatch, words, output):
    monkeypatch.chdir(home)
    (home / "link").symlink_to("data")
    before = everything_in(home)
    done = ask(*words, "--output", output.format(home.name), "--overwrite")
    assert done.exit_code == 1
    assert "Choose another name" in done.stderr
    assert everything_in(home) == before


@pytest.mark.parametrize("name", ["team", "teams", "some"])
def test_no_command_replaces_the_folder_its_question_lies_in(ask, home, monkeypatch, name):
    monkeypatch.chdir(home)
    (home / "asks" / "run.json").write_text('{"run_id": "7", "schema": 1}')
    before = everything_in(home)
    done = ask(*WRITING[name], "--output", "asks", "--overwrite")
    assert done.exit_code == 1
    assert "asks holds asks/" in done.stderr
    assert everything_in(home) == before


@pytest.mark.parametrize("words", [("check",), ("recommend", *DAY, *MODEL), ("train", *DAY)])
@pytest.mark.parametrize("place", ["data/aside", "."])
def test_bad_rows_are_not_set_aside_among_the_tables(ask, home, monkeypatch, words, place):
    monkeypatch.chdir(home)
    more = ("--output", "new") if words[0] == "train" else ()
    done = ask(words[0], "data", *words[1:], *more, "--quarantine", place)
    assert done.exit_code == 1
    assert "goes to a place of its own" in done.stderr


def test_a_run_and_the_rows_set_aside_need_two_places(ask, home, monkeypatch):
    monkeypatch.chdir(home)
    words = ("recommend", "data", *DAY, *MODEL, "--output", "run", "--quarantine")
    for place in ("run", "run/aside"):
        assert "goes to a place of its own" in ask(*words, place).stderr


def test_a_run_does_not_take_the_place_of_invented_tables_and_they_do_not_take_its(ask, home):
    ask("recommend", home / "data", *DAY, *MODEL, "--output", home / "run")
    before = everything_in(home)
    ask("synth", home / "other", "--partners", "20")
    done = ask("recommend", home / "other", *DAY, *MODEL, "--output", home / "data", "--overwrite")
    assert "is not a run (no run.json in it says so)" in done.stderr
    done = ask("synth", home / "run", "--partners", "20", "--overwrite")
    assert "is not an invented ecosystem" in done.stderr
    assert {name: data for name, data in everything_in(home).items() if "other" not in name} == (
        before
    )


def test_invented_tables_with_something_added_stay(ask, home):
    (home / "data" / "offerings.csv").write_text("partner_id,product_id")
    done = ask("synth", home / "data", "--partners", "20", "--overwrite")
    assert "holds what does not belong to an invented ecosystem: offerings.csv" in done.stderr
    (home / "data" / "offerings.csv").unlink()
    assert ask("synth", home / "data", "--partners", "20", "--overwrite").exit_code == 0


def test_a_model_is_not_replaced_by_what_is_made_with_it(ask, home, monkeypatch):
    from ecosystem_graph import Recommender

    Recommender.load("default").save(home / "model")
    for output in ("model", "model/run"):
        done = ask(
            "recommend", home / "data", *DAY, "--model", home / "model", "--output", home / output
        )
        assert "what is written goes to a place of its own" in done.stderr
    Recommender.load(home / "model")


def test_a_finished_run_is_not_resumed_and_that_is_no_failure(ask, home, monkeypatch):
    words = ("recommend", home / "data", *DAY, *MODEL, "--output", home / "run", "--resume")
    assert ask(*words).exit_code == 0
    before = everything_in(home)
    for _ in range(2):
        done = ask(*words)
        assert done.exit_code == 0
        assert "is finished: nothing to resume" in done.stderr
    assert everything_in(home) == before
    done = ask(*words, "-k", 3)
    assert done.exit_code == 1
    assert "parameters.k: was 10, is 3" in done.stderr
    assert "--overwrite" in done.stderr


def test_the_option_that_would_help_is_named_by_the_command_line_alone(ask, home):
    words = ("recommend", home / "data", *DAY, *MODEL, "--output", home / "run")
    assert ask(*words).exit_code == 0
    assert "Use --overwrite to replace it." in ask(*words).stderr
    assert ask(*words, "--overwrite").exit_code == 0
    assert json.loads((home / "run" / "run.json").read_text())["source"] == "data"
