"""Roles of partners on deals: words of the vendor's own, whatever their case."""

from typing import Final

import polars as pl

#: Roles in which a partner leads a deal.
LEADING: Final = ("lead", "coordinator", "prime")

#: The role of a seat on a deal, as :func:`plain_role` has it.
ROLE: Final = pl.col("role").str.strip_chars().str.to_lowercase()


def plain_role(name: str) -> str:
    """A role as it is compared with others.

    Examples
    --------
    >>> plain_role(" Supply"), pl.select(role=pl.lit(" Supply")).select(ROLE).item()
    ('supply', 'supply')
    """
    return name.strip().lower()
