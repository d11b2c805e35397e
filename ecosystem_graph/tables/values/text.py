"""Text normalised for comparison: composed Unicode, no invisible characters."""

import re
from typing import Final

import polars as pl

_PLAIN: Final = r"^(?:[!-~](?:[ -~]*[!-~])?)?$"
UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
"""Invisible characters, as a character class of a regular expression."""
_AROUND: Final = rf"^[\s{UNSEEN}]+|[\s{UNSEEN}]+$"
_MISSING: Final = (
    r"(?i)^(?:[(<\[]?null[)>\]]?|n\.?/?a\.?|#n/?a|#(?:null|ref|value|name|num)[!?]|#div/0!"
    r"|nan|nat|none|nil|undefined|\\n|-{1,3}|["
    "\u2013\u2014])$"
)
MISSING_WORD: Final = "missing value as a word"
"""Kind of the problem of a word such as NULL where a value is required."""
_IS_MISSING: Final = re.compile(_MISSING)


def cleaned(text: pl.Series, *, inside: bool) -> tuple[pl.Series, pl.Series]:
    """Text in Unicode's composed form, without blanks or invisible characters around it.

    Parameters
    ----------
    text : Series of String
    inside : bool
        Whether to remove invisible characters inside the text too, as in an id. In a name they
        may matter: in Persian or in Indic scripts they shape the letters.

    Returns
    -------
    text : Series of String
        Null where it is empty.
    odd : Series of UInt32
        Positions with anything but visible ASCII.

    Examples
    --------
    >>> text, odd = cleaned(pl.Series([" a", "p\u200b-1", "Acme", " "]), inside=True)
    >>> text.to_list(), odd.to_list()
    (['a', 'p-1', 'Acme', None], [0, 1, 3])
    """
    plain = text.str.contains(_PLAIN).fill_null(True)
    odd = (~plain).arg_true()
    if len(odd):
        seen = text.gather(odd).str.normalize("NFC").str.replace_all(_AROUND, "")
        if inside:
            seen = seen.str.replace_all(rf"[{UNSEEN}]", "").str.replace_all(r"[\s--\p{Cc}]", " ")
        text = text.clone().scatter(odd, seen)
    empty = text == ""
    return (text.set(empty, None) if empty.any() else text), odd


def is_missing_word(text: pl.Series) -> pl.Series:
    """Where text is a word that systems write for a missing value, such as NULL or N/A."""
    return text.str.contains(_MISSING).fill_null(False)


def missing_hint(value: str) -> str:
    """Advice about a word that means a missing value; empty for any other.

    Examples
    --------
    >>> missing_hint("N/A"), missing_hint("Acme")
    (' Write nothing for a missing value.', '')
    """
    return " Write nothing for a missing value." if _IS_MISSING.match(value) else ""
