"""The recommendations of a run -> one file for a spreadsheet, a CRM, or a mail."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from ecosystem_graph.errors import OutputError
from ecosystem_graph.exporting.crm_files import (
    HUBSPOT,
    SALESFORCE,
    field_map,
    hubspot_file,
    salesforce_file,
)
from ecosystem_graph.exporting.field_names import field_names
from ecosystem_graph.exporting.partner_texts import partner_texts
from ecosystem_graph.exporting.run_rows import read_run
from ecosystem_graph.exporting.workbook import write_workbook
from ecosystem_graph.files.plain_file import write_plain
from ecosystem_graph.files.whole_folder import check_apart
from ecosystem_graph.tables import Tables, read_tables, resolve

Target = Literal["xlsx", "salesforce", "hubspot", "markdown"]
TARGETS: Final = ("xlsx", "salesforce", "hubspot", "markdown")
_FIELD_MAP: Final = ".sdl"


def export_recommendations(
    run: str | Path,
    data: str | Path | Tables,
    to: Target,
    output: str | Path,
    *,
    partners: Sequence[str] = (),
    since: str | Path | None = None,
    mapping: str | Path | None = None,
    overwrite: bool = False,
) -> list[Path]:
    """Write the lists of a run to a file that another program or people read. For internal use.

    Parameters
    ----------
    run : str or Path
        Folder of a run that `recommend` wrote.
    data : str, Path or Tables
        Tables with the names of the partners: those of the run, or later ones.
    to : {"xlsx", "salesforce", "hubspot", "markdown"}
        A workbook; CSV for Salesforce Data Loader, with its field map beside it; CSV to update
        companies in HubSpot; one text for each partner.
    output : str or Path
        The file.
    partners : sequence of str, optional
        Ids of the partners whose lists are written; all by default.
    since : str or Path, optional
        For Salesforce: an earlier run, whose pairs are written as not active if they are no longer
        listed.
    mapping : str or Path, optional
        For Salesforce and HubSpot: TOML file with other names of fields.
    overwrite : bool, default False
        Whether a file of that name is replaced.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ArtifactError
        If a folder is not a run, or a partner has no id in the system.
    MappingError
        If the names of fields cannot be read.
    OutputError
        If the output exists already or cannot be written.
    UnknownPartnerError
        If a partner has no list in the run.
    """
    if to not in TARGETS:
        raise ValueError(f"to must be one of {', '.join(TARGETS)}. Got {to!r}.")
    if since is not None and to != "salesforce":
        raise ValueError(f"since goes with salesforce alone. Got to={to!r}.")
    if mapping is not None and to not in ("salesforce", "hubspot"):
        raise ValueError(f"mapping goes with salesforce and hubspot alone. Got to={to!r}.")
    path, folder = Path(output), Path(run)
    files = [path, path.with_suffix(_FIELD_MAP)] if to == "salesforce" else [path]
    inputs = [folder, *([] if isinstance(data, Tables) else [resolve(data)])]
    for file in files:
        _check_free(file, inputs, overwrite=overwrite)
    names = field_names(
        None if mapping is None else Path(mapping),
        to,
        {"salesforce": SALESFORCE, "hubspot": HUBSPOT}.get(to, {}),
    )
    tables = data if isinstance(data, Tables) else read_tables(resolve(data))
    found = read_run(folder, tables, partners)
    if to == "xlsx":
        return [_write(path, lambda half: write_workbook(found, half))]
    if to == "markdown":
        return [_write_text(path, partner_texts(found))]
    if to == "hubspot":
        return [_write_text(path, hubspot_file(found, tables, names))]
    earlier = None if since is None else read_run(Path(since), tables)
    if earlier is not None and partners:
        earlier = earlier.of_partners(partners)
    text = salesforce_file(found, earlier, tables, names)
    return [_write_text(path, text), _write_text(files[1], field_map(names))]


def _check_free(path: Path, inputs: Sequence[Path], *, overwrite: bool) -> None:
    check_apart(path, inputs)
    if path.is_dir():
        raise OutputError(f"{path} is a folder; an export is a file.")
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already. Choose another name.", remedy="overwrite")


def _write_text(path: Path, text: str) -> Path:
    return _write(path, lambda half: half.write_bytes(text.encode()))


def _write(path: Path, write: Callable[[Path], object]) -> Path:
    try:
        write_plain(path, write)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}.") from error
    return path
