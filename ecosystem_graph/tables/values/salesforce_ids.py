"""Salesforce ids, which systems write with 15 or with 18 characters."""

from typing import Final

import numpy as np
import polars as pl

_LETTERS: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", dtype=np.uint8)
_FORM: Final = r"^[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?$"


def full_salesforce_ids(ids: pl.Series) -> pl.Series:
    """Form with 18 characters of each Salesforce id.

    The last three of 18 characters encode which of the first 15 are capitals, five to a character.

    Parameters
    ----------
    ids : Series of String

    Returns
    -------
    Series of String
        Null where a text is no Salesforce id, or its last three characters are wrong.

    Examples
    --------
    >>> ids = pl.Series(["0015e00002AbCdE", "0015e00002AbCdEAAV", "0015e00002AbCdEXYZ", "p-1"])
    >>> full_salesforce_ids(ids).to_list()
    ['0015e00002AbCdEAAV', '0015e00002AbCdEAAV', None, None]
    """
    fits = ids.str.contains(_FORM).fill_null(False)
    given = ids.filter(fits)
    short = given.str.head(15)
    full = short + _check_characters(short)
    full = full.set((given.str.len_bytes() == 18) & (given != full), None)
    return (
        pl.Series(ids.name, [None], dtype=pl.String)
        .new_from_index(0, len(ids))
        .scatter(fits.arg_true(), full)
    )


def _check_characters(short: pl.Series) -> pl.Series:
    """Last three characters of the ids that begin with these 15."""
    letters = np.array(short.to_list(), dtype="S15").view(np.uint8).reshape(-1, 3, 5)
    capital = (letters >= ord("A")) & (letters <= ord("Z"))
    check = np.ascontiguousarray(_LETTERS[capital @ (1 << np.arange(5))])
    return pl.Series(check.view("S3").ravel().astype("U3").tolist(), dtype=pl.String)
