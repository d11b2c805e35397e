"""Objects made of arrays, put in a folder once and opened by many processes without a copy.

Arrays are ``.npy`` files that all processes on a machine map into the same memory; strings and
tables are Arrow files; JSON says how they belong together. Nothing in a store can run: only classes
of this package are opened, attribute by attribute, and their code is never called.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

_PACKAGE = __name__.split(".")[0]
_INDEX = "index.json"

#: Stored in the JSON itself.
_PLAIN = (bool, int, float, str, type(None))

_Node = dict[str, Any]


def put(value: object, folder: Path) -> None:
    """Store a value with everything it refers to; what is referred to twice is stored once.

    Parameters
    ----------
    value : object
        Plain values, dates, paths, lists, tuples, mappings, numpy and sparse arrays, polars frames
        and series, and objects of this package whose attributes are such values; no circles.
    folder : Path
        Made for it; whole once it holds ``index.json``.

    Raises
    ------
    TypeError
        If it refers to anything else.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     put({"a": np.arange(3), "b": (1, None)}, Path(folder) / "store")
    ...     opened(Path(folder) / "store")
    {'a': array([0, 1, 2]), 'b': (1, None)}
    """
    folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(folder)
    root = writer.node(value)
    (folder / f"{_INDEX}.half").write_text(json.dumps({"root": root, "nodes": writer.nodes}))
    (folder / f"{_INDEX}.half").replace(folder / _INDEX)


def is_whole(folder: Path) -> bool:
    """Whether a folder holds a complete store."""
    return (folder / _INDEX).is_file()


def opened(folder: Path) -> Any:
    """Value stored in a folder; its arrays are read from disk when they are used.

    A process that writes to an array changes its own view only, page by page. Read-only arrays
    would be another type to the compiled loops, which would all be compiled again.
    """
    index = json.loads((folder / _INDEX).read_text())
    return _Reader(folder, index["nodes"]).value(index["root"])


class _Writer:
    """Gives every object a number and writes it once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: list[_Node] = []
        self._numbers: dict[int, int] = {}
        self._alive: list[object] = []  # an id is unique only as long as its object lives

    def node(self, value: object) -> Any:
        """JSON that stands for a value."""
        if type(value) in _PLAIN:
            return value
        if id(value) not in self._numbers:
            kind = next(kind for kind in _KINDS if kind.fits(value))
            described = {"is": kind.name, **kind.write(self, value)}
            self._numbers[id(value)] = len(self.nodes)
            self._alive.append(value)
            self.nodes.append(described)
        return {"node": self._numbers[id(value)]}

    def several(self, values: Iterable[object]) -> list[Any]:
        """JSON that stands for each of several values."""
        return [self.node(value) for value in values]

    def array(self, value: NDArray[Any]) -> _Node:
        name = f"{len(self.nodes):04}.npy"
        np.save(self.folder / name, value, allow_pickle=False)
        return {"file": name}

    def frame(self, frame: pl.DataFrame) -> _Node:
        name = f"{len(self.nodes):04}.arrow"
        frame.write_ipc(self.folder / name, compression="uncompressed")
        return {"file": name}

    def sparse(self, value: csr_array) -> _Node:
        parts = self.several((value.data, value.indices, value.indptr))
        flags = [bool(value.has_sorted_indices), bool(value.has_canonical_format)]
        return {"of": parts, "shape": list(value.shape), "flags": flags}

    def mapping(self, value: Mapping[Any, Any]) -> _Node:
        return {"of": [[self.node(key), self.node(value[key])] for key in value]}

    def instance(self, value: object) -> _Node:
        """Everything an object holds, what it worked out and kept included."""
        slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
        held = {name: getattr(value, name) for name in slots if hasattr(value, name)}
        held |= getattr(value, "__dict__", {})
        return {**_class_name(value), "of": {name: self.node(part) for name, part in held.items()}}


