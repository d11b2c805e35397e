"""Presets: mappings of known systems that ship with the package."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ecosystem_graph.errors import MappingError
from ecosystem_graph.files.small_files import read_text, toml_from
from ecosystem_graph.importing.mapping.grammar import TableMapping
from ecosystem_graph.importing.mapping.toml.merging import Document
from ecosystem_graph.importing.mapping.toml.parsing import table_mapping
from ecosystem_graph.tables.messages.notes import did_you_mean

_SUFFIX: Final = ".toml"


def preset_names() -> list[str]:
    """Names of the presets that ship, sorted.

    Examples
    --------
    >>> "salesforce" in preset_names()
    True
    """
    folder = files("ecosystem_graph.importing").joinpath("presets")
    return sorted(
        entry.name.removesuffix(_SUFFIX)
        for entry in folder.iterdir()
        if entry.name.endswith(_SUFFIX)
    )


def preset_text(name: str) -> str:
    """TOML of a preset, to read or to copy.

    Raises
    ------
    MappingError
        If none has that name.

    Examples
    --------
    >>> preset_text("salesforce").splitlines()[-1] != ""
    True
    """
    names = preset_names()
    if name not in names:
        raise MappingError(
            f"no preset '{name}' among {', '.join(names)}.{did_you_mean(name, names)}"
        )
    resource = files("ecosystem_graph.importing").joinpath("presets", name + _SUFFIX)
    return resource.read_text("utf-8")


def preset_title(name: str) -> str:
    """What a preset is for, in a line.

    Raises
    ------
    MappingError
        If none has that name.

    Examples
    --------
    >>> preset_title("salesforce").split(":")[0]
    'Salesforce Sales Cloud'
    """
    return str(toml_from(preset_text(name)).get("title", ""))


def load_mapping(path: str | Path | None, presets: Sequence[str] = ()) -> TableMapping:
    """Mapping of a file and the presets it names, after those that are asked for.

    Parameters
    ----------
    path : str or Path, optional
    presets : sequence of str
        Shipped names, or paths of files that end in `.toml`.

    Raises
    ------
    MappingError
        If a file cannot be read, a preset does not exist, or anything in them is wrong.
    """
    own = None if path is None else Document(Path(path).name, _toml(Path(path)), own=True)
    stated = [] if own is None else own.content.get("presets", [])
    if own is not None and (
        not isinstance(stated, list) or not all(isinstance(name, str) for name in stated)
    ):
        raise MappingError(f"{own.origin}: presets must be a list of names. Got {stated!r:.80}.")
    folder = Path() if path is None else Path(path).parent
    names = list(dict.fromkeys([*presets, *stated]))
    documents = [_document(name, folder if name in stated else Path()) for name in names]
    return table_mapping([*documents, *([] if own is None else [own])])


def _document(name: str, folder: Path) -> Document:
    if name.endswith(_SUFFIX):
        return Document(Path(name).name, _toml(folder / name))
    return Document(name, toml_from(preset_text(name)))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return toml_from(read_text(path))
    except OSError as error:
        raise MappingError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise MappingError(f"{path} is no TOML: {error}.") from error
