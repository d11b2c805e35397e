"""What a number given by a caller may be."""

from numbers import Integral, Real


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
        raise TypeError(f"{name} must be a whole number. Got {value!r}.")
    if not least <= int(value) <= most:
        raise ValueError(f"{name} must be between {least:,} and {most:,}. Got {value!r}.")


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
        raise TypeError(f"{name} must be a number. Got {value!r}.")
    if not lowest <= float(value) <= highest:
        raise ValueError(f"{name} must be between {lowest:,} and {highest:,}. Got {value!r}.")
