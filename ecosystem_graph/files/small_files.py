"""JSON and TOML from untrusted files: read within limits, or refused."""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final

#: Maximum size of a file in bytes; tables are read elsewhere.
LIMIT: Final = 16_000_000

_TOO_DEEP: Final = "it is nested too deeply"

#: A dotted TOML key of more than 32 parts; the parser takes time quadratic in their number.
_LONG_KEY: Final = re.compile(
    r"""(?:^|[\[{,])[ \t]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){33}""", re.MULTILINE
)


def read_text(path: Path, *, limit: int = LIMIT) -> str:
    """Text of a UTF-8 file, with or without a byte order mark.

    Parameters
    ----------
    path : Path
    limit : int
        Maximum size in bytes; no more are read.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is larger, or not UTF-8.
    """
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"it is larger than {limit:,} bytes")
    return data.decode("utf-8-sig")


def json_from(text: str) -> Any:
    """Value of a JSON text.

    Raises
    ------
    ValueError
        If it is not JSON, is nested too deeply, or names something twice in one object.

    Examples
    --------
    >>> json_from('{"a": [1, 2]}')
    {'a': [1, 2]}
    """
    try:
        return json.loads(text, object_pairs_hook=_each_once)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error


def toml_from(text: str) -> dict[str, Any]:
    """Table of a TOML text.

    Raises
    ------
    ValueError
        If it is not TOML, or is nested too deeply.

    Examples
    --------
    >>> toml_from("a.b = 1")
    {'a': {'b': 1}}
    """
    if _LONG_KEY.search(text):
        raise ValueError(_TOO_DEEP)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = [name for name, n in times.items() if n > 1]
        raise ValueError(f"it names {', '.join(map(repr, twice[:3]))} twice")
    return content
