"""Datasets that are part of the package."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.tables.messages.notes import did_you_mean
from ecosystem_graph.tables.reading import read_tables
from ecosystem_graph.tables.tables import Tables

_DESCRIPTOR = "datapackage.json"


def shipped(kind: str) -> Path:
    """Folder of the shipped `datasets` or `models`.

    Raises
    ------
    ArtifactError
        If this installation carries none.
    """
    packaged = Path(str(files("ecosystem_graph").joinpath("_shipped", kind)))
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[3]
    # Without the guard, a broken wheel would read site-packages/datasets of another package.
    if (checkout / "pyproject.toml").is_file() and (checkout / kind).is_dir():
        return checkout / kind
    raise ArtifactError(f"this installation carries no {kind}: install ecosystem-graph again.")


def datasets() -> list[str]:
    """Names of the shipped datasets, sorted."""
    return sorted(path.parent.name for path in shipped("datasets").glob(f"*/{_DESCRIPTOR}"))


def load_dataset(name: str) -> Tables:
    """Tables of a shipped dataset.

    Raises
    ------
    ArtifactError
        If none has that name.
    """
    return read_tables(_dataset(name))


def describe_dataset(name: str) -> dict[str, Any]:
    """Facts about a shipped dataset: name, title, licence, as_of, rows per table, size in bytes.

    Raises
    ------
    ArtifactError
        If none has that name, or its description cannot be read.
    """
    path = _dataset(name) / _DESCRIPTOR
    try:
        package = json.loads(path.read_bytes())
        resources = package["resources"]
        return {
            "name": name,
            "title": package.get("title", name),
            "licence": ", ".join(licence["name"] for licence in package.get("licenses", [])),
            "as_of": package.get("as_of"),
            "rows": {resource["name"]: resource.get("rows") for resource in resources},
            "bytes": sum(resource.get("bytes", 0) for resource in resources),
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArtifactError(f"{path} cannot be read as a data package: {error!r}.") from error


def resolve(data: str | Path) -> Path:
    """Folder of tables for a path, or for the name of a shipped dataset.

    Raises
    ------
    ArtifactError
        If it is neither.
    """
    if Path(data).exists():
        return Path(data)
    names = _names()
    if str(data) in names:
        return shipped("datasets") / str(data)
    raise ArtifactError(
        f"no folder '{data}', and no shipped dataset of that name among "
        f"{', '.join(names) or 'none'}.{did_you_mean(str(data), names)}"
    )


def _dataset(name: str) -> Path:
    if name in (names := _names()):
        return shipped("datasets") / name
    raise ArtifactError(
        f"no shipped dataset '{name}' among {', '.join(names) or 'none'}."
        f"{did_you_mean(name, names)}"
    )


def _names() -> list[str]:
    try:
        return datasets()
    except ArtifactError:
        return []
