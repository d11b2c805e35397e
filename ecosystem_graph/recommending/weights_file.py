"""Weights in a file from an untrusted source: read within bounds, or refused."""

import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tokenize import TokenError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

#: Bytes of the file; a model takes some ten thousand.
_LIMIT = 16_000_000

#: Bytes of an array's header, at most.
_HEADER = 10_000

#: Largest absolute value of a number.
_LARGEST = 1e15

#: Errors that readers of zip files and array headers raise on other bytes.
_BROKEN = (
    BadZipFile,
    EOFError,
    MemoryError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    SyntaxError,
    TokenError,
    struct.error,
    zlib.error,
)

Weights = dict[str, NDArray[np.float64] | NDArray[np.int64]]


def write_weights(path: Path, weights: Mapping[str, NDArray[np.generic]]) -> str:
    """Write arrays by name; returns the SHA-256 of the file."""
    np.savez(path, allow_pickle=False, **weights)
    return sha256(path.read_bytes()).hexdigest()


def read_weights(path: Path, digest: str, most: Mapping[str, int]) -> Weights:
    """Arrays of finite numbers, as int64 or float64.

    An array larger than `most` allows is not unpacked, and no code in the file can run.

    Parameters
    ----------
    path : Path
    digest : str
        SHA-256 the file must have.
    most : mapping of str to int
        Arrays to read, by name, and how many numbers each may hold.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If the file has another digest, or does not hold such arrays.
    """
    if not path.is_file():
        raise ValueError(f"{path.name} is missing")
    with path.open("rb") as stream:
        data = stream.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise ValueError(f"{path.name} is larger than {_LIMIT:,} bytes")
    if sha256(data).hexdigest() != digest:
        raise ValueError(f"{path.name} is not the file its manifest was written with")
    with _one_error(path.name), ZipFile(io.BytesIO(data)) as archive:
        return {name: _array(archive, name, largest) for name, largest in most.items()}


def _array(archive: ZipFile, name: str, most: int) -> NDArray[np.float64] | NDArray[np.int64]:
    if f"{name}.npy" not in archive.namelist():
        raise ValueError(f"{name} is missing")
    member = archive.getinfo(f"{name}.npy")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ValueError(f"{name} has an unsupported compression")
    if member.file_size > _HEADER + 8 * most:
        raise ValueError(f"{name} holds more than {most:,} numbers")
    stream = io.BytesIO(archive.read(member))
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError(f"{name} is not an array of plain numbers")
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in "fiu" or dtype.itemsize > 8 or len(shape) > 1:
        raise ValueError(f"{name} is not a list of plain numbers: {dtype} in the shape {shape}")
    values = stream.read()
    if len(values) != dtype.itemsize * (shape[0] if shape else 1):
        raise ValueError(f"{name} declares another number of values than it holds")
    array = np.frombuffer(values, dtype).reshape(shape)
    if not (np.abs(array.astype(np.float64)) <= _LARGEST).all():
        raise ValueError(f"{name} must be finite numbers up to {_LARGEST:,.0f}")
    return array.astype(np.float64) if dtype.kind == "f" else array.astype(np.int64)


@contextmanager
def _one_error(name: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise ValueError(f"{name} is damaged: {error or type(error).__name__}") from error
