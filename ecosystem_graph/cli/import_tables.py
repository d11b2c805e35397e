"""`import`: exports of other systems become tables."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ecosystem_graph.cli.options import (
    Day,
    Number,
    json_option,
    overwrite_option,
    quarantine_option,
    quiet_option,
)
from ecosystem_graph.cli.running import stages
from ecosystem_graph.cli.saying import say

if TYPE_CHECKING:
    from ecosystem_graph.importing import Imported


@click.command("import", short_help="Turn exports of other systems into tables.")
@click.argument("source", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the tables to this folder; it must not exist.",
)
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="TOML file that states how the exports become tables.",
)
@click.option(
    "--preset",
    "presets",
    multiple=True,
    metavar="NAME",
    help="Known system that the exports are from; may be repeated.  [default: recognised]",
)
@click.option(
    "--review",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder with decisions, completed with what is to be decided.  [default: FILE or DIR of "
    "the output with the ending .review]",
)
@click.option(
    "--update",
    is_flag=True,
    help="Bring the tables in the output up to date: rows that SOURCE does not hold stay.",
)
@overwrite_option
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Date of the exports: the default date to see the tables from.",
)
@click.option(
    "--describe",
    is_flag=True,
    help="Show what is in SOURCE, where each column goes and what is not clear; write no tables.",
)
@click.option(
    "--write-mapping",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --describe: write a first mapping to complete; FILE must not exist.",
)
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option(
    "--min-match",
    type=Number(0, 1),
    metavar="SHARE",
    help="Exit with 1 if a smaller share of a column of names or ids is matched to partners.",
)
@quarantine_option
@click.option(
    "--format",
    type=click.Choice(["parquet", "csv"]),
    help="Format of the tables.  [default: parquet, or that of the tables that are updated]",
)
@json_option
@quiet_option
@click.pass_context
def import_(
    ctx: click.Context,
    /,
    source: tuple[str, ...],
    output: Path | None,
    mapping: Path | None,
    presets: tuple[str, ...],
    review: Path | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Turn the exports in SOURCE, a folder or files, into a folder of tables.

    Presets know the exports of common systems: `ecosystem-graph presets` lists them. A mapping
    states what is different. Only columns that are mapped are read. What was left out, and where
    every row is from, is in the folder _import of the output.

    \b
    Example:
      ecosystem-graph import exports --mapping acme.toml --output acme
      ecosystem-graph import new-exports --mapping acme.toml --output acme --update
    """
    from ecosystem_graph.files.whole_folder import check_apart, check_free
    from ecosystem_graph.importing import import_tables
    from ecosystem_graph.importing.results.writing import IMPORT

    update, overwrite = options["update"], options["overwrite"]
    replaced = overwrite or update
    if options["write_mapping"] is not None and not options["describe"]:
        raise click.UsageError("--write-mapping goes with --describe.")
    if options["describe"]:
        _describe(source, mapping, presets, options["write_mapping"], as_json=options["as_json"])
        return
    if output is None and not options["dry_run"]:
        raise click.UsageError("--output DIR is needed, or --dry-run.")
    if update and (output is None or overwrite):
        raise click.UsageError("--update goes with --output DIR, and without --overwrite.")
    if output is not None and not options["dry_run"]:
        check_free(output, IMPORT, overwrite=replaced, inputs=list(map(Path, source)))
    if (quarantine := options["quarantine"]) is not None:
        check_apart(quarantine, [*map(Path, source), *([] if output is None else [output])])
    with stages(quiet=quiet) as stage:
        stage("importing")
        review = review or _review_beside(mapping or output)
        imported = import_tables(
            list(source),
            mapping,
            presets=presets,
            review=review,
            update=output if update else None,
            quarantine=quarantine,
        )
        stage.rows = sum(imported.account.tables.values())
    if output is not None and not options["dry_run"]:
        imported.write(output, format=options["format"], overwrite=replaced, as_of=options["as_of"])
        if review is not None:
            imported.complete_review(review)
    if options["as_json"]:
        say(json.dumps(imported.account.to_dict(), indent=2, ensure_ascii=False))
    else:
        say(_text(imported))
    if not quiet:
        for note in _notes(imported, review):
            say(f"note: {note}", err=True)
    low = _matched_less(imported, options["min_match"] or 0)
    for line in low:
        say(line, err=True)
    ctx.exit(1 if low else 0)


def _describe(
    source: tuple[str, ...],
    mapping: Path | None,
    presets: tuple[str, ...],
    write_mapping: Path | None,
    *,
    as_json: bool,
) -> None:
    from ecosystem_graph.errors import OutputError
    from ecosystem_graph.importing import describe_source, starter_mapping

    if write_mapping is not None and write_mapping.exists():
        raise OutputError(f"{write_mapping} exists already. Choose another name.")
    found = describe_source(list(source), mapping, presets=presets)
    say(json.dumps(found.to_dict(), indent=2, ensure_ascii=False) if as_json else str(found))
    if write_mapping is not None:
        try:
            write_mapping.write_text(starter_mapping(found), encoding="utf-8")
        except OSError as error:
            raise OutputError(f"{write_mapping} cannot be written: {error.strerror}.") from error
        say(f"wrote {write_mapping}", err=True)


def _text(imported: "Imported") -> str:
    """Rows of each table, and what each rule left out."""
    from ecosystem_graph.tables.messages.wording import counted

    account = imported.account
    lines = [f"{table}: {counted(n, 'row')}" for table, n in account.tables.items()]
    for rule in account.rules:
        for reason, n in rule.left_out.items():
            lines.append(f"  {rule.input} -> {rule.table}: {counted(n, 'row')} left out: {reason}")
    lines += [f"updated {change}" for change in imported.changes]
    lines += [f"repaired {name}: {counted(n, 'row')}" for name, n in account.repairs.items()]
    lines += [f"set aside {counted(n, 'row')} of {table}" for table, n in account.set_aside.items()]
    return "\n".join(lines)


def _review_beside(path: Path | None) -> Path | None:
    """Folder of the decisions of a mapping, or of an output."""
    return None if path is None else path.with_name(f"{path.name.removesuffix('.toml')}.review")


def _notes(imported: "Imported", review: Path | None) -> list[str]:
    from ecosystem_graph.tables.messages.wording import counted

    account = imported.account
    notes = list(map(str, account.matches))
    values, pairs = imported.matches.n_unique(["value", "input"]), imported.duplicates.height
    if values or pairs:
        where = "" if review is None else f" in {review}"
        notes.append(
            f"to decide{where}: {counted(values, 'value')} in matches.csv, whose rows are left "
            f"out; {counted(pairs, 'pair')} of partners in duplicates.csv, which stay two."
        )
    notes += [
        f"the mapping is no longer that of the folder: {line}" for line in imported.mapping_changes
    ]
    unused = [one.file for one in account.inputs if one.input is None]
    notes += [f"{file} is no input of the mapping: not read." for file in unused]
    return notes + list(account.notes)


def _matched_less(imported: "Imported", least: float) -> list[str]:
    return [
        f"{rate.target}: {rate.share:.1%} of {rate.rows:,} rows are matched, less than {least:.1%}."
        for rate in imported.account.matches
        if rate.share < least
    ]
