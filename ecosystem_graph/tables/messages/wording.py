"""Counts of things and shortened lists, as used in sentences."""

from collections.abc import Sequence


def counted(n: int, thing: str) -> str:
    """Count and noun, in the plural unless the count is 1.

    Examples
    --------
    >>> counted(1, "win"), counted(2_000, "win")
    ('1 win', '2,000 wins')
    """
    return f"{n:,} {thing}{'' if n == 1 else 's'}"


def first_few(words: Sequence[str], most: int, between: str = ", ") -> str:
    """The first `most` words, and dots if there are more.

    Examples
    --------
    >>> first_few(["a", "b", "c"], 2), first_few(["a", "b"], 2)
    ('a, b, ...', 'a, b')
    """
    return between.join([*words[:most], *(["..."] if len(words) > most else [])])
