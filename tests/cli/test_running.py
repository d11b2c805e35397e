"""What commands share while they run."""

import pytest

from ecosystem_graph import OutputError
from ecosystem_graph.cli.running import REMEDIES, check_outputs, stages, tables_of
from ecosystem_graph.jobs.output import RUN


def test_outputs_that_are_taken_or_would_replace_what_is_read_are_refused(folder, tmp_path):
    data = folder(wins=["ann bob"])
    check_outputs(tmp_path / "run", RUN, [data, None], None)
    with pytest.raises(OutputError, match="is not replaced"):
        check_outputs(data, RUN, [data], None, overwrite=True)
    with pytest.raises(OutputError):
        check_outputs(None, None, [data], data / "quarantine")


def test_tables_are_read_with_their_notes_on_stderr_unless_it_is_to_be_quiet(folder, capsys):
    data = str(folder(wins=["ann bob"]))
    tables_of(data, None, quiet=False)
    assert "note: no table csat" in capsys.readouterr().err
    tables_of(data, None, quiet=True)
    assert capsys.readouterr() == ("", "")


def test_a_stage_that_ends_is_a_line_on_stderr(capsys):
    with stages() as at:
        at("counting")
        at.rows = 1_234
    error = capsys.readouterr().err
    assert error.startswith("counting: ")
    assert "1,234 rows" in error
    with stages(quiet=True) as at:
        at("counting")
    assert capsys.readouterr().err == ""


def test_every_remedy_names_an_option():
    assert all("--" in remedy for remedy in REMEDIES.values())
