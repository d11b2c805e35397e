"""A query, or a table, of the database that the user named -> text columns."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.structured.cell_text import text_column
from ecosystem_graph.tables.messages.notes import did_you_mean

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

_PREFIX: Final = "env:"
_BATCH: Final = 20_000
_INSTALL: Final = "pip install 'ecosystem-graph[sql]'"
_QUOTED: Final = re.compile(
    r"""'(?:[^']|'')*'|"[^"]*"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$""", re.DOTALL
)
"""What is quoted in a query, or a comment."""
_SEVERAL: Final = re.compile(r";\s*[^\s;]")
_READ_ONLY: Final = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
}


def is_database(source: object) -> bool:
    """Whether a source is a database, by the name of an environment variable.

    Examples
    --------
    >>> is_database("env:PARTNER_DB"), is_database("exports/")
    (True, False)
    """
    return isinstance(source, str) and source.startswith(_PREFIX)


def table_names(database: str) -> list[str]:
    """Names of the tables and views of a database.

    Raises
    ------
    UnreadableInputError
        If it cannot be reached.
    """
    with _connected(database) as connection:
        from sqlalchemy import inspect

        inspector = inspect(connection)
        return sorted(inspector.get_table_names() + inspector.get_view_names())


def frame_of_query(database: str, query: str, *, names_only: bool = False) -> pl.DataFrame:
    """Rows of a query as text columns.

    Decimal numbers are written as floating-point numbers, UUIDs as text, instants in UTC.

    Parameters
    ----------
    database : str
        `env:NAME`, an environment variable that holds a SQLAlchemy URL.
    query : str
        Read-only where the database knows such transactions.
    names_only : bool
        Whether to fetch no rows, but the names of the columns alone.

    Raises
    ------
    UnreadableInputError
        If the variable is not set, the database cannot be reached or refuses the query.
    """
    if _SEVERAL.search(_QUOTED.sub("", query)):
        raise UnreadableInputError("has a query of several statements: write one, a select.")
    with _connected(database) as connection:
        from sqlalchemy import text

        result = connection.execution_options(stream_results=True).execute(
            text(query.replace(":", r"\:"))
        )
        if not result.returns_rows:
            raise UnreadableInputError("is a statement without rows: a query (select) is expected.")
        names = list(result.keys())
        batches = [_batch(names, [])]
        while not names_only and (rows := result.fetchmany(_BATCH)):
            batches.append(_batch(names, rows))
        return pl.concat(batches)


def frame_of_table(database: str, table: str, *, names_only: bool = False) -> pl.DataFrame:
    """Rows of a table or view as text columns, or only the names of its columns.

    Raises
    ------
    UnreadableInputError
        If the database cannot be reached, or has no such table.
    """
    known = table_names(database)
    if table not in known:
        listed = ", ".join(known[:10]) or "none"
        raise UnreadableInputError(
            f"has no table {table!r}.{did_you_mean(table, known)} Found: {listed}."
        )
    from sqlalchemy.engine import make_url

    dialect = make_url(_url(database)).get_dialect()()
    quoted = dialect.identifier_preparer.quote(table)
    return frame_of_query(database, f"select * from {quoted}", names_only=names_only)


def _batch(names: list[str], rows: Any) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    texts = [text_column(str(place), column) for place, column in enumerate(columns)]
    frame = pl.DataFrame(texts)
    frame.columns = _distinct(names)
    return frame


def _distinct(names: list[str]) -> list[str]:
    """Names of columns; a repeated one, as of two joined tables, is numbered."""
    return [
        name if names.index(name) == place else f"{name} #{names[: place + 1].count(name)}"
        for place, name in enumerate(names)
    ]


def _url(database: str) -> str:
    """URL in the environment variable that `database` names; it never stands in a message."""
    if not is_database(database):
        raise UnreadableInputError(
            f"names its database as {database[:40]!r}: write env:NAME, the name of an environment "
            "variable that holds the URL, so that no password stands in a file."
        )
    name = database.removeprefix(_PREFIX)
    if not (url := os.environ.get(name)):
        raise UnreadableInputError(
            f"needs the environment variable {name} with a SQLAlchemy URL, such as "
            "postgresql+psycopg://reader@host/partners. It is not set."
        )
    return url


def _require_file(url: "URL") -> None:
    """Refuse a SQLite database that does not exist: connecting would create it."""
    path = url.database or ""
    on_disk = path not in ("", ":memory:") and not path.startswith("file:")
    if url.get_backend_name() == "sqlite" and on_disk and not Path(path).is_file():
        raise UnreadableInputError(f"has no SQLite database at {path}.")


@contextmanager
def _connected(database: str) -> "Iterator[Connection]":
    """A connection that may only read, where the database can refuse to write."""
    url = _url(database)
    try:
        import sqlalchemy
        from sqlalchemy import exc
    except ImportError as error:
        raise UnreadableInputError(f"needs SQLAlchemy: {_INSTALL}") from error
    try:
        engine = sqlalchemy.create_engine(url)
        _require_file(engine.url)
        try:
            with engine.connect() as connection:
                if begin := _READ_ONLY.get(engine.dialect.name):
                    connection.exec_driver_sql(begin)
                    connection.commit()
                yield connection
        finally:
            engine.dispose()
    except exc.NoSuchModuleError as error:
        raise UnreadableInputError(
            f"has a URL whose dialect is not installed ({error.args[0]})."
        ) from error
    except exc.ArgumentError as error:
        name = database.removeprefix(_PREFIX)
        raise UnreadableInputError(
            f"has no SQLAlchemy URL in the environment variable {name}: it looks like "
            "postgresql+psycopg://reader@host/partners."
        ) from error
    except ImportError as error:
        raise UnreadableInputError(
            f"needs a driver that is not installed: {error.name}. Install it beside SQLAlchemy."
        ) from error
    except exc.DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise UnreadableInputError(f"cannot be read from the database: {reason}") from error
    except exc.SQLAlchemyError as error:
        reason = str(error).partition("\n")[0]
        raise UnreadableInputError(f"cannot be read from the database: {reason}") from error
