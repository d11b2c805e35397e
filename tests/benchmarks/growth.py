"""How cost grows with size, and figures as a table."""

from itertools import pairwise

import numpy as np

#: Below so many partners, starting up is most of the time.
LEAST = 10_000
DASH = "\N{EN DASH}"


def exponent(sizes, seconds, least=LEAST):
    """Power of the size that time grows with: least squares of log time on log size.

    None with fewer than two sizes from `least` up.
    """
    points = [(n, t) for n, t in zip(sizes, seconds, strict=True) if n >= least and t > 0]
    if len({n for n, _ in points}) < 2:
        return None
    return float(np.polyfit(*np.log(np.transpose(points)), 1)[0])


def exponents_between(sizes, seconds):
    """The same from each size to the next; None at the first."""
    steps = zip(pairwise(sizes), pairwise(seconds), strict=True)
    return [None, *(exponent(some, times, least=0) for some, times in steps)]


def markdown(header, rows):
    """Lines of a table; columns whose header opens with `>` stand to the right."""
    titles = [title.removeprefix(">") for title in header]
    right = [title.startswith(">") for title in header]
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]

    def line(cells):
        placed = zip(cells, widths, right, strict=True)
        return "| " + " | ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in placed) + " |"

    rule = ["-" * (w - 1) + ":" if r else "-" * w for w, r in zip(widths, right, strict=True)]
    return [line(titles), line(rule), *map(line, rows)]


def seconds_text(seconds):
    """Three figures, or whole seconds."""
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:,.{int(seconds < 100)}f} s"


def power_text(power):
    """An exponent; a dash where there is none."""
    return DASH if power is None else f"{power:.2f}"
