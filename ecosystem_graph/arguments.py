"""Checks of the arguments that a caller gives, at the border of the library."""

from collections.abc import Iterable
from numbers import Integral, Real

#: Rows a list may have.
LONGEST_LIST = 10_000


def check_whole(name: str, value: object, least: int, most: int) -> None:
    """Refuse what is not a whole number within bounds, both included.

    Raises
    ------
    TypeError
        If it is not a whole number.
    ValueError
        If it is out of bounds.

    Examples
    --------
    >>> check_whole("k", 10, 1, 100)
    >>> check_whole("k", True, 1, 100)
    Traceback (most recent call last):
    TypeError: k must be a whole number. Got True.
    """
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number. Got {value!r:.80}.")
    if int(value) < least:
        raise ValueError(f"{name} must be at least {least:,}. Got {value!r}.")
    if int(value) > most:
        raise ValueError(f"{name} must be at most {most:,}. Got {value!r:.40}.")


def check_real(name: str, value: object, lowest: float, highest: float) -> None:
    """Refuse what is not a number within bounds, both included.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is out of bounds, or NaN.

    Examples
    --------
    >>> check_real("price", float("nan"), 0, 10)
    Traceback (most recent call last):
    ValueError: price must be between 0 and 10. Got nan.
    """
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number. Got {value!r:.80}.")
    if not lowest <= float(value) <= highest:
        raise ValueError(f"{name} must be between {lowest:,} and {highest:,}. Got {value!r}.")


def checked_texts(name: str, values: Iterable[str], what: str = "ids or names") -> list[str]:
    """Texts, and nothing else, such as one text alone.

    Raises
    ------
    TypeError
        If `values` are one text, nothing to iterate over, or hold something else.

    Examples
    --------
    >>> checked_texts("partners", "p-1")
    Traceback (most recent call last):
    TypeError: partners must be a list of ids or names. Got 'p-1': write ['p-1'].
    """
    if isinstance(values, str):
        raise TypeError(
            f"{name} must be a list of {what}. Got {values!r:.80}: write [{values!r:.80}]."
        )
    if not isinstance(values, Iterable):
        raise TypeError(f"{name} must be a list of {what}. Got {values!r:.80}.")
    texts = list(values)
    for one in texts:
        check_kind(f"each of {name}", one, str, "text")
    return texts


def check_kind(name: str, value: object, kind: type, wanted: str) -> None:
    """Refuse a value of another type.

    Raises
    ------
    TypeError
        If it is of another.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {wanted}. Got {type(value).__name__}.")
