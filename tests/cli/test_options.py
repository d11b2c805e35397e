"""Options that commands share: what they accept, and what is refused before any work."""

from datetime import date

import click
import pytest

from ecosystem_graph.cli.options import Day, Number
from ecosystem_graph.cli.running import REMEDIES, check_outputs, stages, tables_of
from ecosystem_graph.errors import OutputError
from ecosystem_graph.jobs.output import RUN


@pytest.mark.parametrize("value", ["2024-6-1", "01.06.2024", "2300-01-01", ""])
def test_a_day_is_written_in_one_way(value):
    with pytest.raises(click.BadParameter, match="a date must be"):
        Day().convert(value, None, None)
    assert Day().convert("2024-06-01", None, None) == date(2024, 6, 1)


@pytest.mark.parametrize("value", ["nan", "1.5", "-0.1", "x"])
def test_a_number_is_within_its_bounds_and_not_nan(value):
    with pytest.raises(click.BadParameter):
        Number(0, 1).convert(value, None, None)
    assert Number(0, 1).convert("0.5", None, None) == 0.5


def test_every_remedy_names_an_option():
    assert all(text.startswith("Use ") and " --" in text for text in REMEDIES.values())


def test_outputs_that_exist_or_overlap_with_inputs_are_refused(folder, tmp_path):
    data = folder(wins=["ann bob"])
    check_outputs(tmp_path / "run", RUN, [data, None], tmp_path / "aside")
    (tmp_path / "file").touch()
    for output, aside in [
        (tmp_path / "file", None),
        (data, None),
        (data / "run", None),
        (None, data),
        (tmp_path / "run", tmp_path / "run"),
    ]:
        with pytest.raises(OutputError):
            check_outputs(output, RUN, [data], aside)


def test_notes_on_tables_are_printed_unless_they_are_not_wanted(folder, capsys):
    data = folder(wins=["ann bob"], partners={"ann": {"country": "DACH"}})
    tables_of(data, None, quiet=True)
    assert capsys.readouterr().err == ""
    tables = tables_of(data, None, quiet=False)
    assert tables["partners"].height == 2
    error = capsys.readouterr().err
    assert "note: partners.csv  country: no ISO 3166 code" in error
    assert "note: no table csat: customer satisfaction is not known" in error


def test_rows_set_aside_are_counted_even_for_the_quiet(texts, tmp_path, capsys):
    data = texts(
        partners="partner_id,name\nann,Ann\nbob,\n",
        partner_capabilities="partner_id,capability_id\nann,crm\n",
    )
    tables_of(data, tmp_path / "aside", quiet=True)
    aside = tmp_path / "aside"
    assert capsys.readouterr().err == f"set aside 1 row of partners in {aside}\n"


@pytest.mark.parametrize("quiet", [True, False])
def test_a_stage_is_printed_with_its_time_and_rows(quiet, capsys):
    with stages(quiet=quiet) as stage:
        stage("counting")
        stage.rows = 2_000
    error = capsys.readouterr().err
    assert error.startswith("counting: 0.") != quiet
    assert error.endswith(" at peak, 2,000 rows\n") != quiet
