"""`check`: every problem of every table at once."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ecosystem_graph.cli.options import data_argument, json_option, quarantine_option, quiet_option
from ecosystem_graph.cli.running import check_outputs, stages
from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.tables import Report


@click.command(short_help="Report every problem in the tables.")
@data_argument
@json_option
@quarantine_option
@quiet_option
@click.option("--all", "every", is_flag=True, help="List every row of every problem.")
@click.pass_context
def check(
    ctx: click.Context,
    data: str,
    as_json: bool,
    quarantine: Path | None,
    quiet: bool,
    every: bool,
) -> None:
    """Report every problem in the tables of DATA at once; exit code 1 if there is any.

    Rows with the same problem are reported together, the problem with most rows first. Rows are
    numbered as in a spreadsheet: the header of a CSV file is row 1. Exports of other systems become
    tables by `ecosystem-graph import`.

    \b
    Example:
      ecosystem-graph check acme
    """
    from ecosystem_graph.tables import check_tables, read_tables, resolve
    from ecosystem_graph.tables.messages.wording import counted

    folder = resolve(data)
    check_outputs(None, None, [data], quarantine)
    with stages(quiet=quiet) as stage:
        stage("checking")
        report = check_tables(folder)
        stage.rows = sum(report.rows.values())
    if as_json:
        say(json.dumps(report.to_dict(), indent=2, ensure_ascii=False))
    else:
        say(_text(report, every=every, notes=not quiet))
    if quarantine is not None:
        left = read_tables(folder, quarantine=quarantine)
        for note in left.notes:
            if note not in report.notes and not quiet:
                say(f"note: {note}", err=True)
        for table, n in left.set_aside.items():
            say(f"set aside {counted(n, 'row')} of {table} in {quarantine}", err=True)
    ctx.exit(1 if report.problems else 0)


def _text(report: "Report", *, every: bool, notes: bool) -> str:
    from ecosystem_graph.tables.messages.causes import cause_lines
    from ecosystem_graph.tables.messages.wording import counted

    causes = report.causes()
    lines = cause_lines(report.source, causes)
    if every:
        lines[1:] = [f"  {problem}" for problem in report.problems]
    elif not all(cause.shown_in_full for cause in causes):
        lines.append("  `--all` lists every row")
    lines += [f"note: {note}" for note in report.notes if notes]
    lines += [f"{table}: {counted(n, 'row')}" for table, n in report.rows.items()]
    return "\n".join(lines)
