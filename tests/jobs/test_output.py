"""The folder asked for: what tells a run from anything else."""

import json

from ecosystem_graph.jobs.output import RUN, Output, write_json


def test_a_run_is_what_its_record_says_and_holds_nothing_foreign(tmp_path):
    assert RUN.read_mark(tmp_path) is None
    write_json(tmp_path / "run.json", {"run_id": "0123", "schema": 1})
    for name in ("timings.json", "recommendations.csv", "teams.jsonl", ".DS_Store"):
        (tmp_path / name).write_text("")
    assert RUN.mismatch(tmp_path) is None
    (tmp_path / "notes.txt").write_text("")
    assert "notes.txt" in RUN.mismatch(tmp_path)


def test_plain_values_are_written_for_people(tmp_path):
    write_json(tmp_path / "facts.json", {"name": "Söhne", "n": [1, 2]})
    text = (tmp_path / "facts.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"name": "Söhne", "n": [1, 2]}
    assert "Söhne" in text
    assert text.endswith("}\n")


def test_an_output_replaces_and_resumes_nothing_unless_asked_to(tmp_path):
    output = Output(tmp_path / "run")
    assert (output.format, output.overwrite, output.resume) == ("parquet", False, False)
    assert output.keep_rows