class _Reader:
    """Opens every object once."""

    def __init__(self, folder: Path, nodes: list[_Node]) -> None:
        self.folder = folder
        self.nodes = nodes
        self._values: dict[int, Any] = {}

    def value(self, node: Any) -> Any:
        """The value that JSON stands for."""
        if not isinstance(node, dict):
            return node
        number = node["node"]
        if number not in self._values:
            stored = self.nodes[number]
            kind = next(kind for kind in _KINDS if kind.name == stored["is"])
            self._values[number] = kind.read(self, stored)
        return self._values[number]

    def several(self, nodes: Iterable[Any]) -> list[Any]:
        """The values that several pieces of JSON stand for."""
        return [self.value(node) for node in nodes]

    def array(self, stored: _Node) -> NDArray[Any]:
        path = self.folder / stored["file"]
        mapped: NDArray[Any] = np.load(path, mmap_mode="c", allow_pickle=False)
        return mapped.view(np.ndarray)

    def frame(self, stored: _Node) -> pl.DataFrame:
        return pl.read_ipc(self.folder / stored["file"])

    def series(self, stored: _Node) -> pl.Series:
        return self.frame(stored).to_series()

    def sparse(self, stored: _Node) -> csr_array:
        # Made from its three arrays, scipy would read every index.
        matrix = csr_array(tuple(stored["shape"]))
        matrix.data, matrix.indices, matrix.indptr = self.several(stored["of"])
        matrix.has_sorted_indices, matrix.has_canonical_format = stored["flags"]
        return matrix

    def mapping(self, stored: _Node) -> dict[Any, Any]:
        return {self.value(key): self.value(value) for key, value in stored["of"]}

    def instance(self, stored: _Node) -> Any:
        value = object.__new__(_class_of(stored))
        for attribute, part in stored["of"].items():
            object.__setattr__(value, attribute, self.value(part))
        return value


def _class_name(value: object) -> _Node:
    module, name = type(value).__module__, type(value).__qualname__
    if module.split(".")[0] != _PACKAGE:
        raise TypeError(f"only values made of arrays can be stored. Got {module}.{name}.")
    return {"class": [module, name]}


def _class_of(stored: _Node) -> Any:
    module, name = stored["class"]
    if module.split(".")[0] != _PACKAGE:
        raise TypeError(f"only classes of {_PACKAGE} can be opened. Got {module}.{name}.")
    return getattr(import_module(module), name)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of value: which values are of it, and how one is written and read."""

    name: str
    fits: Callable[[Any], bool]
    write: Callable[[_Writer, Any], _Node]
    read: Callable[[_Reader, _Node], Any]


#: Each value is of the first kind that fits.
_KINDS = (
    _Kind(
        "strings",
        lambda value: isinstance(value, np.ndarray) and value.dtype == object,
        lambda to, value: to.frame(pl.Series("", value.tolist(), dtype=pl.String).to_frame()),
        lambda of, stored: of.series(stored).to_numpy(),
    ),
    _Kind("array", lambda value: isinstance(value, np.ndarray), _Writer.array, _Reader.array),
    _Kind(
        "scalar",
        lambda value: isinstance(value, np.generic),
        lambda to, value: {"of": to.node(np.asarray(value))},
        lambda of, stored: of.value(stored["of"])[()],
    ),
    _Kind("csr", lambda value: isinstance(value, csr_array), _Writer.sparse, _Reader.sparse),
    _Kind("frame", lambda value: isinstance(value, pl.DataFrame), _Writer.frame, _Reader.frame),
    _Kind(
        "series",
        lambda value: isinstance(value, pl.Series),
        lambda to, value: to.frame(value.to_frame()),
        _Reader.series,
    ),
    _Kind(
        "list",
        lambda value: type(value) is list,
        lambda to, value: {"of": to.several(value)},
        lambda of, stored: of.several(stored["of"]),
    ),
    _Kind(
        "tuple",
        lambda value: type(value) is tuple,
        lambda to, value: {"of": to.several(value)},
        lambda of, stored: tuple(of.several(stored["of"])),
    ),
    _Kind("dict", lambda value: isinstance(value, Mapping), _Writer.mapping, _Reader.mapping),
    _Kind(
        "date",
        lambda value: isinstance(value, date),
        lambda to, value: {"of": value.isoformat()},
        lambda of, stored: date.fromisoformat(stored["of"]),
    ),
    _Kind(
        "path",
        lambda value: isinstance(value, Path),
        lambda to, value: {"of": str(value)},
        lambda of, stored: Path(stored["of"]),
    ),
    _Kind(
        "named tuple",
        lambda value: isinstance(value, tuple),
        lambda to, value: {**_class_name(value), "of": to.several(value)},
        lambda of, stored: _class_of(stored)._make(of.several(stored["of"])),
    ),
    _Kind("object", lambda value: True, _Writer.instance, _Reader.instance),
)
