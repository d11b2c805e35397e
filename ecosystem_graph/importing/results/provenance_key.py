"""Keys of rows as the provenance writes them."""

from typing import Final

import polars as pl

from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES

SEPARATOR: Final = "\x1f"
"""Between the parts of a key; an empty part stays empty."""


def key_text(frame: pl.DataFrame, table: str) -> pl.Series:
    r"""Key of each row of a table as one text.

    Examples
    --------
    >>> rows = pl.DataFrame({"deal_id": ["d-1"], "capability_id": ["crm"]})
    >>> key_text(rows, "deal_requirements").to_list()
    ['d-1\x1fcrm']
    """
    parts = [pl.col(column).cast(pl.String).fill_null("") for column in key_of(TABLES[table])]
    return frame.select(pl.concat_str(parts, separator=SEPARATOR).alias("key"))["key"]
