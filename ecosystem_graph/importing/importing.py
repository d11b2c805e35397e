"""Exports of other systems -> checked tables, with the account of every row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import polars as pl

from ecosystem_graph.errors import DataError, Problem
from ecosystem_graph.files.small_files import read_text
from ecosystem_graph.importing.assembling.all_tables import MadeTables, made_tables
from ecosystem_graph.importing.identity.decisions import Decisions
from ecosystem_graph.importing.identity.match_rates import match_rates
from ecosystem_graph.importing.identity.review import Review
from ecosystem_graph.importing.inputs.fields import absent_fields, personal_fields
from ecosystem_graph.importing.inputs.loading import (
    Loaded,
    absent_inputs,
    found_inputs,
    load_inputs,
)
from ecosystem_graph.importing.mapping.toml.parsing import mapping_error
from ecosystem_graph.importing.mapping.toml_text import toml_text
from ecosystem_graph.importing.reading.sources import ImportSource
from ecosystem_graph.importing.results.account import Account, with_earlier
from ecosystem_graph.importing.results.accounting import (
    input_accounts,
    one_sided_notes,
    provenance,
    reading_notes,
    rule_accounts,
)
from ecosystem_graph.importing.results.checking import CheckedRows, checked
from ecosystem_graph.importing.results.questions import (
    all_matches,
    questions_of_duplicates,
    questions_of_matches,
)
from ecosystem_graph.importing.results.writing import write_import
from ecosystem_graph.importing.rules.context import Context
from ecosystem_graph.importing.updating.absent import absent_notes
from ecosystem_graph.importing.updating.changes import (
    TableChanges,
    mapping_difference,
    table_changes,
)
from ecosystem_graph.importing.updating.earlier import EarlierImport
from ecosystem_graph.importing.updating.staying import Staying
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.quarantine import require_free
from ecosystem_graph.tables.tables import Tables


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import gives.

    Attributes
    ----------
    tables : Tables
        Checked; every table is in the order of its key.
    account : Account
        What was read, written and left out, and why.
    provenance : DataFrame
        `table`, `key` (its parts joined by U+001F), `rule`, `input`, `file`, `sheet`, `row`: one
        row for each row of a table.
    matches, duplicates : DataFrame
        What is to be decided: values that may mean a partner, and partners that may be one. They
        have the columns of `matches.csv` and `duplicates.csv` in a review, which
        `complete_review` adds them to.
    aliases : DataFrame
        partner_id, system and value of every identifier, those that several partners share too.
    document : mapping
        The mapping as used, presets included.
    changes : tuple of TableChanges
        Rows that an update adds, changes and removes.
    mapping_changes : tuple of str
        Lines of the mapping that are no longer as in the folder that is updated.
    format, as_of
        What `write` takes if it is not told: those of the folder that is updated.
    """

    tables: Tables
    account: Account
    provenance: pl.DataFrame
    matches: pl.DataFrame
    duplicates: pl.DataFrame
    aliases: pl.DataFrame
    document: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[TableChanges, ...] = ()
    mapping_changes: tuple[str, ...] = ()
    format: Literal["parquet", "csv"] = "parquet"
    as_of: date | None = None

    def write(
        self,
        path: str | Path,
        *,
        format: Literal["parquet", "csv"] | None = None,
        overwrite: bool = False,
        as_of: date | None = None,
    ) -> Path:
        """Write the tables and the account of the import to a folder, all of it or nothing.

        Parameters
        ----------
        path : str or Path
            A folder that does not exist, or one that an import wrote, with `overwrite`.
        format : {"parquet", "csv"}, optional
            Of the tables; by default parquet, or that of the tables that are updated.
        overwrite : bool, default False
            Whether a folder of an earlier import is replaced.
        as_of : date, optional
            Date of the export: the default date to see the tables from. An update keeps the earlier
            one by default.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        OutputError
            If it exists already, or cannot be written.
        """
        return write_import(
            self,
            Path(path),
            format=format or self.format,
            overwrite=overwrite,
            as_of=as_of or self.as_of,
        )

    def complete_review(self, folder: str | Path) -> tuple[int, int]:
        """Add what is to be decided to the files of a review that do not hold it yet.

        What is in the files stays as it is.

        Parameters
        ----------
        folder : str or Path
            Made if it does not exist.

        Returns
        -------
        int, int
            Questions that were added to `matches.csv` and to `duplicates.csv`.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        return Review(Path(folder)).complete(self.matches, self.duplicates)


def import_tables(
    source: ImportSource,
    mapping: str | Path | None = None,
    *,
    presets: Sequence[str] = (),
    review: str | Path | None = None,
    update: str | Path | None = None,
    quarantine: str | Path | None = None,
) -> Imported:
    """Tables of what other systems export.

    Parameters
    ----------
    source : path, sequence of paths, or mapping of str to dataframe
        A folder, files, or dataframes by the name of the input.
    mapping : str or Path, optional
        TOML file that states how inputs become tables.
    presets : sequence of str
        Mappings of known systems that the file builds on, such as `salesforce`. Without a mapping
        and presets, the presets are recognised by the fields of the files.
    review : str or Path, optional
        Folder with decisions about values that may mean a partner, and about pairs of partners;
        it need not exist. Nothing is written to it: see `Imported.complete_review`.
    update : str or Path, optional
        Folder of an earlier import. Its rows stay, unless the source holds a row with the same key,
        or the deal of a row of `deal_partners` or `deal_requirements`, or an input that is
        `complete` no longer holds them. Nothing is written to it: see `Imported.write`. Without a
        mapping and presets, the mapping is that of the folder.
    quarantine : str or Path, optional
        New folder for rows with problems and those that depend on them.

    Returns
    -------
    Imported

    Raises
    ------
    DataError
        With every problem of the data; file and row are those of the source.
    MappingError
        With every fault of the mapping.
    OutputError
        If the folder `quarantine` is not empty, or `update` is not the folder of an import.

    Examples
    --------
    >>> accounts = pl.DataFrame(
    ...     {
    ...         "Id": ["001A0000006Vm9r", "001A0000006Vm9s"],
    ...         "Name": ["Acme", "Bond"],
    ...         "Type": ["Technology Partner", "Prospect"],
    ...     }
    ... )
    >>> deals = pl.DataFrame(
    ...     {"Id": ["d"], "StageName": ["Closed Won"], "CloseDate": ["2026-03-01"]}
    ... )
    >>> seats = pl.DataFrame({"OpportunityId": ["d"], "AccountToId": ["001A0000006Vm9r"]})
    >>> sources = {"account": accounts, "opportunity": deals, "opportunity_partner": seats}
    >>> imported = import_tables(sources, presets=["salesforce"])
    >>> imported.tables["partners"]["name"].to_list()
    ['Acme']
    """
    directory = None if quarantine is None else Path(quarantine)
    if directory is not None:
        require_free(directory)
    earlier = None if update is None else EarlierImport.read(update)
    if earlier is not None and mapping is None and not presets:
        mapping = earlier.mapping
    loaded = found_inputs(source, mapping, presets)
    if earlier is None and (faults := absent_inputs(loaded)):
        raise mapping_error(loaded.mapping.name, faults)
    load_inputs(loaded)
    decisions = Decisions() if review is None else Review(Path(review)).decisions()
    context, made = _made(loaded, decisions, earlier)
    result = checked(made.tables, loaded.mapping.name, context.asked, directory)
    return _imported(loaded, context, made, result)


def _made(
    loaded: Loaded, decisions: Decisions, earlier: EarlierImport | None
) -> tuple[Context, MadeTables]:
    """Tables of all rules, or an error with everything that is wrong so far."""
    mapping = loaded.mapping
    if faults := absent_fields(mapping, loaded.inputs):
        raise mapping_error(mapping.name, faults)
    context = Context(mapping, loaded.inputs, decisions=decisions, problems=list(loaded.problems))
    for rule, column, label in personal_fields(mapping, loaded.inputs):
        given = loaded.inputs[rule.source]
        message = (
            f'{label} is mapped to {rule.table}.{column}: personal. Use as = "domain", or allow it '
            "in settings.personal."
        )
        context.problems.append(
            Problem(rule.table, given.file, None, column, None, message, "personal data")
        )
    if context.problems:
        raise data_error(mapping.name, context.problems)
    complete = [name for name, one in mapping.inputs.items() if one.complete]
    read_whole = [name for name in complete if name in loaded.inputs]
    if earlier is not None:
        for note in absent_notes(mapping, loaded.inputs):
            context.note(note)
    made = made_tables(context, None if earlier is None else Staying(earlier, read_whole))
    problems = context.problems + made.problems
    if problems:
        raise data_error(mapping.name, _with_those_of_rows(made, context, problems))
    return context, made


def _with_those_of_rows(
    made: MadeTables, context: Context, problems: list[Problem]
) -> list[Problem]:
    """Problems of columns, and those that the check of the tables finds besides."""
    try:
        checked(made.tables, context.mapping.name, context.asked)
    except DataError as error:
        return [*problems, *error.problems]
    return problems


def _imported(loaded: Loaded, context: Context, made: MadeTables, result: CheckedRows) -> Imported:
    matches = questions_of_matches(context)
    earlier = None if made.staying is None else made.staying.earlier
    account = Account(
        inputs=tuple(input_accounts(loaded)),
        rules=tuple(rule_accounts(made, result)),
        tables={name: result.tables[name].height for name in made.tables},
        repairs=made.repairs,
        matches=tuple(match_rates(all_matches(context), matches)),
        presets=loaded.mapping.presets,
        notes=tuple(
            [
                *reading_notes(loaded),
                *context.notes,
                *one_sided_notes(made),
                *map(str, result.tables.notes),
            ]
        ),
        set_aside=dict(result.tables.set_aside),
        versions={"ecosystem-graph": version("ecosystem-graph"), "polars": pl.__version__},
    )
    document = loaded.mapping.document
    imported = Imported(
        result.tables,
        account,
        provenance(made, result),
        matches,
        questions_of_duplicates(made.tables, context),
        _all_aliases(result.tables, context),
        document,
    )
    if earlier is None:
        return imported
    return replace(
        imported,
        account=with_earlier(account, earlier.account),
        changes=table_changes(earlier.tables, result.tables),
        mapping_changes=mapping_difference(read_text(earlier.mapping), toml_text(document)),
        format=earlier.format,
        as_of=earlier.tables.as_of,
    )


def _all_aliases(tables: Tables, context: Context) -> pl.DataFrame:
    """Every identifier of every partner, those that several share too."""
    columns = ["partner_id", "system", "value"]
    ids = tables["partners"]["partner_id"].implode()
    known = context.partners.aliases.select(columns).filter(pl.col("partner_id").is_in(ids))
    return pl.concat([tables["aliases"].select(columns), known]).unique().sort(columns)
