"""Roles of partners on deals: the vendor's own terms, compared without case."""

from typing import Final

import polars as pl

#: Roles in which a partner leads a deal.
LEADING: Final = ("lead", "coordinator", "prime")

#: Role of each row of `deal_partners`, normalised as by :func:`plain_role`.
ROLE: Final = pl.col("role").str.strip_chars().str.to_lowercase()


def plain_role(name: str) -> str:
    """Role without case and surrounding blanks, for comparison.

    Examples
    --------
    >>> plain_role(" Supply"), pl.select(role=pl.lit(" Supply")).select(ROLE).item()
    ('supply', 'supply')
    """
    return name.strip().lower()
