"""Objects made of arrays, put in a folder once and opened by many processes without a copy.

Arrays are ``.npy`` files that every process on a machine maps into the same memory; strings and
tables are Arrow files; how they hang together is JSON. Nothing in a store can run: only classes of
this package are opened, and their code is never called.
"""

import json
from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from types import MethodType
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

_PACKAGE = __name__.split(".")[0]
_INDEX = "index.json"

#: Stored as they are.
_PLAIN = (bool, int, float, str)


def put(value: object, folder: Path) -> None:
    """Store a value and all that hangs on it, what hangs on several things once.

    Parameters
    ----------
    value : object
        Of plain values, dates, paths, lists, tuples, mappings, numpy and sparse arrays, polars
        frames and series, objects of this package with such attributes, and methods of these,
        without circles.
    folder : Path
        Made for it; whole once it holds ``index.json``.

    Raises
    ------
    TypeError
        If something else hangs on it.

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
    """Whether a folder holds all that was put in it."""
    return (folder / _INDEX).is_file()


def opened(folder: Path) -> Any:
    """What was put in a folder; its arrays are read when they are looked at.

    A process that writes to an array changes its own view alone, page by page. Arrays that could
    not be written to at all would have every compiled loop compiled anew for them.
    """
    index = json.loads((folder / _INDEX).read_text())
    return _Reader(folder, index["nodes"]).value(index["root"])


class _Writer:
    """Gives every object a number and writes it once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nodes: list[dict[str, Any]] = []
        self._numbers: dict[int, int] = {}
        self._alive: list[object] = []  # an id is unique only as long as its object lives

    def node(self, value: object) -> Any:
        """JSON that stands for a value."""
        if value is None or type(value) in _PLAIN:
            return value
        if id(value) not in self._numbers:
            described = self._described(value)
            self._numbers[id(value)] = len(self.nodes)
            self._alive.append(value)
            self.nodes.append(described)
        return {"node": self._numbers[id(value)]}

    def _described(self, value: object) -> dict[str, Any]:
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, np.generic):
            return {"is": "scalar", "of": self.node(np.asarray(value))}
        if isinstance(value, csr_array):
            parts = self._nodes((value.data, value.indices, value.indptr))
            flags = [bool(value.has_sorted_indices), bool(value.has_canonical_format)]
            return {"is": "csr", "parts": parts, "shape": list(value.shape), "flags": flags}
        if isinstance(value, pl.DataFrame):
            return {"is": "frame", "file": self._frame(value)}
        if isinstance(value, pl.Series):
            return {"is": "series", "file": self._frame(value.to_frame())}
        if type(value) in (list, tuple):
            return {"is": type(value).__name__, "of": self._nodes(value)}
        if isinstance(value, Mapping):
            return {"is": "dict", "of": [[self.node(key), self.node(value[key])] for key in value]}
        if isinstance(value, date):
            return {"is": "date", "of": value.isoformat()}
        if isinstance(value, Path):
            return {"is": "path", "of": str(value)}
        if isinstance(value, MethodType):
            return {"is": "method", "of": self.node(value.__self__), "name": value.__name__}
        named = [type(value).__module__, type(value).__qualname__]
        if named[0].split(".")[0] != _PACKAGE:
            raise TypeError(f"only values made of arrays can be stored. Got {'.'.join(named)}.")
        if isinstance(value, tuple):
            return {"is": "named tuple", "class": named, "of": self._nodes(value)}
        state = {name: self.node(part) for name, part in _attributes(value).items()}
        return {"is": "object", "class": named, "of": state}

    def _nodes(self, values: Any) -> list[Any]:
        return [self.node(one) for one in values]

    def _array(self, value: NDArray[Any]) -> dict[str, Any]:
        if value.dtype == object:
            strings = pl.Series("", value.tolist(), dtype=pl.String)
            return {"is": "strings", "file": self._frame(strings.to_frame())}
        name = f"{len(self.nodes):04}.npy"
        np.save(self.folder / name, value, allow_pickle=False)
        return {"is": "array", "file": name}

    def _frame(self, frame: pl.DataFrame) -> str:
        name = f"{len(self.nodes):04}.arrow"
        frame.write_ipc(self.folder / name, compression="uncompressed")
        return name


class _Reader:
    """Opens every object once."""

    def __init__(self, folder: Path, nodes: list[dict[str, Any]]) -> None:
        self.folder = folder
        self.nodes = nodes
        self._values: dict[int, Any] = {}

    def value(self, node: Any) -> Any:
        """The value that JSON stands for."""
        if not isinstance(node, dict):
            return node
        number = node["node"]
        if number not in self._values:
            self._values[number] = self._read(self.nodes[number])
        return self._values[number]

    def _read(self, told: dict[str, Any]) -> Any:
        kind = told["is"]
        if kind == "array":
            return self._mapped(self.folder / told["file"])
        if kind in ("frame", "series", "strings"):
            frame = pl.read_ipc(self.folder / told["file"])
            series = frame if kind == "frame" else frame.to_series()
            return series.to_numpy() if kind == "strings" else series
        if kind == "csr":
            return self._csr(told)
        if kind == "object":
            return self._object(told)
        if kind == "named tuple":
            return self._class(told)._make(self.value(one) for one in told["of"])
        if kind == "dict":
            return {self.value(key): self.value(value) for key, value in told["of"]}
        if kind in ("list", "tuple"):
            parts = [self.value(one) for one in told["of"]]
            return parts if kind == "list" else tuple(parts)
        if kind == "method":
            return getattr(self.value(told["of"]), told["name"])
        if kind == "scalar":
            return self.value(told["of"])[()]
        return date.fromisoformat(told["of"]) if kind == "date" else Path(told["of"])

    def _mapped(self, path: Path) -> NDArray[Any]:
        mapped: NDArray[Any] = np.load(path, mmap_mode="c", allow_pickle=False)
        return mapped.view(np.ndarray)

    def _csr(self, told: dict[str, Any]) -> csr_array:
        # Made from its parts, scipy would look at every index.
        matrix = csr_array(tuple(told["shape"]))
        matrix.data, matrix.indices, matrix.indptr = map(self.value, told["parts"])
        matrix.has_sorted_indices, matrix.has_canonical_format = told["flags"]
        return matrix

    def _object(self, told: dict[str, Any]) -> Any:
        value = object.__new__(self._class(told))
        for attribute, part in told["of"].items():
            object.__setattr__(value, attribute, self.value(part))
        return value

    def _class(self, told: dict[str, Any]) -> Any:
        module, name = told["class"]
        if module.split(".")[0] != _PACKAGE:
            raise TypeError(f"only classes of {_PACKAGE} can be opened. Got {module}.{name}.")
        return getattr(import_module(module), name)


def _attributes(value: object) -> dict[str, Any]:
    """Everything an object holds, what it worked out and kept included."""
    slots = [name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())]
    held = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    return {**held, **getattr(value, "__dict__", {})}
